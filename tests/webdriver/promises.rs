//! What must hold whatever the diagnosis says (product.md, "Promises that tests keep").

use super::again;
use super::canary;
use super::crash;
use super::examples;
use super::fleet;
use super::form;
use super::session::{Session, Trouble};
use super::{handover, hosted, keyboard, links, opinion, other_ways, redirects, results, survives};
use crate::lab::answers::PLANTED;
use crate::lab::scenarios::{self, Row};
use crate::lab::stage::{OpenRow, PROBE_TIMEOUT_MS, Stage};
use preflight::checks::{ALL, Check};
use serde_json::json;
use std::time::{Duration, Instant};

/// How long a stopped page is watched: longer than a probe may take, so that a late answer would show.
const WATCH: Duration = Duration::from_millis(1500);
/// What a run may take besides its one time limit: starting, drawing, and the way to the browser and back.
const MARGIN: Duration = Duration::from_millis(700);
const GLANCE: Duration = Duration::from_millis(10);
/// How long what left the browser before the button was pressed may take to arrive on a busy machine.
pub const ON_ITS_WAY: Duration = Duration::from_millis(100);

/// How often a promise may be looked at.
#[derive(PartialEq)]
enum Tries {
    /// It is about a key, about what leaves the page, or about traffic that nobody wants.
    One,
    Two,
}

/// The rows that the promises of this file and of `links` need.
const OWN_ROWS: [&str; 7] = [
    "healthy",
    "auth-service-down",
    "cors-missing-on-refusals",
    "timeout",
    "connections-hang",
    "server-error-with-secrets",
    "host-unreachable",
];

/// The rows that the promises need.
pub fn rows() -> Vec<&'static str> {
    OWN_ROWS.into_iter().chain(other_ways::ROWS).chain(handover::ROWS).collect()
}

/// Whether a promise's name holds one of the words of `filter`; an empty one wants all.
pub fn is_wanted(name: &str, filter: &str) -> bool {
    filter.split(' ').any(|word| name.contains(word))
}

