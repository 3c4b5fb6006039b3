//! What a registration will write, what it left, and its clean-up.

use super::dom::{self, El, el, field_value};
use super::help::Loading;
use super::journal::state_of;
use super::lazy::{Piece, WRITING, late};
use super::parts::{button, lead, p, wire};
use super::state::{Stage, Store};
use crate::checks::describe;
use crate::deployment::{Deployment, clock};
use crate::registration::cleanup::{self, Left};
use crate::registration::content;
use crate::run::{Mode, Run};
use leptos::prelude::*;

/// The box that asks for a registration, with what it will create and where.
pub fn choice(store: Store) -> El {
    let it = el("input").attr("type", "checkbox").attr("id", "registration").attr("name", "registration");
    let input = it.clone().attr("aria-describedby", "hint-registration").on("change", move |_| {
        store.form.update(|form| form.registration = it.is_checked());
        store.need(Piece::Registration);
    });
    let words = move || {
        store.form.with(|form| match (form.registration, form.understood.deployment.as_ref()) {
            (true, deployment) if store.piece(Piece::Registration) == Loading::Loaded => {
                WRITING.get().map(|it| (it.announcement)(deployment)).unwrap_or_default()
            }
            (true, _) => "What this will write is being loaded from this page's server.".to_owned(),
            _ => "Off: nothing is written to the server.".to_owned(),
        })
    };
    el("div.field.wide.choice")
        .child(
            el("label")
                .attr("for", "registration")
                .child(input)
                .text(" Also register a model, and remove it again"),
        )
        .child(el("p.hint").attr("id", "hint-registration").live_text(words))
}

/// What a registration will write, and where.
pub fn announcement(deployment: Option<&Deployment>) -> String {
    let place = deployment.map_or_else(|| "the registry above".to_owned(), |it| it.mlflow.to_string());
    let file = content::FILES.iter().map(|(_, content)| content.bytes_long()).sum::<u32>() / content::MIB;
    [
        "Once reading works, this creates at ",
        &place,
        " one experiment and one registered model named preflight-, the time and a random word; below them one run, up to eight model versions, four logged models and some ",
        &file.to_string(),
        " MiB of files: about 130 requests that carry the key. Then all of it is removed, and looked for. MLflow keeps deleted experiments, runs and logged models in its database, marked as deleted. What is under way is remembered in this browser, without the key, until it is removed.",
    ]
    .concat()
}

/// The place of what registrations left. It is marked before that is loaded.
pub fn place(store: Store) -> El {
    let waits = el("section.remains").attr("id", "remains").attr("data-cleanup", "none").attr("hidden", "");
    late(store, Piece::Registration, |store| Some((WRITING.get()?.remains)(store))).child(waits)
}

/// What registrations left on servers, and the way to remove it.
pub fn remains(store: Store) -> El {
    let state = move || {
        let any_left = store.remains.journals.with(|journals| !journals.is_empty());
        let is_idle = store.stage.get() != Stage::Running;
        store.remains.cleaning.with(|run| state_of(run.as_deref(), any_left && is_idle))
    };
    let section = el("section.remains").attr("id", "remains");
    let shown = section.live_attr("data-cleanup", move || Some(state().to_owned()));
    shown
        .live_flag("hidden", move || state() == "none" && store.remains.refused.with(String::is_empty))
        .child(el("h2").text("What a registration left"))
        .child(el("div").live(move || Some(offers(store))))
        .child(p("").attr("role", "status").live_text(move || store.remains.refused.get()))
        .child(el("div").live(move || {
            Some(
                store
                    .remains
                    .cleaning
                    .with(|run| run.as_deref().map(|run| progress(store, run)).unwrap_or_default()),
            )
        }))
}

