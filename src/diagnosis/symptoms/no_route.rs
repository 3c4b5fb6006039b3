//! Not found, readably.

use super::{Kind, Watch};
use crate::deployment::Host;
use crate::probe::{Observation, Probe};
use crate::run::Facts;

pub const WATCH: Watch =
    Watch { kind: Kind::NoRoute, present, asks, says: "MLflow's REST API is not found at this address." };

fn present(facts: &Facts, host: Host) -> bool {
    let status = facts.search().and_then(Observation::status);
    host == Host::Registry && !facts.is_unsteady() && matches!(status, Some(404 | 405 | 410))
}

fn asks(facts: &Facts, host: Host) -> Vec<Probe> {
    if present(facts, host) { facts.discovery_asks() } else { Vec::new() }
}
