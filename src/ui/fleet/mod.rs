//! All deployments of `preflight.json` in one overview, each checked without a key; two of them side by side. Nothing
//! else of the page knows more of it than [`fleet`], so that it can be loaded when somebody wants it.

mod runs;

use super::dom::{self, El, el};
use super::parts::{button, lead, mark, p};
use super::state::{Stage, Store};
use crate::checks::Status;
use crate::fleet::Line;
use crate::run::{Phase, Run};
use leptos::prelude::*;
use runs::Going;
use std::rc::Rc;

/// The overview.
#[derive(Clone, Copy)]
struct Fleet {
    /// In the order of the file.
    entries: RwSignal<Vec<Entry>, LocalStorage>,
    /// `running`, `finished` or `stopped`: the section's `data-state`.
    state: RwSignal<&'static str, LocalStorage>,
    /// Places of the deployments that stand side by side.
    chosen: RwSignal<Vec<usize>, LocalStorage>,
    /// What differs between them.
    sides: RwSignal<Sides, LocalStorage>,
    going: StoredValue<Going, LocalStorage>,
}

/// A deployment in it.
struct Entry {
    id: String,
    name: String,
    address: String,
    stand: Stand,
}

/// How far it is.
#[derive(Clone)]
enum Stand {
    Waiting,
    Running,
    /// Ended before it had begun, or in the middle.
    Stopped,
    /// The file's entry cannot be used; the foot of the page says why.
    Unusable,
    Ended(Rc<Seen>),
}

/// A run and its line.
struct Seen {
    run: Run,
    line: Line,
}

/// What differs between two deployments.
#[derive(Clone, PartialEq)]
enum Sides {
    None,
    Waiting,
    Refused(String),
    Rows(Vec<[String; 3]>),
}

/// The overview, which begins to check at once.
pub fn fleet(store: Store) -> El {
    let fleet = Fleet {
        entries: RwSignal::new_local(Vec::new()),
        state: RwSignal::new_local(""),
        chosen: RwSignal::new_local(Vec::new()),
        sides: RwSignal::new_local(Sides::None),
        going: StoredValue::new_local(Going::default()),
    };
    let is_busy = move || {
        let cleans = |run: &Run| run.phase == Phase::Running;
        store.stage.get() == Stage::Running
            || store.remains.cleaning.with(|run| run.as_deref().is_some_and(cleans))
    };
    // A host must not get requests from both, and the key of a run is typed for another one.
    dom::react(Box::new(move || {
        if is_busy() {
            fleet.stop_all();
        }
    }));
    let is_running = move || fleet.state.get() == "running";
    let check = button("", "Check all again")
        .attr("id", "check-all")
        .live_flag("disabled", move || is_running() || is_busy())
        .on("click", move |_| fleet.check_all(store));
    let stop = button("", "Stop all")
        .attr("id", "stop-all")
        .live_flag("disabled", move || !is_running())
        .on("click", move |_| fleet.stop_all());
    let status = el("span.lead").attr("role", "status").live_text(move || progress(fleet));
    let mut drawn = None;
    let list = el("ul.fleet").live(move || {
        // Lines are made anew only when all begins anew; each then follows its own deployment.
        let count = fleet.entries.with(Vec::len);
        let now = (count, fleet.going.with_value(Going::turn));
        if drawn.replace(now) == Some(now) {
            return None;
        }
        Some((0..count).map(|index| row(store, fleet, index)).collect())
    });
    fleet.check_all(store);
    el("div")
        .live_attr("data-state", move || Some(fleet.state.get().to_owned()))
        .child(el("p.buttons").child(check).child(stop).child(status))
        .child(list)
        .child(sides(fleet))
}

fn progress(fleet: Fleet) -> String {
    let (all, done) = fleet.entries.with(|entries| {
        let is_done = |entry: &&Entry| !matches!(entry.stand, Stand::Waiting | Stand::Running);
        (entries.len(), entries.iter().filter(is_done).count())
    });
    let count = [&done.to_string(), " of ", &all.to_string()].concat();
    match fleet.state.get() {
        "running" => [&count, " are through."].concat(),
        "stopped" => "Stopped. Nothing more is sent.".to_owned(),
        _ => [&count, " are through, without a key."].concat(),
    }
}

