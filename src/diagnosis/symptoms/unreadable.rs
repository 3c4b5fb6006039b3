//! A host answers, and the page may read none of it.

use super::{Kind, Watch};
use crate::deployment::Host;
use crate::probe::Probe;
use crate::run::Facts;
use crate::run::facts::{Reach, ask, open_status_id, random_status_id};

pub const WATCH: Watch = Watch {
    kind: Kind::Unreadable,
    present,
    asks,
    says: "The host answers, but the page may not read what it says.",
};

fn present(facts: &Facts, host: Host) -> bool {
    // Nobody but this page needs to read the auth service's answers, so that alone is no trouble; its trouble
    // shows as `AuthTrouble`.
    host == Host::Registry && facts.reach(host) == Reach::Unreadable
}

fn asks(facts: &Facts, host: Host) -> Vec<Probe> {
    if facts.reach(host) != Reach::Unreadable {
        return Vec::new();
    }
    let mut probes = Vec::new();
    if let Some(target) = facts.open_target(host) {
        probes.extend(facts.status_asks(&open_status_id(host), host, target));
    }
    if let Some(target) = facts.random_target(host) {
        probes.extend(facts.status_asks(random_status_id(host), host, target));
    }
    if host == Host::Registry {
        probes.extend(facts.status_asks(ask::SEARCH_STATUS, host, facts.search_target()));
    }
    probes
}
