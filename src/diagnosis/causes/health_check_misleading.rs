//! `health-check-misleading`

use super::prelude::*;

pub const CAUSE: Cause = Cause {
    code: "health-check-misleading",
    class: Class::Defect,
    hop: Hop::Application,
    owner: Owner::Gateway,
    title: "The health check says something else than the service",
    fit,
    headline: |facts, host| {
        let path = &facts.deployment.open_path;
        if facts.health_praises_mlflow() {
            format!(
                "{path} at {} calls MLflow healthy, and MLflow's API answers {}.",
                words::name(facts, host),
                words::seen(facts, facts.search_id())
            )
        } else {
            format!(
                "{path} at {} calls the service broken ({}), and MLflow's API works.",
                words::name(facts, host),
                words::seen(facts, ask::OPEN)
            )
        }
    },
    fixes: only_cards,
    tell: |facts, _| words::curl_for(facts, ask::OPEN),
};

fn fit(symptom: &Symptom, facts: &Facts) -> Fit {
    if symptom.kind != Kind::Health {
        return Fit::NO;
    }
    let evidence = [ask::OPEN, facts.search_id()];
    if facts.health_praises_mlflow() {
        // Who failed may stand before MLflow: only MLflow itself, or words about it, tell.
        let about_mlflow = facts.answer(facts.search_id()).is_some_and(|answer| {
            Who::of(answer).hop() == Some(Hop::Mlflow)
                || answer.error_text().to_ascii_lowercase().contains("mlflow")
        });
        if about_mlflow { Fit::certain(&evidence) } else { Fit::likely(75, &evidence) }
    } else if facts.health_is_worse_than_mlflow() {
        // Something else that the check looks at may really be broken.
        Fit::likely(80, &evidence)
    } else {
        Fit::NO
    }
}
