//! `artifacts-served`

use super::{Check, Judgement, Status, Suite, describe};
use crate::deployment::Host;
use crate::probe::{Probe, Said, Saw};
use crate::run::Facts;
use crate::run::facts::{ArtifactRoot, ask};

pub const CHECK: Check = Check {
    id: "artifacts-served",
    suite: Suite::Mlflow,
    title: "The files of models go through MLflow",
    failing_title: "The files of models do not go through MLflow",
    asks,
    judge,
};

fn asks(facts: &Facts) -> Vec<Probe> {
    if !facts.mlflow_works() {
        return Vec::new();
    }
    // A folder that nobody has is an empty list, and costs the store least.
    let path = ["/api/2.0/mlflow-artifacts/artifacts?path=preflight-", &facts.environment.nonce].concat();
    let target = facts.deployment.mlflow.join(&path);
    vec![facts.get(ask::ARTIFACTS, Host::Registry, target).with(facts.best_credential())]
}

fn judge(facts: &Facts) -> Judgement {
    let expected = "An experiment's location starts with mlflow-artifacts:, and MLflow lists files.";
    let evidence = [ask::ARTIFACTS, facts.search_id()];
    let judged = |status, actual: String| Judgement::new(status, expected, actual, &evidence);
    match facts.artifact_root() {
        Some(ArtifactRoot::Folder(place)) => {
            return judged(
                Status::Warn,
                format!("Clients write to the folder {place} of their own machine."),
            );
        }
        Some(ArtifactRoot::Store(place)) => {
            return judged(Status::Warn, format!("Clients write to {place} themselves."));
        }
        _ => {}
    }
    let Some(seen) = facts.saw(ask::ARTIFACTS) else {
        return Judgement::new(Status::Skipped, expected, "MLflow was not reached.", &[]);
    };
    let actual = format!("Asked for files, the page saw {}.", describe(seen));
    match (facts.said(ask::ARTIFACTS), &seen.saw) {
        (Some(Said::Data), _) => judged(Status::Pass, actual),
        (_, Saw::Answer(_) | Saw::NetworkError) => judged(Status::Fail, actual),
        _ => judged(Status::Unknown, actual),
    }
}
