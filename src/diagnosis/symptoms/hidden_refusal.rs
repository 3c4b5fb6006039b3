//! The request with the key fails unread.

use super::refused::ask_auth_service;
use super::{Kind, Watch};
use crate::deployment::Host;
use crate::deployment::credential::Presented;
use crate::probe::{Probe, Saw};
use crate::run::Facts;
use crate::run::facts::{Preflight, Reach, ask};

pub const WATCH: Watch = Watch {
    kind: Kind::HiddenRefusal,
    present,
    asks,
    says: "The request with the key fails, and the browser does not say why.",
};

fn present(facts: &Facts, host: Host) -> bool {
    host == Host::Registry
        && !facts.is_unsteady()
        && facts.best_credential() == Presented::Key
        // What comes to no end in time was not refused; see `Slow`.
        && facts.saw(ask::SEARCH_KEY).is_some_and(|seen| seen.saw == Saw::NetworkError)
        // What waits behind answers that do not end proves nothing of its own; see `CutBody`.
        && !facts.stalls(host)
        && facts.reach(host) == Reach::Readable
        && !matches!(facts.preflight(host), Preflight::Blocked | Preflight::KeyRefused)
}

fn asks(facts: &Facts, host: Host) -> Vec<Probe> {
    if !present(facts, host) {
        return Vec::new();
    }
    let mut probes = ask_auth_service(facts);
    // A redirect to the same path with a slash at its end is common, and shows by its being readable there.
    if facts.failed(ask::SEARCH_NONE) && facts.auth_says() == Some(true) {
        let mut target = facts.search_target();
        target.path = target.path.replacen('?', "/?", 1);
        probes.push(facts.get(ask::SEARCH_SLASH, host, target));
    }
    probes
}