/// Tests every promise whose name holds `filter`; prints one line each and gives how many held and how many did not.
///
/// A promise that breaks is tested once more, and that is said: machines that others share lose seconds, and browsers die.
/// What must never happen ([`Tries::One`]) is not: once is enough, unless the browser died of it.
pub async fn run(session: &mut Session, stage: &Stage, filter: &str) -> (u32, u32) {
    use Tries::{One, Two};
    let mut counts = (0, 0);
    // Only what is wanted is begun, and each line stands there as soon as it is known.
    macro_rules! promise {
        ($tries:ident, $name:literal, $test:expr) => {
            if is_wanted($name, filter) {
                let begun = Instant::now();
                let mut result: Result<(), Trouble> = $test.await;
                let mut again = String::new();
                if let Err(first) = &result {
                    let died = session.revive().await;
                    if died || $tries == Two {
                        let died = if died { " the browser died:" } else { "" };
                        again = format!(" AGAIN, at first{died}: {first}");
                        result = $test.await;
                    }
                }
                counts.0 += u32::from(result.is_ok());
                counts.1 += u32::from(result.is_err());
                let outcome = result.map_or_else(|trouble| format!("FAIL  {trouble}"), |()| "ok".to_owned());
                let seconds = begun.elapsed().as_secs_f64();
                println!("{:<42} {:<9} {seconds:>9.1} s  {outcome}{again}", $name, session.engine.name);
            }
        };
    }
    promise!(One, "canary on a healthy deployment", canary::own_key(session, stage, "healthy"));
    promise!(
        One,
        "canary in an outage of the auth service",
        canary::own_key(session, stage, "auth-service-down")
    );
    promise!(
        One,
        "canary where refusals cannot be read",
        canary::own_key(session, stage, "cors-missing-on-refusals")
    );
    promise!(One, "canary where a server says it back", canary::said_back(session, stage));
    promise!(One, "secrets of others in answers", canary::secrets_of_others(session, stage));
    promise!(One, "what is shown is what leaves", preview(session, stage));
    promise!(Two, "reports are compared, or opened", compare(session, stage));
    promise!(Two, "a HAR file that is dropped settles", opinion::dropped(session, stage));
    promise!(Two, "check again asks what a cause rests on", again::unchanged(session, stage));
    promise!(Two, "check again sees that it is mended", again::mended(session, stage));
    promise!(Two, "other ways find the scheme", other_ways::finds_the_scheme(session, stage));
    promise!(Two, "other ways find the service", other_ways::finds_the_service(session, stage));
    promise!(One, "other ways keep to their budget", other_ways::keeps_to_its_budget(session, stage));
    promise!(Two, "other ways only where they may help", other_ways::only_where_it_helps(session, stage));
    promise!(One, "cookies only if the user says so", other_ways::cookies_only_if_allowed(session, stage));
    promise!(One, "redirects never take a key along", redirects::never_take_a_key_along(session, stage));
    promise!(Two, "a run and its link by keyboard alone", keyboard::run_and_share(session, stage));
    promise!(
        Two,
        "Enter leaves the keyboard where runs start",
        results::enter_keeps_the_keyboard(session, stage)
    );
    promise!(Two, "a changed form is said above a verdict", results::outdated(session, stage));
    promise!(One, "where a check fails not all is well", results::not_all_is_well(session, stage));
    promise!(Two, "lines for other programs work", handover::lines_work(session, stage));
    promise!(One, "what differs tells no key", handover::differences_tell_no_key(session, stage));
    promise!(Two, "it works below a path, and from the cache", hosted::below_a_path(session, stage));
    promise!(Two, "any answer is survived", survives::any_answer(session, stage));
    promise!(Two, "a crash loses nothing", crash::is_survived(session, stage));
    promise!(One, "nobody is asked before the button", quiet(session, stage));
    promise!(Two, "checks are found by their words", found(session, stage));
    promise!(One, "stop ends the traffic", stop(session, stage, Stopping::Traffic));
    promise!(One, "stop ends a run before it is drawn", stop(session, stage, Stopping::AtOnce));
    promise!(One, "stop ends a watch", stop(session, stage, Stopping::Watch));
    promise!(Two, "all deployments at once, without a key", fleet::overview(session, stage));
    promise!(One, "stop ends all deployments", fleet::stop(session, stage));
    promise!(Two, "recorded examples need no server", examples::look(session, stage));
    promise!(Two, "a silent host costs one time limit", dead(session, stage, "timeout"));
    promise!(Two, "a host out of reach costs one time limit", dead(session, stage, "connections-hang"));
    promise!(Two, "a healthy result is shared as made", links::shared_as_made(session, stage, "healthy"));
    promise!(Two, "an outage is shared as made", links::shared_as_made(session, stage, "auth-service-down"));
    promise!(
        Two,
        "a shortlist is shared as made",
        links::shared_as_made(session, stage, "cors-missing-on-refusals")
    );
    promise!(One, "links are opened one after another", links::one_after_another(session, stage));
    promise!(Two, "bad links do no harm", links::bad_links(session, stage));
    promise!(Two, "a link's report is run here after a question", links::run_it_here(session, stage));
    promise!(One, "a request link asks before a key leaves", links::request_asks(session, stage));
    promise!(
        One,
        "another origin in a link clears the key",
        links::other_origin_clears_the_key(session, stage)
    );
    promise!(One, "a link starts a run only where listed", links::starts_by_itself(session, stage));
    counts
}

/// A row of the table, whether or not it is up.
pub fn row_of(id: &str) -> Result<&'static Row, Trouble> {
    scenarios::named(id).ok_or_else(|| format!("the table has no row {id}"))
}

pub fn row<'a>(stage: &'a Stage, id: &str) -> Result<&'a OpenRow, Trouble> {
    stage.row(id).ok_or_else(|| format!("the table has no row {id}"))
}

/// A dead host must not cost a time limit per question. The clock is the test's own, so the way to the browser and
/// back counts as well.
async fn dead(session: &Session, stage: &Stage, id: &str) -> Result<(), Trouble> {
    let open = row(stage, id)?;
    form::open(session, stage).await?;
    form::fill(session, open, open.row.key).await?;
    let begun = Instant::now();
    form::press(session, "run").await?;
    let said = form::finish(session).await?;
    let took = begun.elapsed();
    if !said.causes.iter().any(|(code, _)| code == "timeout") {
        return Err(format!("the host is dead, and what was named is {:?}", said.causes));
    }
    let allowed = Duration::from_millis(u64::from(PROBE_TIMEOUT_MS)) + MARGIN;
    if took > allowed {
        return Err(format!("took {} ms, and {} are allowed", took.as_millis(), allowed.as_millis()));
    }
    Ok(())
}

/// Looks at every preview, and holds it against the export. Goes on with what the promise before has left.
async fn preview(session: &Session, stage: &Stage) -> Result<(), Trouble> {
    let host = row(stage, "server-error-with-secrets")?.registry_url.clone();
    let host = host.split("://").nth(1).unwrap_or_default().to_owned();
    let trouble = session.script_until(PREVIEW, vec![json!(host), json!(PLANTED)]).await?;
    if trouble.is_null() { Ok(()) } else { Err(trouble.to_string()) }
}

