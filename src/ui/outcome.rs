//! What is wrong, who mends it, how, and how sure that is: said once a run has ended.

use super::dom::{El, el};
use super::handover::handover;
use super::help::{not_here, of_cause, rich};
use super::other_ways::other_ways;
use super::parts::{KEY_FIRST, button, lead, more, p, row_link, wire};
use super::state::{Shown, Stage, Store};
use super::{opinion, words};
use crate::checks;
use crate::diagnosis::fix::{self, Fix};
use crate::diagnosis::{Confidence, Named, Overall, not_looked_at, opinion as heard, symptoms};
use crate::probe::Sighting;
use leptos::prelude::*;

/// The large sentence.
pub fn headline(shown: &Shown) -> String {
    let verdict = &shown.judged.verdict;
    match (verdict.overall, verdict.causes.first()) {
        (Overall::Healthy, _) if failing(shown).next().is_some() => {
            "The way to MLflow is open, and not every check passes.".to_owned()
        }
        (Overall::Healthy, _) => "Nothing is wrong with what was looked at.".to_owned(),
        (_, Some(first)) => sentence(shown, first),
        _ => "What was seen does not tell what is wrong.".to_owned(),
    }
}

/// Checks that fail.
fn failing(shown: &Shown) -> impl Iterator<Item = &'static checks::Check> {
    let fails = shown.judged.checks.iter().filter(|(_, judgement)| judgement.status == checks::Status::Fail);
    fails.map(|(check, _)| *check)
}

/// That the form is not any more the one that this came of.
fn outdated(store: Store, shown: &Shown) -> El {
    let deployment = shown.run.deployment.clone();
    let differs = move || {
        store.form.with(|form| form.understood.deployment.as_ref().is_some_and(|now| *now != deployment))
    };
    let says =
        ["The form has changed since. What follows is of ", &shown.run.deployment.mlflow.to_string(), "."];
    el("p.note").live_flag("hidden", move || !differs()).text(&says.concat())
}

/// What a cause says of what was seen.
fn said(shown: &Shown, named: &Named) -> String {
    match named.cause() {
        Some(_) if shown.tells(named) => named.headline(&shown.run.facts()),
        Some(cause) => {
            let at = shown.run.deployment.base(named.host).map(|base| base.origin.to_string());
            [cause.title, ". Seen at ", &at.unwrap_or_default(), "."].concat()
        }
        None => ["A cause that this version does not know: ", &named.code, "."].concat(),
    }
}

/// The short name of a cause; of one that only a later version knows, its code.
fn title(named: &Named) -> &str {
    named.cause().map_or(&named.code, |cause| cause.title)
}

/// A cause in a sentence that claims no more than is known.
fn sentence(shown: &Shown, named: &Named) -> String {
    match named.confidence {
        Confidence::Certain | Confidence::Likely => named.confidence.hedge(said(shown, named)),
        Confidence::Possible => {
            let symptom = symptoms::watch(named.symptom).map_or("", |watch| watch.says);
            let at = shown.run.deployment.base(named.host).map(|base| base.origin.to_string());
            [&at.unwrap_or_default(), ": ", symptom].concat()
        }
    }
}

/// All of it.
pub fn outcome(store: Store, shown: &Shown, stage: Stage) -> Vec<El> {
    let verdict = &shown.judged.verdict;
    let mut parts = Vec::new();
    // The form stands only above what was asked from here.
    parts.extend(shown.made.is_none().then(|| outdated(store, shown)));
    // A shared report is not added to.
    let mut opinion = shown.made.is_none().then(|| opinion::field(store));
    if stage == Stage::Finished && !shown.run.again.is_empty() {
        parts.push(lead(
            "What the verdict rests on was asked again, and nothing else. It came out as before.",
        ));
    }
    if stage == Stage::Stopped && verdict.overall == Overall::Problems {
        parts.push(lead("Stopped before the end. This is what was seen until then."));
    }
    match verdict.overall {
        Overall::Healthy => parts.extend(healthy(store, shown)),
        Overall::Unknown if stage == Stage::Stopped && verdict.unexplained.is_empty() => {
            parts.push(el("h2").text("Stopped before there was enough to judge."));
        }
        Overall::Unknown => parts.extend(unexplained(shown)),
        Overall::Problems => {
            // Those that explain the same symptom at the same host, none for certain, stand together.
            let together = |a: &Named, b: &Named| {
                let shares = a.symptom == b.symptom && a.host == b.host;
                shares && a.confidence != Confidence::Certain && b.confidence != Confidence::Certain
            };
            for (index, group) in verdict.causes.chunk_by(together).enumerate() {
                parts.extend(explained(store, shown, index == 0, group));
                if asks_for_opinion(shown, group) {
                    parts.extend(opinion.take());
                }
            }
        }
    }
    parts.extend(other_ways(store, shown));
    let facts = shown.run.facts();
    let not_agreed = heard::disagreements(&facts);
    parts.extend(not_agreed.iter().map(|line| el("p.disagrees").text(line)));
    parts.extend(aside(shown));
    let lines = not_looked_at(&facts, &shown.judged.checks);
    let lines = lines.iter().map(|line| el("li").text(line)).collect();
    let opinion = opinion.map(|field| more("What another program saw").child(field));
    let left_out = more("What was not looked at").child(el("ul").children(lines));
    parts.push(el("div.mores").maybe(opinion).child(left_out));
    parts
}

