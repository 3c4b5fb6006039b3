//! A key is needed and none was typed.

use super::{Kind, Watch, asks_nothing};
use crate::deployment::Host;
use crate::run::Facts;
use crate::run::facts::{Reach, ask};

pub const WATCH: Watch = Watch { kind: Kind::NoKey, present, asks: asks_nothing, says: "No key was typed." };

fn present(facts: &Facts, host: Host) -> bool {
    let let_in = facts.answer(ask::SEARCH_NONE).is_some_and(|answer| answer.ok());
    host == Host::Registry
        && facts.wants_key()
        && !facts.key.present
        && !let_in
        && facts.saw(ask::SEARCH_NONE).is_some()
        && facts.reach(host) == Reach::Readable
}
