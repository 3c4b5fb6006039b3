//! The request is refused, readably: 401, 402, 403 or 429, or an auth outage in words.

use super::{Kind, Watch};
use crate::deployment::Host;
use crate::deployment::credential::{KEY_PLACE, Presented};
use crate::json::texts;
use crate::probe::Probe;
use crate::run::facts::{VALIDATE_ANY, VALIDATE_BODY, VALIDATE_NONE, VALIDATE_OTHER, ask};
use crate::run::{Facts, Refusal};

pub const WATCH: Watch = Watch {
    kind: Kind::Refused,
    present,
    asks,
    says: "The request is refused, with words this page does not know.",
};

fn present(facts: &Facts, host: Host) -> bool {
    // Without a key that was asked for, a refusal for want of one is as it should be; see `NoKey` and `BadKey`.
    let no_key = facts.wants_key() && facts.best_credential() == Presented::Nothing;
    host == Host::Registry && facts.refusal().is_some_and(|refusal| !no_key || !refusal.may_want_a_key())
}

fn asks(facts: &Facts, host: Host) -> Vec<Probe> {
    if present(facts, host) { ask_auth_service(facts) } else { Vec::new() }
}

/// When the key was refused: is it good for any service at all? And when it is good there, in which ways may the
/// gateway ask differently? Shared with `HiddenRefusal`.
pub(super) fn ask_auth_service(facts: &Facts) -> Vec<Probe> {
    let Some(auth) = &facts.deployment.auth else { return Vec::new() };
    let (key, service_id) = (auth.field("api_key"), auth.field("service_id"));
    let service = facts.deployment.service_id.as_deref();
    let ask = |id: &str, presented: Presented, key: Option<&str>, service: Option<&str>| {
        let target = auth.base.join(&auth.validate_path);
        let key = key.map(|key| (key, KEY_PLACE));
        let body: Vec<(&str, &str)> = key.into_iter().chain(service.map(|it| (service_id, it))).collect();
        facts.get(id, Host::Auth, target).with(presented).json(texts(&body))
    };
    let in_body = || ask(VALIDATE_BODY, Presented::KeyInBody, Some(key), service);
    match facts.auth_says() {
        Some(true) => {
            // Another one of the deployment, or one that nobody has.
            let other = auth.service_ids.iter().find(|id| Some(id.as_str()) != service);
            let other = other.map_or("preflight-no-such-service", String::as_str);
            let other = service.map(|_| ask(VALIDATE_OTHER, Presented::Key, None, Some(other)));
            other.into_iter().chain([in_body()]).collect()
        }
        _ if facts.refusal_of(ask::VALIDATE_KEY) == Some(Refusal::KeyRequired) => vec![in_body()],
        _ if facts.auth_refuses(ask::VALIDATE_KEY) => {
            let any = service.map(|_| ask(VALIDATE_ANY, Presented::Key, None, None));
            let mut probes = vec![ask(VALIDATE_NONE, Presented::Nothing, None, service)];
            probes.extend(any);
            // Refused in the words that nobody's key gets: it may look for keys elsewhere.
            if facts.saw(VALIDATE_NONE).is_some() && !facts.auth_reads_the_key() {
                probes.push(in_body());
            }
            probes
        }
        _ => Vec::new(),
    }
}
