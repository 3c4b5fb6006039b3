//! `key-rejected`

use super::auth_header_stripped::lost_behind_first_check;
use super::prelude::*;
use super::{key_expired, key_wrong_environment};

pub const CAUSE: Cause = Cause {
    code: "key-rejected",
    class: Class::Credentials,
    hop: Hop::Auth,
    owner: Owner::You,
    title: "The key is not accepted",
    fit,
    headline: |facts, host| {
        if facts.auth_says() == Some(false) {
            format!(
                "{} does not know this key{}: {}.",
                words::the(facts, Host::Auth),
                if facts.auth_knows_no_such_key() { ", for any service" } else { "" },
                words::said(facts, ask::VALIDATE_KEY)
            )
        } else if facts.refuses_password() {
            format!("{} does not take this user name and password.", words::the(facts, host))
        } else {
            format!(
                "{} says that this key is not valid: {}.",
                words::the(facts, host),
                words::said(facts, ask::SEARCH_KEY)
            )
        }
    },
    fixes: |facts, _| {
        let expected = facts.deployment.key_shape.as_ref().and_then(|shape| shape.environment.as_ref());
        let asks = |name: &String| {
            let at =
                ["By its prefix the key belongs to ", name, ": is that the environment of these addresses?"];
            Fix::say("You", at.concat())
        };
        let odd = facts.key.oddities.iter().map(|oddity| Fix::say("You", oddity.to_string()));
        // Where keys of one environment are listed, one of another has a name of its own: `key-wrong-environment`.
        odd.chain(facts.key.environment.iter().filter(|_| expected.is_none()).map(asks)).collect()
    },
    tell: |facts, _| {
        words::curl_for(facts, ask::VALIDATE_KEY).or_else(|| words::curl_for(facts, ask::SEARCH_KEY))
    },
};

pub(super) fn fit(symptom: &Symptom, facts: &Facts) -> Fit {
    if facts.other_scheme().is_some() || facts.other_service().is_some() {
        return Fit::NO;
    }
    if facts.key_looks_wrong() || !matches!(symptom.kind, Kind::Refused | Kind::HiddenRefusal) {
        return Fit::NO;
    }
    // What is known better needs no second name, and an outage is no judgement.
    let better = [key_expired::fit(symptom, facts), key_wrong_environment::fit(symptom, facts)];
    let good = facts.auth_says_to(VALIDATE_BODY) == Some(true);
    if better.iter().any(Fit::is_certain) || facts.auth_is_down() || good {
        return Fit::NO;
    }
    match (symptom.kind, facts.auth_says()) {
        // Somebody on the way may drop it as well, less often.
        (Kind::Refused, _) if facts.refuses_password() && !lost_behind_first_check(facts) => {
            Fit::likely(85, &[ask::SEARCH_KEY, ask::SEARCH_NONE])
        }
        (Kind::Refused, _)
            if !matches!(
                facts.refusal(),
                Some(Refusal::KeyInvalid | Refusal::KeyExpired | Refusal::Forbidden | Refusal::Other)
            ) =>
        {
            Fit::NO
        }
        (_, Some(false)) if facts.key_is_registered() => Fit::NO,
        (_, Some(false)) if facts.auth_knows_no_such_key() => {
            Fit::certain(&[ask::VALIDATE_KEY, VALIDATE_ANY, VALIDATE_NONE, VALIDATE_BODY, ask::SEARCH_KEY])
        }
        (_, Some(false)) => Fit::likely(80, &[ask::VALIDATE_KEY, ask::SEARCH_KEY]),
        (_, Some(true)) => Fit::NO,
        // Refused in the same words as no key at all: then nobody has read it.
        (Kind::Refused, None) if facts.key_changes_nothing() => {
            Fit::possible(20, &[ask::SEARCH_KEY, ask::SEARCH_NONE])
        }
        // A firewall behind the check of keys says so, too.
        (Kind::Refused, None) if facts.refusal() == Some(Refusal::Forbidden) => Fit::NO,
        (Kind::Refused, None) => Fit::likely(80, &[ask::SEARCH_KEY, ask::SEARCH_FAKE, ask::SEARCH_NONE]),
        (_, None) if facts.status_class(&open_status_id(Host::Auth)) == Some(StatusClass::Error) => {
            Fit::possible(20, &[ask::SEARCH_KEY])
        }
        (_, None) if facts.judging_takes_long() => Fit::possible(30, &[ask::SEARCH_KEY, ask::SEARCH_NONE]),
        (_, None) => Fit::likely(75, &[ask::SEARCH_KEY]),
    }
}
