//! MLflow misses in a search by GET what the query held.

use super::{Kind, Watch, asks_nothing};
use crate::deployment::Host;
use crate::probe::Said;
use crate::run::Facts;

pub const WATCH: Watch = Watch {
    kind: Kind::QueryLost,
    present,
    asks: asks_nothing,
    says: "MLflow misses what the query of the request held.",
};

fn present(facts: &Facts, host: Host) -> bool {
    host == Host::Registry && !facts.is_unsteady() && facts.said(facts.search_id()) == Some(Said::Missing)
}