fn healthy(store: Store, shown: &Shown) -> Vec<El> {
    let lines: Vec<El> =
        failing(shown).map(|check| el("li").child(row_link(check.id, check.failing_title))).collect();
    let lines = (!lines.is_empty()).then(|| el("ul").children(lines));
    let mut parts = vec![el("h2").text(&headline(shown))];
    parts.extend(lines);
    parts.push(lead(
        "From this browser, the way to MLflow is open. For other programs, with the key in a variable:",
    ));
    parts.extend(handover(store, shown));
    // What was read stands below; who wants all of it read asks for it.
    if !shown.run.closer && shown.made.is_none() {
        let button = button("", "Look closer").attr("id", "look-closer");
        let why = "reads one entry of each of MLflow's lists and asks the usual paths without a key. It writes nothing.";
        let button = button.on("click", move |_| store.look_closer());
        parts.push(el("p.buttons").child(button).child(el("span.lead").text(why)));
    }
    parts
}

fn unexplained(shown: &Shown) -> Vec<El> {
    let says = shown.judged.verdict.unexplained.iter().filter_map(|kind| symptoms::watch(*kind));
    let lines: Vec<El> = says.map(|watch| el("li").text(watch.says)).collect();
    let first = if lines.is_empty() {
        "MLflow did not answer with what a client needs, and no cause was seen."
    } else {
        "This does not work, and nothing in the catalogue of causes explains it:"
    };
    vec![
        el("h2").text(&headline(shown)),
        lead(first),
        el("ul").children(lines),
        p("The checks below say what was seen. Send the report to whoever runs the gateway."),
    ]
}

/// One cause, or a shortlist of those that look the same to a page.
fn explained(store: Store, shown: &Shown, first: bool, group: &[Named]) -> Vec<El> {
    let Some(head) = group.first() else { return Vec::new() };
    let heading = el(if first { "h2" } else { "h2.next" }).text(&sentence(shown, head));
    if group.len() == 1 {
        let sure = match head.confidence {
            Confidence::Certain if settled_by(shown, head).is_some() => {
                "Certain: settled by what another program saw."
            }
            Confidence::Certain => "Certain: nothing else explains what was seen.",
            Confidence::Likely => "Likely: it fits best, and what was seen does not prove it.",
            Confidence::Possible => "Possible: it fits, and what was seen does not prove it.",
        };
        let own = (head.confidence == Confidence::Possible).then(|| p(&said(shown, head)));
        let tells = (head.confidence != Confidence::Certain).then(|| tells(store, shown, group)).flatten();
        let cause = named(el("article.cause"), head)
            .child(heading)
            .maybe(own)
            .children(mending(store, shown, head, true))
            .child(el("p.sure").text(sure))
            .maybe(tells);
        let about = el("div.mores").maybe(about(store, head)).maybe(evidence(shown, head));
        return vec![cause.child(about)];
    }
    let members = group.iter().enumerate().map(|(index, member)| {
        let title = title(member);
        let title =
            el("h3").text(title).text(" ").child(el("span.confidence").text(member.confidence.name()));
        // The large sentence above may be the first one's own.
        let own = (index > 0 || member.confidence == Confidence::Possible).then(|| p(&said(shown, member)));
        let mut mending = mending(store, shown, member, index == 0);
        mending.extend(about(store, member));
        let item = named(el("li.cause"), member).child(title).maybe(own);
        if index == 0 { item.children(mending) } else { item.child(more("If it is this").children(mending)) }
    });
    let sure = format!("Browsers show the same for these {}. The most likely comes first.", group.len());
    let mut parts = vec![heading, el("p.sure").text(&sure), el("ol.shortlist").children(members.collect())];
    parts.extend(tells(store, shown, group));
    parts.extend(evidence(shown, head));
    parts
}

fn named(element: El, named: &Named) -> El {
    element.attr("data-cause", &named.code).attr("data-confidence", named.confidence.name())
}

/// Who mends a cause, and how.
fn mending(store: Store, shown: &Shown, named: &Named, open: bool) -> Vec<El> {
    let Some(cause) = named.cause() else { return Vec::new() };
    let owner = el("p.owner").text("To be mended by ").child(el("b").text(cause.owner.name())).text(".");
    if !shown.tells(named) {
        return vec![owner, p("How to mend it depends on what this report leaves out.")];
    }
    store.help.with_untracked(|help| {
        let fixes = fix::all(&shown.run.facts(), named, &help.catalogue);
        // A report of somebody else is not asked again: it is run here first.
        let again = || shown.made.is_none().then(|| check_again(store, named));
        let cards =
            fixes.into_iter().enumerate().map(|(index, fix)| card(store, fix, open && index < 2, again()));
        let cards = el("ul.fixes").children(cards.collect());
        let rest = not_here(help.state, "How each program is set right");
        [owner, cards].into_iter().chain(rest).collect()
    })
}

