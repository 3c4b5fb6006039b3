//! Every check, by suite: one quiet line each, with all that led to its outcome behind it.

use super::dom::{self, El, el};
use super::lazy::VERDICTS;
use super::parts::{Drawn, KEY_FIRST, behind_line, button, lead, mark, more, p, shape, wire};
use super::state::{Late, Shown, Store, is_pending, late};
use super::waterfall::bar;
use super::{help, words};
use crate::checks::{self, ALL, Check, Judgement, Status, Suite};
use crate::deployment::credential::Presented;
use crate::probe::{Answer, Observation, curl};
use crate::registration::content;
use crate::run::spans;
use leptos::prelude::*;

/// All suites.
pub fn suites(store: Store) -> El {
    let is_idle = move || store.shown.with(Option::is_none);
    let heading = move || if is_idle() { "What is looked at".to_owned() } else { "Checks".to_owned() };
    let problems = RwSignal::new_local(false);
    let shown: Vec<Late> = ALL.chunks(AT_ONCE).map(|_| late(store)).collect();
    let suites = Suite::ALL.into_iter().zip(store.suites).map(move |(suite, is_there)| {
        let shown = shown.clone();
        el("section.suite").live(move || {
            is_there.get().then(|| {
                let mut parts = vec![el("h3").text(suite.title())];
                for (index, check) in ALL.iter().enumerate().filter(|(_, check)| check.suite == suite) {
                    parts.push(row(store, shown[index / AT_ONCE], index, check));
                }
                parts
            })
        })
    });
    el("section.checks")
        .live_flag("data-problems", move || problems.get())
        .child(el("h2").live_text(heading))
        .child(filter(problems).live_flag("hidden", is_idle))
        .children(suites.collect())
}

/// So many lines are drawn in one task: all of them in one would hold a phone up.
const AT_ONCE: usize = 12;

fn filter(problems: RwSignal<bool, LocalStorage>) -> El {
    let field = el("input")
        .attr("type", "search")
        .attr("aria-label", "Find a check")
        .attr("placeholder", "Find a check");
    let it = field.clone();
    let field = field.on("input", move |_| {
        let words = it.value().trim().to_ascii_lowercase();
        for checks in ALL.chunks(AT_ONCE) {
            let words = words.clone();
            dom::soon(move || find(checks, &words));
        }
    });
    let pressed = move || Some(if problems.get() { "true" } else { "false" }.to_owned());
    let toggle = button("", "Hide what passes")
        .live_attr("aria-pressed", pressed)
        .on("click", move |_| problems.update(|problems| *problems = !*problems));
    el("p.buttons.filter").child(toggle).child(field)
}

/// Hides those whose claims and id do not hold `words`, in lower case.
fn find(checks: &[Check], words: &str) {
    let holds = |text: &str| text.to_ascii_lowercase().contains(words);
    for check in checks {
        if let Some(row) = dom::by_id(&row_id(check)) {
            let is_wanted = [check.id, check.title, check.failing_title].into_iter().any(holds);
            row.set("hidden", (!is_wanted).then_some(""));
        }
    }
}

fn row_id(check: &Check) -> String {
    ["check-", check.id].concat()
}

/// What a row's line says: it is drawn again only when this changes, since drawing all lines at once holds a phone up.
#[derive(PartialEq)]
struct Line {
    status: Status,
    pending: bool,
    reason: String,
}

/// What lies behind it rests on this; the last one counts the answers that are back.
type Behind = (Judgement, bool, usize);

fn row(store: Store, shown: Late, index: usize, check: &'static Check) -> El {
    let details = el("details.check").attr("id", &row_id(check)).attr("data-check-id", check.id);
    let line = [el("span.title"), el("span.word"), el("span.reason")];
    let shape = mark(Status::Skipped);
    let summary = el("summary").child(shape.clone()).children(line.to_vec());
    let it = details.clone();
    let mut drawn: Option<Option<Line>> = None;
    let mut was_open = false;
    dom::react(Box::new(move || {
        shown.with(|shown| {
            let shown = shown.as_deref();
            let judged = shown.and_then(|shown| Some((shown, shown.judgement(index)?)));
            // Open what is wrong, once, when nothing moves any more.
            let open = judged.is_some_and(|(shown, judgement)| shown.ended() && is_wrong(judgement));
            if core::mem::replace(&mut was_open, open) != open {
                it.set("open", open.then_some(""));
            }
            let now = judged.map(|(shown, judgement)| {
                let pending = is_pending(shown, judgement);
                let tells = !pending && judgement.status != Status::Pass;
                let reason = if tells { judgement.actual.clone() } else { String::new() };
                Line { status: judgement.status, pending, reason }
            });
            if drawn.as_ref() != Some(&now) {
                draw_line(&it, &shape, &line, check, now.as_ref());
                drawn = Some(now);
            }
        });
    }));
    let it = details.clone();
    let mut behind: Option<Option<Behind>> = None;
    let outdated = move || {
        shown.with(|shown| {
            let now = shown.as_deref().and_then(|shown| {
                let judgement = shown.judgement(index)?;
                let facts = shown.run.facts();
                let back = judgement.evidence.iter().filter(|id| facts.saw(id).is_some()).count();
                Some((judgement.clone(), shown.ended(), back))
            });
            if behind.as_ref() == Some(&now) {
                return None;
            }
            let when = match &now {
                Some((judgement, true, _)) if is_wrong(judgement) => Drawn::AtOnce,
                _ if it.is_open() => Drawn::AtOnce,
                Some((_, true, _)) => Drawn::Soon,
                _ => Drawn::WhenOpened,
            };
            behind = Some(now);
            Some(when)
        })
    };
    let hidden = move || {
        shown.with_untracked(|shown| {
            let shown = shown.as_deref()?;
            Some((VERDICTS.get()?.behind)(store, shown, shown.judgement(index)?))
        })
    };
    let hidden = behind_line(&details, &summary, outdated, hidden);
    let why = help::of_check(store, check.id, &details, &summary);
    let details = details.on("toggle", move |_| store.load_help());
    details.child(summary).child(hidden).child(why)
}

