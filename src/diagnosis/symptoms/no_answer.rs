//! Requests to a host get no HTTP answer.

use super::{Kind, Watch};
use crate::deployment::Host;
use crate::deployment::credential::Presented;
use crate::probe::{Probe, Saw, Way};
use crate::run::Facts;
use crate::run::facts::{Reach, ask, manual_id, no_cors_id, socket_id};

pub const WATCH: Watch = Watch { kind: Kind::NoAnswer, present, asks, says: "The host gives no answer." };

fn present(facts: &Facts, host: Host) -> bool {
    matches!(facts.reach(host), Reach::Barred | Reach::NoAnswer | Reach::Silent)
}

fn asks(facts: &Facts, host: Host) -> Vec<Probe> {
    let open = Facts::open_id(host);
    let in_doubt = facts.failed(open) || facts.waiting.iter().any(|id| id == open);
    let Some(target) = facts.open_target(host).filter(|_| in_doubt) else { return Vec::new() };
    let mut probes = vec![
        // Resolves for any HTTP answer of any status, rejects for everything below HTTP.
        facts.get(&no_cors_id(host), host, target.clone()).by(Way::NoCors),
        facts.get(ask::CONTROL, Host::Page, facts.page_target("preflight.json")),
        facts.blocked_port_ask(),
    ];
    let silent = !facts.failed(open) || facts.saw(open).is_some_and(|seen| seen.saw == Saw::TimedOut);
    // The request with the key follows no redirects either, and a silent host must not be asked more than six times at
    // once: the seventh question would cost a time limit of its own.
    if !silent || facts.best_credential() != Presented::Key {
        probes.extend(
            facts.open_target(host).map(|target| facts.get(&manual_id(host), host, target).by(Way::Manual)),
        );
    }
    // A socket tells of silence, and with https of the certificate. Chromium slows sockets down after some failures, so
    // none is opened where it tells nothing.
    let secure = facts.deployment.base(host).is_some_and(|base| base.origin.secure);
    if secure || silent {
        probes.extend(
            facts
                .open_target(host)
                .map(|target| facts.get(&socket_id(host), host, target).by(Way::WebSocket)),
        );
    }
    // A browser that says it is offline, and cannot reach this page's own server, has nothing more to show.
    let offline = !facts.environment.on_line && facts.control_works() == Some(false);
    if facts.reach(host) == Reach::NoAnswer && !offline {
        probes.extend(
            facts.open_target(host).map(|target| facts.hidden_asks(host, target)).unwrap_or_default(),
        );
    }
    probes
}
