//! `auth-service-down`

use super::prelude::*;

pub const CAUSE: Cause = Cause {
    code: "auth-service-down",
    class: Class::Infrastructure,
    hop: Hop::Auth,
    owner: Owner::Auth,
    title: "The auth service is down",
    fit,
    headline: |facts, host| {
        let refused = facts.refusal() == Some(Refusal::AuthOutage);
        if refused {
            format!(
                "Your key is not the problem: {} cannot ask its auth service. It says {}.",
                words::name(facts, Host::Registry),
                words::said(facts, facts.search_id())
            )
        } else if let Some(seen) = facts.saw(ask::VALIDATE_KEY).filter(|_| only_judging_fails(facts)) {
            format!(
                "{} calls itself well and fails when it is asked about a key: {}. Until it does not, keys may be refused.",
                words::the(facts, Host::Auth),
                describe(seen)
            )
        } else if let Some(seen) =
            facts.saw(ask::AUTH_OPEN).filter(|seen| seen.answer().is_some_and(|answer| !answer.ok()))
        {
            format!(
                "{} is not well: its health path answers {}. {}",
                words::the(facts, Host::Auth),
                describe(seen),
                if facts.key_is_judged_good() || facts.auth_says().is_some() {
                    "Keys are still judged."
                } else {
                    "Until it is, every key is refused."
                }
            )
        } else if host == Host::Auth {
            format!(
                "{} answers its own health path with an error that this page may not read. While it is down, every key is refused.",
                words::the(facts, Host::Auth)
            )
        } else {
            format!(
                "The auth service behind {} may be down; then every key is refused.",
                words::name(facts, Host::Registry)
            )
        }
    },
    fixes: only_cards,
    tell: |facts, _| {
        words::curl_verbose(facts, Host::Auth).or_else(|| words::curl_for(facts, facts.search_id()))
    },
};

/// Its health path answers well, and a question about a key gets a server error.
fn only_judging_fails(facts: &Facts) -> bool {
    facts.answer(ask::AUTH_OPEN).is_some_and(|answer| answer.status < 500)
        && facts.answer(ask::VALIDATE_KEY).is_some_and(|answer| answer.status >= 500)
}

fn fit(symptom: &Symptom, facts: &Facts) -> Fit {
    // Shown in another way the key is taken: somebody judges keys.
    if symptom.kind != Kind::AuthTrouble && facts.other_scheme().is_some() {
        return Fit::NO;
    }
    let trouble = open_status_id(Host::Auth);
    let auth_fails = facts.status_class(&trouble) == Some(StatusClass::Error);
    match symptom.kind {
        Kind::AuthTrouble if auth_fails => Fit::likely(80, &[ask::AUTH_OPEN, &trouble]),
        // A key is taken all the same, or only the question about a key fails.
        Kind::AuthTrouble if facts.key_is_judged_good() => {
            Fit::likely(60, &[ask::AUTH_OPEN, facts.search_id()])
        }
        Kind::AuthTrouble if only_judging_fails(facts) => {
            Fit::likely(80, &[ask::VALIDATE_KEY, ask::AUTH_OPEN])
        }
        // It judges keys all the same.
        Kind::AuthTrouble if facts.auth_says().is_some() => {
            Fit::likely(70, &[ask::AUTH_OPEN, ask::VALIDATE_KEY])
        }
        Kind::AuthTrouble => Fit::certain(&[ask::AUTH_OPEN, ask::VALIDATE_KEY]),
        // It answers here: only the gateway does not reach it.
        Kind::Refused if facts.auth_says().is_some() => Fit::NO,
        // Its own health path says so as well, unread.
        Kind::Refused
            if facts.refusal() == Some(Refusal::AuthOutage)
                && auth_fails
                && facts.deployment.path_is_listed =>
        {
            Fit::certain(&[facts.search_id(), &trouble])
        }
        // Where `preflight.json` does not name the deployment, it may be a path that the service has not.
        Kind::Refused if facts.refusal() == Some(Refusal::AuthOutage) && auth_fails => {
            Fit::likely(92, &[facts.search_id(), &trouble])
        }
        // The gateway says so of a service that this page knows nothing of: see `auth-service-unreachable`.
        Kind::Refused if facts.refusal() == Some(Refusal::AuthOutage) && !facts.auth_is_down() => {
            Fit::likely(85, &[facts.search_id(), ask::AUTH_OPEN, &trouble])
        }
        Kind::Refused if facts.refusal() == Some(Refusal::AuthOutage) => Fit::certain(&[facts.search_id()]),
        Kind::Refused if facts.refusal() == Some(Refusal::Other) => Fit::possible(20, &[facts.search_id()]),
        // nginx (`auth_request`) and Traefik (`forwardAuth`) answer 500 of their own when they cannot ask it.
        Kind::ServerError if facts.proxy_failed_inside() && facts.auth_says().is_none() => {
            Fit::likely(60, &[facts.search_id(), ask::OPEN])
        }
        // Only requests with a key wait: it may be the one who judges keys that does not answer (I08).
        Kind::Slow
            if facts.failed(ask::SEARCH_KEY)
                && facts.auth_says().is_none()
                && facts.wants_a_key_at_once() =>
        {
            Fit::possible(60, &[ask::SEARCH_KEY, ask::SEARCH_NONE])
        }
        Kind::HiddenRefusal if facts.auth_says().is_some() => Fit::NO,
        Kind::HiddenRefusal if auth_fails => Fit::likely(90, &[ask::SEARCH_KEY, &trouble]),
        Kind::HiddenRefusal => Fit::possible(50, &[ask::SEARCH_KEY]),
        _ => Fit::NO,
    }
}
