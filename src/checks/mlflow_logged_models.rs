//! `mlflow-logged-models`

use super::{Check, Judgement, Suite, read};
use crate::probe::Probe;
use crate::run::Facts;
use crate::run::facts::ask;

pub const CHECK: Check = Check {
    id: "mlflow-logged-models",
    suite: Suite::Mlflow,
    title: "Logged models can be listed",
    failing_title: "Logged models cannot be listed",
    asks,
    judge,
};

fn asks(facts: &Facts) -> Vec<Probe> {
    facts.reading_ask(ask::LOGGED_MODELS)
}

fn judge(facts: &Facts) -> Judgement {
    read(
        facts,
        ask::LOGGED_MODELS,
        "Logged models of the newest experiment, by POST.",
        Some("the server is older than MLflow 3, which brought them, or they are not passed on."),
    )
}
