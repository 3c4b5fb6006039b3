//! `mlflow-version`

use super::{Check, Judgement, Status, Suite, describe};
use crate::deployment::Host;
use crate::probe::Probe;
use crate::run::Facts;
use crate::run::facts::ask;

pub const CHECK: Check = Check {
    id: "mlflow-version",
    suite: Suite::Mlflow,
    title: "MLflow says its version",
    failing_title: "MLflow does not say its version",
    asks,
    judge,
};

fn asks(facts: &Facts) -> Vec<Probe> {
    // Only once MLflow was reached: a refused question more would teach nothing, and might count as a login.
    if !facts.mlflow_works() {
        return Vec::new();
    }
    let target = facts.deployment.mlflow.join("/version");
    vec![facts.get(ask::VERSION, Host::Registry, target).with(facts.best_credential())]
}

fn judge(facts: &Facts) -> Judgement {
    let expected = "A version number at /version.";
    let Some(seen) = facts.saw(ask::VERSION) else {
        return Judgement::new(Status::Skipped, expected, "MLflow was not reached.", &[]);
    };
    match facts.mlflow_version() {
        Some(version) => {
            Judgement::new(Status::Pass, expected, format!("MLflow {version}."), &[ask::VERSION])
        }
        // Gateways that route only the API path hide it, and nothing depends on it.
        None => Judgement::new(
            Status::Skipped,
            expected,
            format!("The path shows {} and no version; nothing depends on it.", describe(seen)),
            &[ask::VERSION],
        ),
    }
}
