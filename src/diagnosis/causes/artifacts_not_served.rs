//! `artifacts-not-served`

use super::prelude::*;

pub const CAUSE: Cause = Cause {
    code: "artifacts-not-served",
    class: Class::Routing,
    hop: Hop::Mlflow,
    owner: Owner::Mlflow,
    title: "MLflow does not serve artifacts",
    fit,
    headline: |facts, host| {
        let name = words::name(facts, host);
        if facts.said(ask::ARTIFACTS) == Some(Said::ArtifactsOff) {
            format!(
                "MLflow at {name} runs without --serve-artifacts, and clients are told to upload through it: models cannot be uploaded."
            )
        } else {
            format!(
                "The artifact paths of MLflow at {name} answer {}: it may run without --serve-artifacts.",
                words::seen(facts, ask::ARTIFACTS)
            )
        }
    },
    fixes: only_cards,
    tell: |facts, _| words::curl_for(facts, ask::ARTIFACTS),
};

fn fit(symptom: &Symptom, facts: &Facts) -> Fit {
    if symptom.kind == Kind::WriteFails {
        let off = |seen: &Observation| {
            is_file_step(seen)
                && seen.answer().is_some_and(|answer| {
                    answer.status == 503 && answer.body.text.contains("serve-artifacts")
                })
        };
        return failed_write(facts, off).map_or(Fit::NO, |seen| Fit::certain(&[&seen.probe.id]));
    }
    if symptom.kind != Kind::Artifacts {
        return Fit::NO;
    }
    let evidence = [ask::ARTIFACTS, facts.search_id()];
    match (facts.said(ask::ARTIFACTS), facts.artifact_root()) {
        (Some(Said::ArtifactsOff), Some(_)) => Fit::certain(&evidence),
        // No experiment shows where files go: perhaps past MLflow.
        (Some(Said::ArtifactsOff), None) => Fit::likely(85, &evidence),
        (Some(Said::NoRoute), _) => Fit::possible(50, &evidence),
        // It would say so at once.
        _ if is_silent(facts, ask::ARTIFACTS) => Fit::NO,
        _ if facts.failed(ask::ARTIFACTS) => Fit::possible(50, &evidence),
        _ => Fit::NO,
    }
}
