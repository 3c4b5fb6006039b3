//! Some methods are refused readably where others to the same path are not.

use super::{Kind, Watch, asks_nothing};
use crate::deployment::Host;
use crate::run::Facts;

pub const WATCH: Watch = Watch {
    kind: Kind::MethodBlocked,
    present,
    asks: asks_nothing,
    says: "A method that MLflow needs is refused.",
};

fn present(facts: &Facts, host: Host) -> bool {
    host == Host::Registry && !facts.is_unsteady() && !facts.blocked_methods().is_empty()
}
