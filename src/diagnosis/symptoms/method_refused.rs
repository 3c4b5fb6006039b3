//! Some methods, or JSON, fail; others to the same path are answered.

use super::{Kind, Watch, asks_nothing};
use crate::deployment::Host;
use crate::run::Facts;

pub const WATCH: Watch = Watch {
    kind: Kind::MethodRefused,
    present,
    asks: asks_nothing,
    says: "A method that MLflow needs fails.",
};

fn present(facts: &Facts, host: Host) -> bool {
    host == Host::Registry
        && !facts.is_unsteady()
        && (!facts.refused_methods().is_empty() || facts.json_is_refused())
}