/// What of a line is drawn: it is drawn again only when this changes.
#[derive(PartialEq)]
enum Drawn {
    Word(&'static str),
    Line(Line),
}

fn row(store: Store, fleet: Fleet, index: usize) -> El {
    let item = el("li");
    let it = item.clone();
    let mut drawn = None;
    item.live(move || {
        fleet.entries.with(|entries| {
            let entry = entries.get(index)?;
            let now = match &entry.stand {
                Stand::Waiting => Drawn::Word("Waiting"),
                Stand::Running => Drawn::Word("Running"),
                Stand::Stopped => Drawn::Word("Stopped"),
                Stand::Unusable => Drawn::Word("Not usable"),
                Stand::Ended(seen) => Drawn::Line(seen.line.clone()),
            };
            if drawn.as_ref() == Some(&now) {
                return None;
            }
            it.set("data-deployment", Some(&entry.id));
            let (outcome, words, status) = match &now {
                Drawn::Word(word) => (None, *word, Status::Skipped),
                Drawn::Line(line) => (Some(line.outcome.name()), line.outcome.words(), line.outcome.status()),
            };
            it.set("data-outcome", outcome);
            let title = el("span.title").text(&entry.name).text(" ").child(el("code").text(&entry.address));
            let mut parts = vec![mark(status), title, el("span.word").text(words)];
            if let Drawn::Line(line) = &now {
                let ms = line.ms.map(|ms| [&ms.to_string(), " ms"].concat()).unwrap_or_default();
                let unseen = el("span.unseen").text("Half of the registry's answers within ");
                parts.push(el("span.times").child(unseen).text(&ms));
                parts.push(el("span.reason").text(&line.says));
                parts.push(buttons(store, fleet, index));
            }
            drawn = Some(now);
            Some(parts)
        })
    })
}

fn buttons(store: Store, fleet: Fleet, index: usize) -> El {
    let open = button("quiet", "Open").on("click", move |_| {
        let run = fleet.entries.with_untracked(|entries| match &entries.get(index)?.stand {
            Stand::Ended(seen) => Some(seen.run.clone()),
            _ => None,
        });
        if let Some(run) = run {
            store.show_run(index, run);
            dom::focus(".verdict");
        }
    });
    let is_chosen = move || fleet.chosen.with(|chosen| chosen.contains(&index));
    let beside = button("quiet", "Side by side")
        .live_attr("aria-pressed", move || Some(if is_chosen() { "true" } else { "false" }.to_owned()))
        .on("click", move |_| fleet.choose(index));
    el("span.buttons").child(open).child(beside)
}

fn sides(fleet: Fleet) -> El {
    el("div.sides").attr("aria-live", "polite").live(move || {
        let sides = fleet.sides.get();
        Some(match sides {
            Sides::None if fleet.chosen.with(Vec::len) == 1 => {
                vec![lead("Choose a second one to see both side by side.")]
            }
            Sides::None => Vec::new(),
            Sides::Waiting => vec![lead("Both are being compared.")],
            Sides::Refused(sentence) => vec![p(&sentence)],
            Sides::Rows(rows) => vec![el("h3").text("Side by side"), table(fleet, &rows)],
        })
    })
}

fn table(fleet: Fleet, rows: &[[String; 3]]) -> El {
    let pair = fleet.chosen.get_untracked();
    let names: Vec<String> = fleet.entries.with_untracked(|entries| {
        pair.iter().filter_map(|index| entries.get(*index)).map(|entry| entry.name.clone()).collect()
    });
    let head = names.iter().map(|name| el("th").attr("scope", "col").text(name));
    let head = el("tr").child(el("td")).children(head.collect());
    let name = |at: usize| names.get(at).map_or("", String::as_str);
    // On a phone each stands under the other, with its name.
    let cell = |at: usize, text: &str| el("td").attr("data-of", name(at)).text(text);
    let rows = rows.iter().map(|[claim, one, other]| {
        let claim = el("th").attr("scope", "row").text(claim);
        el("tr").child(claim).child(cell(0, one)).child(cell(1, other))
    });
    el("table").child(el("thead").child(head)).child(el("tbody").children(rows.collect()))
}
