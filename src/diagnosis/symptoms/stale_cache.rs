//! The bare address fails where the same address with a query of its own is readable, every time it is asked.

use super::{Kind, Watch};
use crate::deployment::Host;
use crate::probe::{Probe, Way};
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
        && facts.failed(OPEN_SHARED)
        && facts.answer(ask::OPEN).is_some()
        && facts.failed(AGAIN[0].0)
        && facts.answer(AGAIN[1].0).is_some()
}

fn asks(facts: &Facts, host: Host) -> Vec<Probe> {
    let Some(target) =
        facts.open_target(host).filter(|_| host == Host::Registry && facts.failed(OPEN_SHARED))
    else {
        return Vec::new();
    };
    AGAIN.iter().map(|(id, way)| facts.get(id, host, target.clone()).by(*way)).collect()
}
