//! Parts of the page that most visits do without: a button that brings them. A part is one function; nothing else of the
//! page knows its insides. It lies in a piece of its own ([`super::lazy`]).

use super::dom::{El, el};
use super::help::Loading;
use super::lazy::Piece;
use super::parts::{button, p};
use super::state::{Stage, Store};
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
    /// The piece that it lies in.
    pub piece: Piece,
    /// The part, once that is here.
    pub part: fn(Store) -> Option<El>,
}

/// The section.
pub fn later(store: Store, later: Later) -> El {
    let wanted = RwSignal::new_local(false);
    let mut is_there = None;
    el("section")
        .attr("id", later.id)
        .live_flag("hidden", move || {
            // Who looks at one deployment is not offered all of them.
            let is_elsewhere = store.stage.get() != Stage::Idle && !wanted.get();
            is_elsewhere || !(later.is_offered)(store)
        })
        .child(el("h2").text(later.title))
        .child(p(later.hint).attr("class", "hint"))
        .child(el("div").live(move || {
            let is_here = |piece| store.piece(piece) == Loading::Loaded;
            let now = wanted.get() && is_here(later.piece) && is_here(Piece::Verdict);
            if is_there.replace(now) == Some(now) {
                return None;
            }
            if now {
                return Some((later.part)(store).into_iter().collect());
            }
            let label = move || (later.button)(store);
            let ask = button("", "").live_text(label).on("click", move |_| {
                wanted.set(true);
                // What it says of a deployment is a verdict.
                store.need(Piece::Verdict);
                store.need(later.piece);
            });
            Some(vec![el("p.buttons").child(ask)])
        }))
}
