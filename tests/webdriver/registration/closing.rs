//! Closing the tab in the middle: the next visit finds everything and removes it.

use super::gate::{Fate, Gate, kind_of};
use super::{GLANCE, LIMIT, fill, listing, until_cleanup};
use crate::lab::stage::{OpenRow, Stage};
use crate::webdriver::form;
use crate::webdriver::session::{Session, Trouble};
use std::time::Instant;

/// At which kinds of steps the tab is closed, unless every kind is asked for.
const SOME: [&str; 5] =
    ["write-run-experiment", "write-run-create", "write-two-version", "clean-1-versions", "clean-1-run-one"];
/// Looks that go on until the model appears: how many there are depends on the server's mood.
const LOOKS: &str = "write-search-";

/// Closes the tab at steps of a registration whose steps are `known`, and gives how many they were.
pub async fn closing(
    session: &Session,
    stage: &Stage,
    open: &OpenRow,
    known: &[String],
) -> Result<usize, Trouble> {
    let before = listing(open).await?;
    form::open(session, stage).await?;
    let chosen = chosen(known);
    for (index, step) in chosen.iter().enumerate() {
        // One gate each: after a dozen tabs that were closed while an answer was due, Chromium sends nothing more to
        // the same host for minutes.
        let gate = Gate::before(open, stage).await?;
        // Whether it arrived, nobody knows who closed the tab.
        let fate = if index % 2 == 0 { Fate::Arrives } else { Fate::Lost };
        let told = |trouble| {
            let came = gate.steps();
            format!("closed at {step} ({fate:?}), and then came {came:?}: {trouble}")
        };
        if !close_at(session, stage, open, &gate, step, fate).await.map_err(told)? {
            continue;
        }
        form::press(session, "clean-up").await.map_err(told)?;
        until_cleanup(session, "done").await.map_err(told)?;
        let after = listing(open).await?;
        if before != after {
            return Err(told(format!("the server was {before} and is {after}")));
        }
    }
    Ok(chosen.len())
}

/// Which steps: some in each engine; with `PREFLIGHT_EVERY_STEP` one of each kind.
fn chosen(known: &[String]) -> Vec<String> {
    let every = std::env::var_os("PREFLIGHT_EVERY_STEP").is_some();
    let mut chosen: Vec<String> = Vec::new();
    for step in known {
        let kind = kind_of(step);
        if (every || SOME.contains(&kind.as_str())) && !chosen.contains(&kind) {
            chosen.push(kind);
        }
    }
    chosen
}

/// Registers, closes the tab when the step comes, and comes back with the same address; false when there was no such
/// step this time.
async fn close_at(
    session: &Session,
    stage: &Stage,
    open: &OpenRow,
    gate: &Gate,
    step: &str,
    fate: Fate,
) -> Result<bool, Trouble> {
    gate.set(Some((step, fate)));
    fill(session, open, &gate.origin, true).await?;
    form::press(session, "run").await?;
    let deadline = Instant::now() + LIMIT;
    while !gate.reached() {
        if form::read(session).await?.state == "finished" {
            return if step.starts_with(LOOKS) {
                Ok(false)
            } else {
                Err("there was no such step".to_owned())
            };
        }
        if Instant::now() > deadline {
            return Err("it was not reached".to_owned());
        }
        tokio::time::sleep(GLANCE).await;
    }
    session.close_for_another().await?;
    gate.set(None);
    form::open(session, stage).await?;
    fill(session, open, &gate.origin, false).await?;
    until_cleanup(session, "offered").await?;
    Ok(true)
}
