//! The bare address fails where the same address with a query of its own is readable, every time it is asked.

use super::{Kind, Watch};
use crate::deployment::Host;
use crate::probe::{Probe, Saw, Way};
use crate::run::Facts;
use crate::run::facts::{OPEN_SHARED, ask};

pub const WATCH: Watch = Watch {
    kind: Kind::StaleCache,
    present,
    asks,
    says: "The bare address fails, and with a new query it does not.",
};

/// Asked once more each, so that a fault that comes and goes is not taken for a cache.
const AGAIN: [(&str, Way); 2] =
    [("registry-open-shared-again", Way::Shared), ("registry-open-again", Way::Cors)];

fn present(facts: &Facts, host: Host) -> bool {
    host == Host::Registry
        && !facts.is_unsteady()
        && is_withheld(facts, OPEN_SHARED)
        && facts.answer(ask::OPEN).is_some()
        && is_withheld(facts, AGAIN[0].0)
        && facts.answer(AGAIN[1].0).is_some()
}

/// A cache answers, and the browser keeps that from the page: no answer at all is no sign of a cache.
fn is_withheld(facts: &Facts, id: &str) -> bool {
    facts.saw(id).is_some_and(|seen| seen.saw == Saw::NetworkError)
}

fn asks(facts: &Facts, host: Host) -> Vec<Probe> {
    let Some(target) =
        facts.open_target(host).filter(|_| host == Host::Registry && is_withheld(facts, OPEN_SHARED))
    else {
        return Vec::new();
    };
    AGAIN.iter().map(|(id, way)| facts.get(id, host, target.clone()).by(*way)).collect()
}
