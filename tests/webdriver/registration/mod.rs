//! Registration in real browsers against real MLflow servers: it passes and leaves the server as it was found, what it
//! registers can be read by MLflow's own client, and whoever closes the tab finds everything on the next visit.
//!
//! | file | what it is for |
//! |---|---|
//! | `gate` | stands before a server, knows the steps, and holds or swallows one |
//! | `closing` | closing the tab at a step; what is not ours stays |
//! | `beside` | a second tab, a browser without storage, the largest upload, a closer look |
//! | `client` | MLflow's own client: reads models back, and tries the tracking URIs that the page gives |

mod beside;
mod client;
mod closing;
mod gate;

use super::form;
use super::session::{Session, Trouble};
use crate::lab::keys::Key;
use crate::lab::mlflow::{Kind, USER_HEADER};
use crate::lab::stage::{OpenRow, Stage};
use crate::lab::web::Caller;
use gate::{Fate, Gate};
use hyper::Request;
use hyper::body::Bytes;
use serde_json::{Value, json};
use std::time::{Duration, Instant};

/// A registration of 130 requests on a busy machine.
const LIMIT: Duration = Duration::from_secs(55);
const CALL: Duration = Duration::from_secs(30);
const GLANCE: Duration = Duration::from_millis(25);

/// Healthy servers of both generations, and what else is tested here.
const ROWS: [&str; 2] = ["healthy-direct", "healthy-mlflow-2"];

/// Tests all of it; prints a line each and gives how many held and how many did not.
pub async fn run(session: &mut Session, stage: &Stage) -> (u32, u32) {
    let mut counts = (0, 0);
    let engine = session.engine;
    let mut told = |id: &str, name: &str, begun: Instant, result: Result<String, Trouble>| {
        match result {
            Ok(_) => counts.0 += 1,
            Err(_) => counts.1 += 1,
        }
        let outcome = result.unwrap_or_else(|trouble| format!("FAIL  {trouble}"));
        let seconds = begun.elapsed().as_secs_f64();
        println!("{:<60} {:<9} {seconds:>5.1} s  {outcome}", format!("{id}: {name}"), engine.name);
    };
    for id in ROWS {
        let Some(open) = stage.row(id) else { continue };
        let begun = Instant::now();
        let steps = registers(session, stage, open).await;
        let known = steps.clone().unwrap_or_default();
        told(id, "registers and cleans up", begun, steps.map(|steps| format!("ok    {} steps", steps.len())));
        let begun = Instant::now();
        if known.is_empty() {
            session.renew().await;
        }
        let closed = closing::closing(session, stage, open, &known).await;
        let failed = closed.is_err();
        told(
            id,
            "closing the tab loses nothing",
            begun,
            closed.map(|count| format!("ok    at {count} steps")),
        );
        if failed {
            session.renew().await;
        }
    }
    macro_rules! test {
        ($id:literal, $name:literal, $open:ident => $test:expr) => {
            if let Some($open) = stage.row($id) {
                let begun = Instant::now();
                let result: Result<(), Trouble> = $test.await;
                let failed = result.is_err();
                told($id, $name, begun, result.map(|()| "ok".to_owned()));
                if failed {
                    session.renew().await;
                }
            }
        };
    }
    test!("healthy-direct", "what is not ours stays", open => closing::others_are_left_alone(session, stage, open));
    test!("healthy-direct", "a clean-up is stopped", open => closing::cleaning_is_stopped(session, stage, open));
    test!("healthy-direct", "a second tab is locked out", open => beside::second_tab(session, stage, open, true));
    test!("healthy-direct", "a second tab without locks", open => beside::second_tab(session, stage, open, false));
    test!("healthy-direct", "no storage, no registration", open => beside::no_storage(session, stage, open));
    test!("healthy-direct", "reports clean nothing up", open => beside::reports_clean_nothing(session, stage, open));
    test!("healthy-direct", "looking closer", open => beside::look_closer(session, stage, open));
    test!("healthy-mlflow-2", "looking closer", open => beside::look_closer(session, stage, open));
    test!("registers-below-6-mib", "the largest upload", open => beside::sizes(session, stage, open));
    test!("healthy", "tracking URIs work", _open => tracking_uris(session, stage));
    counts
}

/// Registers at a row and closes the tab as soon as something was written: the visit that is open then offers to clean up.
pub async fn leave_something(session: &Session, stage: &Stage, open: &OpenRow) -> Result<(), Trouble> {
    form::open(session, stage).await?;
    form::fill(session, open, open.row.key).await?;
    form::enter(session, json!({ "registration": true })).await?;
    let mark = stage.log.mark();
    form::press(session, "run").await?;
    let deadline = Instant::now() + LIMIT;
    while !stage.log.since(mark).iter().any(|seen| seen.target.contains("preflight=write-run-")) {
        if Instant::now() > deadline {
            return Err("nothing was written".to_owned());
        }
        tokio::time::sleep(GLANCE).await;
    }
    session.close_for_another().await?;
    form::open(session, stage).await?;
    form::fill(session, open, open.row.key).await?;
    until_cleanup(session, "offered").await
}

/// Removes it again.
pub async fn clean_up(session: &Session) -> Result<(), Trouble> {
    form::press(session, "clean-up").await?;
    until_cleanup(session, "done").await
}

