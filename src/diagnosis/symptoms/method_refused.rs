//! Some methods, or JSON, fail; others to the same path are answered.

use super::{Kind, Watch};
use crate::deployment::Host;
use crate::probe::Probe;
use crate::run::Facts;

pub const WATCH: Watch =
    Watch { kind: Kind::MethodRefused, present, asks, says: "A method that MLflow needs fails." };

fn present(facts: &Facts, host: Host) -> bool {
    host == Host::Registry
        && !facts.is_unsteady()
        && (!facts.refused_methods().is_empty() || facts.json_is_refused())
}

/// What the timing entries of this browser tell: there a refused permission and a withheld answer differ.
fn asks(facts: &Facts, host: Host) -> Vec<Probe> {
    if present(facts, host) { vec![facts.blocked_port_ask()] } else { Vec::new() }
}
