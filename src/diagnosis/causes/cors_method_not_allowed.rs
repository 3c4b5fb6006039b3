//! `cors-method-not-allowed`

use super::prelude::*;

pub const CAUSE: Cause = Cause {
    code: "cors-method-not-allowed",
    class: Class::Cors,
    hop: Hop::Gateway,
    owner: Owner::Gateway,
    title: "A method is not allowed",
    fit,
    headline: |facts, host| {
        let methods = facts.refused_methods().join(" and ");
        format!(
            "{} does not let this page use {methods}, which registering a model needs.",
            words::the(facts, host)
        )
    },
    fixes: only_cards,
    tell: |facts, _| {
        let failing = METHODS.iter().find(|(_, id)| facts.failed(id))?;
        let seen = facts.saw(failing.1)?;
        Some(crate::probe::curl::preflight_command(
            &seen.probe,
            &facts.deployment.scheme,
            &facts.environment.page_origin,
        ))
    },
};

fn fit(symptom: &Symptom, facts: &Facts) -> Fit {
    // The same path answers other methods readably. Likely and not certain: a gateway that blocks the method itself,
    // without CORS headers on its refusal, looks the same after a good preflight (`method-blocked`).
    let evidence = METHODS.map(|(_, id)| id);
    if symptom.kind != Kind::MethodRefused || facts.refused_methods().is_empty() {
        return Fit::NO;
    }
    if evidence.iter().any(|id| facts.was_sent(id)) { Fit::NO } else { Fit::likely(85, &evidence) }
}
