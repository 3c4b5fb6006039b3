//! *Try other ways* in real browsers: what the press sends, as the servers see it, what is found and what is said.

use super::form::{self, Said};
use super::logins;
use super::promises::row;
use super::session::{Session, Trouble};
use super::table::is_from_browser;
use crate::lab::keys::Key;
use crate::lab::loopback;
use crate::lab::record::Recorded;
use crate::lab::stage::{OpenRow, Stage};
use crate::lab::web::{Ask, Listening, Reply, handler, header, json as reply_json, listen, set};
use hyper::Method;
use hyper::header::{
    ACCESS_CONTROL_ALLOW_CREDENTIALS, ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_ORIGIN, SET_COOKIE,
};
use preflight::run::Limits;
use serde_json::{Value, json};

/// The rows that these promises need.
pub const ROWS: [&str; 6] = [
    "key-wanted-in-x-api-key",
    "key-wanted-in-x-api-key-unread",
    "key-of-another-service-unsaid",
    "key-rejected",
    "source-unknown-key",
    "auth-service-down",
];

/// What came of a press: what the page says, and which requests the servers of the row saw because of it.
struct Pressed {
    said: Said,
    seen: Vec<Recorded>,
    told: Told,
}

/// What the page tells of it afterwards.
#[derive(Debug, serde::Deserialize)]
struct Told {
    /// What came of each way.
    tried: Vec<String>,
    /// The ways that were not tried.
    untried: Vec<String>,
}

/// Runs a row, looks at the offer, presses the button and waits for the end.
async fn press(session: &Session, stage: &Stage, open: &OpenRow, cookies: bool) -> Result<Pressed, Trouble> {
    let most = Limits::default().failed_logins;
    let mark = stage.log.mark();
    form::open_for(session, stage, open).await?;
    form::fill(session, open, open.row.key).await?;
    form::press(session, "run").await?;
    form::finish(session).await?;
    bounded(open, &stage.log.since(mark), "the run")?;
    let offer = text(session, ".other-ways").await?;
    let budget = format!("at most {most} requests more can count as failed logins");
    for words in [budget.as_str(), "go to the same hosts", "one after another"] {
        if !offer.contains(words) {
            return Err(format!("the offer does not say {words:?}: {offer:?}"));
        }
    }
    if cookies {
        session.script("document.getElementById('with-cookies').click()", Vec::new()).await?;
    }
    let mark = stage.log.mark();
    form::press(session, "try-other-ways").await?;
    let said = form::finish(session).await?;
    let seen: Vec<Recorded> = stage.log.since(mark);
    bounded(open, &seen, "the press")?;
    if !text(session, ".other-ways").await?.is_empty() {
        return Err("other ways are offered again".to_owned());
    }
    Ok(Pressed { said, seen, told: told(session).await? })
}

/// No more failed logins than were announced, as the servers saw it.
fn bounded(open: &OpenRow, seen: &[Recorded], when: &str) -> Result<(), Trouble> {
    match logins::problems(open, seen).first() {
        Some(problem) => Err(format!("{when}: {problem}")),
        None => Ok(()),
    }
}

/// Requests of the press to the row's servers, without the browser's own questions for permission. The page's own server
/// is asked for the tab's icon.
fn asked(pressed: &Pressed) -> Vec<&Recorded> {
    let is_counted =
        |it: &&Recorded| is_from_browser(it) && it.method != "OPTIONS" && &*it.listener != "page";
    pressed.seen.iter().filter(is_counted).collect()
}

fn has(request: &Recorded, name: &str) -> bool {
    request.headers.iter().any(|(known, _)| known == name)
}

fn named(said: &Said, code: &str, confidence: &str) -> bool {
    said.causes.iter().any(|(known, sure)| known == code && sure == confidence)
}

/// The header that the gateway reads is found by one request, and nothing is tried after it.
pub async fn finds_the_scheme(session: &Session, stage: &Stage) -> Result<(), Trouble> {
    for id in ["key-wanted-in-x-api-key", "key-wanted-in-x-api-key-unread"] {
        let open = row(stage, id)?;
        let pressed = press(session, stage, open, false).await?;
        let asked = asked(&pressed);
        let [only] = asked[..] else { return Err(format!("{id}: {} requests were sent", asked.len())) };
        if !has(only, "x-api-key") || has(only, "authorization") || has(only, "cookie") {
            return Err(format!("{id}: the key was shown in {:?}", only.headers));
        }
        // A proxy that drops the other header looks the same, so nobody is certain.
        if !named(&pressed.said, "auth-scheme-mismatch", "likely")
            || named(&pressed.said, "key-rejected", "likely")
        {
            return Err(format!("{id}: found is {:?}", pressed.said.causes));
        }
        let tells = matches!(&pressed.told.tried[..], [only] if only.starts_with("X-API-Key: …: 200 OK"));
        if !tells || !pressed.told.untried.contains(&"Basic (user:password)".to_owned()) {
            return Err(format!("{id}: it tells {:?}", pressed.told));
        }
        // What to give to the Python client, which sends no such header by itself.
        let fix = whole_text(session, ".fixes").await?;
        if !fix.contains("{\"x-api-key\": key}") {
            return Err(format!("{id}: no line for the Python client in {fix:?}"));
        }
    }
    Ok(())
}

