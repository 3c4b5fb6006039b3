//! `route-shadowed`

use super::prelude::*;

pub const CAUSE: Cause = Cause {
    code: "route-shadowed",
    class: Class::Defect,
    hop: Hop::Application,
    owner: Owner::Gateway,
    title: "Another route answers first",
    fit,
    headline: |facts, _| {
        if facts.health_is_shadowed() {
            format!(
                "The health path {} is answered by MLflow with “not found”: the route to MLflow takes every path below it, this one too.",
                facts.deployment.open_path
            )
        } else {
            format!(
                "MLflow's API path {} is answered with MLflow's web page: a catch-all route for the page comes first.",
                facts.search_target().path_only()
            )
        }
    },
    fixes: only_cards,
    tell: |facts, _| {
        let id = if facts.health_is_shadowed() { ask::OPEN } else { facts.search_id() };
        words::curl_for(facts, id)
    },
};

fn fit(symptom: &Symptom, facts: &Facts) -> Fit {
    let id = facts.search_id();
    match symptom.kind {
        Kind::Health if facts.health_is_shadowed() => Fit::likely(80, &[ask::OPEN, ask::OPEN_KEY, id]),
        // MLflow itself answers no API path with its page.
        Kind::NotMlflow
            if facts.better_base().is_none() && facts.answer(id).map(Who::of) == Some(Who::MlflowUi) =>
        {
            Fit::certain(&[id])
        }
        _ => Fit::NO,
    }
}
