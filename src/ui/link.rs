//! Links to share: one to what is shown, one that fills in the form elsewhere.

use super::dom::{El, el};
use super::parts::{button, copy_button, copying, more, p, wire};
use super::state::{ResultLink, Store};
use crate::report::link::LONGEST;
use leptos::prelude::*;

/// The link to the report, with how long it is.
pub fn result(store: Store) -> El {
    let mut drawn = ResultLink::None;
    el("div.link").attr("aria-live", "polite").live(move || {
        let now = store.links.result.get();
        if now == drawn {
            return None;
        }
        drawn = now;
        Some(match &drawn {
            ResultLink::None => Vec::new(),
            ResultLink::Made(address, detail, text) => made(store, address, detail.leaves_out(), text.as_deref()),
            ResultLink::TooLong(length) => vec![p(&format!(
                "A link to this report would have {length} characters, and programs cut links above {LONGEST}. Share the file instead: it holds everything."
            ))],
            ResultLink::Impossible => {
                vec![p("This browser cannot compress a report into a link. Share the file instead.")]
            }
        })
    })
}

fn made(store: Store, address: &str, leaves_out: &str, holds: Option<&str>) -> Vec<El> {
    let text = address.to_owned();
    let shown = el("a").attr("id", "result-link").attr("href", address).text(address);
    let meter = el("meter")
        .attr("aria-label", "Length of the link")
        .attr("max", &LONGEST.to_string())
        .attr("value", &address.len().to_string());
    let holds = holds.map(|text| {
        more("What this link holds, word for word").child(wire(store, text.to_owned(), "what the link holds"))
    });
    vec![
        p("This link opens the report on this page, for reading only. No server keeps it: the report is in the link itself. ").text(leaves_out),
        el("div.wire").child(shown).child(copy_button(store, "the link to this report", move || Some(text.clone()))),
        el("p.length").child(meter).text(&format!(" {} of {LONGEST} characters", address.len())),
    ]
    .into_iter()
    .chain(holds)
    .collect()
}

/// What most people want after a run, where they are then: the link, without looking for it.
pub fn copy(store: Store) -> El {
    let impossible = move || {
        store.links.result.with(|link| matches!(link, ResultLink::TooLong(_) | ResultLink::Impossible))
    };
    let ended = move || store.shown.with(|shown| shown.as_ref().is_some_and(|shown| shown.ended()));
    let address = move || {
        store.links.result.with_untracked(|link| match link {
            ResultLink::Made(address, ..) => Some(address.clone()),
            _ => None,
        })
    };
    copying(store, button("", "").attr("id", "copy-link"), ["Copy link", "to this report"], address)
        .live_flag("hidden", move || !ended() || impossible())
}

/// The link that fills in this form for somebody else.
pub fn request(store: Store) -> El {
    let mut drawn = None;
    more("A link that fills in this form for somebody else, without a key")
        .live_flag("hidden", move || store.request_link().is_none())
        .child(el("div").live(move || {
            let now = store.request_link();
            if now == drawn {
                return None;
            }
            drawn = now;
            let shown = drawn.iter().map(|address| {
                wire(store, address.clone(), "the link that fills in this form").attr("id", "request-link")
            });
            Some(shown.collect())
        }))
}
