//! The decisive request gets a redirect that the page may see and does not follow, because it carries the key.

use super::{Kind, Watch, asks_nothing};
use crate::deployment::Host;
use crate::probe::Saw;
use crate::run::{Facts, Reach};

pub const WATCH: Watch = Watch {
    kind: Kind::Redirected,
    present,
    asks: asks_nothing,
    says: "The request with the key is redirected.",
};

fn present(facts: &Facts, host: Host) -> bool {
    host == Host::Registry
        && facts.search().is_some_and(|seen| seen.saw == Saw::OpaqueRedirect)
        && facts.reach(host) == Reach::Readable
}
