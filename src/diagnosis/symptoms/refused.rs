//! The request is refused, readably: 401, 402, 403 or 429, or an auth outage in words.

use super::{Kind, Watch};
use crate::deployment::Host;
use crate::deployment::credential::{KEY_PLACE, Presented};
use crate::json::texts;
use crate::probe::Probe;
use crate::run::facts::{VALIDATE_ANY, VALIDATE_BODY, VALIDATE_OTHER, ask};
use crate::run::{Facts, Refusal};

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

/// When the key was refused: is it good for any service at all? And when it is good there, in which ways may the
/// gateway ask differently? Shared with `HiddenRefusal`.
pub(super) fn ask_auth_service(facts: &Facts) -> Vec<Probe> {
    let (Some(auth), Some(service)) = (&facts.deployment.auth, &facts.deployment.service_id) else {
        return Vec::new();
    };
    let ask = |id: &str, presented: Presented, body: &[(&str, &str)]| {
        let target = auth.base.join(&auth.validate_path);
        facts.get(id, Host::Auth, target).with(presented).json(texts(body))
    };
    let (key, service_id) = (auth.field("api_key"), auth.field("service_id"));
    let in_body = || ask(VALIDATE_BODY, Presented::KeyInBody, &[(key, KEY_PLACE), (service_id, service)]);
    // Another one of the deployment, or one that nobody has.
    let other =
        auth.service_ids.iter().find(|id| *id != service).map_or("preflight-no-such-service", |id| id);
    match facts.auth_says() {
        Some(true) => vec![in_body(), ask(VALIDATE_OTHER, Presented::Key, &[(service_id, other)])],
        _ if facts.refusal_of(ask::VALIDATE_KEY) == Some(Refusal::KeyRequired) => vec![in_body()],
        _ if facts.auth_refuses(ask::VALIDATE_KEY) => vec![ask(VALIDATE_ANY, Presented::Key, &[])],
        _ => Vec::new(),
    }
}
