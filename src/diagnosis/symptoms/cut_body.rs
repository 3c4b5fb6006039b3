//! An answer begins and does not come to its end.

use super::{Kind, Watch, asks_nothing};
use crate::deployment::Host;
use crate::run::Facts;
use crate::run::facts::ask;

pub const WATCH: Watch = Watch {
    kind: Kind::CutBody,
    present,
    asks: asks_nothing,
    says: "Answers begin and do not come to their end.",
};

fn present(facts: &Facts, host: Host) -> bool {
    let cut = |id: &str| facts.answer(id).is_some_and(|answer| answer.body.is_cut());
    host == Host::Registry && (cut(facts.search_id()) || cut(ask::OPEN))
}
