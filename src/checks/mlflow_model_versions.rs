//! `mlflow-model-versions`

use super::{Check, Judgement, Suite, read};
use crate::probe::Probe;
use crate::run::Facts;
use crate::run::facts::ask;

pub const CHECK: Check = Check {
    id: "mlflow-model-versions",
    suite: Suite::Mlflow,
    title: "Model versions can be listed",
    failing_title: "Model versions cannot be listed",
    asks,
    judge,
};

fn asks(facts: &Facts) -> Vec<Probe> {
    facts.reading_ask(ask::MODEL_VERSIONS)
}

fn judge(facts: &Facts) -> Judgement {
    read(facts, ask::MODEL_VERSIONS, "Model versions, at most one.", None)
}
