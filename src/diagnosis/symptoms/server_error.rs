//! A server error, readably. MLflow gives some errors of its database another status.

use super::{Kind, Watch, asks_nothing};
use crate::deployment::Host;
use crate::probe::Said;
use crate::run::Facts;
use crate::run::facts::ask;

pub const WATCH: Watch = Watch {
    kind: Kind::ServerError,
    present,
    asks: asks_nothing,
    says: "The server answers with an error of its own.",
};

fn present(facts: &Facts, host: Host) -> bool {
    let fails = |id: &str| facts.answer(id).is_some_and(|answer| answer.status >= 500);
    host == Host::Registry
        && !facts.is_unsteady()
        && facts.refusal().is_none()
        && (fails(facts.search_id())
            || facts.said(facts.search_id()) == Some(Said::StoreFails)
            // When MLflow works, a failing health path is another trouble: see `Health`.
            || fails(ask::OPEN) && !facts.mlflow_works())
}
