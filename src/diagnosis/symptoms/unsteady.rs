//! The same question is answered well at times and badly at others.

use super::{Kind, Watch};
use crate::deployment::Host;
use crate::probe::{Observation, Probe, Who};
use crate::run::facts::OPEN_REPEATS;
use crate::run::{Facts, Registration};

pub const WATCH: Watch =
    Watch { kind: Kind::Unsteady, present, asks, says: "The same question gets different answers." };

fn present(facts: &Facts, host: Host) -> bool {
    host == Host::Registry && facts.is_unsteady()
}

/// Asked often enough to see one bad server in three, once a gateway's error stands beside a good answer.
fn asks(facts: &Facts, host: Host) -> Vec<Probe> {
    let broken = |seen: &Observation| {
        seen.answer()
            .is_some_and(|answer| matches!(answer.status, 502..=504) && Who::of(answer) == Who::GatewayPage)
    };
    let good = |seen: &Observation| seen.status().is_some_and(|status| status < 500);
    // Steps that write are many and quick: what befalls them is judged by itself.
    let questions = || facts.of_host(host).filter(|seen| !Registration::owns(&seen.probe.id));
    let mixed = questions().any(broken) && questions().any(good);
    let Some(target) = facts.open_target(host).filter(|_| host == Host::Registry && mixed) else {
        return Vec::new();
    };
    OPEN_REPEATS.iter().map(|id| facts.get(id, host, target.clone())).collect()
}
