//! The registry wants a session, and pages may not send one: a request with cookies fails where the same request
//! without them is readable.

use super::{Kind, Watch};
use crate::deployment::{AuthScheme, Host};
use crate::probe::{Probe, Who};
use crate::run::Facts;
use crate::run::Refusal;
use crate::run::facts::{OPEN_COOKIES, ask, open_status_id};

pub const WATCH: Watch = Watch {
    kind: Kind::CookiesRefused,
    present,
    asks,
    says: "Requests with cookies fail, the same without them do not.",
};

fn present(facts: &Facts, host: Host) -> bool {
    host == Host::Registry && !facts.is_unsteady() && facts.refuses_cookies()
}

/// Cookies are sent only where something asks for a session and no key is in use.
fn asks(facts: &Facts, host: Host) -> Vec<Probe> {
    let wants_session =
        matches!(facts.refusal_of(ask::SEARCH_NONE), Some(Refusal::KeyRequired | Refusal::Other))
            || facts.answer(ask::SEARCH_NONE).is_some_and(|answer| Who::of(answer) == Who::LoginPage);
    // A Basic challenge would open the browser's own dialog, so only a path is asked that answers well to anybody.
    let wants = host == Host::Registry
        && facts.deployment.scheme == AuthScheme::None
        && wants_session
        && facts.answer(ask::OPEN).is_some_and(|answer| answer.ok());
    let Some(target) = facts.open_target(host).filter(|_| wants) else { return Vec::new() };
    let mut probes = vec![facts.get(OPEN_COOKIES, host, target.clone()).in_scheme(AuthScheme::Cookies)];
    probes.extend(facts.status_asks(&open_status_id(host), host, target));
    probes
}
