//! `artifact-store-failing`

use super::prelude::*;

pub const CAUSE: Cause = Cause {
    code: "artifact-store-failing",
    class: Class::Infrastructure,
    hop: Hop::Artifacts,
    owner: Owner::Mlflow,
    title: "MLflow cannot use its artifact store",
    fit,
    headline: |facts, host| match failing(facts) {
        Some(seen) => format!(
            "MLflow at {} takes experiments and runs, and fails with their files: {}. {}",
            words::name(facts, host),
            step_told(seen),
            words::said(facts, &seen.probe.id)
        )
        .trim_end()
        .to_owned(),
        None => "Files do not come back as they were uploaded.".to_owned(),
    },
    fixes: only_cards,
    tell: |facts, _| curl_for_write(facts, is_store_error),
};

/// An error of the application itself over a file. What is not there is 404, or 500 from MLflow 2.
fn is_store_error(seen: &Observation) -> bool {
    is_file_step(seen) && seen.status().is_some_and(|status| matches!(status, 500 | 501 | 507))
}

fn failing<'a>(facts: &Facts<'a>) -> Option<&'a Observation> {
    failed_write(facts, is_store_error)
}

fn fit(symptom: &Symptom, facts: &Facts) -> Fit {
    if symptom.kind != Kind::WriteFails {
        return Fit::NO;
    }
    if let Some(seen) = failing(facts) {
        let id = seen.probe.id.as_str();
        // Its own JSON or Flask's own page: the request reached MLflow, and writing to its database works.
        return match seen.answer().map(Who::of) {
            Some(Who::Mlflow) => Fit::certain(&[id, "write-run-create"]),
            _ => Fit::likely(75, &[id, "write-run-create"]),
        };
    }
    match failed_write(facts, |seen| seen.answer().is_some_and(|answer| answer.body.matches == Some(false))) {
        Some(seen) => Fit::likely(60, &[&seen.probe.id]),
        None => Fit::NO,
    }
}
