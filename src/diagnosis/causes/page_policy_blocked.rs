//! `page-policy-blocked`

use super::prelude::*;

pub const CAUSE: Cause = Cause {
    code: "page-policy-blocked",
    class: Class::Client,
    hop: Hop::Browser,
    owner: Owner::Page,
    title: "This page's own policy forbids the request",
    fit,
    headline: |facts, host| {
        format!(
            "The content security policy of {} forbids this page to ask {}.",
            words::page(facts),
            words::origin(facts, host)
        )
    },
    fixes: only_cards,
    tell: nothing_more,
};

fn fit(symptom: &Symptom, facts: &Facts) -> Fit {
    let blocked = symptom.kind == Kind::NoAnswer && facts.is_policy_blocked(symptom.host);
    if blocked { Fit::certain(&[Facts::open_id(symptom.host)]) } else { Fit::NO }
}