/// Brings files back: beside what is shown they are compared, alone they are opened. Goes on as well.
async fn compare(session: &Session, stage: &Stage) -> Result<(), Trouble> {
    let file = session.script_until(COMPARE, Vec::new()).await?;
    let Some(file) = file.as_str().filter(|text| text.starts_with('{')) else { return Err(file.to_string()) };
    session.script("document.getElementById('open-other').click()", Vec::new()).await?;
    session.wait_for_state(&["shared"], WATCH).await?;
    session
        .until("the keyboard is not at what was opened", "document.activeElement.className === 'shared'")
        .await?;
    form::open(session, stage).await?;
    session.script(BRING, vec![json!(file)]).await?;
    session.wait_for_state(&["shared"], WATCH).await?;
    let said = form::read(session).await?;
    if said.verdict.as_deref() != Some("problems") || said.causes.is_empty() {
        return Err(format!("the report that was opened says {:?}: {:?}", said.verdict, said.causes));
    }
    Ok(())
}

/// Filling in the form asks no server, also once the page has rehearsed a run.
async fn quiet(session: &Session, stage: &Stage) -> Result<(), Trouble> {
    let open = row(stage, "healthy")?;
    let mark = stage.log.mark();
    form::open(session, stage).await?;
    form::fill(session, open, open.row.key).await?;
    form::at_rest(session).await?;
    tokio::time::sleep(ON_ITS_WAY).await;
    match open.own(&stage.log.since(mark)).first() {
        Some(early) => Err(format!("{} was asked for {} before the button", early.listener, early.target)),
        None => Ok(()),
    }
}

/// What is typed last counts, however fast it is typed; nothing typed shows all.
async fn found(session: &Session, stage: &Stage) -> Result<(), Trouble> {
    let open = row(stage, "healthy")?;
    form::open(session, stage).await?;
    form::fill(session, open, open.row.key).await?;
    form::press(session, "run").await?;
    form::finish(session).await?;
    for words in ["CORS", "no check says this", "auth-health", ""] {
        let wanted = words.to_ascii_lowercase();
        let says = |check: &&Check| {
            [check.id, check.title, check.failing_title]
                .iter()
                .any(|it| it.to_ascii_lowercase().contains(&wanted))
        };
        let expected: Vec<&str> = ALL.iter().filter(says).map(|check| check.id).collect();
        session.script(TYPE, vec![json!(words)]).await?;
        let begun = Instant::now();
        loop {
            let seen = session.script(SEEN, Vec::new()).await?;
            if seen == json!(expected) {
                break;
            }
            if begun.elapsed() > WATCH {
                return Err(format!("for {words:?} there should be {expected:?}, and there is {seen}"));
            }
            tokio::time::sleep(GLANCE).await;
        }
    }
    Ok(())
}

/// What is stopped.
#[derive(PartialEq)]
enum Stopping {
    /// A run, once a question has arrived.
    Traffic,
    /// A run, by a program that presses as soon as the page says that it runs: nothing of it is drawn by then.
    AtOnce,
    /// A watch, in the run with which it begins.
    Watch,
}

/// Stops a run; nothing may arrive at any server afterwards.
async fn stop(session: &Session, stage: &Stage, what: Stopping) -> Result<(), Trouble> {
    let open = row(stage, "timeout")?;
    form::open(session, stage).await?;
    form::fill(session, open, open.row.key).await?;
    if what == Stopping::Watch {
        form::press(session, "run").await?;
        form::finish(session).await?;
    }
    let mark = stage.log.mark();
    match what {
        Stopping::Traffic => form::press(session, "run").await?,
        Stopping::AtOnce => {
            let state = session.script(RUN_AND_STOP, Vec::new()).await?;
            if state != "running" {
                return Err(format!("once pressed, the page says {state}"));
            }
        }
        Stopping::Watch => {
            // The first run of a watch begins by itself.
            let trouble = session.script_until(BEGIN_WATCH, Vec::new()).await?;
            if !trouble.is_null() {
                return Err(trouble.to_string());
            }
            session.wait_for_state(&["running"], 2 * WATCH).await?;
        }
    }
    if what != Stopping::AtOnce {
        let deadline = Instant::now() + WATCH;
        while open.own(&stage.log.since(mark)).is_empty() {
            if Instant::now() > deadline {
                return Err("no request arrived at all".to_owned());
            }
            tokio::time::sleep(GLANCE).await;
        }
        form::press(session, "stop").await?;
    }
    session.wait_for_state(&["stopped"], WATCH).await?;
    tokio::time::sleep(ON_ITS_WAY).await;
    let stopped = stage.log.mark();
    let deadline = Instant::now() + WATCH;
    while Instant::now() < deadline {
        // A part of the page's own program may come late: it is no question to anybody.
        let late = stage.log.since(stopped);
        if let Some(late) = late.iter().find(|late| !late.is_part_of_the_page()) {
            return Err(format!(
                "{} {} arrived at {} after the stop",
                late.method, late.target, late.listener
            ));
        }
        tokio::time::sleep(GLANCE).await;
    }
    Ok(())
}

