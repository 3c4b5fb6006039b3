//! `auth-not-enforced`

use super::prelude::*;

pub const CAUSE: Cause = Cause {
    code: "auth-not-enforced",
    class: Class::Auth,
    hop: Hop::Gateway,
    owner: Owner::Gateway,
    title: "The registry is open to everybody",
    fit,
    headline: |facts, host| {
        let how = if facts.answer(ask::SEARCH_NONE).is_some_and(|answer| answer.ok()) {
            "without any key"
        } else {
            "for a made-up key"
        };
        format!(
            "{} answers MLflow requests {how}: it is open to everybody who reaches it.",
            words::the(facts, host)
        )
    },
    fixes: only_cards,
    tell: |facts, _| words::curl_for(facts, ask::SEARCH_NONE),
};

fn fit(symptom: &Symptom, _: &Facts) -> Fit {
    if symptom.kind == Kind::Open { Fit::certain(&[ask::SEARCH_NONE, ask::SEARCH_FAKE]) } else { Fit::NO }
}
