//! Every request of a run on one time axis: what went side by side, and what the run waited for.

use super::dom::{El, el, strip};
use super::parts::{Drawn, behind_line, lead};
use super::state::{Shown, Store};
use crate::checks;
use crate::probe::words::short;
use crate::probe::{Observation, Probe, Saw};
use crate::run::spans;
use leptos::prelude::*;
use std::sync::Arc;

/// The section, there once a run has ended: bars that grow while one reads them say nothing.
pub fn waterfall(store: Store) -> El {
    let is_there = move || {
        store.shown.with(|shown| {
            shown.as_ref().is_some_and(|shown| shown.ended() && !shown.run.observations.is_empty())
        })
    };
    let counts = move || {
        store.shown.with(|shown| {
            shown.as_ref().filter(|shown| shown.ended()).map_or(String::new(), |shown| {
                let (count, total) = (shown.run.observations.len(), spans::total(&shown.run));
                format!("Every request, by time: {count} in {total} ms")
            })
        })
    };
    let summary = el("summary").live_text(counts);
    let details = el("details.more");
    let it = details.clone();
    let mut last: Option<Arc<Shown>> = None;
    let outdated = move || {
        store.shown.with(|shown| {
            let now = shown.as_ref().filter(|shown| shown.ended());
            if last.as_ref().map(Arc::as_ptr) == now.map(Arc::as_ptr) {
                return None;
            }
            last = now.cloned();
            Some(if it.is_open() { Drawn::AtOnce } else { Drawn::Soon })
        })
    };
    let drawn =
        move || store.shown.with_untracked(|shown| shown.as_deref().filter(|shown| shown.ended()).map(drawn));
    let hidden = behind_line(&details, &summary, outdated, drawn);
    el("section.waterfall")
        .live_flag("hidden", move || !is_there())
        .child(details.child(summary).child(hidden))
}

fn drawn(shown: &Shown) -> El {
    let (spans, total) = spans::spans(&shown.run);
    let mut before: Vec<&Probe> = Vec::new();
    let rows = spans.iter().filter_map(|span| {
        let seen = shown.run.observations.get(span.index)?;
        let again = before.iter().any(|earlier| earlier.asks_the_same(&seen.probe));
        before.push(&seen.probe);
        let asked = short(&seen.probe, &shown.run.deployment.mlflow.path);
        let code = el("code").text(if again { "Again: " } else { "" }).text(&asked);
        let row = el("li").child(code).child(bar(seen, total)).child(
            el("span.ms").text(&format!("{} ms", seen.ms)).child(
                el("span.unseen")
                    .text(&format!(", asked {} ms into the run{}: ", seen.start_ms, held(seen)))
                    .text(&checks::describe(seen)),
            ),
        );
        Some(if span.critical { row.attr("data-critical", "") } else { row })
    });
    el("div")
        .child(lead("One bar per request on one time axis. Solid: answered readably, a line before it was sent (where the server shows that), thinner from the headers on. Outlined: answered unreadably, or only seen from outside. Cut: failed. Stronger ones were waited for: faster answers there would end the run earlier."))
        .child(el("ol.spans").children(rows.collect()))
}

/// How much of the time the request had not left the browser.
fn held(seen: &Observation) -> String {
    let queued = seen.answer().and_then(|answer| answer.queued_ms);
    queued.map_or(String::new(), |ms| format!(", waited {ms} ms before it was sent"))
}

/// Where a request lies on the axis. `total` is the axis' length in milliseconds.
pub fn bar(seen: &Observation, total: u32) -> El {
    let scale = |ms: u32| u64::from(ms) * 1000 / u64::from(total.max(1));
    let from = scale(seen.start_ms).min(996);
    let to = scale(seen.start_ms.saturating_add(seen.ms)).clamp(from + 4, 1000);
    let path = match &seen.saw {
        // A line until it was sent. From the headers on it is thinner: that is the body.
        Saw::Answer(answer) => {
            let body = answer.body.took_ms.map_or(0, scale).min(to - from);
            let mid = to - body;
            let sent = mid.min(from + answer.queued_ms.map_or(0, scale));
            format!("M{from} 6H{sent}V2H{mid}V10H{sent}V6ZM{mid} 4H{to}V8H{mid}Z")
        }
        Saw::Opened => format!("M{from} 2H{to}V10H{from}Z"),
        Saw::NetworkError | Saw::TimedOut | Saw::Stopped | Saw::NotSent(_) => {
            format!("M{from} 2V10M{from} 6H{to}M{to} 2V10")
        }
        _ => format!("M{from} 3H{to}V9H{from}Z"),
    };
    let kind = match seen.saw {
        Saw::Answer(_) | Saw::Opened => "bar solid",
        _ => "bar",
    };
    strip(kind, 12, &path)
}
