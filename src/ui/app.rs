//! The root: the page from top to bottom.

use super::dom::{El, el};
use super::later::{Later, later};
use super::parts::p;
use super::state::Store;
use super::{
    compare, fleet, form, question, registration, share, shared, suites, tab, verdict, watch, waterfall, way,
};
use crate::browser::snapshot;
use leptos::mount::mount_to_body;
use leptos::prelude::*;

/// Puts the page into the document. It takes input as soon as `preflight.json` was read ([`Store::open`]).
pub fn start() {
    snapshot::install();
    // What is mounted is nothing; the signals get their owner and their executor by it.
    mount_to_body(|| {
        let store = Store::open();
        header(store).into_page();
        el("main")
            .child(shared::shared(store))
            .child(question::question(store))
            .child(form::form(store))
            .child(registration::remains(store))
            .children(verdict::verdict(store))
            .child(way::way(store))
            .child(later(store, FLEET))
            .child(suites::suites(store))
            .child(waterfall::waterfall(store))
            .child(watch::watch(store))
            .child(registration::after(store))
            .child(share::share(store))
            .child(compare::compare(store))
            .into_page();
        footer(store).into_page();
        tab::follow(store);
        if let Some(boot) = document().get_element_by_id("boot") {
            boot.remove();
        }
    });
}

const FLEET: Later = Later {
    id: "fleet",
    title: "All deployments",
    button: |store| {
        let count = store.form.with(|form| form.config.deployments.len());
        ["Check all ", &count.to_string()].concat()
    },
    hint: "What can be seen without a key, of every deployment in the list: no key is sent, not even a made-up one. Where answers stay hidden, an address is also loaded as a document without scripts, with the cookies this browser has for it.",
    is_offered: fleet::is_offered,
    part: fleet::fleet,
};

fn header(store: Store) -> El {
    let title =
        move || store.form.with(|form| form.config.title.clone().unwrap_or_else(|| "Preflight".to_owned()));
    el("header").child(el("h1").live_text(title)).child(p(
        "Finds out, from this browser, why an MLflow registry does not work, and who has to mend what. Requests go to the hosts on the form and to nobody else.",
    ))
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