/// The auth service is asked about one service after the other until it knows the key.
pub async fn finds_the_service(session: &Session, stage: &Stage) -> Result<(), Trouble> {
    let open = row(stage, "key-of-another-service-unsaid")?;
    let pressed = press(session, stage, open, false).await?;
    let services: Vec<String> = asked(&pressed).iter().filter_map(|request| service(request)).collect();
    if services.last().map(String::as_str) != Some("website") || services.contains(&"platform".to_owned()) {
        return Err(format!("the services that were asked about are {services:?}"));
    }
    if asked(&pressed).len() != services.len() {
        let all: Vec<String> =
            asked(&pressed).iter().map(|it| format!("{} {} {}", it.listener, it.method, it.target)).collect();
        return Err(format!("something else was asked, too: {all:?}"));
    }
    if !named(&pressed.said, "service-id-mismatch", "certain") {
        return Err(format!("found is {:?}", pressed.said.causes));
    }
    let headline = text(session, ".verdict").await?;
    if !headline.contains("website") || headline.contains("for a new key") {
        return Err(format!("the service is not named in {headline:?}"));
    }
    Ok(())
}

fn service(request: &Recorded) -> Option<String> {
    let body: Value = serde_json::from_slice(&request.body).ok()?;
    body["service_id"].as_str().map(str::to_owned)
}

/// Where nothing helps, five tries are made and the rest is listed as not tried; the key stays the one to blame.
pub async fn keeps_to_its_budget(session: &Session, stage: &Stage) -> Result<(), Trouble> {
    let most = Limits::default().failed_logins;
    for id in ["key-rejected", "source-unknown-key"] {
        let open = row(stage, id)?;
        let pressed = press(session, stage, open, false).await?;
        let asked = asked(&pressed).len();
        if asked != most || logins::in_vain(open, &pressed.seen)?.len() != most {
            return Err(format!("{id}: {asked} requests were sent, and {most} were announced"));
        }
        if !named(&pressed.said, "key-rejected", "certain") {
            return Err(format!("{id}: found is {:?}", pressed.said.causes));
        }
        let Told { tried, untried } = &pressed.told;
        let header = open.row.form.header;
        let own = [header, ": …"].concat();
        let every = |way: &str| untried.iter().any(|it| it.eq_ignore_ascii_case(way));
        if tried.len() != most || !every("Basic (user:password)") || !header.is_empty() && !every(&own) {
            return Err(format!("{id}: it tells {:?}", pressed.told));
        }
    }
    Ok(())
}

/// Another key in the field is not the one of the run, and an outage is nothing that another way would help.
pub async fn only_where_it_helps(session: &Session, stage: &Stage) -> Result<(), Trouble> {
    let open = row(stage, "key-wanted-in-x-api-key")?;
    form::open_for(session, stage, open).await?;
    form::fill(session, open, open.row.key).await?;
    form::press(session, "run").await?;
    form::finish(session).await?;
    let mark = stage.log.mark();
    form::fill(session, open, Key::Test).await?;
    form::press(session, "try-other-ways").await?;
    let said = text(session, ".other-ways [role=status]").await?;
    if !said.contains("Run the checks again first") || !stage.log.since(mark).is_empty() {
        return Err(format!("with another key the page says {said:?}"));
    }
    let open = row(stage, "auth-service-down")?;
    form::open_for(session, stage, open).await?;
    form::fill(session, open, open.row.key).await?;
    form::press(session, "run").await?;
    form::finish(session).await?;
    match text(session, ".other-ways").await?.as_str() {
        "" => Ok(()),
        offer => Err(format!("in an outage other ways are offered: {offer:?}")),
    }
}

/// A registry that takes sessions and no keys, on the page's own site: browsers differ in whether they send cookies to
/// another one. Its sign-in page gives everybody a session, its sign-out page takes it.
async fn session_only(stage: &Stage) -> Result<Listening, Trouble> {
    let serve = handler(|ask| async move { by_session(&ask) });
    listen(loopback::PAGE, 0, "sessions/registry", &stage.log, serve).await.map_err(|error| error.to_string())
}

