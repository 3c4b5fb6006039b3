//! `mlflow-models`

use super::{Check, Judgement, Suite, read};
use crate::probe::Probe;
use crate::run::Facts;
use crate::run::facts::ask;

pub const CHECK: Check = Check {
    id: "mlflow-models",
    suite: Suite::Mlflow,
    title: "Registered models can be listed",
    failing_title: "Registered models cannot be listed",
    asks,
    judge,
};

fn asks(facts: &Facts) -> Vec<Probe> {
    facts.reading_ask(ask::MODELS)
}

fn judge(facts: &Facts) -> Judgement {
    read(facts, ask::MODELS, "Registered models, at most one.", None)
}
