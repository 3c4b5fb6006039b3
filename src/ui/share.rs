//! What leaves the page: links, and files and texts that are shown exactly as they would leave, before they can.

use super::dom::{El, el};
use super::lazy::VERDICTS;
use super::link;
use super::parts::{button, copy_button, lead, p, wire};
use super::state::{FORMATS, Store, Wanted};
use crate::diagnosis::Named;
use leptos::prelude::*;

/// There as soon as there is something to share.
pub fn share(store: Store) -> El {
    let nothing_yet = move || !store.shown.with(|shown| shown.as_ref().is_some_and(|shown| shown.ended()));
    el("section.share")
        .live_flag("hidden", nothing_yet)
        .child(el("h2").text("Share"))
        .child(in_a_sentence(store))
        .child(link::result(store))
        .child(file(store))
}

/// What to say on the telephone, or to send with the link.
fn in_a_sentence(store: Store) -> El {
    el("div").live(move || {
        // The words come with the piece that knows the verdict; a second opinion may change them.
        store.stage.track();
        let said = store.shown.with(|shown| {
            let shown = shown.as_deref().filter(|shown| shown.ended())?;
            let headline = (VERDICTS.get()?.headline)(shown);
            let first = shown.judged.verdict.causes.first().and_then(Named::cause);
            let owner = first.map(|cause| [" To be mended by ", cause.owner.name(), "."].concat());
            Some([headline, owner.unwrap_or_default()].concat())
        });
        let said = said.map(|said| wire(store, said, "the sentence"));
        Some(said.map(|said| vec![lead("In a sentence:"), said]).unwrap_or_default())
    })
}

/// The choice of a format and what goes along; then the text itself.
fn file(store: Store) -> El {
    let choices = FORMATS.iter().map(|(name, what, ..)| el("option").attr("value", name).text(what));
    let format =
        el("select").attr("id", "export-format").attr("name", "export-format").children(choices.collect());
    let tick = |name: &str| {
        el("input").attr("type", "checkbox").attr("id", name).attr("name", name).attr("checked", "")
    };
    let (hosts, bodies) = (tick("export-hosts"), tick("export-bodies"));
    let wanted = {
        let (format, hosts, bodies) = (format.clone(), hosts.clone(), bodies.clone());
        move || {
            let name = format.value();
            let format = FORMATS.iter().position(|known| known.0 == name).unwrap_or_default();
            Wanted { format, hosts: hosts.is_checked(), bodies: bodies.is_checked() }
        }
    };
    // What is shown follows the choice.
    let again = {
        let wanted = wanted.clone();
        move |_| {
            if store.files.with_untracked(|files| files.asked) {
                store.preview(wanted());
            }
        }
    };
    let label = |of: &str, text: &str| el("label").attr("for", of).text(text);
    let choice = el("p.choice")
        .child(label("export-format", "As a file or a text"))
        .child(format.on("change", again.clone()))
        .child(el("span").child(hosts.on("change", again.clone())).child(label("export-hosts", "host names")))
        .child(
            el("span").child(bodies.on("change", again)).child(label("export-bodies", "what servers said")),
        );
    let see = button("", "Show what leaves")
        .attr("id", "export-preview")
        .on("click", move |_| store.preview(wanted()));
    el("div.export")
        .child(p("A report holds the addresses, this browser's name, all that was seen, and the verdict. It cannot hold the key, and what looks like a secret of somebody else is taken out."))
        .child(choice)
        .child(el("p.buttons").child(see))
        .child(preview(store))
}

fn preview(store: Store) -> El {
    let mut drawn = None;
    el("div.preview").attr("aria-live", "polite").live(move || {
        let now = store.files.with(|files| (files.preview.clone(), files.issue.clone()));
        if drawn.as_ref() == Some(&now) {
            return None;
        }
        let (text, issue) = drawn.insert(now);
        Some(match text {
            None => Vec::new(),
            Some(Err(sentence)) => vec![p(sentence)],
            Some(Ok(text)) => {
                let save = button("", "Save this as a file").attr("id", "save-report");
                let save = save.on("click", move |_| store.save_preview());
                let issue = issue.as_ref().map(|address| {
                    let link =
                        el("a").attr("id", "issue-link").attr("href", address).attr("target", "_blank");
                    link.attr("rel", "noopener noreferrer").text("Open a new issue with this text")
                });
                // It scrolls, so the keyboard must get there.
                let shown =
                    el("pre").attr("tabindex", "0").attr("role", "region").attr("aria-label", "What leaves");
                let copied = text.clone();
                let copy = copy_button(store, "this", move || Some(copied.clone()));
                let shown = el("div.wire").child(shown.text(text)).child(copy);
                vec![shown, el("p.buttons").child(save).maybe(issue)]
            }
        })
    })
}
