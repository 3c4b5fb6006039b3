//! `mlflow-server-info`

use super::{Check, Judgement, Suite, read};
use crate::probe::Probe;
use crate::run::Facts;
use crate::run::facts::ask;

pub const CHECK: Check = Check {
    id: "mlflow-server-info",
    suite: Suite::Mlflow,
    title: "MLflow says what it is able to do",
    failing_title: "MLflow does not say what it is able to do",
    asks,
    judge,
};

fn asks(facts: &Facts) -> Vec<Probe> {
    facts.reading_ask(ask::SERVER_INFO)
}

fn judge(facts: &Facts) -> Judgement {
    read(
        facts,
        ask::SERVER_INFO,
        "JSON at api/3.0/mlflow/server-info.",
        Some("the server is older than that; nothing depends on it."),
    )
}
