//! Parts of the page that most visits do without: a button that brings them. A part is one function; nothing else of the
//! page knows its insides.

use super::dom::{El, el};
use super::parts::{button, p};
use super::state::Store;
use leptos::prelude::*;

/// What stands in the place of a part before it is wanted.
pub struct Later {
    /// Of its section.
    pub id: &'static str,
    /// Its heading.
    pub title: &'static str,
    /// The button that brings it.
    pub button: fn(Store) -> String,
    /// What that will do.
    pub hint: &'static str,
    /// Whether it is offered now.
    pub is_offered: fn(Store) -> bool,
    /// The part.
    pub part: fn(Store) -> El,
}

/// The section.
pub fn later(store: Store, later: Later) -> El {
    let wanted = RwSignal::new_local(false);
    let mut is_there = None;
    el("section")
        .attr("id", later.id)
        .live_flag("hidden", move || !(later.is_offered)(store))
        .child(el("h2").text(later.title))
        .child(p(later.hint).attr("class", "hint"))
        .child(el("div").live(move || {
            let now = wanted.get();
            if is_there.replace(now) == Some(now) {
                return None;
            }
            if now {
                return Some(vec![(later.part)(store)]);
            }
            let label = move || (later.button)(store);
            let ask = button("", "").live_text(label).on("click", move |_| wanted.set(true));
            Some(vec![el("p.buttons").child(ask)])
        }))
}
