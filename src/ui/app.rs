//! The root: the page from top to bottom.

use super::dom::{El, el};
use super::later::{Later, later};
use super::lazy::{FLEET, Loader, PIECES, Piece, SHARING, late_sharing, missing};
use super::parts::p;
use super::state::{Stage, Store};
use super::{compare, dom, form, question, registration, suites, tab, verdict, way};
use crate::browser::{clock, snapshot};
use leptos::mount::mount_to_body;
use leptos::prelude::*;
use std::time::Duration;

/// Puts the page into the document: the form first, then the rest, each in a task of its own, so that none holds a phone up.
/// It takes input as soon as `preflight.json` was read ([`Store::open`]).
pub fn start(loaders: [Loader; PIECES]) {
    snapshot::install();
    next(Box::new(move || {
        // What is mounted is nothing; the signals get their owner and their executor by it.
        mount_to_body(move || {
            let store = Store::open(loaders);
            title(store);
            next(Box::new(move || first(store)));
        });
    }));
}

/// Goes on in a task of its own.
fn next(act: Box<dyn FnOnce()>) {
    let owner = Owner::current();
    clock::soon(move || match owner {
        Some(owner) => owner.with(act),
        None => act(),
    });
}

fn first(store: Store) {
    let main = el("main")
        .child(missing(store))
        .child(late_sharing(store, |it| it.shared))
        .child(question::question(store))
        .child(form::form(store));
    main.clone().into_page();
    if let Some(boot) = document().get_element_by_id("boot") {
        boot.remove();
    }
    next(Box::new(move || rest(store, main)));
}

fn rest(store: Store, main: El) {
    main.child(registration::place(store))
        .children(verdict::verdict(store))
        .child(way::way(store))
        .child(later(store, ALL_DEPLOYMENTS))
        .child(later(store, EXAMPLES))
        .child(suites::suites(store))
        .child(after_the_end(
            store,
            vec![
                late_sharing(store, |it| it.waterfall),
                late_sharing(store, |it| it.watch),
                late_sharing(store, |it| it.after),
                late_sharing(store, |it| it.share),
            ],
        ))
        .child(compare::compare(store));
    // Below the suites, which would push it down.
    let [.., last] = store.suites;
    footer(store).live_flag("hidden", move || !last.get()).into_page();
    tab::follow(store);
    // Who names a deployment is about to run checks.
    dom::react(Box::new(move || {
        if store.form.with(|form| form.understood.deployment.is_some()) {
            store.get_ready();
        }
    }));
}

/// When that is laid out: together with the verdict it would hold a slow device up just when that comes.
const A_FRAME_LATER: Duration = Duration::from_millis(40);

/// What is used once the verdict was read stands below it.
fn after_the_end(store: Store, parts: Vec<El>) -> El {
    let is_there = RwSignal::new_local(false);
    dom::react(Box::new(move || {
        if !matches!(store.stage.get(), Stage::Idle | Stage::Running) {
            set_timeout(move || dom::soon(move || is_there.set(true)), A_FRAME_LATER);
        }
    }));
    el("div.piece").live_flag("hidden", move || !is_there.get()).children(parts)
}

const ALL_DEPLOYMENTS: Later = Later {
    id: "fleet",
    title: "All deployments",
    button: |store| {
        let count = store.form.with(|form| form.config.deployments.len());
        ["Check all ", &count.to_string()].concat()
    },
    hint: "What can be seen without a key, of every deployment in the list: no key is sent, not even a made-up one. Where answers stay hidden, an address is also loaded as a document without scripts, with the cookies this browser has for it.",
    is_offered: |store| {
        store.form.with(|form| form.config.deployments.len() > 1)
            && !matches!(store.stage.get(), Stage::Shared | Stage::Again)
    },
    piece: Piece::Fleet,
    part: |store| Some(FLEET.get()?(store)),
};

const EXAMPLES: Later = Later {
    id: "examples",
    title: "Recorded examples",
    button: |_| "Look at an example".to_owned(),
    hint: "Incidents that happened to a registry, recorded in a browser. They need no server: each is judged here, by this version.",
    is_offered: |store| {
        let none = store.form.with(|form| form.config.examples.as_deref() == Some(""));
        let is_one = store.links.recording.with(Option::is_some);
        !none && (is_one || store.stage.get() == Stage::Idle)
    },
    piece: Piece::Sharing,
    part: |store| Some((SHARING.get()?.examples)(store)),
};

/// The header stands in `index.html`, so that it is there before the program; only the title may be another.
fn title(store: Store) {
    let Some(title) = document().get_element_by_id("title") else { return };
    dom::react(Box::new(move || {
        store.form.with(|form| {
            if let Some(name) = &form.config.title {
                title.set_text_content(Some(name));
            }
        });
    }));
}

fn footer(store: Store) -> El {
    let mut config = None;
    let from_config = el("div").live(move || {
        store.form.with(|form| {
            // Only a new file changes this part.
            let now = (form.config.problems.clone(), form.config.support.clone());
            if config.as_ref() == Some(&now) {
                return None;
            }
            let (problems, support) = config.insert(now);
            let lines: Vec<El> = problems.iter().map(|line| el("li").text(line)).collect();
            let broken = (!lines.is_empty()).then(|| {
                let lead = p("For whoever hosts this page: parts of preflight.json could not be used.");
                el("div").child(lead).child(el("ul").children(lines))
            });
            let contact = support.as_ref().map(|support| match &support.link {
                Some(link) => {
                    p("").child(el("a").attr("href", link).attr("rel", "noreferrer").text(&support.text))
                }
                None => p(&support.text),
            });
            Some(broken.into_iter().chain(contact).collect())
        })
    });
    let private = concat!(
        "Preflight ",
        env!("CARGO_PKG_VERSION"),
        ". No server of ours takes part: no account, no cookies, no statistics. This browser stores nothing but what a registration still has to remove. The key stays in memory and is gone when this page is closed; no report can hold it."
    );
    el("footer").child(from_config).child(p(private))
}
