//! A success that is not MLflow's.

use super::{Kind, Watch};
use crate::deployment::Host;
use crate::probe::{Observation, Probe};
use crate::run::Facts;

pub const WATCH: Watch = Watch {
    kind: Kind::NotMlflow,
    present,
    asks,
    says: "Something answers, and it is not MLflow's REST API.",
};

fn present(facts: &Facts, host: Host) -> bool {
    let answer = facts.search().and_then(Observation::answer);
    host == Host::Registry
        && !facts.is_unsteady()
        // A refusal inside a success is one all the same; see `Refused`.
        && facts.refusal().is_none()
        && answer.is_some_and(|answer| answer.ok() && !answer.body.is_cut() && !Facts::is_mlflow(answer))
}

fn asks(facts: &Facts, host: Host) -> Vec<Probe> {
    if present(facts, host) { facts.discovery_asks() } else { Vec::new() }
}