/// What a cause means.
fn about(store: Store, named: &Named) -> Option<El> {
    store.help.with_untracked(|help| of_cause(&help.catalogue, named.cause()?))
}

/// For whoever has followed the card.
fn check_again(store: Store, named: &Named) -> El {
    let evidence = named.evidence.clone();
    let again = button("quiet", "Check again").attr("data-again", &named.code);
    again.on("click", move |_| store.check_again(&evidence))
}

fn card(store: Store, fix: Fix, open: bool, again: Option<El>) -> El {
    let (whom, text) = (el("b.whom").text(&fix.whom), rich("span", &fix.text));
    let source = fix.source.as_ref().map(|source| {
        let said = if fix.tried { "Its documentation" } else { "Not tried here. Its documentation" };
        p("").child(el("a").attr("href", source).attr("rel", "noreferrer").text(said))
    });
    let Some(code) = fix.code else { return el("li").child(whom).child(text).maybe(source).maybe(again) };
    let card = el("details").child(el("summary").child(whom).child(text)).child(wire(store, code, "the fix"));
    let card = card.maybe(source).maybe(again);
    card.set("open", open.then_some(""));
    el("li").child(card)
}

/// The one command, or the one thing to look at, that settles it, and what it shows for each.
fn tells(store: Store, shown: &Shown, group: &[Named]) -> Option<El> {
    let facts = shown.run.facts();
    let first = group.first()?;
    // What is settled as far as it goes needs another look than the same command once more.
    let command =
        heard::command(&facts, first.symptom, first.host).filter(|_| settled_by(shown, first).is_none());
    let tell =
        command.or_else(|| group.iter().find_map(|named| (named.cause()?.tell)(&facts, named.host)))?;
    let block = el("div.tells");
    let block = if tell.starts_with("curl ") {
        let keyed = tell.contains("$PREFLIGHT_KEY").then(|| lead(KEY_FIRST));
        block.child(lead("In a terminal on this machine, this tells which it is:")).maybe(keyed).child(wire(
            store,
            tell,
            "the command",
        ))
    } else {
        block.child(p(&tell))
    };
    let head = &group.first()?.code;
    let differences: Vec<El> = store.help.with_untracked(|help| {
        let look_alikes = help.catalogue.cause(head).map(|words| words.look_alikes).unwrap_or_default();
        let difference = |named: &Named| {
            let (_, what) = look_alikes.iter().find(|(code, _)| *code == named.code)?;
            Some(el("div").child(el("dt").text(named.cause()?.title)).child(rich("dd", what)))
        };
        group.iter().skip(1).filter_map(difference).collect()
    });
    let list = (!differences.is_empty()).then(|| el("dl.differences").children(differences));
    Some(block.maybe(list))
}

/// True when the command under a group is one whose output can be taken back.
fn asks_for_opinion(shown: &Shown, group: &[Named]) -> bool {
    group.first().is_some_and(|named| {
        named.confidence != Confidence::Certain
            && heard::command(&shown.run.facts(), named.symptom, named.host).is_some()
    })
}

/// What another program saw that a cause rests on.
fn settled_by<'a>(shown: &'a Shown, named: &Named) -> Option<&'a Sighting> {
    shown.run.second_opinion.iter().find(|seen| named.evidence.contains(&seen.id))
}

/// What a cause rests on, each with a link to the check that shows it.
fn evidence(shown: &Shown, named: &Named) -> Option<El> {
    let facts = shown.run.facts();
    let lines = named.evidence.iter().filter_map(|id| facts.saw(id)).map(|seen| {
        let said = [words::asked(&seen.probe), ": ".to_owned(), checks::describe(seen)].concat();
        match shown.check_of(&seen.probe.id) {
            Some(check) => el("li").child(row_link(check.id, &said)),
            None => el("li").text(&said),
        }
    });
    let heard = shown.run.second_opinion.iter().filter(|seen| named.evidence.contains(&seen.id));
    let heard = heard.map(|seen| el("li").text(&heard::told(&facts, seen)));
    let lines: Vec<El> = heard.chain(lines).collect();
    (!lines.is_empty()).then(|| more("What this rests on").child(el("ul.evidence").children(lines)))
}

/// What could not be seen, and what was considered and set aside.
fn aside(shown: &Shown) -> Vec<El> {
    let verdict = &shown.judged.verdict;
    let names: Vec<&str> = verdict.hidden.iter().map(|hop| hop.name()).collect();
    let hidden = (!names.is_empty())
        .then(|| el("p.aside").text("Not seen, because it lies behind: ").text(&names.join(", ")).text("."));
    let others = verdict
        .set_aside
        .iter()
        .map(|named| el("li").attr("data-alternative", &named.code).text(title(named)));
    let others: Vec<El> = others.collect();
    let others = (!others.is_empty()).then(|| {
        let why = p("Considered and set aside, because what was seen speaks against it or something else explains it better:");
        el("div.aside").child(why).child(el("ul").children(others))
    });
    hidden.into_iter().chain(others).collect()
}
