//! Links: what is shared is shown as it was, a bad link does no harm, and a link never sends a key anywhere by itself
//! (product.md, "Report and sharing").

use super::form::{self, Said};
use super::session::{Session, Trouble};
use crate::lab::keys::Key;
use crate::lab::record::Recorded;
use crate::lab::stage::{OpenRow, Stage};
use miniz_oxide::deflate::compress_to_vec;
use preflight::deployment::form::FormInput;
use preflight::report::{link, request};
use serde_json::{Value, json};
use std::time::Duration;

const LIMIT: Duration = Duration::from_secs(10);
/// How long nothing may happen where nothing should.
const WATCH: Duration = Duration::from_millis(700);

/// A result link shows the same verdict, asks nobody anything, and holds no key.
pub async fn shared_as_made(session: &Session, stage: &Stage, id: &str) -> Result<(), Trouble> {
    let open = super::promises::row(stage, id)?;
    form::open(session, stage).await?;
    form::fill(session, open, Key::Canary).await?;
    form::press(session, "run").await?;
    let made = form::finish(session).await?;
    let link = result_link(session).await?;
    if link.len() > link::LONGEST {
        return Err(format!("the link has {} characters", link.len()));
    }
    let asides = script(session, ASIDES).await?;
    let mark = stage.log.mark();
    anew(session, &link, "shared").await?;
    same(&made, &form::read(session).await?)?;
    if script(session, ASIDES).await? != asides {
        return Err("what was set aside is not the same".to_owned());
    }
    let first = text(session, ".shared").await?;
    if !first.starts_with("This is a report, not a live result.") || !first.contains(&stage.page.origin) {
        return Err(format!("the first line says {first:?}"));
    }
    // What this version makes of it is the same, since it made it.
    form::press(session, "judge-again").await?;
    wait_for(session, "document.querySelector('#judge-again')?.textContent.startsWith('Show')").await?;
    same(&made, &form::read(session).await?)?;
    asked_nobody(stage, mark)
}

/// Opening links one after another in a page that is open already.
pub async fn one_after_another(session: &Session, stage: &Stage) -> Result<(), Trouble> {
    let mut links = Vec::new();
    for id in ["healthy", "auth-service-down"] {
        let open = super::promises::row(stage, id)?;
        let made = form::run(session, stage, open).await?;
        links.push((made, result_link(session).await?));
    }
    // The page of the last run is still open.
    for (made, link) in links.iter().chain(&links) {
        let fragment = link.split_once('#').map(|(_, fragment)| fragment).unwrap_or_default();
        session.script("location.hash = arguments[0]", vec![json!(fragment)]).await?;
        session.wait_for_state(&["shared"], LIMIT).await?;
        let verdict = made.verdict.clone().unwrap_or_default();
        wait_for(session, &format!("document.documentElement.dataset.verdict === '{verdict}'")).await?;
        wait_for(
            session,
            &format!("document.querySelectorAll('[data-cause]').length === {}", made.causes.len()),
        )
        .await?;
        same(made, &form::read(session).await?)?;
    }
    session.script("location.hash = ''", Vec::new()).await?;
    session.wait_for_state(&["idle"], LIMIT).await
}

/// Links that are cut, changed, hostile or newer are refused in a sentence.
pub async fn bad_links(session: &Session, stage: &Stage) -> Result<(), Trouble> {
    let frozen = include_str!("../fixtures/result-link-1.txt").trim();
    let good = frozen.split_once('#').map(|(_, fragment)| fragment).ok_or("the fixture is no link")?;
    let pack = |text: &str| link::write(&compress_to_vec(text.as_bytes(), 6)).unwrap_or_default();
    let bomb = link::write(&compress_to_vec(&vec![b'1'; 20_000_000], 9)).unwrap_or_default();
    let mut changed = good.to_owned();
    changed.replace_range(99..102, "AAA");
    let hostile = "<img src=x onerror=window.harmed=1>";
    for (what, fragment, says) in [
        ("cut", good[..200].to_owned(), "The end of this link is missing"),
        ("changed", changed, "Something changed this link"),
        ("newer", good.replacen("r=1.", "r=2.", 1), "A later version of Preflight"),
        ("a later text", pack("2\nsomething else"), "A later version of Preflight"),
        ("not ours", format!("r=1.{hostile}"), "The end of this link is missing"),
        ("no version", format!("r={hostile}"), "holds none"),
        ("hostile text", pack(&format!("1\n{hostile}\n000000000\n")), "holds none"),
        ("a bomb", bomb, "holds none"),
        ("endless", format!("r=1.{}", "A".repeat(300_000)), "longer than any"),
    ] {
        anew(session, &format!("{}/#{fragment}", stage.page.origin), "idle").await?;
        let said = text(session, ".shared [role=alert]").await?;
        if !said.contains(says) {
            return Err(format!("{what}: the page says {said:?}"));
        }
        if script(session, "return !!window.harmed || !document.querySelector('#crash').hidden").await?
            != false
        {
            return Err(format!("{what}: it did harm"));
        }
    }
    // What programs put behind a link changes nothing, and the frozen link opens in this very page.
    anew(session, &format!("{}/#{good}).", stage.page.origin), "shared").await
}

