//! A refusal that is about no key: an outage or a limit under the status of a bad key.

use super::{Kind, Watch, asks_nothing};
use crate::deployment::Host;
use crate::deployment::credential::Presented;
use crate::run::{Facts, Refusal};

pub const WATCH: Watch = Watch {
    kind: Kind::Misreported,
    present,
    asks: asks_nothing,
    says: "An outage or a limit is reported as a refused key.",
};

fn present(facts: &Facts, host: Host) -> bool {
    let status = facts.search().and_then(|seen| seen.status());
    if host != Host::Registry
        || facts.best_credential() != Presented::Key
        || !matches!(status, Some(401 | 403))
    {
        return false;
    }
    match facts.refusal() {
        Some(Refusal::AuthOutage | Refusal::RateLimit) => true,
        Some(Refusal::KeyInvalid) => facts.auth_is_down(),
        _ => false,
    }
}
