//! Closing the tab in the middle: the next visit finds everything and removes it, and nothing else.

use super::gate::{Fate, Gate, kind_of};
use super::{GLANCE, LIMIT, call, cleanup_state, fill, listing, until_cleanup};
use crate::lab::stage::{OpenRow, Stage};
use crate::webdriver::engine::ENGINES;
use crate::webdriver::form;
use crate::webdriver::session::{Session, Trouble};
use serde_json::json;
use std::time::{Duration, Instant};

/// At which kinds of steps the tab is closed at an MLflow 2: most is as it is at an MLflow 3.
const SOME: [&str; 3] = ["write-run-create", "write-two-version", "clean-1-run-one"];
/// How long a stopped clean-up is watched.
const QUIET: Duration = Duration::from_millis(700);
/// Looks that go on until the model appears: how many there are depends on the server's mood.
const LOOKS: &str = "write-search-";

/// Closes the tab at steps of a registration whose steps are `known`, and gives how many they were.
pub async fn closing(
    session: &Session,
    stage: &Stage,
    open: &OpenRow,
    known: &[String],
) -> Result<usize, Trouble> {
    let gate = Gate::before(open, stage).await?;
    let before = listing(open).await?;
    form::open(session, stage).await?;
    let chosen = chosen(session, open, known);
    for (index, step) in chosen.iter().enumerate() {
        // Whether it arrived, nobody knows who closed the tab.
        let fate = if index % 2 == 0 { Fate::Arrives } else { Fate::Lost };
        let told =
            |trouble| format!("closed at {step} ({fate:?}), and then came {:?}: {trouble}", gate.steps());
        if close_at(session, stage, open, &gate, step, fate).await.map_err(told)?.is_none() {
            continue;
        }
        form::press(session, "clean-up").await.map_err(told)?;
        until_cleanup(session, "done").await.map_err(told)?;
        let after = listing(open).await?;
        if before != after {
            return Err(told(format!("the server was {before} and is {after}")));
        }
    }
    // Steps that have got other names would be left out without a word.
    if chosen.is_empty() { Err(format!("no step was chosen of {known:?}")) } else { Ok(chosen.len()) }
}

/// Which steps. Usually each kind of step that changes something in one of the engines, since it is MLflow and the page
/// that differ from step to step, not the way in which a tab closes. With `PREFLIGHT_EVERY_STEP` every single one in each.
fn chosen(session: &Session, open: &OpenRow, known: &[String]) -> Vec<String> {
    let every = std::env::var_os("PREFLIGHT_EVERY_STEP").is_some();
    let is_two = open.mlflow.as_ref().is_some_and(|(kind, _)| kind.is_old());
    let mut chosen: Vec<String> = Vec::new();
    for step in known {
        let kind = kind_of(step);
        // Names of what was created are others each time.
        let step = if every && step.starts_with("write-") { step.clone() } else { kind };
        let usual = if is_two { SOME.contains(&step.as_str()) } else { changes_something(&step) };
        if (every || usual) && !chosen.contains(&step) {
            chosen.push(step);
        }
    }
    let turn = ENGINES.iter().position(|engine| engine.name == session.engine.name).unwrap_or_default();
    let mut index = 0..;
    chosen.retain(|_| every || index.next().is_some_and(|index| index % ENGINES.len() == turn));
    chosen
}

/// False for steps that only look.
fn changes_something(kind: &str) -> bool {
    let parts: Vec<&str> = kind.split('-').collect();
    match parts.as_slice() {
        ["write", "search", ..] | ["write", "files", "get"] | ["write", .., "read"] => false,
        ["clean", _, what, "one"] => *what != "list",
        ["clean", .., last] => *last == "delete",
        _ => true,
    }
}

/// Registers, closes the tab when the step comes, and comes back with the same address. Gives the name of what is
/// created; nothing when there was no such step this time.
async fn close_at(
    session: &Session,
    stage: &Stage,
    open: &OpenRow,
    gate: &Gate,
    step: &str,
    fate: Fate,
) -> Result<Option<String>, Trouble> {
    gate.set(Some((step, fate)));
    fill(session, open, &gate.origin, true).await?;
    form::press(session, "run").await?;
    let deadline = Instant::now() + LIMIT;
    while !gate.reached() {
        if form::read(session).await?.state == "finished" {
            return if step.starts_with(LOOKS) { Ok(None) } else { Err("there was no such step".to_owned()) };
        }
        if Instant::now() > deadline {
            return Err("it was not reached".to_owned());
        }
        tokio::time::sleep(GLANCE).await;
    }
    let name = gate.name()?;
    session.close_for_another().await?;
    gate.set(None);
    form::open(session, stage).await?;
    fill(session, open, &gate.origin, false).await?;
    until_cleanup(session, "offered").await?;
    Ok(Some(name))
}