/// Presses one button after the other, in one task, and gives the state in between.
const RUN_AND_STOP: &str = r#"
document.getElementById("run").click();
const state = document.documentElement.dataset.runState;
document.getElementById("stop").click();
return state;
"#;

/// Types letter by letter, without a pause.
const TYPE: &str = r#"
const field = document.querySelector("[type=search]");
for (let at = 0; at <= arguments[0].length; at++) {
  field.value = arguments[0].slice(0, at);
  field.dispatchEvent(new Event("input", { bubbles: true }));
}
"#;

/// The checks that are seen, in order.
const SEEN: &str = r#"
return [...document.querySelectorAll("[data-check-id]")].filter((it) => it.checkVisibility()).map((it) => it.dataset.checkId);
"#;

/// The field comes with a piece of the page that is loaded at the end of a run.
const BEGIN_WATCH: &str = r#"
const [done] = arguments;
until("there is no watch", () => document.querySelector('[name="watch"]'))
  .then((field) => {
    field.value = "30";
    field.dispatchEvent(new Event("change", { bubbles: true }));
    done(null);
  })
  .catch((error) => done(String(error)));
"#;

const PREVIEW: &str = r#"
const [host, planted, done] = arguments;
const shown = () => document.querySelector(".preview pre")?.textContent;
(async () => {
  const select = document.getElementById("export-format");
  const change = (field) => field.dispatchEvent(new Event("change", { bubbles: true }));
  document.getElementById("export-preview").click();
  for (const hosts of [true, false]) {
    const tick = document.getElementById("export-hosts");
    tick.checked = hosts;
    change(tick);
    for (const { value } of select.options) {
      select.value = value;
      change(select);
      const wanted = await window.preflight.export(value, { hosts });
      await until(`the preview of ${value} is not what leaves`, () => shown() === wanted);
      if (shown().includes(planted)) throw new Error(`a secret is in the preview of ${value}`);
      if (shown().includes(host) !== hosts) throw new Error(`the host's name ${hosts ? "is not" : "is"} in ${value}`);
    }
  }
  const bodies = document.getElementById("export-bodies");
  bodies.checked = false;
  change(bodies);
  const wanted = await window.preflight.export(select.value, { hosts: false, bodies: false });
  await until("without bodies the preview is not what leaves", () => shown() === wanted);
  if (wanted.includes("Internal server error")) throw new Error("a body is there that was to be left out");
  done(null);
})().catch((error) => done(String(error)));
"#;

const COMPARE: &str = r#"
const [done] = arguments;
const said = () => document.querySelector(".compared")?.textContent ?? "";
const says = (words) => until(`not said: ${words}`, () => said().includes(words));
const bring = (part) => {
  const field = document.querySelector('[name="report-file"]');
  const files = new DataTransfer();
  files.items.add(new File([part], "report.json"));
  field.files = files.files;
  field.dispatchEvent(new Event("change", { bubbles: true }));
};
(async () => {
  bring("no report");
  await says("This is no report of Preflight");
  bring(new Uint8Array(20_000_001));
  await says("larger than 20 MB");
  for (const format of ["json", "har"]) {
    const report = JSON.parse(await window.preflight.export(format));
    const own = report.log?._preflight ?? report;
    own.environment.started_at = "2001-02-03T04:05:06Z";
    own.checks.find((check) => check.status === "Fail").status = "Pass";
    bring(JSON.stringify(report));
    await says("Before: 2001-02-03 04:05 UTC");
    await says("Broken");
    if (format === "har") return done(JSON.stringify(report));
    bring("no report");
    await says("This is no report of Preflight");
  }
})().catch((error) => done(String(error)));
"#;

const BRING: &str = r#"
const field = document.querySelector('[name="report-file"]');
const files = new DataTransfer();
files.items.add(new File([arguments[0]], "report.har"));
field.files = files.files;
field.dispatchEvent(new Event("change", { bubbles: true }));
"#;
