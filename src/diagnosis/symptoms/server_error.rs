//! A server error, readably.

use super::{Kind, Watch, asks_nothing};
use crate::deployment::Host;
use crate::run::Facts;
use crate::run::facts::ask;

pub const WATCH: Watch = Watch {
    kind: Kind::ServerError,
    present,
    asks: asks_nothing,
    says: "The server answers with an error of its own.",
};

fn present(facts: &Facts, host: Host) -> bool {
    host == Host::Registry
        && !facts.is_unsteady()
        && facts.refusal().is_none()
        && [facts.search_id(), ask::OPEN]
            .iter()
            .any(|id| facts.answer(id).is_some_and(|answer| answer.status >= 500))
}
