//! What stands beside a registration: a second tab, a browser without storage, reports of registrations that are opened,
//! the largest upload, and a closer look.

use super::gate::{Fate, Gate};
use super::{GLANCE, LIMIT, cleanup_state, fill, listing};
use crate::lab::stage::{OpenRow, Stage};
use crate::webdriver::form::{self, Said};
use crate::webdriver::links;
use crate::webdriver::session::{Session, Trouble};
use serde_json::{Value, json};
use std::time::Instant;

/// What the page says while another tab holds the lock.
const LOCKED_OUT: &str = "Another tab is registering or cleaning up.";
/// What it says where nothing can be kept.
const NO_STORAGE: &str = "This browser keeps no data for this page";
/// Takes the browser's locks away, as where the page came without https: then a lease in the database takes their place.
const WITHOUT_LOCKS: &str = r#"Object.defineProperty(navigator, "locks", { value: undefined })"#;
/// The page has its connection already, so that fails from now on.
const WITHOUT_STORAGE: &str =
    r#"IDBDatabase.prototype.transaction = () => { throw new DOMException("full", "QuotaExceededError"); }"#;

/// A second tab is locked out and says so, and the first goes on undisturbed.
pub async fn second_tab(
    session: &Session,
    stage: &Stage,
    open: &OpenRow,
    locks: bool,
) -> Result<(), Trouble> {
    let gate = Gate::before(open, stage).await?;
    let before = listing(open).await?;
    gate.set(Some(("clean-1-model", Fate::Held)));
    visit(session, stage, open, &gate.origin, (!locks).then_some(WITHOUT_LOCKS)).await?;
    form::press(session, "run").await?;
    gate.until_reached().await?;
    let sent = gate.steps().len();
    let first = session.open_tab().await?;
    let second = second(session, stage, open, &gate, locks).await;
    session.close_tab(first).await?;
    second?;
    if gate.steps().len() != sent {
        return Err(format!("the second tab sent {:?}", &gate.steps()[sent..]));
    }
    gate.release();
    session.wait_for_state(&["finished"], LIMIT).await?;
    let said = form::read(session).await?;
    if said.verdict.as_deref() != Some("healthy") {
        return Err(format!("the first tab came to {:?}", said.causes));
    }
    let after = listing(open).await?;
    if before == after { Ok(()) } else { Err(format!("the server was {before} and is {after}")) }
}

async fn second(
    session: &Session,
    stage: &Stage,
    open: &OpenRow,
    gate: &Gate,
    locks: bool,
) -> Result<(), Trouble> {
    visit(session, stage, open, &gate.origin, (!locks).then_some(WITHOUT_LOCKS)).await?;
    // What the first tab has under way is no remains, but who knows that: the second one offers it, and may not.
    super::until_cleanup(session, "offered").await?;
    form::press(session, "clean-up").await?;
    says(session, "#remains", LOCKED_OUT).await?;
    writes_nothing(session, LOCKED_OUT).await
}

/// Without a place to write steps down nothing is registered, and that is said.
pub async fn no_storage(session: &Session, stage: &Stage, open: &OpenRow) -> Result<(), Trouble> {
    let before = listing(open).await?;
    let mark = stage.log.mark();
    visit(session, stage, open, &open.registry_url, Some(WITHOUT_STORAGE)).await?;
    writes_nothing(session, NO_STORAGE).await?;
    let seen = stage.log.since(mark);
    if let Some(step) = seen.iter().find(|request| request.target.contains("preflight=write-")) {
        return Err(format!("{} {} was sent", step.method, step.target));
    }
    let after = listing(open).await?;
    if before == after { Ok(()) } else { Err(format!("the server was {before} and is {after}")) }
}

/// Reports of registrations, as link and as file, never lead to a clean-up.
pub async fn reports_clean_nothing(session: &Session, stage: &Stage, open: &OpenRow) -> Result<(), Trouble> {
    visit(session, stage, open, &open.registry_url, None).await?;
    form::press(session, "run").await?;
    session.wait_for_state(&["finished"], LIMIT).await?;
    let report = session.script_async(EXPORT, Vec::new()).await?;
    let link = links::result_link(session).await?;
    let written = |request: &crate::lab::record::Recorded| request.target.contains("preflight=clean-");
    let mark = stage.log.mark();
    links::anew(session, &link, "shared").await?;
    let by_link = cleanup_state(session).await?;
    form::open(session, stage).await?;
    fill(session, open, &open.registry_url, true).await?;
    session.script(BRING, vec![report]).await?;
    session.wait_for_state(&["shared"], LIMIT).await?;
    let by_file = cleanup_state(session).await?;
    let asked = stage.log.since(mark).iter().any(written);
    if asked || by_link != "none" || by_file != "none" {
        return Err(format!("by link {by_link}, by file {by_file}; asked: {asked}"));
    }
    Ok(())
}

