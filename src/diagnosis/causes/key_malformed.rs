//! `key-malformed`

use super::prelude::*;

pub const CAUSE: Cause = Cause {
    code: "key-malformed",
    class: Class::Credentials,
    hop: Hop::Browser,
    owner: Owner::You,
    title: "What was typed is not a whole key",
    fit,
    headline: |facts, _| facts.key.problems.first().map(ToString::to_string).unwrap_or_default(),
    fixes: only_cards,
    tell: nothing_more,
};

pub(super) fn fit(symptom: &Symptom, facts: &Facts) -> Fit {
    // By what is said of it, it is a key: shapes may have changed.
    if symptom.kind == Kind::BadKey && !facts.key_looks_wrong() {
        return Fit::possible(20, &[ask::VALIDATE_KEY, facts.search_id()]);
    }
    if !facts.key_looks_wrong() || !matches!(symptom.kind, Kind::BadKey | Kind::Refused | Kind::HiddenRefusal)
    {
        return Fit::NO;
    }
    let refused = matches!(facts.refusal(), Some(Refusal::KeyInvalid | Refusal::KeyExpired))
        || facts.auth_says() == Some(false);
    if !facts.key.sendable() || refused {
        Fit::certain(&[facts.search_id(), ask::VALIDATE_KEY])
    } else {
        Fit::likely(80, &[facts.search_id()])
    }
}
