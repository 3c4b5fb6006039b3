//! The health path and MLflow's API tell different stories.

use super::{Kind, Watch};
use crate::deployment::Host;
use crate::deployment::credential::Presented;
use crate::probe::Probe;
use crate::run::Facts;
use crate::run::facts::ask;

pub const WATCH: Watch =
    Watch { kind: Kind::Health, present, asks, says: "The health path says something else than the API." };

fn present(facts: &Facts, host: Host) -> bool {
    host == Host::Registry
        && !facts.is_unsteady()
        && (facts.health_is_worse_than_mlflow()
            || facts.health_is_shadowed()
            || facts.health_praises_mlflow())
}

/// A health path that wants a key, below MLflow's path, may never be reached: its answer with the key tells.
fn asks(facts: &Facts, host: Host) -> Vec<Probe> {
    let refused = matches!(facts.answer(ask::OPEN).map(|answer| answer.status), Some(401 | 403));
    let wanted = host == Host::Registry
        && refused
        && facts.mlflow_works()
        && facts.best_credential() == Presented::Key
        && facts.health_is_below_mlflow();
    let target = facts.open_target(host).filter(|_| wanted);
    let ask = |target| facts.get(ask::OPEN_KEY, host, target).with(Presented::Key);
    target.map(ask).into_iter().collect()
}
