//! The decisive request takes long, and the open one does not, or a part that all of them need is not well.

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
    // Everything may wait for a part that a health path calls unwell; else it may as well be the line (I32).
    let is_late = open.saturating_mul(3) < search.ms || open >= SLOW_MS && !facts.unwell().is_empty();
    let is_slow = search.answer().is_some() && search.ms >= SLOW_MS && is_late;
    host == Host::Registry && (waits_in_vain || is_slow)
}
