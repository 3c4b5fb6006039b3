//! `rate-limited`

use super::prelude::*;

pub const CAUSE: Cause = Cause {
    code: "rate-limited",
    class: Class::Infrastructure,
    hop: Hop::Gateway,
    owner: Owner::You,
    title: "Too many requests",
    fit,
    headline: |facts, host| {
        let own = facts.refusal() == Some(Refusal::RateLimit);
        let (host, id) = if own { (host, facts.search_id()) } else { (Host::Auth, ask::VALIDATE_KEY) };
        format!(
            "{} refuses more requests for now: {}. Your key is not the problem.",
            words::the(facts, host),
            words::said(facts, id)
        )
    },
    fixes: only_cards,
    tell: |facts, _| words::curl_for(facts, facts.search_id()),
};

fn fit(symptom: &Symptom, facts: &Facts) -> Fit {
    let limited = symptom.kind == Kind::Refused && facts.refusal() == Some(Refusal::RateLimit);
    match symptom.kind {
        _ if limited => Fit::certain(&[facts.search_id()]),
        // Why the request failed is withheld; what the auth service says is not.
        Kind::HiddenRefusal if facts.refusal_of(ask::VALIDATE_KEY) == Some(Refusal::RateLimit) => {
            Fit::likely(90, &[ask::VALIDATE_KEY, ask::SEARCH_KEY])
        }
        _ => Fit::NO,
    }
}
