//! Successes are readable; an error reply to a plain request is withheld.

use super::{Kind, Watch};
use crate::deployment::Host;
use crate::probe::{Observation, Probe};
use crate::run::Facts;
use crate::run::facts::{Reach, StatusClass, ask, open_status_id};

pub const WATCH: Watch =
    Watch { kind: Kind::HiddenErrors, present, asks, says: "An error reply is withheld from the page." };

fn present(facts: &Facts, host: Host) -> bool {
    if host == Host::Registry && !facts.is_unsteady() && facts.errors_are_hidden() {
        return true;
    }
    host == Host::Registry
        && !facts.is_unsteady()
        && facts.reach(host) == Reach::Readable
        && facts.search_error_is_hidden()
        // When the request with the key fails unread too, that is the greater trouble (see `HiddenRefusal`), unless the auth
        // service has told why.
        && (!facts.failed(ask::SEARCH_KEY) || facts.auth_says() == Some(false))
        // The oracle is believed for this host only if it calls a readable path a success, or if the same address
        // is readable with the key.
        && (facts.search().and_then(Observation::answer).is_some_and(|answer| answer.ok())
            || facts.was_sent(ask::SEARCH_NONE)
            || facts.root_is_open()
            || facts.status_class(&open_status_id(host)) == Some(StatusClass::Success))
}

fn asks(facts: &Facts, host: Host) -> Vec<Probe> {
    if host != Host::Registry || facts.reach(host) != Reach::Readable {
        return Vec::new();
    }
    if !facts.failed(ask::SEARCH_NONE) {
        return facts.error_asks();
    }
    let mut probes = facts.status_asks(ask::SEARCH_STATUS, host, facts.search_target());
    if let Some(target) = facts.open_target(host) {
        probes.extend(facts.status_asks(&open_status_id(host), host, target));
    }
    probes.push(facts.blocked_port_ask());
    // MLflow's host check exempts its health and version paths: readable here means MLflow itself speaks.
    probes.push(facts.get(ask::VERSION, host, facts.deployment.mlflow.join("/version")));
    probes
}
