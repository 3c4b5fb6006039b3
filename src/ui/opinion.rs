//! The second opinion: what a terminal or DevTools saw, brought by the user. The desk reads it; here it is taken in.

use super::dom::{El, el};
use super::parts::{lead, wire};
use super::state::Store;
use leptos::prelude::*;

/// The field for it, with what was made of the last one.
pub fn field(store: Store) -> El {
    let told = el("div.told").attr("role", "status").live(move || {
        let heard = store.heard.get();
        let mut parts: Vec<El> = heard.said.iter().map(|line| el("p").text(line)).collect();
        if let Some(command) = heard.again {
            parts.push(lead("Once more, in a terminal on this machine:"));
            parts.push(wire(store, command, "the command"));
        }
        Some(parts)
    });
    let area = el("textarea")
        .attr("id", "second-opinion")
        .attr("name", "second-opinion")
        .attr("rows", "4")
        .attr("autocomplete", "off")
        .attr("spellcheck", "false");
    let it = area.clone();
    let area = area.on("input", move |_| store.hear(it.clone()));
    let file = el("input")
        .attr("type", "file")
        .attr("id", "second-opinion-file")
        .attr("name", "second-opinion-file");
    let file = file.on("change", move |event| store.hear_file(&event, false));
    let label = |of: &str, text: &str| el("label").attr("for", of).text(text);
    el("div.opinion")
        .child(label("second-opinion", "Paste what it prints here"))
        .child(area)
        .child(label(
            "second-opinion-file",
            "Or drop a HAR file that DevTools saved (Network, “Save all as HAR”)",
        ))
        .child(file)
        .child(told)
        .on("dragover", |event| event.prevent_default())
        .on("drop", move |event| {
            event.prevent_default();
            store.hear_file(&event, true);
        })
}
