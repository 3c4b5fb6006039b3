//! Reading by GET works, and the same search by POST, as the Python client sends it, does not.

use super::{Kind, Watch, asks_nothing};
use crate::deployment::Host;
use crate::probe::Saw;
use crate::run::Facts;
use crate::run::facts::{RANDOM_POST, ask};

pub const WATCH: Watch = Watch {
    kind: Kind::PostRefused,
    present,
    asks: asks_nothing,
    says: "Searching by GET works; the same search by POST, as the Python client sends it, does not.",
};

fn present(facts: &Facts, host: Host) -> bool {
    if host != Host::Registry || !facts.mlflow_works() || facts.is_unsteady() {
        return false;
    }
    let Some(seen) = facts.saw(ask::SEARCH_POST) else { return false };
    match seen.answer() {
        Some(answer) => !(answer.ok() && Facts::is_mlflow(answer)),
        // Where no POST with JSON may be sent at all, permission is the trouble: see `MethodRefused`.
        None => matches!(seen.saw, Saw::NetworkError | Saw::TimedOut) && facts.answer(RANDOM_POST).is_some(),
    }
}
