//! What was typed cannot be a key of this deployment.

use super::{Kind, Watch, asks_nothing};
use crate::deployment::Host;
use crate::run::Facts;

pub const WATCH: Watch = Watch {
    kind: Kind::BadKey,
    present,
    asks: asks_nothing,
    says: "What was typed does not look like a key.",
};

fn present(facts: &Facts, host: Host) -> bool {
    host == Host::Registry
        && facts.wants_key()
        && facts.key.present
        && !facts.key.problems.is_empty()
        && (!facts.key.sendable() || facts.auth_says() != Some(true))
        && !facts.mlflow_works()
}
