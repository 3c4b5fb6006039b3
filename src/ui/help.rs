//! The words of the catalogue on the page: what a cause means, how it is mended, why a check matters. They are loaded
//! when the form names a deployment or a check is opened; the verdict is there without them.

use super::dom::{El, el};
use super::parts::{Drawn, behind_line, more, p};
use super::state::{Shown, Store};
use crate::browser::catalogue;
use crate::browser::fetch::Cached;
use crate::catalogue::{Catalogue, DOES_NOT_PROVE, WHY};
use crate::diagnosis::{Cause, causes};
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::time::Duration;

/// The words, as far as they are here.
#[derive(Default)]
pub struct Help {
    /// Empty until they are here.
    pub catalogue: Catalogue,
    /// Whether they are.
    pub state: Loading,
}

/// How far the words are.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub enum Loading {
    /// Nothing needed them yet.
    #[default]
    NotAsked,
    /// On the way.
    Asked,
    /// This page's own server did not give them; it is asked again.
    Missing,
    /// Here.
    Loaded,
}

/// How long to wait before the words are asked for again, milliseconds: doubled each time, up to the other.
const AGAIN_MS: u64 = 1_000;
const AGAIN_MOST_MS: u64 = 30_000;

impl Store {
    /// Loads the words of the catalogue, unless that is done or under way.
    pub fn load_help(self) {
        if self.help.with_untracked(|help| help.state == Loading::NotAsked) {
            self.help.update(|help| help.state = Loading::Asked);
            self.ask_for_help(Cached::Good, AGAIN_MS);
        }
    }

    fn ask_for_help(self, cached: Cached, wait: u64) {
        spawn_local(async move {
            match catalogue::read(cached).await {
                Some(catalogue) => {
                    self.help.set(Help { catalogue, state: Loading::Loaded });
                    self.tell_report();
                }
                None => {
                    self.help.update(|help| help.state = Loading::Missing);
                    // A copy that is no good must not come again.
                    set_timeout(
                        move || self.ask_for_help(Cached::AskAgain, (wait * 2).min(AGAIN_MOST_MS)),
                        Duration::from_millis(wait),
                    );
                }
            }
        });
    }
}

/// What to say in the place of words that are not here; `what` completes the sentence.
pub fn not_here(state: Loading, what: &str) -> Option<El> {
    let end = match state {
        Loading::Loaded => return None,
        Loading::NotAsked | Loading::Asked => " is being loaded from this page's server.",
        Loading::Missing => {
            " could not be loaded from this page's server, which is asked again. Everything else here is complete."
        }
    };
    Some(el("p.loading").text(what).text(end))
}

/// Why a check matters and what a pass does not prove: behind its line.
pub fn of_check(store: Store, id: &'static str, row: &El, line: &El) -> El {
    let mut drawn = None;
    let it = row.clone();
    let outdated = move || {
        let now = (
            store.help.with(|help| help.state),
            store.shown.with(|shown| shown.as_deref().is_some_and(Shown::ended)),
        );
        (drawn.replace(now) != Some(now)).then(|| match now {
            _ if it.is_open() => Drawn::AtOnce,
            (Loading::Loaded, true) => Drawn::Soon,
            _ => Drawn::WhenOpened,
        })
    };
    let draw = move || {
        store.help.with_untracked(|help| {
            let say = |title| {
                let text = help.catalogue.check(id, title);
                el("p").child(el("b").text(title).text(".")).text(" ").text(&text)
            };
            let said = match not_here(help.state, "Why this matters") {
                Some(sorry) => vec![sorry],
                None => vec![say(WHY), say(DOES_NOT_PROVE)],
            };
            Some(el("div.why").children(said))
        })
    };
    behind_line(row, line, outdated, draw)
}

/// What a cause means, and what looks the same.
pub fn of_cause(catalogue: &Catalogue, cause: &Cause) -> Option<El> {
    let words = catalogue.cause(cause.code)?;
    let others = words.look_alikes.iter().filter_map(|(code, tells)| {
        Some(el("div").child(el("dt").text(causes::find(code)?.title)).child(rich("dd", tells)))
    });
    let others: Vec<El> = others.collect();
    let others = (!others.is_empty()).then(|| {
        el("div")
            .child(p("At times these look the same to a browser:"))
            .child(el("dl.differences").children(others))
    });
    let explained = words.explanation.iter().map(|text| rich("p", text)).collect();
    let address = ["troubleshooting.html#", cause.code].concat();
    let entry = el("a").attr("href", &address).attr("target", "_blank").child(el("code").text(cause.code));
    let code = p("In the documentation: ").child(entry);
    Some(more("More about this cause").children(explained).maybe(others).child(code))
}

/// A sentence of the catalogue, in which `code` stands in backquotes.
pub fn rich(tag: &str, text: &str) -> El {
    let parts = text.split('`').enumerate();
    parts.fold(el(tag), |it, (index, part)| match index % 2 {
        0 => it.text(part),
        _ => it.child(el("code").text(part)),
    })
}
