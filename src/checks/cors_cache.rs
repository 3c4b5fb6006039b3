//! `cors-cache`

use super::{Check, Judgement, Status, Suite};
use crate::deployment::Host;
use crate::probe::{Probe, Way};
use crate::run::Facts;
use crate::run::facts::{OPEN_SHARED, ask};

pub const CHECK: Check = Check {
    id: "cors-cache",
    suite: Suite::Cors,
    title: "No cache hands out another page's CORS headers",
    failing_title: "A cache hands out answers without this page's CORS headers",
    asks,
    judge,
};

fn asks(facts: &Facts) -> Vec<Probe> {
    // Every other question has an address of its own, which no cache has seen; this one has the real address.
    let target = facts
        .open_target(Host::Registry)
        .filter(|_| facts.answer(ask::OPEN).is_some() && facts.search().is_some());
    target.map(|target| facts.get(OPEN_SHARED, Host::Registry, target).by(Way::Shared)).into_iter().collect()
}

fn judge(facts: &Facts) -> Judgement {
    let expected = "The bare address is as readable as one that no cache has seen.";
    let judged = |status, actual: &str| Judgement::new(status, expected, actual, &[ask::OPEN, OPEN_SHARED]);
    match facts.saw(OPEN_SHARED) {
        None => {
            Judgement::new(Status::Skipped, expected, "No answer of the registry can be read at all.", &[])
        }
        Some(seen) if seen.answer().is_some() => judged(Status::Pass, "It is."),
        Some(seen) if seen.failed() => judged(
            Status::Fail,
            "The bare address fails; with a query of its own the same address is readable.",
        ),
        Some(_) => judged(Status::Unknown, "Stopped."),
    }
}
