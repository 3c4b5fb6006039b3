//! `slow-dependency`

use super::prelude::*;

pub const CAUSE: Cause = Cause {
    code: "slow-dependency",
    class: Class::Infrastructure,
    hop: Hop::Application,
    owner: Owner::Gateway,
    title: "Something behind the gateway is slow",
    fit,
    headline: |facts, host| {
        let ms = |id: &str| facts.saw(id).map_or(0, |seen| seen.ms);
        let late = [ask::SEARCH_POST, ask::ARTIFACTS].into_iter().find(|id| is_silent(facts, id));
        if let Some(id) = late.filter(|_| facts.mlflow_works()) {
            return format!(
                "What another question needs is slow or hangs: {} answers the search in {} ms, and to that one there is {}.",
                words::name(facts, host),
                ms(facts.search_id()),
                words::seen(facts, id)
            );
        }
        let unwell = facts.unwell().join(", ");
        if facts.search().is_some_and(|seen| seen.answer().is_some()) && !unwell.is_empty() {
            return [
                &words::the(facts, host),
                " answers slowly, and a health path of it says what is not well: ",
                &unwell,
                ".",
            ]
            .concat();
        }
        format!(
            "{} answers its health path in {} ms, and an MLflow request not within {} ms: something behind it is slow or hangs.",
            words::the(facts, host),
            ms(ask::OPEN),
            ms(facts.search_id())
        )
    },
    fixes: only_cards,
    tell: |facts, _| words::curl_for(facts, facts.search_id()),
};

fn fit(symptom: &Symptom, facts: &Facts) -> Fit {
    if let Some(id) = silent(symptom.kind, facts) {
        return Fit::possible(50, &[id, facts.search_id()]);
    }
    if symptom.kind == Kind::Slow { Fit::likely(80, &[facts.search_id(), ask::OPEN]) } else { Fit::NO }
}
