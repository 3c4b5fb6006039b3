//! `host-unreachable`

use super::prelude::*;

pub const CAUSE: Cause = Cause {
    code: "host-unreachable",
    class: Class::Infrastructure,
    hop: Hop::Network,
    owner: Owner::Network,
    title: "The host cannot be reached",
    fit,
    headline: |facts, host| {
        format!(
            "{} cannot be reached from this browser: every request fails without an answer, whichever way it is sent.",
            words::the(facts, host)
        )
    },
    fixes: only_cards,
    tell: words::curl_verbose,
};

fn fit(symptom: &Symptom, facts: &Facts) -> Fit {
    let fits = symptom.kind == Kind::NoAnswer && facts.reach(symptom.host) == Reach::NoAnswer;
    // Something was written to a connection, so somebody accepted it.
    if fits && facts.stage(symptom.host) == Entry::Positive {
        return Fit::possible(15, &[Facts::open_id(symptom.host)]);
    }
    if fits { Fit::likely(80, &[Facts::open_id(symptom.host), &no_cors_id(symptom.host)]) } else { Fit::NO }
}
