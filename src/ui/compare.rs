//! A report that comes back as a file: opened, or compared with what is shown.

use super::dom::{El, el};
use super::lazy::{Piece, SHARING, late};
use super::parts::{button, p};
use super::state::Store;
use leptos::prelude::*;
use leptos::web_sys::Event;

/// The field for a file, and the place for what comes of it.
pub fn compare(store: Store) -> El {
    let has_report = move || store.shown.with(|shown| shown.as_ref().is_some_and(|shown| shown.ended()));
    let words = move || {
        if has_report() {
            "Compare with another report: a JSON or HAR file that this page saved".to_owned()
        } else {
            "Open a report: a JSON or HAR file that this page saved".to_owned()
        }
    };
    let field = el("input").attr("type", "file").attr("id", "report-file").attr("name", "report-file");
    let field = field.on("change", move |event| bring(store, event, false));
    el("section.reports")
        .attr("aria-label", "Reports as files")
        .child(el("p").child(el("label").attr("for", "report-file").live_text(words)).child(field))
        .child(late(store, Piece::Sharing, |store| Some((SHARING.get()?.brought)(store))))
        .on("dragover", |event| event.prevent_default())
        .on("drop", move |event| {
            event.prevent_default();
            bring(store, event, true);
        })
}

fn bring(store: Store, event: Event, dropped: bool) {
    store.once(Piece::Sharing, move || {
        if let Some(it) = SHARING.get() {
            (it.bring)(store, &event, dropped);
        }
    });
}

/// What came of a file.
pub fn brought(store: Store) -> El {
    let mut drawn = None;
    el("div.compared").attr("role", "status").live(move || {
        let now = store.files.with(|files| (files.refused.clone(), files.compared.clone()));
        if drawn.as_ref() == Some(&now) {
            return None;
        }
        let (refused, compared) = drawn.insert(now);
        let mut parts: Vec<El> = Vec::new();
        if !refused.is_empty() {
            parts.push(p(refused));
        }
        for (title, lines) in compared.iter() {
            let lines = lines.iter().map(|line| el("li").text(line)).collect();
            parts.push(el("h3").text(title));
            parts.push(el("ul").children(lines));
        }
        if !compared.is_empty() {
            let open = button("", "Open that report instead").attr("id", "open-other");
            parts.push(el("p.buttons").child(open.on("click", move |_| store.open_other())));
        }
        Some(parts)
    })
}
