//! The way: the stations from this browser to the artifacts, and where it breaks. A list in a line; the shapes
//! are drawn by the style sheet.

use super::dom::{El, el};
use super::state::Store;
use crate::diagnosis::way::{State, Station, at_rest};
use leptos::prelude::*;

/// The drawing.
pub fn way(store: Store) -> El {
    let mut drawn: Vec<Station> = Vec::new();
    let stations = move || {
        let now = store.shown.with(|shown| shown.as_ref().map_or_else(at_rest, |shown| shown.way.clone()));
        if now == drawn {
            return None;
        }
        drawn = now;
        Some(drawn.iter().map(station).collect())
    };
    el("section.way-section").child(el("h2").text("The way")).child(el("ol.way").live(stations))
}

fn station(station: &Station) -> El {
    let breaks = match station.state {
        State::Broken => "breaks here",
        State::Suspected => "may break here",
        _ => "",
    };
    let ms = station.ms.map(|ms| format!("{ms} ms")).unwrap_or_default();
    let part = |class: &str, text: &str| el(class).text(text);
    el("li")
        .attr("data-state", station.state.name())
        .child(el("span.dot").attr("aria-hidden", "true"))
        .child(part("span.hop", station.hop.name()))
        .child(part("span.break", breaks))
        .child(part("span.says", &station.says))
        .child(part("span.ms", &ms))
}
