//! `path-prefix-mismatch`

use super::prelude::*;

pub const CAUSE: Cause = Cause {
    code: "path-prefix-mismatch",
    class: Class::Routing,
    hop: Hop::Gateway,
    owner: Owner::Gateway,
    title: "The path prefixes of proxy and MLflow differ",
    fit,
    headline: |facts, host| {
        let path = &facts.deployment.mlflow.path;
        if facts.is_doubled() {
            format!(
                "Somebody on the way to MLflow cuts {path} off, and MLflow expects it: its API answers at {path}{path} only."
            )
        } else if path.is_empty() {
            format!(
                "MLflow, or another Flask application, answers at {} and has no API at its root: it may run with --static-prefix.",
                words::name(facts, host)
            )
        } else {
            format!(
                "What answers below {path} is MLflow, or another Flask application, and it does not know {path}: the proxy in front passes the prefix on."
            )
        }
    },
    fixes: only_cards,
    tell: |facts, _| words::curl_for(facts, facts.search_id()),
};

fn fit(symptom: &Symptom, facts: &Facts) -> Fit {
    let id = facts.search_id();
    let elsewhere = facts.better_base().is_some() && !facts.deployment.path_is_listed;
    if !matches!(symptom.kind, Kind::NoRoute | Kind::NotMlflow) || elsewhere {
        return Fit::NO;
    }
    if facts.is_doubled() {
        return Fit::certain(&[id, ask::SEARCH_DOUBLED]);
    }
    if !facts.mlflow_has_no_route() || facts.page_only_base().is_some() {
        Fit::NO
    } else if facts.deployment.mlflow.path.is_empty() {
        Fit::likely(70, &[id])
    } else {
        Fit::likely(85, &[id, ask::SEARCH_DOUBLED])
    }
}
