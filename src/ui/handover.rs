//! After a good run: lines for other programs, and what differs where one of them does not get through.

use super::dom::{El, el};
use super::parts::{lead, more, wire};
use super::state::{Shown, Store};
use crate::diagnosis::handover::{DIFFERENCES, lines};

/// The lines, the first ones open, and the list of differences.
pub fn handover(store: Store, shown: &Shown) -> Vec<El> {
    let lines = lines(&shown.run.facts()).into_iter().enumerate().map(|(index, fix)| {
        let card = el("details")
            .child(el("summary").child(el("b.whom").text(&fix.whom)).child(el("span").text(&fix.text)));
        card.set("open", (index == 0).then_some(""));
        el("li").child(card.child(wire(store, fix.code.unwrap_or_default(), "the lines")))
    });
    let differences = DIFFERENCES.iter().map(|(text, command)| {
        el("li").child(lead(text)).child(wire(store, (*command).to_owned(), "the command"))
    });
    vec![
        el("ul.fixes").children(lines.collect()),
        more("If the Python client does not get through all the same")
            .child(el("ul").children(differences.collect())),
    ]
}
