//! The verdict's section. While a run goes on it says how far that is; nothing about causes before the end, since until
//! then a verdict may still change. What it says at the end stands in [`super::outcome`].

use super::dom::{self, El, el};
use super::help::Loading;
use super::lazy::VERDICTS;
use super::state::{Stage, Store, is_pending};
use super::words;
use leptos::prelude::*;

/// Why the page itself may fail.
const FROM_FILE: &str = "This page was not loaded over http or https. Browsers let no server allow anything to such a page: host it, or open it with make serve.";

/// The section, and the region that tells screen readers about phases (not about progress).
pub fn verdict(store: Store) -> Vec<El> {
    let mut drawn = (Stage::Idle, Loading::NotAsked, 0, 0);
    let is_due = RwSignal::new_local(false);
    let due = move || is_due.notify();
    let mut last = Stage::Idle;
    dom::react(Box::new(move || {
        store.help.track();
        let stage = store.stage.get();
        // At the end of a run in a task of its own: to draw it with what else follows the run would hold a phone up.
        if core::mem::replace(&mut last, stage) == Stage::Running {
            dom::soon(due);
        } else {
            due();
        }
    }));
    let content = move || {
        is_due.track();
        let stage = store.stage.get_untracked();
        // Words that come late are shown at once; a run that goes on needs none. One report may follow another.
        let help = match stage {
            Stage::Idle | Stage::Running => Loading::NotAsked,
            _ => store.help.with_untracked(|help| help.state),
        };
        // A second opinion changes what is shown of a run that has ended.
        let now = (stage, help, store.turn(), store.heard.with_untracked(|heard| heard.count));
        if core::mem::replace(&mut drawn, now) == now {
            return None;
        }
        Some(store.shown.with_untracked(|shown| match (stage, shown) {
            (Stage::Idle, _) => Vec::new(),
            (Stage::Running, _) => progress(store),
            (Stage::Failed, None) => vec![el("h2").text(FROM_FILE)],
            (_, Some(shown)) => {
                VERDICTS.get().map(|it| (it.outcome)(store, shown, stage)).unwrap_or_default()
            }
            (_, None) => vec![el("h2").text("Stopped before anything was asked.")],
        }))
    };
    let phase = move || match store.stage.get() {
        Stage::Idle => String::new(),
        Stage::Running => "The checks are running.".to_owned(),
        Stage::Finished => {
            let said =
                store.shown.with_untracked(|shown| Some((VERDICTS.get()?.headline)(shown.as_deref()?)));
            ["Finished. ", &said.unwrap_or_default()].concat()
        }
        Stage::Stopped => "Stopped.".to_owned(),
        Stage::Failed => FROM_FILE.to_owned(),
        Stage::Shared => "A report is shown.".to_owned(),
        Stage::Again => "The report was judged again.".to_owned(),
    };
    let region = el("p.unseen").attr("role", "status").attr("aria-live", "polite").live_text(phase);
    let section = el("section.verdict").attr("aria-label", "Verdict").attr("tabindex", "-1");
    vec![section.live(content), region]
}

fn progress(store: Store) -> Vec<El> {
    let host = store.form.with_untracked(|form| {
        form.understood
            .deployment
            .as_ref()
            .map(|deployment| deployment.mlflow.origin.host.clone())
            .unwrap_or_default()
    });
    let counts = move || {
        store.shown.with(|shown| {
            let Some(shown) = shown.as_ref() else { return String::new() };
            let checks = &shown.judged.checks;
            let known = checks.iter().filter(|(_, judgement)| !is_pending(shown, judgement)).count();
            let (all, out) = (checks.len(), shown.run.in_flight.len());
            let longest = shown.run.in_flight.iter().map(|probe| probe.timeout_ms).max().unwrap_or_default();
            let seconds = longest.div_ceil(1000);
            format!("{known} of {all} checks known; requests on the way: {out}, each given up after {seconds} s at the latest. ")
        })
    };
    let now = move || {
        store.shown.with(|shown| {
            let first = shown.as_ref().and_then(|shown| shown.run.in_flight.first());
            first.map(words::asking).unwrap_or_default()
        })
    };
    let said = el("p.progress").live_text(counts).child(el("span.asking").live_text(now));
    vec![el("h2").text("Asking ").text(&host).text(" …"), said]
}
