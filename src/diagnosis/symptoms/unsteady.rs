//! The same question is answered well at times and badly at others.

use super::{Kind, Watch};
use crate::deployment::Host;
use crate::probe::{Probe, Saw};
use crate::run::Facts;
use crate::run::facts::{OPEN_REPEATS, Reach, SEARCH_REPEATS, ask};

pub const WATCH: Watch =
    Watch { kind: Kind::Unsteady, present, asks, says: "The same question gets different answers." };

fn present(facts: &Facts, host: Host) -> bool {
    host == Host::Registry && facts.is_unsteady()
}

/// Asked often enough to see one bad server in three, once a good answer stands beside a gateway's error, or beside a
/// failure that the same question did not meet with at another time.
fn asks(facts: &Facts, host: Host) -> Vec<Probe> {
    let Some(target) = facts.open_target(host).filter(|_| host == Host::Registry) else { return Vec::new() };
    let ask = |id: &&str| facts.get(id, host, target.clone());
    if facts.gateway_page_beside_a_good_answer() || facts.failures_differ() {
        return OPEN_REPEATS.iter().map(ask).collect();
    }
    if facts.reach(host) != Reach::Readable || facts.stalls(host) {
        return Vec::new();
    }
    // What failed unread is asked again, without a key: is it always so?
    let again = |id: &str| facts.saw(id).is_some_and(|seen| seen.saw == Saw::NetworkError);
    let open = OPEN_REPEATS.iter().take(2).filter(|_| again(ask::OPEN)).map(ask);
    let search = SEARCH_REPEATS.iter().filter(|_| again(ask::SEARCH_NONE));
    open.chain(search.map(|id| facts.get(id, host, facts.search_target()))).collect()
}
