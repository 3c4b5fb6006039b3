//! The decisive request takes long, the open one does not.

use super::{Kind, Watch, asks_nothing};
use crate::deployment::Host;
use crate::probe::Saw;
use crate::run::Facts;
use crate::run::facts::{Preflight, ask};

pub const WATCH: Watch = Watch {
    kind: Kind::Slow,
    present,
    asks: asks_nothing,
    says: "Requests that need more than the gateway are slow.",
};

/// Redis time-outs and slow name resolution show as multiples of seconds (facts/incidents.md, I32).
const SLOW_MS: u32 = 2_000;

fn present(facts: &Facts, host: Host) -> bool {
    let open = facts.saw(ask::OPEN).filter(|seen| seen.answer().is_some()).map(|seen| seen.ms);
    let (Some(search), Some(open)) = (facts.search(), open) else { return false };
    let waits_in_vain = search.saw == Saw::TimedOut
        && !facts.stalls(host)
        && !matches!(facts.preflight(host), Preflight::Blocked | Preflight::KeyRefused);
    let is_slow = search.answer().is_some() && search.ms >= SLOW_MS && open.saturating_mul(3) < search.ms;
    host == Host::Registry && (waits_in_vain || is_slow)
}
