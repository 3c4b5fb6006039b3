//! `mlflow-health`

use super::{Check, Judgement, Suite, read};
use crate::probe::Probe;
use crate::run::Facts;
use crate::run::facts::ask;

pub const CHECK: Check = Check {
    id: "mlflow-health",
    suite: Suite::Mlflow,
    title: "MLflow's own health path answers",
    failing_title: "MLflow's own health path does not answer",
    asks,
    judge,
};

fn asks(facts: &Facts) -> Vec<Probe> {
    facts.reading_ask(ask::HEALTH)
}

fn judge(facts: &Facts) -> Judgement {
    read(
        facts,
        ask::HEALTH,
        "OK below MLflow's path.",
        Some("the path is not passed on; only load balancers need it."),
    )
}
