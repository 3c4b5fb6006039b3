//! `auth-contract-mismatch`

use super::prelude::*;

pub const CAUSE: Cause = Cause {
    code: "auth-contract-mismatch",
    class: Class::Auth,
    hop: Hop::Application,
    owner: Owner::Gateway,
    title: "Gateway and auth service do not understand each other",
    fit,
    headline: |facts, host| {
        if facts.auth_says_to(VALIDATE_BODY) == Some(true) && facts.auth_says() != Some(true) {
            format!(
                "Your key is fine: the auth service accepts it in the body of the question and does not read the header. {} may be sending it there.",
                words::the(facts, host)
            )
        } else if facts.auth_says() == Some(true) && facts.refusal() != Some(Refusal::AuthOutage) {
            format!(
                "Your key is fine: the auth service accepts it. {} refuses it all the same, so it asks the auth service in another way.",
                words::the(facts, host)
            )
        } else {
            "The gateway may be asking the auth service in a way that it does not understand.".to_owned()
        }
    },
    fixes: only_cards,
    tell: |facts, _| words::curl_for(facts, ask::VALIDATE_KEY),
};

fn fit(symptom: &Symptom, facts: &Facts) -> Fit {
    if facts.key_looks_wrong() || facts.other_scheme().is_some() {
        return Fit::NO;
    }
    let evidence = [ask::VALIDATE_KEY, VALIDATE_BODY, VALIDATE_OTHER, ask::SEARCH_KEY];
    // Where a key in the body is as good as one in the header, the place is not what matters.
    let body_works = facts.auth_says_to(VALIDATE_BODY) == Some(true);
    let about_the_key = matches!(facts.refusal(), Some(Refusal::KeyInvalid | Refusal::KeyExpired));
    match (symptom.kind, facts.auth_says()) {
        // It says of the header that no key came, or refuses what came, and accepts the same key in the body.
        (Kind::Refused | Kind::HiddenRefusal, None | Some(false)) if body_works => Fit::likely(86, &evidence),
        (Kind::Refused, Some(true)) if about_the_key && body_works => Fit::possible(40, &evidence),
        (Kind::Refused, Some(true)) if about_the_key => Fit::likely(80, &evidence),
        // Every key, and none at all, gets the same refusal without words: the gateway may lose it on the way to the auth
        // service.
        (Kind::Refused, Some(true))
            if facts.refusal() == Some(Refusal::Other) && facts.key_changes_nothing() =>
        {
            Fit::possible(50, &evidence)
        }
        (Kind::Refused, None) if about_the_key && !facts.auth_is_down() => {
            Fit::possible(25, &[ask::SEARCH_KEY])
        }
        // The service answers this browser, and its answer to the gateway may be one that the gateway cannot read.
        (Kind::Refused, Some(_)) if facts.refusal() == Some(Refusal::AuthOutage) => {
            Fit::possible(40, &[ask::SEARCH_KEY, ask::VALIDATE_KEY])
        }
        (Kind::HiddenRefusal, Some(true)) => Fit::likely(70, &evidence),
        _ => Fit::NO,
    }
}
