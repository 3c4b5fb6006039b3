//! A step of a registration, or of its clean-up, fails.

use super::{Kind, Watch, artifacts, asks_nothing};
use crate::deployment::Host;
use crate::probe::{Observation, Saw};
use crate::registration;
use crate::run::Facts;
use crate::run::facts::ask;

pub const WATCH: Watch = Watch {
    kind: Kind::WriteFails,
    present,
    asks: asks_nothing,
    says: "Reading works, and a step of the registration fails.",
};

fn present(facts: &Facts, host: Host) -> bool {
    host == Host::Registry && registration::failures(facts).iter().any(|seen| !is_known(facts, seen))
}

/// True for a step that failed for a reason that reading has shown already: error replies are withheld, or the artifact
/// proxy does not work.
fn is_known(facts: &Facts, seen: &Observation) -> bool {
    let is_unread = seen.saw == Saw::NetworkError;
    let is_file = seen.probe.target.path.contains("/mlflow-artifacts/");
    let as_listed = is_unread || seen.status() == facts.saw(ask::ARTIFACTS).and_then(Observation::status);
    is_unread && facts.errors_are_hidden()
        || is_file && as_listed && (artifacts::WATCH.present)(facts, Host::Registry)
}
