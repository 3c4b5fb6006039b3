//! The way: the stations from this browser to the artifacts, and where it breaks. A list, for those who hear it, in a
//! line; each station is a drawing of its own (SVG: what a style sheet fills does not come out of a printer).

use super::dom::{El, drawing, el};
use super::state::{Store, late};
use crate::diagnosis::way::{State, Station, at_rest, past_the_key};
use leptos::prelude::*;

/// The drawing.
pub fn way(store: Store) -> El {
    let mut drawn: (Vec<Station>, Option<(State, String)>) = Default::default();
    let shown = late(store);
    let stations = move || {
        let now = shown.with(|shown| match shown {
            Some(shown) => (shown.way.clone(), past_the_key(&shown.run.facts())),
            None => (at_rest(), None),
        });
        if now == drawn {
            return None;
        }
        drawn = now;
        Some(drawn.0.iter().map(station).chain(drawn.1.as_ref().map(past)).collect())
    };
    el("section.way-section").child(el("h2").text("The way")).child(el("ol.way").live(stations))
}

/// In a square of 16: a cross, a diamond, a small circle, a circle. Whether it is filled, dotted or grey says the style.
fn shape(state: State) -> &'static str {
    match state {
        State::Broken => "M2 2l12 12M14 2L2 14",
        State::Suspected => "M8 1.5L14.5 8 8 14.5 1.5 8Z",
        State::Passed => "M8 4.5a3.5 3.5 0 1 0 .01 0Z",
        _ => "M8 1.1a6.9 6.9 0 1 0 .01 0Z",
    }
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
        .child(drawing(shape(station.state)).attr("class", "dot"))
        .child(part("span.hop", station.hop.name()))
        .child(part("span.break", breaks))
        .child(part("span.says", &station.says))
        .child(part("span.ms", &ms))
}

/// The second line: it parts at the gateway and meets the first one at MLflow.
fn past((state, says): &(State, String)) -> El {
    el("li.past")
        .attr("data-state", state.name())
        .child(el("span.hop").text("Past the key"))
        .child(el("span.says").text(says))
}
