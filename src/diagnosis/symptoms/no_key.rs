//! A key is needed and none was typed.

use super::{Kind, Watch, asks_nothing};
use crate::deployment::Host;
use crate::probe::Saw;
use crate::run::facts::{Reach, ask};
use crate::run::{Facts, Refusal};

pub const WATCH: Watch = Watch { kind: Kind::NoKey, present, asks: asks_nothing, says: "No key was typed." };

fn present(facts: &Facts, host: Host) -> bool {
    // Only who is turned away for want of a key lacks one: not found, or not answered, is another matter.
    let turned_away = facts.saw(ask::SEARCH_NONE).is_some_and(|seen| match seen.answer().map(Refusal::of) {
        None => seen.saw == Saw::NetworkError,
        Some(refusal) => refusal.is_some_and(Refusal::may_want_a_key),
    });
    host == Host::Registry
        && facts.wants_key()
        && !facts.key.present
        && turned_away
        && facts.reach(host) == Reach::Readable
}
