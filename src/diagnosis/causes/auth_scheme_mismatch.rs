//! `auth-scheme-mismatch`

use super::auth_header_stripped::{lost_behind_first_check, wants_basic};
use super::prelude::*;

pub const CAUSE: Cause = Cause {
    code: "auth-scheme-mismatch",
    class: Class::Auth,
    hop: Hop::Gateway,
    owner: Owner::You,
    title: "The key is presented in a way the server does not read",
    fit,
    headline: |facts, host| {
        format!(
            "{} says that a key is required although one was sent as {}: it may read keys from elsewhere.",
            words::the(facts, host),
            facts.deployment.scheme.name()
        )
    },
    fixes: only_cards,
    tell: |facts, _| words::curl_for(facts, ask::SEARCH_KEY),
};

fn fit(symptom: &Symptom, facts: &Facts) -> Fit {
    if symptom.kind != Kind::Refused || facts.best_credential() != Presented::Key {
        return Fit::NO;
    }
    let fake_is_read = lost_behind_first_check(facts);
    match facts.refusal() {
        Some(Refusal::KeyRequired) if wants_basic(facts) && fake_is_read => {
            Fit::likely(70, &[ask::SEARCH_KEY, ask::SEARCH_FAKE])
        }
        Some(Refusal::KeyRequired) if wants_basic(facts) => Fit::certain(&[ask::SEARCH_KEY]),
        Some(Refusal::KeyRequired) if !fake_is_read => Fit::likely(65, &[ask::SEARCH_KEY, ask::SEARCH_FAKE]),
        Some(Refusal::Other | Refusal::KeyInvalid) if facts.key_changes_nothing() => {
            Fit::likely(64, &[ask::SEARCH_KEY, ask::SEARCH_FAKE, ask::SEARCH_NONE])
        }
        Some(Refusal::Other) => Fit::possible(35, &[ask::SEARCH_KEY]),
        _ => Fit::NO,
    }
}
