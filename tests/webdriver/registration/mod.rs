//! Registration in real browsers against real MLflow servers: it passes and leaves the server as it was found, what it
//! registers can be read by MLflow's own client, and whoever closes the tab finds everything on the next visit.

use super::form;
use super::session::{Session, Trouble};
use crate::lab::children::find;
use crate::lab::keys::Key;
use crate::lab::loopback;
use crate::lab::mlflow::{Kind, USER_HEADER};
use crate::lab::stage::{OpenRow, Stage};
use crate::lab::web::{Ask, Caller, Listening, Reply, handler, listen, reply};
use http_body_util::Full;
use hyper::body::Bytes;
use hyper::{Method, Request};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};
use tokio::sync::Notify;

/// A registration of 130 requests on a busy machine.
const LIMIT: Duration = Duration::from_secs(55);
const CALL: Duration = Duration::from_secs(30);
const GLANCE: Duration = Duration::from_millis(25);
/// At which of the steps that change something the tab is closed, in an engine other than the first.
const SOME: [usize; 3] = [3, 20, 60];
/// Further than a registration has steps.
const NEVER: usize = usize::MAX;

/// The rows with healthy servers of both generations.
pub const ROWS: [&str; 2] = ["healthy-direct", "healthy-mlflow-2"];

/// Tests all of it on one row; prints a line each and gives how many held and how many did not.
pub async fn run(session: &Session, stage: &Stage) -> (u32, u32) {
    let mut counts = (0, 0);
    for id in ROWS {
        let Some(open) = stage.row(id) else { continue };
        let results = [
            ("registers and cleans up", registers(session, stage, open).await),
            ("closing the tab loses nothing", closing(session, stage, open).await),
        ];
        for (name, result) in results {
            match result {
                Ok(()) => counts.0 += 1,
                Err(_) => counts.1 += 1,
            }
            let outcome = result.map_or_else(|trouble| format!("FAIL  {trouble}"), |()| "ok".to_owned());
            let name = format!("{id}: {name}");
            println!("{name:<42} {:<9} {:>11}  {outcome}", session.engine.name, "");
        }
    }
    counts
}

/// Stands before a row's server and holds what the test tells it to.
struct Gate {
    /// Origin of the gate.
    origin: String,
    state: Arc<State>,
    _listening: Listening,
}

#[derive(Default)]
struct State {
    /// Requests that change something, so far.
    writes: AtomicUsize,
    /// Which of them gets no answer, nor any request after it.
    silent_from: AtomicUsize,
    /// The first removal waits for this, when `holds` is set.
    go: Notify,
    holds: AtomicUsize,
    held: AtomicUsize,
}

impl Gate {
    async fn before(open: &OpenRow, stage: &Stage, silent_from: usize, holds: bool) -> Result<Gate, Trouble> {
        let state = Arc::new(State::default());
        state.silent_from.store(silent_from, Ordering::SeqCst);
        state.holds.store(holds.into(), Ordering::SeqCst);
        let (known, to, caller) = (state.clone(), open.registry_url.clone(), Caller::new());
        let serve = handler(move |ask| {
            let (state, to, caller) = (known.clone(), to.clone(), caller.clone());
            async move { pass(&state, &to, &caller, ask).await }
        });
        let listening = listen(loopback::SERVERS, 0, "registration/gate", &stage.log, serve)
            .await
            .map_err(|error| error.to_string())?;
        Ok(Gate { origin: listening.origin.clone(), state, _listening: listening })
    }

    async fn until(&self, what: &str, is: impl Fn(&State) -> bool) -> Result<(), Trouble> {
        let deadline = Instant::now() + LIMIT;
        while !is(&self.state) {
            if Instant::now() > deadline {
                return Err(format!("waited in vain for {what}"));
            }
            tokio::time::sleep(GLANCE).await;
        }
        Ok(())
    }
}

