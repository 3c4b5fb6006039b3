//! `mlflow-graphql`

use super::{Check, Judgement, Suite, read};
use crate::probe::Probe;
use crate::run::Facts;
use crate::run::facts::ask;

pub const CHECK: Check = Check {
    id: "mlflow-graphql",
    suite: Suite::Mlflow,
    title: "MLflow's GraphQL answers",
    failing_title: "MLflow's GraphQL does not answer",
    asks,
    judge,
};

fn asks(facts: &Facts) -> Vec<Probe> {
    facts.reading_ask(ask::GRAPHQL)
}

fn judge(facts: &Facts) -> Judgement {
    read(
        facts,
        ask::GRAPHQL,
        "Data for a small query, by POST.",
        Some("it is not passed on; only MLflow's web page uses it."),
    )
}
