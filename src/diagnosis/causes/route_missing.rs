//! `route-missing`

use super::prelude::*;

pub const CAUSE: Cause = Cause {
    code: "route-missing",
    class: Class::Routing,
    hop: Hop::Application,
    owner: Owner::Gateway,
    title: "The gateway has no route to MLflow's API",
    fit,
    headline: |facts, host| {
        let who = facts.search().and_then(|seen| seen.answer()).map_or(Who::Unknown, Who::of);
        format!(
            "{} has no MLflow API at {}: {} says {}.",
            words::the(facts, host),
            if facts.deployment.mlflow.path.is_empty() { "its root" } else { &facts.deployment.mlflow.path },
            who.name(),
            facts
                .search()
                .and_then(|seen| seen.status())
                .map(|status| format!("{status} {}", reason_phrase(status)))
                .unwrap_or_default(),
        )
    },
    fixes: only_cards,
    tell: |facts, _| words::curl_for(facts, facts.search_id()),
};

fn fit(symptom: &Symptom, facts: &Facts) -> Fit {
    if symptom.kind != Kind::NoRoute || facts.better_base().is_some() {
        return Fit::NO;
    }
    let id = facts.search_id();
    match facts.answer(id).map(Who::of) {
        // The application itself answered, behind the key check: the path is not known to it (I17).
        Some(Who::Application) => Fit::certain(&[id]),
        _ => Fit::likely(75, &[id]),
    }
}
