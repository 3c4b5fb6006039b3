//! `artifact-root-direct`

use super::prelude::*;

pub const CAUSE: Cause = Cause {
    code: "artifact-root-direct",
    class: Class::Routing,
    hop: Hop::Artifacts,
    owner: Owner::Mlflow,
    title: "Clients must reach the artifact store themselves",
    fit,
    headline: |facts, _| match facts.artifact_root() {
        Some(ArtifactRoot::Folder(place)) => format!(
            "MLflow tells clients to write the files of models to {place}, a folder on their own machine: nobody else will find them there, unless that folder is shared with the server."
        ),
        Some(ArtifactRoot::Store(place)) => format!(
            "MLflow tells clients to write the files of models to {place} themselves: each client needs its own access to that store."
        ),
        _ => String::new(),
    },
    fixes: only_cards,
    tell: |facts, _| words::curl_for(facts, facts.search_id()),
};

fn fit(symptom: &Symptom, facts: &Facts) -> Fit {
    if symptom.kind != Kind::DirectRoot {
        return Fit::NO;
    }
    let evidence = [facts.search_id(), ask::ARTIFACTS];
    match facts.artifact_root() {
        // On the machine of the server itself all is well.
        Some(ArtifactRoot::Folder(_)) if !facts.deployment.mlflow.origin.is_loopback() => {
            Fit::likely(85, &evidence)
        }
        _ => Fit::possible(60, &evidence),
    }
}