fn offers(store: Store) -> Vec<El> {
    if store.stage.get() == Stage::Running {
        return Vec::new();
    }
    let journals = store.remains.journals.get();
    let offers = journals.into_iter().enumerate().map(|(index, journal)| {
        let name = journal.clean_up().name();
        let words = [
            "At ",
            &journal.base,
            ", begun ",
            &clock::to_the_minute(&journal.made_at),
            ": ",
            &journal.steps.len().to_string(),
            " steps were sent, and their clean-up did not come to its end. Everything carries the name ",
        ]
        .concat();
        let id = journal.id.clone();
        el("div.offer").child(p(&words).child(el("code").text(&name)).text(".")).child(
            el("p.buttons")
                .child(
                    button("main", "Clean up")
                        .attr("id", if index == 0 { "clean-up" } else { "" })
                        .on("click", move |_| store.clean_up(&journal, &field_value("api-key"))),
                )
                .child(button("quiet", "Forget it").on("click", move |_| store.forget(id.clone()))),
        )
    });
    offers.collect()
}

fn progress(store: Store, run: &Run) -> Vec<El> {
    let facts = run.facts();
    let cleaning = cleanup::look(&facts);
    let rows = run.observations.iter().map(|seen| {
        el("li")
            .child(el("code").text(seen.probe.method.name()).text(" ").text(seen.probe.target.path_only()))
            .text(" ")
            .text(&describe(seen))
    });
    let steps = el("ol.steps").children(rows.collect());
    let words = match (cleaning.is_clean(), cleaning.over) {
        (true, _) => "Everything was removed, and looked for afterwards.",
        (_, true) => "Some of it could not be removed:",
        _ => "Looking for what is left, and removing it.",
    };
    let mut children = vec![lead(words)];
    children.extend(left_list(store, run, &cleaning.left));
    children.extend(left_list(store, run, &cleaning.kept));
    children.push(super::parts::more("Every step of the clean-up").child(steps));
    children
}

/// What the clean-up of a run left.
pub fn left(store: Store, run: &Run) -> Vec<El> {
    let cleaning = cleanup::look(&run.facts());
    let lists = [&cleaning.left, &cleaning.kept].map(|list| left_list(store, run, list));
    lists.into_iter().flatten().collect()
}

/// What stays, each with its reason and its command.
fn left_list(store: Store, run: &Run, list: &[Left]) -> Option<El> {
    let facts = run.facts();
    let rows = list.iter().map(|left| {
        let why = facts.saw(&left.id).map(|seen| [" (", &describe(seen), ")"].concat()).unwrap_or_default();
        el("li").child(p(&left.what).text(&why)).child(wire(store, left.command.clone(), "the command"))
    });
    let rows: Vec<El> = rows.collect();
    (!rows.is_empty()).then(|| el("ul.left").children(rows))
}

/// What the clean-up of a run left, and the search for the largest upload: shown when a run is over.
pub fn after(store: Store) -> El {
    let kept = el("div").live(move || {
        store.shown.with(|shown| {
            let shown = shown.as_deref().filter(|shown| shown.ended())?;
            Some(WRITING.get().map(|it| (it.left)(store, &shown.run)).unwrap_or_default())
        })
    });
    let caps = [16, 64, 256];
    let options = caps.iter().map(|cap: &u32| {
        let mib = cap.to_string();
        el("option").attr("value", &mib).text(&mib).text(" MiB")
    });
    let select = el("select").attr("id", "size-cap").attr("name", "size-cap").children(options.collect());
    let chosen = select.clone();
    let button = button("", "Find the largest upload").attr("id", "sizes").on("click", move |_| {
        let cap = chosen.value().parse().unwrap_or(caps[0]);
        store.start_with(&field_value("api-key"), Some(Mode::Sizes(cap)));
        // What comes of it is said far above.
        dom::soon(|| dom::focus(".verdict"));
    });
    let may = move || {
        store.shown.with(|shown| {
            shown.as_ref().is_some_and(|shown| shown.ended() && shown.run.facts().mlflow_works())
        })
    };
    el("section.after")
        .live_flag("hidden", move || !may())
        .child(kept)
        .child(el("h2").text("Upload sizes"))
        .child(p("Uploads files of 1, 2, 4 … MiB into an experiment of its own, until one fails or the limit is reached, and removes them."))
        .child(el("p.buttons").child(el("label").attr("for", "size-cap").text("At most ")).child(select).child(button))
}
