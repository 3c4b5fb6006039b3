//! The report as a file.

use super::dom::{El, el};
use super::link;
use super::parts::{button, copy_button, p};
use super::state::Store;
use leptos::prelude::*;

/// The last section of the page, there as soon as there is something to share.
pub fn share(store: Store) -> El {
    let nothing_yet = move || !store.shown.with(|shown| shown.as_ref().is_some_and(|shown| shown.ended()));
    el("section.share")
        .live_flag("hidden", nothing_yet)
        .child(el("h2").text("Share"))
        .child(link::result(store))
        .child(p("The report holds the addresses, this browser's name, all that was seen, and the verdict. It cannot hold the key."))
        .child(
            el("p.buttons")
                .child(button("", "Download JSON").attr("id", "save-report").on("click", move |_| store.save_report()))
                .child(copy_button(store, "the report as JSON", move || store.report())),
        )
}
