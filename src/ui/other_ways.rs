//! *Try other ways*: offered after a refusal, announced before it, and told after it.

use super::dom::{self, El, el};
use super::parts::{button, lead, more};
use super::state::{Shown, Store};
use crate::diagnosis::other_ways;

/// The offer, or what came of it; nothing where other ways could not help.
pub fn other_ways(store: Store, shown: &Shown) -> Option<El> {
    let facts = shown.run.facts();
    let list = |lines: &[String]| el("ul").children(lines.iter().map(|line| el("li").text(line)).collect());
    if other_ways::was_tried(&facts) {
        let untried = other_ways::untried(&facts, false);
        let rest = (!untried.is_empty()).then(|| lead("Not tried:"));
        let rest = rest.map(|lead| el("div").child(lead).child(list(&untried)));
        return Some(more("Other ways that were tried").child(list(&other_ways::tried(&facts))).maybe(rest));
    }
    // A shared report is not added to.
    if shown.made.is_some() || !other_ways::offered(&facts) {
        return None;
    }
    let announced = format!(
        "The key can be tried in other ways, one after another, until one works. They go to the same hosts, and at most {} requests more can count as failed logins. They are:",
        facts.limits.failed_logins
    );
    let cookies =
        el("input").attr("type", "checkbox").attr("id", "with-cookies").attr("name", "with-cookies");
    let label = el("label")
        .attr("for", "with-cookies")
        .text("Also without the key and with the cookies that this browser has for the registry");
    let refused = el("p.note").attr("role", "status");
    let (it, said) = (cookies.clone(), refused.clone());
    let go = button("", "Try other ways").attr("id", "try-other-ways").on("click", move |_| {
        // The key is read from its field, where it stands as long as its owner leaves it there.
        let key = dom::by_id("api-key").map(|field| field.value()).unwrap_or_default();
        if !store.try_other_ways(&key, it.is_checked()) {
            said.show("The form or its key is not the one of this run any more. Run the checks again first.");
        }
    });
    let section =
        el("div.other-ways").child(lead(&announced)).child(list(&other_ways::untried(&facts, false)));
    Some(section.child(el("p").child(cookies).child(label)).child(el("p.buttons").child(go)).child(refused))
}