fn by_session(ask: &Ask) -> Reply {
    let mut answer = match (ask.method(), ask.uri().path()) {
        (&Method::OPTIONS, _) => reply_json(200, "{}"),
        (_, "/sign-in" | "/sign-out") => reply_json(200, "{}"),
        (_, "/health") => reply_json(200, r#"{"status":"healthy"}"#),
        _ if header(ask, "cookie").is_some_and(|cookies| cookies.contains(SESSION)) => {
            reply_json(200, r#"{"experiments":[{"experiment_id":"0","name":"Default"}]}"#)
        }
        _ => reply_json(401, r#"{"detail":"Not authenticated"}"#),
    };
    match ask.uri().path() {
        "/sign-in" => set(&mut answer, SET_COOKIE, &format!("{SESSION}; Path=/")),
        "/sign-out" => set(&mut answer, SET_COOKIE, &format!("{SESSION}; Path=/; Max-Age=0")),
        _ => {}
    }
    let origin = header(ask, "origin").unwrap_or("null").to_owned();
    set(&mut answer, ACCESS_CONTROL_ALLOW_ORIGIN, &origin);
    set(&mut answer, ACCESS_CONTROL_ALLOW_CREDENTIALS, "true");
    set(&mut answer, ACCESS_CONTROL_ALLOW_HEADERS, "authorization, content-type, x-api-key");
    answer
}

const SESSION: &str = "lab-session=made-up";

/// Cookies go along only if the user says so, and never with a key.
pub async fn cookies_only_if_allowed(session: &Session, stage: &Stage) -> Result<(), Trouble> {
    let registry = session_only(stage).await?;
    session.load(&format!("{}/sign-in", registry.origin)).await?;
    let mut result = Ok(());
    for allowed in [false, true] {
        if result.is_ok() {
            result = with_cookies(session, stage, &registry.origin, allowed).await;
        }
    }
    // The page's server is of the same site, and what comes after this has no session.
    session.load(&format!("{}/sign-out", registry.origin)).await?;
    result
}

async fn with_cookies(
    session: &Session,
    stage: &Stage,
    registry: &str,
    allowed: bool,
) -> Result<(), Trouble> {
    form::open(session, stage).await?;
    let values = json!({ "registry-url": registry, "mlflow-path": "", "api-key": Key::Good.text() });
    form::enter(session, values).await?;
    let mark = stage.log.mark();
    form::press(session, "run").await?;
    form::finish(session).await?;
    if allowed {
        session.script("document.getElementById('with-cookies').click()", Vec::new()).await?;
    }
    form::press(session, "try-other-ways").await?;
    let said = form::finish(session).await?;
    let seen = stage.log.since(mark);
    // Documents and elements always carry them, as the page says; requests of its scripts have an origin.
    let by_script = |it: &&Recorded| &*it.listener_origin == registry && it.origin.is_some();
    let with: Vec<&Recorded> = seen.iter().filter(by_script).filter(|it| has(it, "cookie")).collect();
    if with.iter().any(|it| has(it, "authorization") || has(it, "x-api-key")) {
        return Err("cookies and a key went out together".to_owned());
    }
    if with.len() != usize::from(allowed) {
        return Err(format!("{} requests carried cookies; allowed: {allowed}", with.len()));
    }
    let told = told(session).await?;
    if told.tried.iter().any(|way| way.starts_with("this browser's cookies: 200 OK")) != allowed {
        return Err(format!("of cookies it tells {told:?}"));
    }
    if named(&said, "login-wall", "certain") != allowed {
        return Err(format!("cookies allowed: {allowed}, found is {:?}", said.causes));
    }
    Ok(())
}

async fn text(session: &Session, selector: &str) -> Result<String, Trouble> {
    let script = "return document.querySelector(arguments[0])?.innerText ?? ''";
    let text = session.script(script, vec![json!(selector)]).await?;
    Ok(text.as_str().unwrap_or_default().to_owned())
}

/// Also of what is folded away.
async fn whole_text(session: &Session, selector: &str) -> Result<String, Trouble> {
    let script = "return document.querySelector(arguments[0])?.textContent ?? ''";
    let text = session.script(script, vec![json!(selector)]).await?;
    Ok(text.as_str().unwrap_or_default().to_owned())
}

async fn told(session: &Session) -> Result<Told, Trouble> {
    serde_json::from_value(session.script(TOLD, Vec::new()).await?).map_err(|error| error.to_string())
}

const TOLD: &str = r#"
const parts = [...document.querySelectorAll("details.more")];
const part = parts.find((it) => it.firstElementChild.textContent === "Other ways that were tried");
const lines = (selector) => [...(part?.querySelectorAll(selector) ?? [])].map((line) => line.textContent);
return { tried: lines(":scope > ul > li"), untried: lines(":scope > div li") };
"#;
