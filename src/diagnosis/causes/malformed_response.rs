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
        if facts.search().and_then(|seen| seen.answer()).is_some_and(|answer| answer.body.broken) {
            return format!(
                "{} may promise more of an answer than it sends, or garble it.",
                words::the(facts, host)
            );
        }
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
    // Fewer bytes than announced, or compression that cannot be undone, look like a connection that breaks.
    if symptom.kind == Kind::CutBody {
        let evidence = [id, ask::OPEN];
        let broken = |id: &&str| facts.answer(id).is_some_and(|answer| answer.body.broken);
        return if evidence.iter().any(broken) { Fit::possible(40, &evidence) } else { Fit::NO };
    }
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
