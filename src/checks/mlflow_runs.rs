//! `mlflow-runs`

use super::{Check, Judgement, Suite, read};
use crate::probe::Probe;
use crate::run::Facts;
use crate::run::facts::ask;

pub const CHECK: Check = Check {
    id: "mlflow-runs",
    suite: Suite::Mlflow,
    title: "Runs can be listed",
    failing_title: "Runs cannot be listed",
    asks,
    judge,
};

fn asks(facts: &Facts) -> Vec<Probe> {
    facts.reading_ask(ask::RUNS)
}

fn judge(facts: &Facts) -> Judgement {
    read(facts, ask::RUNS, "The runs of the newest experiment, by POST.", None)
}
