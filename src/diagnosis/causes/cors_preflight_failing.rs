//! `cors-preflight-failing`

use super::prelude::*;

pub const CAUSE: Cause = Cause {
    code: "cors-preflight-failing",
    class: Class::Cors,
    hop: Hop::Gateway,
    owner: Owner::Gateway,
    title: "The browser's permission question fails",
    fit,
    headline: |facts, host| {
        format!(
            "{} answers plain requests, but its answer to the browser's permission question (OPTIONS) is an error or lacks the CORS headers.",
            words::the(facts, host)
        )
    },
    fixes: only_cards,
    tell: |facts, _| words::curl_preflight(facts),
};

fn fit(symptom: &Symptom, facts: &Facts) -> Fit {
    if symptom.kind != Kind::Preflight || !options_fail(facts) {
        return Fit::NO;
    }
    // A refusal, a redirect and an error come at once; only a lost question waits.
    if facts.preflights_hang(symptom.host) {
        Fit::certain(&preflight_ids())
    } else {
        Fit::possible(50, &preflight_ids())
    }
}
