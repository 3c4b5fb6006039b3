//! Every check, by suite: one quiet line each, with all that led to its outcome behind it.

use super::dom::{El, el};
use super::lazy::VERDICTS;
use super::parts::{Drawn, KEY_FIRST, behind_line, button, lead, mark, more, p, wire};
use super::state::{Shown, Store, is_pending};
use super::waterfall::bar;
use super::{help, words};
use crate::checks::{self, ALL, Check, Judgement, Status, Suite};
use crate::deployment::credential::Presented;
use crate::probe::{Observation, curl};
use crate::run::spans;
use leptos::prelude::*;

/// All suites.
pub fn suites(store: Store) -> El {
    let is_idle = move || store.shown.with(Option::is_none);
    let heading = move || if is_idle() { "What is looked at".to_owned() } else { "Checks".to_owned() };
    let wanted = RwSignal::new_local(Wanted { problems: false, words: String::new() });
    let suites = Suite::ALL.into_iter().map(|suite| {
        let rows = ALL.iter().enumerate().filter(|(_, check)| check.suite == suite);
        let rows = rows
            .map(|(index, check)| {
                row(store, index, check)
                    .live_flag("hidden", move || wanted.with(|wanted| wanted.hides(check)))
            })
            .collect();
        el("section.suite").child(el("h3").text(suite.title())).children(rows)
    });
    el("section.checks")
        .live_flag("data-problems", move || wanted.with(|wanted| wanted.problems))
        .child(el("h2").live_text(heading))
        .child(filter(wanted).live_flag("hidden", is_idle))
        .children(suites.collect())
}

/// Which checks somebody wants to see.
struct Wanted {
    /// Only those that did not pass.
    problems: bool,
    /// Only those whose claim or id holds this, in lower case.
    words: String,
}

impl Wanted {
    fn hides(&self, check: &Check) -> bool {
        let holds = |text: &str| text.to_ascii_lowercase().contains(&self.words);
        !self.words.is_empty() && ![check.id, check.title, check.failing_title].into_iter().any(holds)
    }
}

fn filter(wanted: RwSignal<Wanted, LocalStorage>) -> El {
    let field = el("input")
        .attr("type", "search")
        .attr("aria-label", "Find a check")
        .attr("placeholder", "Find a check");
    let it = field.clone();
    let field = field.on("input", move |_| {
        wanted.update(|wanted| wanted.words = it.value().trim().to_ascii_lowercase());
    });
    let pressed =
        move || Some(if wanted.with(|wanted| wanted.problems) { "true" } else { "false" }.to_owned());
    let toggle = button("", "Hide what passes")
        .live_attr("aria-pressed", pressed)
        .on("click", move |_| wanted.update(|wanted| wanted.problems = !wanted.problems));
    el("p.buttons.filter").child(toggle).child(field)
}

/// What of a row is drawn: it is drawn again only when this changes.
type Line = Option<(Judgement, bool, bool, usize)>;

fn row(store: Store, index: usize, check: &'static Check) -> El {
    let details =
        el("details.check").attr("id", &["check-", check.id].concat()).attr("data-check-id", check.id);
    let it = details.clone();
    let mut drawn: Option<Line> = None;
    details.on("toggle", move |_| store.load_help()).live(move || {
        store.shown.with(|shown| {
            let shown = shown.as_deref();
            let now = shown.and_then(|shown| {
                let judgement = shown.judgement(index)?;
                let facts = shown.run.facts();
                let back = judgement.evidence.iter().filter(|id| facts.saw(id).is_some()).count();
                Some((judgement.clone(), is_pending(shown, judgement), shown.ended(), back))
            });
            if drawn.as_ref() == Some(&now) {
                return None;
            }
            let summary = draw_line(&it, check, now.as_ref());
            let when = match &now {
                _ if it.is_open() => Drawn::AtOnce,
                Some((_, _, true, _)) => Drawn::Soon,
                _ => Drawn::WhenOpened,
            };
            drawn = Some(now);
            let hidden = behind_line(&summary, when, move || hidden(store, index));
            Some(vec![summary, hidden, help::of_check(store, check.id)])
        })
    })
}

fn hidden(store: Store, index: usize) -> Option<El> {
    store.shown.with_untracked(|shown| {
        let shown = shown.as_deref()?;
        Some((VERDICTS.get()?.behind)(store, shown, shown.judgement(index)?))
    })
}

fn draw_line(details: &El, check: &Check, now: Option<&(Judgement, bool, bool, usize)>) -> El {
    let status = now.map_or(Status::Skipped, |(judgement, ..)| judgement.status);
    let pending = now.is_none_or(|(_, pending, ..)| *pending);
    let ended = now.is_some_and(|(_, _, ended, _)| *ended);
    details.set("data-status", now.map(|_| status.name()));
    details.set("data-pending", pending.then_some(""));
    // Open what is wrong, once, when nothing moves any more.
    let wrong = matches!(status, Status::Fail | Status::Warn);
    details.set("open", (ended && wrong).then_some(""));
    let word = match now {
        None => "",
        Some(_) if pending => "not known yet",
        Some(_) => status.words(),
    };
    let reason = now
        .filter(|_| !pending && status != Status::Pass)
        .map_or("", |(judgement, ..)| judgement.actual.as_str());
    el("summary")
        .child(mark(if pending { Status::Skipped } else { status }))
        .child(el("span.title").text(checks::title(check, status)))
        .child(el("span.word").text(word))
        .child(el("span.reason").text(reason))
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
}
