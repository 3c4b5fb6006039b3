//! `balance-exhausted`

use super::prelude::*;

pub const CAUSE: Cause = Cause {
    code: "balance-exhausted",
    class: Class::Credentials,
    hop: Hop::Auth,
    owner: Owner::You,
    title: "The account has no balance left",
    explanation: "The key is good, and the account behind it cannot pay for the request (402).",
    look_alikes: &[],
    fit,
    headline: |facts, host| {
        format!(
            "Your key is fine, but {} says that its account cannot pay: {}.",
            words::name(facts, host),
            words::said(facts, facts.search_id())
        )
    },
    fixes: |_, _| vec![Fix::say("You", "Top up the account behind this key, or ask its owner to.")],
    tell: |facts, _| words::curl_for(facts, facts.search_id()),
};

fn fit(symptom: &Symptom, facts: &Facts) -> Fit {
    let exhausted = symptom.kind == Kind::Refused && facts.refusal() == Some(Refusal::Balance);
    if exhausted { Fit::certain(&[facts.search_id()]) } else { Fit::NO }
}
