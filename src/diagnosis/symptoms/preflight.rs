//! Plain requests are readable; those that need a preflight fail.

use super::{Kind, Watch};
use crate::deployment::Host;
use crate::deployment::credential::Presented;
use crate::probe::Probe;
use crate::run::Facts;
use crate::run::facts::{EMPTY_HEADER, Preflight, Reach, open_fake_id, open_json_id};

pub const WATCH: Watch = Watch {
    kind: Kind::Preflight,
    present,
    asks,
    says: "Requests that need permission first (a preflight) fail.",
};

fn present(facts: &Facts, host: Host) -> bool {
    // One bad server among several may have got all that need permission, and none of the others.
    host == Host::Registry
        && !facts.is_unsteady()
        && matches!(facts.preflight(host), Preflight::Blocked | Preflight::KeyRefused)
}

fn asks(facts: &Facts, host: Host) -> Vec<Probe> {
    let some_failed = facts.of_host(host).any(|seen| seen.probe.is_preflighted() && seen.failed());
    let in_doubt = host == Host::Registry
        && facts.reach(host) == Reach::Readable
        && some_failed
        && facts.preflight(host) != Preflight::Works;
    let Some(target) = facts.open_target(host).filter(|_| in_doubt) else { return Vec::new() };
    let mut probes = vec![
        facts.get(&open_fake_id(host), host, target.clone()).with(Presented::Fake),
        // Needs a preflight for a header that every setup for MLflow allows, and carries no key.
        facts.get(&open_json_id(host), host, target).header("content-type", "application/json"),
    ];
    // Who judges keys may answer every request with one in a way that no page may read, its permission question or not.
    if present(facts, host) {
        let mut empty = facts.get(EMPTY_HEADER, host, facts.search_target());
        for name in facts.deployment.scheme.header_names() {
            empty.headers.push((name, String::new()));
        }
        probes.push(empty);
    }
    probes
}
