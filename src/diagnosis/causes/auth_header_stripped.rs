//! `auth-header-stripped`

use super::prelude::*;

pub const CAUSE: Cause = Cause {
    code: "auth-header-stripped",
    class: Class::Auth,
    hop: Hop::Application,
    owner: Owner::Gateway,
    title: "The key is lost on the way",
    fit,
    headline: |facts, host| {
        if let Some(seen) = refused_write(facts, Refusal::KeyRequired) {
            return format!(
                "{} takes your key for reading, and for a change it says that a key is required: {}.",
                words::the(facts, host),
                step_told(seen)
            );
        }
        if lost_behind_first_check(facts) {
            let fake = match facts.refusal_of(ask::SEARCH_FAKE) {
                Some(_) => "a made-up key is called invalid",
                None => "a made-up key is stopped there, unread",
            };
            format!(
                "Your key passes the first check at {} and is lost behind it, before MLflow: {fake}, while yours comes back as “key required”.",
                words::name(facts, host)
            )
        } else if facts.other_scheme().is_some() {
            format!(
                "{} does not take the key where it was sent first: somebody on the way may drop that header.",
                words::the(facts, host)
            )
        } else {
            format!(
                "{} says that a key is required although one was sent: it may be dropped on the way.",
                words::the(facts, host)
            )
        }
    },
    fixes: only_cards,
    tell: |facts, _| words::curl_for(facts, ask::SEARCH_KEY),
};

/// A made-up key is called invalid, the good one "required": it was read once and is missing later (I22).
pub(super) fn lost_behind_first_check(facts: &Facts) -> bool {
    facts.refusal_of(ask::SEARCH_KEY) == Some(Refusal::KeyRequired)
        && (facts.refusal_of(ask::SEARCH_FAKE) == Some(Refusal::KeyInvalid)
            || only_the_inner_refusal_is_readable(facts))
}

/// What the first check says to no key and to a made-up one is withheld, and what is said of the good one is not: it
/// comes from somebody behind, who does have CORS headers.
fn only_the_inner_refusal_is_readable(facts: &Facts) -> bool {
    let is_hidden = |id: &str| facts.saw(id).is_some_and(|seen| seen.saw == Saw::NetworkError);
    is_hidden(ask::SEARCH_FAKE) && is_hidden(ask::SEARCH_NONE) && facts.search_error_is_hidden()
}

fn fit(symptom: &Symptom, facts: &Facts) -> Fit {
    if symptom.kind == Kind::WriteFails && facts.best_credential() == Presented::Key {
        return match refused_write(facts, Refusal::KeyRequired) {
            Some(seen) => Fit::likely(80, &[&seen.probe.id, ask::SEARCH_KEY]),
            None => Fit::NO,
        };
    }
    // In another header the key arrives.
    if matches!(symptom.kind, Kind::Refused | Kind::HiddenRefusal)
        && facts.other_scheme().is_some()
        && !lost_behind_first_check(facts)
    {
        return Fit::possible(50, &[facts.search_id()]);
    }
    if symptom.kind != Kind::Refused || facts.best_credential() != Presented::Key {
        return Fit::NO;
    }
    match facts.refusal() {
        // MLflow's own user and password, behind a gateway that takes keys: see `auth-scheme-mismatch`.
        Some(Refusal::KeyRequired) if lost_behind_first_check(facts) && facts.wants_basic() => {
            Fit::likely(60, &[ask::SEARCH_KEY, ask::SEARCH_FAKE])
        }
        Some(Refusal::KeyRequired) if lost_behind_first_check(facts) => {
            Fit::certain(&[ask::SEARCH_KEY, ask::SEARCH_FAKE])
        }
        // It may be wrong as well: see `key-rejected`.
        Some(Refusal::KeyRequired) if facts.refuses_password() => {
            Fit::possible(30, &[ask::SEARCH_KEY, ask::SEARCH_NONE])
        }
        Some(Refusal::KeyRequired) => Fit::likely(60, &[ask::SEARCH_KEY, ask::SEARCH_FAKE, ask::SEARCH_NONE]),
        // Refused in the same words as no key at all.
        Some(Refusal::Other | Refusal::Forbidden | Refusal::KeyInvalid) if facts.key_changes_nothing() => {
            Fit::likely(60, &[ask::SEARCH_KEY, ask::SEARCH_FAKE, ask::SEARCH_NONE])
        }
        Some(Refusal::Other) => Fit::possible(30, &[ask::SEARCH_KEY]),
        _ => Fit::NO,
    }
}
