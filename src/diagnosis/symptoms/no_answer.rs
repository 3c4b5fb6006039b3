//! Requests to a host get no HTTP answer.

use super::{Kind, Watch};
use crate::deployment::{Host, Origin, Target};
use crate::probe::{Probe, Way};
use crate::run::Facts;
use crate::run::facts::{BLOCKED_PORT, Reach, ask, manual_id, no_cors_id, socket_id};

pub const WATCH: Watch = Watch { kind: Kind::NoAnswer, present, asks, says: "The host gives no answer." };

fn present(facts: &Facts, host: Host) -> bool {
    matches!(facts.reach(host), Reach::Barred | Reach::NoAnswer | Reach::Silent)
}

fn asks(facts: &Facts, host: Host) -> Vec<Probe> {
    let open = Facts::open_id(host);
    let in_doubt = facts.failed(open) || facts.waiting.iter().any(|id| id == open);
    let Some(target) = facts.open_target(host).filter(|_| in_doubt) else { return Vec::new() };
    let blocked_port = Origin { port: 6000, ..facts.environment.page_origin.clone() };
    let mut probes = vec![
        // Resolves for any HTTP answer of any status, rejects for everything below HTTP.
        facts.get(&no_cors_id(host), host, target.clone()).by(Way::NoCors),
        facts.get(&manual_id(host), host, target.clone()).by(Way::Manual),
        facts.get(&socket_id(host), host, target).by(Way::WebSocket),
        facts.get(ask::CONTROL, Host::Page, facts.page_target("preflight.json")),
        facts.get(BLOCKED_PORT, Host::Page, Target { origin: blocked_port, path: "/".to_owned() }),
    ];
    if facts.reach(host) == Reach::NoAnswer {
        probes.extend(
            facts.open_target(host).map(|target| facts.object_asks(host, target)).unwrap_or_default(),
        );
    }
    probes
}
