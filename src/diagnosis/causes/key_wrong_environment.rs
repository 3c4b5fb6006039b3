//! `key-wrong-environment`

use super::prelude::*;

pub const CAUSE: Cause = Cause {
    code: "key-wrong-environment",
    class: Class::Credentials,
    hop: Hop::Browser,
    owner: Owner::You,
    title: "The key belongs to another environment",
    fit,
    headline: |facts, _| {
        let (key, here) = facts.other_environment().unwrap_or_default();
        format!("Your key is one for {key}, and this deployment takes keys for {here}.")
    },
    fixes: |facts, _| {
        let (key, here) = facts.other_environment().unwrap_or_default();
        vec![
            Fix::say("You", format!("Paste a key that was issued for {here}.")),
            Fix::say(
                "You",
                format!("Or type the addresses of the {key} deployment, where this key belongs."),
            ),
        ]
    },
    tell: |facts, _| {
        words::curl_for(facts, ask::VALIDATE_KEY).or_else(|| words::curl_for(facts, ask::SEARCH_KEY))
    },
};

pub(super) fn fit(symptom: &Symptom, facts: &Facts) -> Fit {
    if facts.other_scheme().is_some() {
        return Fit::NO;
    }
    if facts.other_environment().is_none() || facts.auth_says() == Some(true) {
        return Fit::NO;
    }
    let evidence = [ask::VALIDATE_KEY, VALIDATE_ANY, ask::SEARCH_KEY];
    match (symptom.kind, facts.refusal()) {
        (Kind::Refused | Kind::HiddenRefusal, _) if facts.auth_knows_no_such_key() => Fit::certain(&evidence),
        (Kind::Refused, Some(Refusal::KeyInvalid | Refusal::Other)) => Fit::likely(92, &evidence),
        (Kind::HiddenRefusal, _) => Fit::likely(80, &evidence),
        _ => Fit::NO,
    }
}
