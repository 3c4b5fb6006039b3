//! `balance-exhausted`

use super::prelude::*;

pub const CAUSE: Cause = Cause {
    code: "balance-exhausted",
    class: Class::Credentials,
    hop: Hop::Auth,
    owner: Owner::You,
    title: "The account has no balance left",
    fit,
    headline: |facts, host| {
        if let Some(seen) = refused_write(facts, Refusal::Balance) {
            return format!(
                "Your key reads at {}, and its account cannot pay for a change: {}.",
                words::name(facts, host),
                step_told(seen)
            );
        }
        if facts.refusal() != Some(Refusal::Balance) {
            return format!(
                "{} knows your key and says that its account has no balance left.",
                words::the(facts, Host::Auth)
            );
        }
        format!(
            "Your key is fine, but {} says that its account cannot pay: {}.",
            words::name(facts, host),
            words::said(facts, facts.search_id())
        )
    },
    fixes: only_cards,
    tell: |facts, _| words::curl_for(facts, facts.search_id()),
};

fn fit(symptom: &Symptom, facts: &Facts) -> Fit {
    let exhausted = symptom.kind == Kind::Refused && facts.refusal() == Some(Refusal::Balance);
    match symptom.kind {
        // Said to everybody, it is about the whole place and not about the account of a key.
        _ if exhausted && facts.refusal_of(ask::SEARCH_NONE) == Some(Refusal::Balance) => {
            Fit::likely(60, &[facts.search_id(), ask::SEARCH_NONE])
        }
        _ if exhausted => Fit::certain(&[facts.search_id()]),
        // Why the request failed is withheld; that the account cannot pay is not.
        Kind::HiddenRefusal if facts.is_broke() => Fit::likely(92, &[ask::VALIDATE_KEY, ask::SEARCH_KEY]),
        Kind::WriteFails => match refused_write(facts, Refusal::Balance) {
            Some(seen) => Fit::certain(&[&seen.probe.id]),
            None => Fit::NO,
        },
        _ => Fit::NO,
    }
}
