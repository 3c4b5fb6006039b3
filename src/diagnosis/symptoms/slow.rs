//! The decisive request takes long, the open one does not.

use super::{Kind, Watch, asks_nothing};
use crate::deployment::Host;
use crate::run::Facts;
use crate::run::facts::ask;

pub const WATCH: Watch = Watch {
    kind: Kind::Slow,
    present,
    asks: asks_nothing,
    says: "Requests that need more than the gateway are slow.",
};

/// Redis time-outs and slow name resolution show as multiples of seconds (facts/incidents.md, I32).
const SLOW_MS: u32 = 2_000;

fn present(facts: &Facts, host: Host) -> bool {
    let search = facts.search().filter(|seen| seen.answer().is_some()).map(|seen| seen.ms);
    let open = facts.saw(ask::OPEN).filter(|seen| seen.answer().is_some()).map(|seen| seen.ms);
    host == Host::Registry
        && matches!((search, open), (Some(search), Some(open)) if search >= SLOW_MS && open * 3 < search)
}