fn is_wrong(judgement: &Judgement) -> bool {
    matches!(judgement.status, Status::Fail | Status::Warn)
}

/// Changes what stands there: most lines change a few times in a run, and new elements would cost more than new words.
fn draw_line(details: &El, mark: &El, [title, word, reason]: &[El; 3], check: &Check, now: Option<&Line>) {
    let status = now.map_or(Status::Skipped, |line| line.status);
    let pending = now.is_none_or(|line| line.pending);
    details.set("data-status", now.map(|_| status.name()));
    details.set("data-pending", pending.then_some(""));
    mark.redraw(shape(if pending { Status::Skipped } else { status }));
    title.show(checks::title(check, status));
    word.show(match now {
        None => "",
        Some(_) if pending => "not known yet",
        Some(_) => status.words(),
    });
    reason.show(now.map_or("", |line| &line.reason));
}

/// All that led to an outcome.
pub fn behind(store: Store, shown: &Shown, judgement: &Judgement) -> El {
    let compare =
        el("dl.compare").child(pair("Expected", &judgement.expected)).child(pair("Seen", &judgement.actual));
    let facts = shown.run.facts();
    let seen = judgement.evidence.iter().filter_map(|id| facts.saw(id));
    el("div.behind").child(compare).children(seen.map(|seen| question(store, shown, seen)).collect())
}

fn pair(term: &str, text: &str) -> El {
    el("div").child(el("dt").text(term)).child(el("dd").text(text))
}

/// A probe, what was seen of it, and the same question for a terminal.
fn question(store: Store, shown: &Shown, seen: &Observation) -> El {
    let (probe, deployment, origin) =
        (&seen.probe, &shown.run.deployment, &shown.run.environment.page_origin);
    let command = curl::command(probe, &deployment.scheme, deployment.key_shape.as_ref(), origin);
    let command = content::with_bytes(command, probe);
    let key = (probe.presented == Presented::Key).then(|| lead(KEY_FIRST));
    let permission = probe.is_preflighted().then(|| {
        let command = curl::preflight_command(probe, &deployment.scheme, origin);
        more("The browser's permission question before it (preflight)").child(wire(
            store,
            command,
            "the permission question",
        ))
    });
    el("div.probe")
        .child(el("p.asked").child(el("code").text(&words::asked(probe))))
        .child(p("").child(el("b").text(&checks::describe(seen))).text(", ").text(&words::when(seen)))
        .child(bar(seen, spans::total(&shown.run)))
        .child(wire(store, command, "the command"))
        .maybe(key)
        .maybe(permission)
        .maybe(seen.answer().map(|answer| what_came(store, shown, seen, answer)))
}

/// The longest part of a body that is shown, characters.
const SHOWN: usize = 1_000;

/// An answer as far as this page may read it.
fn what_came(store: Store, shown: &Shown, seen: &Observation, answer: &Answer) -> El {
    let mut text = answer.status.to_string();
    for (name, value) in &answer.headers {
        text.extend(["\n", name, ": ", value]);
    }
    text.push_str("\n\n");
    text.extend(answer.body.text.chars().take(SHOWN));
    if answer.body.text.chars().nth(SHOWN).is_some() || !answer.body.complete {
        text.push('…');
    }
    // Where the time cannot be read, which servers put into every answer (RFC 9110, section 6.6.1), more than that is hidden.
    let hidden = "Other headers are probably hidden: servers send Date with every answer, and it cannot be read here. Browsers hide all but a few from pages of other origins, unless Access-Control-Expose-Headers names them.";
    // Links leave headers out, which says nothing of the answer.
    let is_whole = shown.made.is_none();
    let is_hidden = is_whole && seen.probe.is_outward() && answer.header("date").is_none();
    let elsewhere = is_whole.then(|| seen_elsewhere(shown, seen, answer)).flatten();
    more("What came back, as far as this page may read it")
        .child(wire(store, text, "the answer"))
        .maybe(is_hidden.then(|| lead(hidden)))
        .maybe(elsewhere.map(|words| lead(&words)))
}

/// The headers of the same answer that another program saw and this page may not read.
fn seen_elsewhere(shown: &Shown, seen: &Observation, answer: &Answer) -> Option<String> {
    let sighting = shown.run.facts().sighting(&seen.probe.id, false)?;
    let more = sighting.answer.iter().flat_map(|other| &other.headers);
    let names: Vec<&str> =
        more.map(|(name, _)| name.as_str()).filter(|name| answer.header(name).is_none()).collect();
    (!names.is_empty()).then(|| format!("{} saw these as well: {}.", sighting.by, names.join(", ")))
}
