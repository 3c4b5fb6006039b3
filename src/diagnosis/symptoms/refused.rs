//! The request is refused, readably: 401, 402, 403 or 429, or an auth outage in words.

use super::{Kind, Watch};
use crate::deployment::Host;
use crate::deployment::credential::Presented;
use crate::probe::Probe;
use crate::run::Facts;
use crate::run::facts::VALIDATE_ANY;

pub const WATCH: Watch = Watch {
    kind: Kind::Refused,
    present,
    asks,
    says: "The request is refused, with words this page does not know.",
};

fn present(facts: &Facts, host: Host) -> bool {
    let refused = facts.refusal().is_some();
    // Without a key that was asked for, a refusal is as it should be; see `NoKey` and `BadKey`.
    let expected = facts.wants_key() && facts.best_credential() == Presented::Nothing;
    host == Host::Registry && refused && !expected
}

fn asks(facts: &Facts, host: Host) -> Vec<Probe> {
    if present(facts, host) { ask_auth_service(facts) } else { Vec::new() }
}

/// When the key was refused: is it good for any service at all? Shared with `HiddenRefusal`.
pub(super) fn ask_auth_service(facts: &Facts) -> Vec<Probe> {
    let Some(auth) = &facts.deployment.auth else { return Vec::new() };
    if facts.auth_says() != Some(false) || facts.deployment.service_id.is_none() {
        return Vec::new();
    }
    vec![
        facts
            .get(VALIDATE_ANY, Host::Auth, auth.base.join(&auth.validate_path))
            .with(Presented::Key)
            .json("{}".to_owned()),
    ]
}
