//! `key-expired`

use super::prelude::*;

pub const CAUSE: Cause = Cause {
    code: "key-expired",
    class: Class::Credentials,
    hop: Hop::Auth,
    owner: Owner::You,
    title: "The key has expired",
    fit,
    headline: |facts, host| match facts.expiry() {
        Some(expiry) => format!(
            "Your token ended {} ago, on {}{}.",
            clock::span(expiry.ago),
            clock::utc(expiry.at),
            if expiry.by_server { "" } else { " by this browser's clock" },
        ),
        None => format!(
            "{} says that this key has expired: {}.",
            words::the(facts, if facts.said_expired(ask::VALIDATE_KEY) { Host::Auth } else { host }),
            words::said(facts, expired_at(facts).unwrap_or(ask::SEARCH_KEY))
        ),
    },
    fixes: |_, _| {
        vec![
            Fix::say(
                "You",
                "Get a new key or token from where yours was issued, and put it into the client's variable too.",
            ),
            Fix::code(
                "Python client",
                "The client reads its key when it starts:",
                "export MLFLOW_TRACKING_TOKEN=\"$PREFLIGHT_KEY\"",
            ),
        ]
    },
    tell: |facts, _| {
        words::curl_for(facts, ask::VALIDATE_KEY).or_else(|| words::curl_for(facts, ask::SEARCH_KEY))
    },
};

/// The question whose answer says that the key has expired.
fn expired_at(facts: &Facts) -> Option<&'static str> {
    [ask::VALIDATE_KEY, VALIDATE_ANY, ask::SEARCH_KEY].into_iter().find(|id| facts.said_expired(id))
}

pub(super) fn fit(symptom: &Symptom, facts: &Facts) -> Fit {
    if facts.other_scheme().is_some() {
        return Fit::NO;
    }
    if facts.key_looks_wrong() || !matches!(symptom.kind, Kind::Refused | Kind::HiddenRefusal) {
        return Fit::NO;
    }
    let about_the_key =
        matches!(facts.refusal(), Some(Refusal::KeyInvalid | Refusal::KeyExpired | Refusal::Other));
    if (symptom.kind == Kind::Refused && !about_the_key) || facts.auth_says() == Some(true) {
        return Fit::NO;
    }
    let evidence = [ask::VALIDATE_KEY, VALIDATE_ANY, ask::SEARCH_KEY, ask::SEARCH_FAKE];
    let refused =
        facts.auth_says() == Some(false) || symptom.kind == Kind::Refused && !facts.key_changes_nothing();
    match facts.expiry() {
        Some(expiry) if refused && expiry.by_server => return Fit::certain(&evidence),
        Some(_) => return Fit::likely(94, &evidence),
        None => {}
    }
    match expired_at(facts) {
        // Said of any key, it says nothing of this one.
        Some(ask::SEARCH_KEY) if facts.said_expired(ask::SEARCH_FAKE) => Fit::possible(40, &evidence),
        Some(ask::SEARCH_KEY) if facts.answer(ask::SEARCH_FAKE).is_none() => Fit::likely(85, &evidence),
        Some(_) => Fit::certain(&evidence),
        None => Fit::NO,
    }
}
