//! `offline`

use super::prelude::*;

pub const CAUSE: Cause = Cause {
    code: "offline",
    class: Class::Client,
    hop: Hop::Browser,
    owner: Owner::You,
    title: "This browser is offline",
    fit,
    headline: |facts, host| {
        format!("This browser has no network connection, so {} cannot be asked.", words::name(facts, host))
    },
    fixes: only_cards,
    tell: nothing_more,
};

fn fit(symptom: &Symptom, facts: &Facts) -> Fit {
    if symptom.kind != Kind::NoAnswer || facts.environment.on_line {
        return Fit::NO;
    }
    let local = facts.deployment.base(symptom.host).is_some_and(|base| base.origin.is_loopback());
    let is_local_page = facts.environment.page_origin.is_loopback();
    match facts.reach(symptom.host) {
        // Some browsers call themselves offline behind a virtual network, where this page's own server answers.
        Reach::NoAnswer | Reach::Silent
            if facts.control_works() == Some(false)
                || !local && (is_local_page || facts.control_works().is_none()) =>
        {
            Fit::certain(&[Facts::open_id(symptom.host), ask::CONTROL])
        }
        _ => Fit::NO,
    }
}
