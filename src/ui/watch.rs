//! Watch mode: runs at an interval while the page can be seen, and what they showed.

use super::dom::{self, El, el, strip};
use super::parts::{lead, p};
use super::state::Store;
use crate::checks::{ALL, Status};
use crate::diagnosis::Overall;
use crate::watch::{History, KEPT, words};
use leptos::prelude::*;
use std::time::Duration;

/// Intervals that are offered, seconds.
const EVERY: [(&str, &str); 5] = [
    ("", "Not at all"),
    ("30", "Every 30 seconds"),
    ("60", "Every minute"),
    ("300", "Every 5 minutes"),
    ("900", "Every 15 minutes"),
];

/// The section, there once there was a run.
pub fn watch(store: Store) -> El {
    // One clock for the whole page. It stands still while nobody can see the page: no traffic that nobody looks at.
    set_interval(
        move || {
            let watched = store.watching.with_untracked(|watching| watching.every.is_some());
            if watched && !document().hidden() && store.second() {
                dom::press("#run");
            }
        },
        Duration::from_secs(1),
    );
    let options = EVERY.iter().map(|(value, words)| el("option").attr("value", value).text(words)).collect();
    let select = el("select").attr("id", "watch").attr("name", "watch").children(options);
    let it = select.clone();
    let select = select.on("change", move |_| store.watch(it.value().parse().ok()));
    let it = select.clone();
    dom::react(Box::new(move || {
        let every = store.watching.with(|watching| watching.every);
        it.set_value(&every.map(|every| every.to_string()).unwrap_or_default());
    }));
    let status = move || {
        store.watching.with(|watching| match (watching.every, watching.refused) {
            (None, true) => {
                "Ended: the key was refused, or may have been, and showing it again and again could lock an account.".to_owned()
            }
            (None, false) => String::new(),
            (Some(_), _) => format!("Next run in {} s.", watching.left),
        })
    };
    let mut drawn = 0;
    let history = move || {
        store.watching.with(|watching| {
            if core::mem::replace(&mut drawn, watching.history.total) == watching.history.total {
                return None;
            }
            Some(chart(&watching.history))
        })
    };
    el("section.watch")
        .live_flag("hidden", move || store.shown.with(Option::is_none))
        .child(el("h2").text("Watch"))
        .child(
            el("p.buttons")
                .child(el("label").attr("for", "watch").text("Run the checks again"))
                .child(select)
                .child(el("span.lead").live_text(status)),
        )
        .child(p("Only while this page can be seen. The key stays in its field; no made-up keys are shown, and a watch ends when the key is refused, when a field is changed, and when a run of it is stopped.").attr("class", "hint"))
        .child(el("div").live(history))
}

fn chart(history: &History) -> Vec<El> {
    if history.total == 0 {
        return Vec::new();
    }
    let since = history.since.get(..19).unwrap_or_default().replace('T', " ");
    let count = format!(
        "{} run{} since {since} UTC; nothing was wrong in {} of them.",
        history.total,
        if history.total == 1 { "" } else { "s" },
        history.healthy
    );
    let overall: Vec<Level> = history
        .overall()
        .map(|overall| match overall {
            Overall::Healthy => Level::Good,
            Overall::Problems => Level::Bad,
            Overall::Unknown => Level::Unclear,
        })
        .collect();
    let whole = row("All checks", &overall, words_of_last(history), "");
    let rows = ALL.iter().enumerate().filter_map(|(index, check)| {
        let levels: Vec<Level> = history.statuses(index).map(level).collect();
        if levels.iter().all(|level| *level == Level::None) {
            return None;
        }
        let last = history.statuses(index).last().map_or("", Status::words);
        let times =
            history.quantiles(index).map(|times| format!("p50 {} ms, p90 {} ms", times.p50, times.p90));
        Some(row(check.title, &levels, last, &times.unwrap_or_default()))
    });
    let rows: Vec<El> = core::iter::once(whole).chain(rows).collect();
    let changes: Vec<El> = history
        .changes
        .iter()
        .map(|change| {
            // With the day: a watch may go on for some.
            let at = change.at.get(5..19).unwrap_or_default().replace('T', " ");
            let what = change.check.unwrap_or("All checks");
            el("li")
                .child(el("code").text(&at))
                .text(" ")
                .text(what)
                .text(": ")
                .text(change.from)
                .text(" → ")
                .text(change.to)
        })
        .collect();
    let changed = match history.changed {
        None => "",
        Some(0) => "The last run came out as the one before.",
        Some(_) => "The last run came out otherwise than the one before:",
    };
    let list = (!changes.is_empty())
        .then(|| el("ul.changes").attr("aria-label", "What changed, newest first").children(changes));
    let list = list.into_iter();
    [p(&count), el("ul.history").children(rows), lead(changed)].into_iter().chain(list).collect()
}

fn words_of_last(history: &History) -> &'static str {
    history.overall().last().map_or("", words)
}

/// How high a run stands in a chart.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Level {
    Good,
    Unclear,
    Bad,
    None,
}

fn level(status: Status) -> Level {
    match status {
        Status::Pass => Level::Good,
        Status::Warn | Status::Unknown => Level::Unclear,
        Status::Fail => Level::Bad,
        Status::Skipped => Level::None,
    }
}

/// A line through all kept runs: low is well, high is broken. Equal neighbours are drawn as one.
fn row(title: &str, levels: &[Level], last: &str, times: &str) -> El {
    let x = |index: usize| index * 1000 / levels.len().clamp(40, KEPT);
    let mut path = String::new();
    let mut begun = 0;
    for index in 1..=levels.len() {
        if levels.get(index) != levels.get(begun) || index == levels.len() {
            let y = match levels.get(begun) {
                Some(Level::Good) => Some(13),
                Some(Level::Unclear) => Some(8),
                Some(Level::Bad) => Some(2),
                _ => None,
            };
            if let Some(y) = y {
                path.push_str(&format!("M{} {y}H{}", x(begun), x(index).max(x(begun) + 2)));
            }
            begun = index;
        }
    }
    el("li")
        .child(el("span").text(title))
        .child(strip("history", 16, &path))
        .child(el("span.word").text(last))
        .child(el("span.times").text(times))
}
