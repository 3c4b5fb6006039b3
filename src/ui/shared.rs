//! The first line above a report that was made elsewhere: when, in which browser, from which page and by which version;
//! and what can be done with it. Above everything also: why a link shows nothing.

use super::dom::{El, el};
use super::parts::{button, p};
use super::state::{Recording, Stage, Store};
use crate::deployment::clock;
use crate::report::browser;
use crate::report::shared::{Detail, Shared};
use crate::run::Phase;
use leptos::prelude::*;

/// The section.
pub fn shared(store: Store) -> El {
    let stage = move || store.stage.get();
    let problem = move || store.links.problem.get();
    let is_shared = move || matches!(stage(), Stage::Shared | Stage::Again);
    el("section.shared")
        .attr("aria-label", "Where this comes from")
        .attr("tabindex", "-1")
        .live_flag("hidden", move || !is_shared() && problem().is_none())
        .live(move || {
            let (stage, problem) = (stage(), problem());
            if let Some(problem) = problem {
                return Some(vec![p(&problem.to_string()).attr("role", "alert")]);
            }
            let made =
                store.shown.with_untracked(|shown| shown.as_ref().and_then(|shown| shown.made.clone()));
            let about = made.map(|made| about(store, &made, stage == Stage::Again)).unwrap_or_default();
            let recording = store.links.recording.get_untracked();
            Some(recording.iter().flat_map(|recording| story(recording)).chain(about).collect())
        })
}

/// Of an example: which it is, and that it is one.
fn story(recording: &Recording) -> [El; 3] {
    let line = |lead: &str, said: &str| el("p").child(el("b").text(lead)).text(said);
    [
        el("h2").text("A recording: ").text(&recording.title),
        line("What was believed: ", &recording.believed),
        line("What was true: ", &recording.truth),
    ]
}

fn about(store: Store, made: &Shared, again: bool) -> Vec<El> {
    let environment = &made.run.environment;
    let at = clock::to_the_minute(&environment.started_at);
    let value = |text: &str| el("code").text(text);
    let first = el("p.first")
        .child(el("strong").text("This is a report, not a live result."))
        .text(" Made on ")
        .child(el("time").attr("datetime", &environment.started_at).text(&at))
        .text(" in ")
        .text(&browser::named(&environment.user_agent))
        .text(", from the page at ")
        .child(value(&environment.page_origin.to_string()))
        .text(", by Preflight ")
        .text(&made.version)
        .text(".");
    let deployment = &made.run.deployment;
    let mut under_test = p("Under test: ").child(value(&deployment.mlflow.to_string()));
    if let Some(auth) = &deployment.auth {
        under_test = under_test.text(", auth service ").child(value(&auth.base.to_string()));
    }
    let phase = match made.run.phase {
        Phase::Stopped => " The run was stopped before its end.",
        Phase::Running | Phase::Failed => " The run did not come to its end.",
        Phase::Finished => "",
    };
    let steps = match (made.detail, &made.run.registration) {
        (Detail::Full, _) | (_, None) => "",
        _ => " Of the registration it holds the steps that failed.",
    };
    let under_test = under_test.text(".").text(phase).text(" ").text(made.detail.leaves_out()).text(steps);
    let verdict = if again {
        "The verdict below is that of this version, judged again from what the report holds."
    } else if made.enough {
        "The verdict below is the one that was made then."
    } else {
        "The verdict below is the one that was made then. It cannot be judged again: the report leaves out what that would need."
    };
    let toggle =
        button("", if again { "Show the verdict as it was made" } else { "Judge again with this version" });
    let toggle = toggle.attr("id", "judge-again").on("click", move |_| store.judge_again(!again));
    let here = button("", "Run it here too").attr("id", "run-here").on("click", move |_| store.run_here());
    let unknown = made
        .unknown_checks()
        .map(|check| el("li").child(value(&check.id)).text(": ").text(check.status.words()));
    let unknown: Vec<El> = unknown.collect();
    let unknown = (!unknown.is_empty()).then(|| {
        let lead = p("Checks that this version does not have, by their ids:");
        el("div").child(lead).child(el("ul").children(unknown))
    });
    vec![first, under_test, p(verdict), el("p.buttons").child(here).maybe(made.enough.then_some(toggle))]
        .into_iter()
        .chain(unknown)
        .collect()
}