/// A shared report fills the form and starts nothing; hosts that the page does not list are asked about first.
pub async fn run_it_here(session: &Session, stage: &Stage) -> Result<(), Trouble> {
    let open = super::promises::row(stage, "healthy")?;
    form::open(session, stage).await?;
    form::fill(session, open, Key::Canary).await?;
    form::press(session, "run").await?;
    form::finish(session).await?;
    let link = result_link(session).await?;
    unlisted(stage, async {
        anew(session, &link, "shared").await?;
        let mark = stage.log.mark();
        form::press(session, "run-here").await?;
        session.wait_for_state(&["idle"], LIMIT).await?;
        let filled = field(session, "registry-url").await?;
        if filled != open.registry_url || !field(session, "api-key").await?.is_empty() {
            return Err(format!("the form holds {filled:?}"));
        }
        asks_and_waits(session, stage, open, mark).await
    })
    .await
}

/// A request link fills the form; its hosts are asked about before a key can go there.
pub async fn request_asks(session: &Session, stage: &Stage) -> Result<(), Trouble> {
    let open = super::promises::row(stage, "healthy")?;
    unlisted(stage, async {
        let mark = stage.log.mark();
        anew(session, &format!("{}&run=1&api-key=made-up-in-link", request_link(stage, open)), "idle")
            .await?;
        if !field(session, "api-key").await?.is_empty() {
            return Err("a key was taken from the link".to_owned());
        }
        asks_and_waits(session, stage, open, mark).await?;
        // The other answer clears the form.
        anew(session, &request_link(stage, open), "idle").await?;
        form::press(session, "cancel").await?;
        wait_for(session, "document.querySelector('.question').hidden").await?;
        match field(session, "registry-url").await?.as_str() {
            "" => Ok(()),
            left => Err(format!("{left:?} is still on the form")),
        }
    })
    .await
}

/// Does something while a request link is asked about, as the link of [`request_asks`] is.
pub async fn asked_about<T>(
    session: &Session,
    stage: &Stage,
    act: impl Future<Output = Result<T, Trouble>>,
) -> Result<T, Trouble> {
    let open = super::promises::row(stage, "healthy")?;
    unlisted(stage, async {
        anew(session, &request_link(stage, open), "idle").await?;
        wait_for(session, "!!document.querySelector('#confirm')").await?;
        act.await
    })
    .await
}

/// Nothing is sent until the question is answered, and then the run goes on as any other.
async fn asks_and_waits(
    session: &Session,
    stage: &Stage,
    open: &OpenRow,
    mark: usize,
) -> Result<(), Trouble> {
    wait_for(session, "!!document.querySelector('#confirm') && !!document.querySelector('#cancel')").await?;
    let asked = text(session, ".question").await?;
    for origin in [&open.registry_url, &open.auth_url] {
        if !asked.contains(origin.as_str()) {
            return Err(format!("{origin} is not in the question {asked:?}"));
        }
    }
    type_key(session).await?;
    form::press(session, "run").await?;
    tokio::time::sleep(WATCH).await;
    asked_nobody(stage, mark)?;
    session.wait_for_state(&["idle"], LIMIT).await?;
    form::press(session, "confirm").await?;
    wait_for(session, "document.querySelector('.question').hidden").await?;
    if field(session, "api-key").await? != Key::Canary.text() {
        return Err("the key is gone".to_owned());
    }
    form::press(session, "run").await?;
    let said = form::finish(session).await?;
    match said.verdict.as_deref() {
        Some("healthy") => Ok(()),
        other => Err(format!("the run that was let go came to {other:?} {:?}", said.causes)),
    }
}

/// Another origin, by the fragment or by hand, takes the key away and ends the run.
pub async fn other_origin_clears_the_key(session: &Session, stage: &Stage) -> Result<(), Trouble> {
    let open = super::promises::row(stage, "healthy")?;
    let other = super::promises::row(stage, "auth-service-down")?;
    for by_hand in [false, true] {
        form::open(session, stage).await?;
        form::fill(session, open, Key::Canary).await?;
        form::press(session, "run").await?;
        if by_hand {
            session.script(TYPE, vec![json!("registry-url"), json!(other.registry_url)]).await?;
        } else {
            let link = request_link(stage, other);
            let fragment = link.split_once('#').map(|(_, fragment)| fragment).unwrap_or_default();
            session.script("location.hash = arguments[0]", vec![json!(fragment)]).await?;
        }
        // A quick run may have come to its end before.
        session.wait_for_state(&["stopped", "finished"], LIMIT).await?;
        wait_for(session, "document.querySelector('[name=api-key]').value === ''").await?;
        let filled = field(session, "registry-url").await?;
        if filled != other.registry_url {
            return Err(format!("the form holds {filled:?}"));
        }
    }
    Ok(())
}