/// Clean-up touches only what carries its tag, and only at the address of its journal.
pub async fn others_are_left_alone(session: &Session, stage: &Stage, open: &OpenRow) -> Result<(), Trouble> {
    let gate = Gate::before(open, stage).await?;
    let before = listing(open).await?;
    form::open(session, stage).await?;
    let name = close_at(session, stage, open, &gate, "write-run-experiment", Fate::Lost).await?;
    let name = name.ok_or("the registration created nothing")?;
    // The journal is of the gate: the same server at another address is another place.
    let mark = stage.log.mark();
    fill(session, open, &open.registry_url, false).await?;
    form::press(session, "clean-up").await?;
    let said = remains(session).await?;
    let asked = stage.log.since(mark).iter().any(|request| request.target.contains("preflight=clean-"));
    if asked || !said.contains(&gate.origin) || cleanup_state(session).await? != "offered" {
        return Err(format!(
            "at another address something was asked ({asked}), and the clean-up says: {said}"
        ));
    }
    // Somebody else has the very names: one without any tag, one with the tag of another registration.
    let other = json!([{ "key": "preflight.run", "value": "somebodyelse" }]);
    let made = call(open, "POST", "experiments/create", json!({ "name": name })).await?;
    call(open, "POST", "registered-models/create", json!({ "name": name, "tags": other })).await?;
    let with_theirs = listing(open).await?;
    fill(session, open, &gate.origin, false).await?;
    form::press(session, "clean-up").await?;
    until_cleanup(session, "left").await?;
    let (said, after) = (remains(session).await?, listing(open).await?);
    if with_theirs != after || said.matches("does not carry this registration's tag").count() != 2 {
        return Err(format!("what is not ours was {with_theirs} and is {after}; said: {said}"));
    }
    call(open, "DELETE", "registered-models/delete", json!({ "name": name })).await?;
    call(open, "POST", "experiments/delete", json!({ "experiment_id": made["experiment_id"] })).await?;
    // MLflow keeps the deleted experiment under that name; it is somebody else's all the same.
    form::press(session, "clean-up").await?;
    until_cleanup(session, "done").await?;
    let after = listing(open).await?;
    if before == after { Ok(()) } else { Err(format!("the server was {before} and is {after}")) }
}

/// A clean-up lets no run begin beside it; stopped, it sends nothing more and offers the rest again.
pub async fn cleaning_is_stopped(session: &Session, stage: &Stage, open: &OpenRow) -> Result<(), Trouble> {
    let gate = Gate::before(open, stage).await?;
    let before = listing(open).await?;
    form::open(session, stage).await?;
    close_at(session, stage, open, &gate, "write-run-experiment", Fate::Arrives).await?;
    gate.set(Some(("clean-1-experiment", Fate::Held)));
    form::press(session, "clean-up").await?;
    gate.until_reached().await?;
    form::press(session, "run").await?;
    let said = remains(session).await?;
    if !said.contains("A clean-up goes on") {
        return Err(format!("a run was begun beside a clean-up, and it says: {said}"));
    }
    form::press(session, "stop").await?;
    until_cleanup(session, "left").await?;
    let sent = gate.steps();
    gate.release();
    tokio::time::sleep(QUIET).await;
    if gate.steps() != sent {
        return Err(format!("stopped after {sent:?}, and then came {:?}", gate.steps()));
    }
    gate.set(None);
    form::press(session, "clean-up").await?;
    until_cleanup(session, "done").await?;
    let after = listing(open).await?;
    if before == after { Ok(()) } else { Err(format!("the server was {before} and is {after}")) }
}

/// What the page says about what is left.
async fn remains(session: &Session) -> Result<String, Trouble> {
    let text =
        session.script("return document.getElementById('remains')?.textContent ?? ''", Vec::new()).await?;
    Ok(text.as_str().unwrap_or_default().to_owned())
}