/// The largest upload that passes is found by doubling, against nginx's limit of 6 MiB.
pub async fn sizes(session: &Session, stage: &Stage, open: &OpenRow) -> Result<(), Trouble> {
    let before = listing(open).await?;
    visit(session, stage, open, &open.registry_url, None).await?;
    session.script(UNTICK, Vec::new()).await?;
    form::press(session, "run").await?;
    session.wait_for_state(&["finished"], LIMIT).await?;
    // What stands below a run that is over comes with a part of the page that is loaded then.
    let deadline = Instant::now() + LIMIT;
    while session.script(CAP, vec![json!("16")]).await? != true {
        if Instant::now() > deadline {
            return Err("the largest upload is not offered".to_owned());
        }
        tokio::time::sleep(GLANCE).await;
    }
    let mark = stage.log.mark();
    form::press(session, "sizes").await?;
    session.wait_for_state(&["running"], LIMIT).await?;
    session.wait_for_state(&["finished", "failed", "stopped"], LIMIT).await?;
    let (said, after) = (form::read(session).await?, listing(open).await?);
    let mut sizes = Vec::new();
    for request in stage.log.since(mark).iter().filter(|request| request.method == "PUT") {
        let id = request.target.split("preflight=write-size-").nth(1).and_then(|rest| rest.split('.').next());
        sizes.extend(id.and_then(|mib| mib.parse::<u32>().ok()));
    }
    let text = text_of(session, ".verdict, #verdict, main").await?;
    let named = said.causes.iter().any(|(code, _)| code == "body-size-limit");
    let status = said.checks.get("write-sizes").map(String::as_str);
    let right = named && status == Some("fail") && text.contains("The largest that passed had 4 MiB.");
    if !right || before != after {
        return Err(format!(
            "{:?}, {status:?}, MLflow got {sizes:?}, the server was {before} and is {after}",
            said.causes
        ));
    }
    // nginx reads headers only of what is too large.
    if sizes == [1, 2, 4] { Ok(()) } else { Err(format!("MLflow got uploads of {sizes:?} MiB")) }
}

/// *Look closer* reads every list, and on a healthy server every one is well.
pub async fn look_closer(session: &Session, stage: &Stage, open: &OpenRow) -> Result<(), Trouble> {
    visit(session, stage, open, &open.registry_url, None).await?;
    session.script(UNTICK, Vec::new()).await?;
    form::press(session, "run").await?;
    session.wait_for_state(&["finished"], LIMIT).await?;
    let mark = stage.log.mark();
    form::press(session, "look-closer").await?;
    session.wait_for_state(&["running"], LIMIT).await?;
    session.wait_for_state(&["finished"], LIMIT).await?;
    let said = form::read(session).await?;
    let is_two = open.mlflow.as_ref().is_some_and(|(kind, _)| kind.is_old());
    let lists = [
        ("mlflow-runs", "runs/search"),
        ("mlflow-models", "registered-models/search"),
        ("mlflow-model-versions", "model-versions/search"),
        ("mlflow-logged-models", "logged-models/search"),
        ("mlflow-graphql", "/graphql"),
        ("mlflow-server-info", "server-info"),
        ("mlflow-health", "/health"),
        ("artifacts-served", "mlflow-artifacts/artifacts"),
    ];
    let seen = stage.log.since(mark);
    for (check, path) in lists {
        let newer = ["mlflow-logged-models", "mlflow-server-info"].contains(&check);
        let wanted = if is_two && newer { "skipped" } else { "pass" };
        let status = said.checks.get(check).map(String::as_str);
        if status != Some(wanted) || !seen.iter().any(|request| request.target.contains(path)) {
            return Err(format!("{check} is {status:?} and not {wanted}"));
        }
    }
    // GraphQL of MLflow 2 is its own.
    let writes = seen.iter().any(|request| request.target.contains("preflight=write-"));
    if writes || said.verdict.as_deref() != Some("healthy") {
        return Err(format!("{:?}, something was written: {writes}", said.causes));
    }
    Ok(())
}

/// Opens the page with the form filled in and the box ticked, and does something to the browser.
async fn visit(
    session: &Session,
    stage: &Stage,
    open: &OpenRow,
    origin: &str,
    script: Option<&str>,
) -> Result<(), Trouble> {
    form::open(session, stage).await?;
    if let Some(script) = script {
        session.script(script, Vec::new()).await?;
    }
    fill(session, open, origin, true).await
}

/// Runs with the box ticked: everything is read, nothing written, and the page says why.
async fn writes_nothing(session: &Session, why: &str) -> Result<(), Trouble> {
    form::press(session, "run").await?;
    session.wait_for_state(&["finished"], LIMIT).await?;
    let Said { checks, .. } = form::read(session).await?;
    let mut writes = checks.iter().filter(|(id, _)| id.starts_with("write-")).peekable();
    if writes.peek().is_none() || writes.any(|(_, status)| status != "skipped") {
        return Err(format!("the checks of what is written are {checks:?}"));
    }
    says(session, "main", why).await
}

async fn says(session: &Session, selector: &str, words: &str) -> Result<(), Trouble> {
    let deadline = Instant::now() + LIMIT;
    loop {
        let text = text_of(session, selector).await?;
        if text.contains(words) {
            return Ok(());
        }
        if Instant::now() > deadline {
            return Err(format!("\"{words}\" is not said, but {text}"));
        }
        tokio::time::sleep(GLANCE).await;
    }
}

async fn text_of(session: &Session, selector: &str) -> Result<String, Trouble> {
    let script = "return document.querySelector(arguments[0])?.textContent ?? ''";
    let text: Value = session.script(script, vec![json!(selector)]).await?;
    Ok(text.as_str().unwrap_or_default().to_owned())
}

const UNTICK: &str =
    r#"const box = document.querySelector('[name="registration"]'); if (box.checked) box.click();"#;

const CAP: &str = r#"
const field = document.querySelector('[name="size-cap"]');
if (!field) return false;
field.value = arguments[0];
return field.value === arguments[0];
"#;

const EXPORT: &str =
    "window.preflight.export('json').then(arguments[0], (error) => arguments[0](String(error)))";

const BRING: &str = r#"
const field = document.querySelector('[name="report-file"]');
const files = new DataTransfer();
files.items.add(new File([arguments[0]], "report.json"));
field.files = files.files;
field.dispatchEvent(new Event("change", { bubbles: true }));
"#;