/// Fills the form for a row behind a gate, with the box ticked or not.
async fn fill(session: &Session, open: &OpenRow, origin: &str, ticked: bool) -> Result<(), Trouble> {
    form::fill(session, open, Key::None).await?;
    let script = r#"
const [origin, ticked] = arguments;
const field = document.querySelector('[name="registry-url"]');
Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, "value").set.call(field, origin);
field.dispatchEvent(new Event("input", { bubbles: true }));
const box = document.querySelector('[name="registration"]');
if (box.checked !== ticked) box.click();
return box.checked === ticked;
"#;
    let done = session.script(script, vec![json!(origin), json!(ticked)]).await?;
    if done == true { Ok(()) } else { Err("the box cannot be ticked".to_owned()) }
}

/// Asks a row's MLflow itself, past all that stands before it.
async fn call(open: &OpenRow, method: &str, path: &str, body: Value) -> Result<Value, Trouble> {
    let (kind, origin) = open.mlflow.as_ref().ok_or("there is no MLflow behind this row")?;
    let url = [origin, kind.prefix(), "/api/2.0/mlflow/", path].concat();
    let mut ask = Request::builder().method(method).uri(url).header("content-type", "application/json");
    if *kind == Kind::BasicAuth {
        ask = ask.header("authorization", USER_HEADER);
    }
    let body = if body.is_null() { String::new() } else { body.to_string() };
    let ask = ask.body(Bytes::from(body)).map_err(|error| error.to_string())?;
    let answer = Caller::new().call(ask, CALL).await.map_err(|error| format!("{error:?}"))?;
    let text = String::from_utf8_lossy(answer.body()).into_owned();
    match answer.status().is_success() {
        true => serde_json::from_str(&text).map_err(|error| format!("{path}: {error}")),
        false => Err(format!("{path}: {} {text}", answer.status())),
    }
}

/// What a person sees of a row's MLflow: everything that is not marked as deleted.
pub async fn listing(open: &OpenRow) -> Result<Value, Trouble> {
    let runs = json!({ "experiment_ids": ["0"], "max_results": 1000 });
    Ok(json!([
        call(open, "GET", "experiments/search?max_results=1000", Value::Null).await?,
        call(open, "GET", "registered-models/search?max_results=1000", Value::Null).await?,
        call(open, "GET", "model-versions/search?max_results=1000", Value::Null).await?,
        call(open, "POST", "runs/search", runs).await?,
    ]))
}

/// The whole registration; MLflow's own client reads what was registered before it is removed. Gives its steps.
async fn registers(session: &Session, stage: &Stage, open: &OpenRow) -> Result<Vec<String>, Trouble> {
    let before = listing(open).await?;
    let gate = Gate::before(open, stage).await?;
    gate.set(Some(("clean-1-model", Fate::Held)));
    form::open(session, stage).await?;
    fill(session, open, &gate.origin, true).await?;
    form::press(session, "run").await?;
    gate.until_reached().await?;
    let read = client::read_back(&open.registry_url);
    gate.release();
    let flavors = read?;
    session.wait_for_state(&["finished", "failed", "stopped"], LIMIT).await?;
    let said = form::read(session).await?;
    let bad: Vec<_> = said
        .checks
        .iter()
        .filter(|(id, status)| id.starts_with("write-") && !["pass", "skipped"].contains(&status.as_str()))
        .collect();
    if !bad.is_empty() || said.verdict.as_deref() != Some("healthy") {
        return Err(format!("{bad:?}, {:?}, {:?}", said.verdict, said.causes));
    }
    if flavors != client::FLAVORS.map(str::to_owned).into() {
        return Err(format!("the client read only {flavors:?}"));
    }
    let after = listing(open).await?;
    if before != after {
        return Err(format!("the server was {before} and is {after}"));
    }
    Ok(gate.steps())
}

/// The tracking URI that the page shows works, for each row that is up.
async fn tracking_uris(session: &Session, stage: &Stage) -> Result<(), Trouble> {
    let mut shown = Vec::new();
    for id in client::ROWS {
        let Some(open) = stage.row(id) else { continue };
        form::open(session, stage).await?;
        form::fill(session, open, open.row.key).await?;
        form::press(session, "run").await?;
        let report = form::finish(session).await?.report.unwrap_or_default();
        let report: Value = serde_json::from_str(&report).map_err(|error| error.to_string())?;
        let checks = report["checks"].as_array().into_iter().flatten();
        let line =
            checks.filter(|check| check["id"] == "tracking-uri").find_map(|check| check["actual"].as_str());
        let line = line.ok_or_else(|| format!("{id}: no tracking URI is shown"))?.to_owned();
        shown.push(client::Shown { id, line, variables: open.row.key.variables() });
    }
    client::search_with(&shown)
}

/// How the page's clean-up stands.
async fn cleanup_state(session: &Session) -> Result<Value, Trouble> {
    session.script("return document.getElementById('remains')?.dataset.cleanup ?? null", Vec::new()).await
}

async fn until_cleanup(session: &Session, wanted: &str) -> Result<(), Trouble> {
    let deadline = Instant::now() + LIMIT;
    loop {
        let state = cleanup_state(session).await?;
        if state == wanted {
            return Ok(());
        }
        if Instant::now() > deadline {
            let text =
                session.script("return document.getElementById('remains')?.innerText", Vec::new()).await?;
            return Err(format!("the clean-up is {state}, not {wanted}: {text}"));
        }
        tokio::time::sleep(GLANCE).await;
    }
}
