//! `extension-blocked`

use super::prelude::*;

pub const CAUSE: Cause = Cause {
    code: "extension-blocked",
    class: Class::Client,
    hop: Hop::Browser,
    owner: Owner::You,
    title: "A blocker in this browser stops the request",
    fit,
    headline: |facts, host| {
        format!(
            "An extension or a policy of this browser may be stopping requests to {}.",
            words::name(facts, host)
        )
    },
    fixes: only_cards,
    tell: |_, _| {
        Some("Open this page in a private window without extensions and run the checks again.".to_owned())
    },
};

fn fit(symptom: &Symptom, facts: &Facts) -> Fit {
    let fits = symptom.kind == Kind::NoAnswer
        && facts.reach(symptom.host) == Reach::NoAnswer
        && facts.stage(symptom.host) != Entry::Positive;
    if fits { Fit::possible(20, &[Facts::open_id(symptom.host)]) } else { Fit::NO }
}
