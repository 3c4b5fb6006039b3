//! `cors-cached-without-vary`

use super::prelude::*;

pub const CAUSE: Cause = Cause {
    code: "cors-cached-without-vary",
    class: Class::Cors,
    hop: Hop::Gateway,
    owner: Owner::Gateway,
    title: "A cache mixes up the answers for different pages",
    fit,
    headline: |facts, host| {
        format!(
            "A cache in front of {} answers this page with headers made for another page; the same address with a new query works.",
            words::name(facts, host)
        )
    },
    fixes: only_cards,
    tell: |facts, _| words::curl_for(facts, OPEN_SHARED),
};

fn fit(symptom: &Symptom, _: &Facts) -> Fit {
    if symptom.kind == Kind::StaleCache {
        Fit::likely(90, &[OPEN_SHARED, ask::OPEN, "registry-open-shared-again", "registry-open-again"])
    } else {
        Fit::NO
    }
}
