//! Not found, readably.

use super::{Kind, Watch};
use crate::deployment::Host;
use crate::probe::{Observation, Probe};
use crate::run::Facts;
use crate::run::facts::{BASE_CANDIDATES, base_id};

pub const WATCH: Watch =
    Watch { kind: Kind::NoRoute, present, asks, says: "MLflow's REST API is not found at this address." };

fn present(facts: &Facts, host: Host) -> bool {
    let status = facts.search().and_then(Observation::status);
    host == Host::Registry && !facts.is_unsteady() && matches!(status, Some(404 | 405 | 410))
}

fn asks(facts: &Facts, host: Host) -> Vec<Probe> {
    if !present(facts, host) {
        return Vec::new();
    }
    other_bases(facts)
}

/// The same search under the other usual paths of the same host. Shared with `NotMlflow`. Without the key: a
/// refusal there says as much as a success, and no login is counted.
pub(super) fn other_bases(facts: &Facts) -> Vec<Probe> {
    let base = &facts.deployment.mlflow;
    BASE_CANDIDATES
        .iter()
        .filter(|path| **path != base.path)
        .map(|path| {
            let target = base.at_root(&format!("{path}/api/2.0/mlflow/experiments/search?max_results=1"));
            facts.get(&base_id(path), Host::Registry, target).with(facts.best_credential())
        })
        .collect()
}
