//! `cors-preflight-redirected`

use super::prelude::*;

pub const CAUSE: Cause = Cause {
    code: "cors-preflight-redirected",
    class: Class::Cors,
    hop: Hop::Gateway,
    owner: Owner::Gateway,
    title: "The browser's permission question is redirected",
    fit,
    headline: |facts, host| {
        format!(
            "{} may be redirecting the browser's permission question (OPTIONS), which browsers do not follow.",
            words::the(facts, host)
        )
    },
    fixes: only_cards,
    tell: |facts, _| words::curl_preflight(facts),
};

fn fit(symptom: &Symptom, facts: &Facts) -> Fit {
    if symptom.kind == Kind::Preflight && options_fail(facts) {
        Fit::possible(30, &preflight_ids())
    } else {
        Fit::NO
    }
}