async fn pass(state: &State, to: &str, caller: &Caller, ask: Ask) -> Reply {
    let path = ask.uri().path_and_query().map(ToString::to_string).unwrap_or_default();
    // The page marks every request with the name of its question.
    let changes = ask.method() != Method::OPTIONS && path.contains("preflight=write-");
    let number = if changes { state.writes.fetch_add(1, Ordering::SeqCst) + 1 } else { 0 };
    let removes = path.contains("registered-models/get?");
    if removes && state.holds.load(Ordering::SeqCst) > 0 {
        state.held.store(1, Ordering::SeqCst);
        state.go.notified().await;
        state.holds.store(0, Ordering::SeqCst);
    }
    let url = format!("{to}{path}");
    let (head, body) = ask.into_parts();
    let mut onward = Request::builder().method(head.method).uri(url);
    for (name, value) in &head.headers {
        if !["host", "content-length", "connection"].contains(&name.as_str()) {
            onward = onward.header(name, value);
        }
    }
    let Ok(onward) = onward.body(body) else { return reply(500, "text/plain", "no request") };
    let answer = caller.call(onward, CALL).await;
    if number >= state.silent_from.load(Ordering::SeqCst) {
        // It arrived; the page never hears of it.
        std::future::pending::<()>().await;
    }
    match answer {
        Ok(answer) => {
            let (mut head, body) = answer.into_parts();
            for name in ["content-length", "transfer-encoding", "connection"] {
                head.headers.remove(name);
            }
            Reply::from_parts(head, Full::new(body))
        }
        Err(_) => reply(502, "text/plain", "bad gateway"),
    }
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

/// What a person sees of a row's MLflow: everything that is not marked as deleted.
pub async fn listing(open: &OpenRow) -> Result<Value, Trouble> {
    let (kind, origin) = open.mlflow.as_ref().ok_or("there is no MLflow behind this row")?;
    let base = [origin, kind.prefix()].concat();
    let caller = Caller::new();
    let ask = |method: &'static str, path: &'static str, body: &'static str| {
        let caller = caller.clone();
        let url = format!("{base}/api/2.0/mlflow/{path}");
        async move {
            let mut ask =
                Request::builder().method(method).uri(url).header("content-type", "application/json");
            if *kind == Kind::BasicAuth {
                ask = ask.header("authorization", USER_HEADER);
            }
            let ask = ask.body(Bytes::from(body)).map_err(|error| error.to_string())?;
            let answer = caller.call(ask, CALL).await.map_err(|error| format!("{error:?}"))?;
            serde_json::from_slice::<Value>(answer.body()).map_err(|error| format!("{path}: {error}"))
        }
    };
    Ok(json!([
        ask("GET", "experiments/search?max_results=1000", "").await?,
        ask("GET", "registered-models/search?max_results=1000", "").await?,
        ask("GET", "model-versions/search?max_results=1000", "").await?,
        ask("POST", "runs/search", r#"{"experiment_ids":["0"],"max_results":1000}"#).await?,
    ]))
}

/// The whole registration; MLflow's own client reads what was registered before it is removed.
async fn registers(session: &Session, stage: &Stage, open: &OpenRow) -> Result<(), Trouble> {
    let before = listing(open).await?;
    let gate = Gate::before(open, stage, NEVER, true).await?;
    form::open(session, stage).await?;
    fill(session, open, &gate.origin, true).await?;
    form::press(session, "run").await?;
    gate.until("the clean-up to begin", |state| state.held.load(Ordering::SeqCst) > 0).await?;
    let read = read_back(&open.registry_url);
    gate.state.go.notify_one();
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
    let wanted: BTreeSet<String> =
        ["sklearn", "pytorch", "transformers", "python_function"].map(str::to_owned).into();
    if flavors != wanted {
        return Err(format!("the client read only {flavors:?}"));
    }
    let after = listing(open).await?;
    if before != after {
        return Err(format!("the server was {before} and is {after}"));
    }
    Ok(())
}

/// What `mlflow.models.Model.load` finds in every version of the registered model that is there.
fn read_back(origin: &str) -> Result<BTreeSet<String>, Trouble> {
    let program = find("PREFLIGHT_MLFLOW", "mlflow").ok_or("MLflow's client is not on this machine")?;
    let python = program.with_file_name("python");
    let script = r#"
import sys, mlflow
from mlflow import MlflowClient
mlflow.set_tracking_uri(sys.argv[1])
versions = [v for v in MlflowClient().search_model_versions("") if v.name.startswith("preflight-")]
assert versions, "no version is registered"
for version in versions:
    model = mlflow.models.Model.load(f"models:/{version.name}/{version.version}")
    print("flavors", *model.flavors)
"#;
    let output = Command::new(python)
        .args(["-c", script, origin])
        .env("MLFLOW_DISABLE_TELEMETRY", "true")
        .output()
        .map_err(|error| error.to_string())?;
    if !output.status.success() {
        return Err(format!("the client says: {}", String::from_utf8_lossy(&output.stderr)));
    }
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let words = text.lines().filter_map(|line| line.strip_prefix("flavors ")).flat_map(str::split_whitespace);
    Ok(words.map(str::to_owned).collect())
}

/// Closes the tab at a step; the next visit finds everything and removes it.
async fn closing(session: &Session, stage: &Stage, open: &OpenRow) -> Result<(), Trouble> {
    let every = session.engine.name == "chromium" && std::env::var_os("PREFLIGHT_EVERY_STEP").is_some();
    let before = listing(open).await?;
    for step in 1.. {
        if !every && !SOME.contains(&step) {
            if step > 60 {
                break;
            }
            continue;
        }
        let gate = Gate::before(open, stage, step, false).await?;
        form::open(session, stage).await?;
        fill(session, open, &gate.origin, true).await?;
        form::press(session, "run").await?;
        let deadline = Instant::now() + LIMIT;
        while gate.state.writes.load(Ordering::SeqCst) < step {
            if form::read(session).await?.state == "finished" {
                // There is no such step any more: every one was tried.
                return Ok(());
            }
            if Instant::now() > deadline {
                return Err(format!("step {step} was not reached"));
            }
            tokio::time::sleep(GLANCE).await;
        }
        session.load("about:blank").await?;
        gate.state.silent_from.store(NEVER, Ordering::SeqCst);
        form::open(session, stage).await?;
        fill(session, open, &gate.origin, false).await?;
        wait_for_cleanup(session, "offered").await.map_err(|error| format!("step {step}: {error}"))?;
        form::press(session, "clean-up").await?;
        wait_for_cleanup(session, "done").await.map_err(|error| format!("step {step}: {error}"))?;
        let after = listing(open).await?;
        if before != after {
            return Err(format!("closed at step {step}: the server was {before} and is {after}"));
        }
    }
    Ok(())
}

async fn wait_for_cleanup(session: &Session, wanted: &str) -> Result<(), Trouble> {
    let deadline = Instant::now() + LIMIT;
    loop {
        let script = "return document.getElementById('remains')?.dataset.cleanup ?? null";
        let state = session.script(script, Vec::new()).await?;
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
