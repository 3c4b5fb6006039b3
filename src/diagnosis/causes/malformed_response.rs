//! `malformed-response`

use super::prelude::*;

pub const CAUSE: Cause = Cause {
    code: "malformed-response",
    class: Class::Defect,
    hop: Hop::Application,
    owner: Owner::Gateway,
    title: "The answer is not what it says it is",
    fit,
    headline: |facts, host| {
        format!(
            "{} answers {} and says that it is JSON, and it is none.",
            words::the(facts, host),
            words::seen(facts, facts.search_id())
        )
    },
    fixes: only_cards,
    tell: |facts, _| words::curl_for(facts, facts.search_id()),
};

fn fit(symptom: &Symptom, facts: &Facts) -> Fit {
    let id = facts.search_id();
    let broken = facts.answer(id).is_some_and(|answer| {
        answer.media_type().ends_with("json")
            && !answer.body.is_shortened()
            && !answer.body.text.trim().is_empty()
            && answer.json().is_none()
    });
    if symptom.kind == Kind::NotMlflow && broken && facts.better_base().is_none() {
        Fit::certain(&[id])
    } else {
        Fit::NO
    }
}