/// A link starts a run by itself only without a key and only at hosts that the page's own configuration lists.
pub async fn starts_by_itself(session: &Session, stage: &Stage) -> Result<(), Trouble> {
    let open = super::promises::row(stage, "healthy")?;
    let link = |scheme: &str| {
        let input = FormInput {
            registry_url: open.registry_url.clone(),
            auth_scheme: scheme.to_owned(),
            ..FormInput::default()
        };
        format!("{}/#{}&run=1", stage.page.origin, request::write(&input))
    };
    unlisted(stage, async {
        let mark = stage.log.mark();
        anew(session, &link("none"), "idle").await?;
        tokio::time::sleep(WATCH).await;
        asked_nobody(stage, mark)?;
        // Nobody has to be asked about hosts that get no key.
        form::press(session, "run").await?;
        form::finish(session).await.map(drop)
    })
    .await?;
    // The lab's own configuration lists every row.
    let mark = stage.log.mark();
    anew(session, &link("bearer"), "idle").await?;
    tokio::time::sleep(WATCH).await;
    asked_nobody(stage, mark)?;
    anew(session, &link("none"), "finished").await
}

/// Does something while the page's own configuration lists no deployment.
async fn unlisted<T>(stage: &Stage, act: impl Future<Output = Result<T, Trouble>>) -> Result<T, Trouble> {
    let before = stage.page.configure("{}".to_owned());
    let result = act.await;
    stage.page.configure(before);
    result
}

fn request_link(stage: &Stage, open: &OpenRow) -> String {
    let form = &open.row.form;
    let input = FormInput {
        registry_url: open.registry_url.clone(),
        mlflow_path: form.mlflow_path.to_owned(),
        auth_url: open.auth_url.clone(),
        auth_scheme: form.scheme.to_owned(),
        auth_header: form.header.to_owned(),
        service_id: form.service_id.to_owned(),
    };
    format!("{}/#{}", stage.page.origin, request::write(&input))
}

fn same(made: &Said, shown: &Said) -> Result<(), Trouble> {
    let of = |said: &Said| (said.verdict.clone(), said.causes.clone(), said.checks.clone());
    if of(made) == of(shown) { Ok(()) } else { Err(format!("made {:?}, shown {:?}", of(made), of(shown))) }
}

/// Only the page's own server may have been asked.
fn asked_nobody(stage: &Stage, mark: usize) -> Result<(), Trouble> {
    let seen = stage.log.since(mark);
    let asked = |request: &&Recorded| *request.listener_origin != *stage.page.origin;
    match seen.iter().find(asked) {
        Some(request) => Err(format!("{} {} went to {}", request.method, request.target, request.listener)),
        None => Ok(()),
    }
}

/// Loads an address in a page that is not open yet: another fragment alone would load nothing.
pub async fn anew(session: &Session, address: &str, state: &str) -> Result<(), Trouble> {
    session.load("about:blank").await?;
    session.load(address).await?;
    session.wait_for_state(&[state], Duration::from_secs(30)).await
}

/// The link to what is shown, once it is there.
pub async fn result_link(session: &Session) -> Result<String, Trouble> {
    wait_for(session, "!!document.querySelector('#result-link')").await?;
    let link = script(session, "return document.querySelector('#result-link').href").await?;
    let link = link.as_str().unwrap_or_default().to_owned();
    if link.contains(Key::Canary.text()) { Err("the key is in the link".to_owned()) } else { Ok(link) }
}

async fn script(session: &Session, script: &str) -> Result<Value, Trouble> {
    session.script(script, Vec::new()).await
}

async fn text(session: &Session, selector: &str) -> Result<String, Trouble> {
    let text = session
        .script("return document.querySelector(arguments[0])?.innerText ?? ''", vec![json!(selector)])
        .await?;
    Ok(text.as_str().unwrap_or_default().to_owned())
}

async fn field(session: &Session, name: &str) -> Result<String, Trouble> {
    let value = session
        .script("return document.querySelector(`[name=\"${arguments[0]}\"]`).value", vec![json!(name)])
        .await?;
    Ok(value.as_str().unwrap_or_default().to_owned())
}

async fn type_key(session: &Session) -> Result<(), Trouble> {
    session.script(TYPE, vec![json!("api-key"), json!(Key::Canary.text())]).await.map(drop)
}

/// Waits until an expression holds in the page.
async fn wait_for(session: &Session, expression: &str) -> Result<(), Trouble> {
    for _ in 0..100 {
        if script(session, &format!("return {expression}")).await? == true {
            return Ok(());
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    Err(format!("it never came to {expression}"))
}

const ASIDES: &str =
    "return [...document.querySelectorAll('[data-alternative]')].map((it) => it.dataset.alternative)";

const TYPE: &str = r#"
const field = document.querySelector(`[name="${arguments[0]}"]`);
Object.getOwnPropertyDescriptor(Object.getPrototypeOf(field), "value").set.call(field, arguments[1]);
field.dispatchEvent(new Event("input", { bubbles: true }));
field.dispatchEvent(new Event("change", { bubbles: true }));
"#;
