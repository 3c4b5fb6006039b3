//! One probe, from the check that it goes where it should to what was seen of it.

use super::clock::{self, Timer};
use super::slot::Slot;
use super::{fetch, frame, object, prefetch, socket, timing, url};
use crate::deployment::Credential;
use crate::deployment::credential::Presented;
use crate::probe::{Entry, Observation, Probe, Saw, Way};

/// Said when a request cannot even be built. Never the browser's own words: they may quote a header's value.
pub(super) const REFUSED: &str = "The browser refused to build this request.";

/// Sends a probe and waits for what comes of it, for its time limit, or until the slot is settled from
/// outside (the user's stop). `started` is the run's start by [`clock::now`].
pub async fn send(
    probe: Probe,
    credential: &Credential,
    nonce: &str,
    started: f64,
    slot: &Slot,
) -> Observation {
    let start_ms = clock::since(started);
    let sent = clock::now();
    let _limit = Timer::settle(probe.timeout_ms, slot, Saw::TimedOut);
    let mark = marked(&probe).then(|| [&probe.id, ".", nonce].concat());
    let (saw, address) = match slot.get() {
        Some(saw) => (saw, String::new()),
        None => ask(&probe, credential, mark.as_deref(), slot).await,
    };
    let ms = clock::since(sent);
    let entry = match saw {
        Saw::NetworkError | Saw::TimedOut if by_fetch(probe.way) => timing::entry_of_failed(&address).await,
        _ => Entry::Unknown,
    };
    Observation { probe, start_ms, ms, saw, entry }
}

/// What came, and the address as it was sent.
async fn ask(probe: &Probe, credential: &Credential, mark: Option<&str>, slot: &Slot) -> (Saw, String) {
    let refused = |reason: &str| (Saw::NotSent(reason.to_owned()), String::new());
    if !probe.target.is_sound(url::parse) {
        return refused("This address would lead to another host, so nothing was sent.");
    }
    if probe.way != Way::Cors && probe.presented != Presented::Nothing {
        return refused("This way of asking cannot carry a key, so nothing was sent.");
    }
    if by_fetch(probe.way) {
        return fetch::ask(probe, credential, mark, slot).await;
    }
    let mut address = probe.target.to_string();
    if let Some(mark) = mark {
        address.push(if address.contains('?') { '&' } else { '?' });
        address.push_str(fetch::MARK);
        address.push('=');
        address.push_str(mark);
    }
    let saw = match probe.way {
        Way::Prefetch => prefetch::ask(&address, slot).await,
        Way::Object => object::ask(&address, slot).await,
        Way::Frame => frame::ask(&address, slot).await,
        _ => socket::ask(&address, slot).await,
    };
    (saw, address)
}

fn by_fetch(way: Way) -> bool {
    matches!(way, Way::Cors | Way::Manual | Way::Shared | Way::NoCors)
}

/// A unique query keeps caches out and makes the timing entry findable. Controls on the page's own origin go
/// without: a host of static files may not expect one.
fn marked(probe: &Probe) -> bool {
    probe.is_outward() && probe.way != Way::Shared
        || matches!(probe.way, Way::Prefetch | Way::Object | Way::Frame)
}
