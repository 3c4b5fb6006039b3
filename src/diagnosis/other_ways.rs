//! *Try other ways*: after a refusal, and only when the user asks for it, the key is presented in other schemes and the
//! auth service is asked about other services. A stage of a run with its own budget of possibly failed logins; one
//! question at a time, and none after the answer is clear.

use crate::deployment::credential::Presented;
use crate::deployment::{AuthScheme, Host};
use crate::json;
use crate::part::Part;
use crate::probe::{Observation, Probe};
use crate::run::facts::{OTHER_SCHEME, OTHER_SERVICE, Reach, VALIDATE_ANY};
use crate::run::{Facts, Refusal};

/// How the ids of all questions of this stage begin.
const OTHER: &str = "other-";

/// What this stage asks next (see [`asks`]).
pub type Asks = fn(&Facts, bool) -> Vec<Probe>;

/// The way to [`asks`].
pub static ASKS: Part<Asks> = Part::new(&ASKS_HERE);
/// What it leads to.
pub static ASKS_HERE: Asks = asks;

/// True when other ways may help: the key, or the request for want of one, was refused, and they were not tried yet.
pub fn offered(facts: &Facts) -> bool {
    let may_be_the_key = match facts.search().map(|seen| (seen.answer(), facts.refusal())) {
        Some((
            Some(_),
            Some(
                Refusal::KeyRequired
                | Refusal::KeyInvalid
                | Refusal::KeyExpired
                | Refusal::Forbidden
                | Refusal::Other,
            ),
        )) => true,
        Some((None, _)) => facts.failed(facts.search_id()) && facts.reach(Host::Registry) == Reach::Readable,
        _ => false,
    };
    may_be_the_key && facts.best_credential() == Presented::Key && !was_tried(facts)
}

/// True once this stage has begun.
pub fn was_tried(facts: &Facts) -> bool {
    facts.observations.iter().any(|seen| seen.probe.id.starts_with(OTHER))
}

/// The next question of this stage; none when the answer is clear or the budget is used up.
pub fn asks(facts: &Facts, cookies: bool) -> Vec<Probe> {
    if is_clear(facts) {
        return Vec::new();
    }
    let tried = |probe: &Probe| facts.saw(&probe.id).is_some();
    let is_login = |probe: &Probe| probe.presented != Presented::Nothing;
    let sent =
        facts.observations.iter().filter(|seen| seen.probe.id.starts_with(OTHER) && is_login(&seen.probe));
    let may_log_in = sent.count() < facts.limits.failed_logins;
    let next =
        ways(facts, cookies).into_iter().find(|probe| !tried(probe) && (may_log_in || !is_login(probe)));
    next.into_iter().collect()
}

/// What this stage asks, in words: before it for the announcement, after it what was not tried.
pub fn untried(facts: &Facts, cookies: bool) -> Vec<String> {
    let asked = |probe: &Probe| facts.saw(&probe.id).is_some_and(Observation::was_asked);
    ways(facts, cookies).iter().filter(|probe| !asked(probe)).map(words).collect()
}

/// What came of each way that was tried.
pub fn tried(facts: &Facts) -> Vec<String> {
    let of_this_stage = facts.observations.iter().filter(|seen| seen.probe.id.starts_with(OTHER));
    of_this_stage.map(|seen| format!("{}: {}", words(&seen.probe), crate::checks::describe(seen))).collect()
}

fn is_clear(facts: &Facts) -> bool {
    facts.other_scheme().is_some() || facts.other_service().is_some()
}

fn words(probe: &Probe) -> String {
    let body = || probe.body.clone().unwrap_or_default();
    match (&probe.presented_as, probe.host) {
        (Some(scheme), _) => scheme.words(),
        (None, Host::Auth) => format!("the auth service, asked {}", body()),
        _ => String::new(),
    }
}

/// Everything there is to try, the most telling first.
fn ways(facts: &Facts, cookies: bool) -> Vec<Probe> {
    let mut schemes = vec![AuthScheme::XApiKey, AuthScheme::ApiKey, AuthScheme::Bearer, AuthScheme::Raw];
    schemes.extend(facts.deployment.own_header.clone().map(AuthScheme::Custom));
    schemes.extend([AuthScheme::Both, AuthScheme::Basic]);
    schemes.retain(|scheme| *scheme != facts.deployment.scheme);
    let search = |scheme: AuthScheme, presented| {
        let id = [OTHER_SCHEME, scheme.name()].concat();
        facts.get(&id, Host::Registry, facts.search_target()).with(presented).in_scheme(scheme)
    };
    let mut ways: Vec<Probe> = schemes.into_iter().map(|scheme| search(scheme, Presented::Key)).collect();
    let services = services(facts);
    // Where the key was read, another way to present it changes little.
    if facts.refusal() == Some(Refusal::KeyInvalid) && !facts.key_changes_nothing() {
        ways.splice(0..0, services);
    } else {
        ways.extend(services);
    }
    if cookies {
        ways.push(search(AuthScheme::Cookies, Presented::Nothing));
    }
    ways
}

/// The auth service about other services, and with an address of the client, as gateways send it.
fn services(facts: &Facts) -> Vec<Probe> {
    let Some(auth) = &facts.deployment.auth else { return Vec::new() };
    // It accepts the key for the service of the form, or has said which one the key is for.
    if facts.auth_says() == Some(true) || facts.auth_says_to(VALIDATE_ANY) == Some(true) {
        return Vec::new();
    }
    let ask = |id: String, body: &[(&str, &str)]| {
        let target = auth.base.join(&auth.validate_path);
        facts.get(&id, Host::Auth, target).with(Presented::Key).json(json::texts(body))
    };
    let own = facts.deployment.service_id.as_deref();
    let others = auth.service_ids.iter().filter(|id| Some(id.as_str()) != own);
    let mut ways: Vec<Probe> =
        others.map(|id| ask([OTHER_SERVICE, id].concat(), &[(auth.field("service_id"), id)])).collect();
    let mut with_address = vec![(auth.field("client_ip"), "127.0.0.1")];
    with_address.extend(own.map(|own| (auth.field("service_id"), own)));
    ways.push(ask("other-client-address".to_owned(), &with_address));
    ways
}
