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
            "MLflow at {} takes experiments and runs, and {} with their files: {}. {}",
            words::name(facts, host),
            if seen.answer().is_some() { "fails" } else { "may fail" },
            step_told(seen),
            words::said(facts, &seen.probe.id)
        )
        .trim_end()
        .to_owned(),
        None if facts.status_is_bad(ask::ARTIFACTS) => format!(
            "MLflow at {} lists experiments, and fails to list its files: it answers {}.",
            words::name(facts, host),
            words::seen(facts, ask::ARTIFACTS)
        ),
        None if is_silent(facts, ask::ARTIFACTS) => format!(
            "MLflow at {} waits in vain for its artifact store: it lists experiments, and for its files there is {}.",
            words::name(facts, host),
            words::seen(facts, ask::ARTIFACTS)
        ),
        None => "Files do not come back as they were uploaded.".to_owned(),
    },
    fixes: only_cards,
    tell: |facts, _| match failing(facts) {
        Some(seen) => words::curl_for(facts, &seen.probe.id),
        None => words::curl_for(facts, ask::ARTIFACTS),
    },
};

/// An error of the application itself over a file. What is not there is 404, or 500 from MLflow 2.
fn is_store_error(seen: &Observation) -> bool {
    is_file_step(seen) && seen.status().is_some_and(|status| matches!(status, 500 | 501 | 507))
}

/// A step of a file that failed over it, or failed unread: MLflow's newer server sends such an error without CORS headers
/// (seen on 3.17.2).
fn failing<'a>(facts: &Facts<'a>) -> Option<&'a Observation> {
    let is_unread = |seen: &Observation| is_file_step(seen) && is_unread(seen);
    failed_write(facts, is_store_error).or_else(|| failed_write(facts, is_unread))
}

/// What the list of files says.
fn fit_listing(facts: &Facts) -> Fit {
    let evidence = [ask::ARTIFACTS, facts.search_id()];
    // MLflow itself waits for a store that it does not reach.
    if is_silent(facts, ask::ARTIFACTS) {
        return Fit::likely(80, &evidence);
    }
    let Some(answer) = facts.answer(ask::ARTIFACTS).filter(|answer| matches!(answer.status, 500 | 501 | 507))
    else {
        return Fit::NO;
    };
    match (Who::of(answer), facts.said(ask::ARTIFACTS)) {
        (_, Some(Said::ArtifactsOff | Said::StoreFails)) => Fit::NO,
        // MLflow crashes over the store, and over nothing else that was asked.
        (Who::Mlflow | Who::FlaskPage, _) => Fit::likely(85, &evidence),
        _ => Fit::likely(65, &evidence),
    }
}

fn fit(symptom: &Symptom, facts: &Facts) -> Fit {
    if symptom.kind == Kind::Artifacts {
        return fit_listing(facts);
    }
    if symptom.kind != Kind::WriteFails {
        return Fit::NO;
    }
    if let Some(seen) = failing(facts) {
        let id = seen.probe.id.as_str();
        if is_unread(seen) {
            // Where smaller files passed, size is the first thought.
            let passed =
                facts.writes().any(|seen| is_file_step(seen) && seen.answer().is_some_and(|it| it.ok()));
            return if passed {
                Fit::possible(35, &[id])
            } else {
                Fit::likely(70, &[id, "write-run-create"])
            };
        }
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
