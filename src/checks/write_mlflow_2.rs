//! `write-mlflow-2`

use super::{Check, Suite, asks_nothing, judge_steps};

pub const CHECK: Check = Check {
    id: "write-mlflow-2",
    suite: Suite::Registration,
    title: "Models register as an MLflow 2 client does it",
    failing_title: "Models do not register as an MLflow 2 client does it",
    asks: asks_nothing,
    judge: |facts| {
        judge_steps(
            facts,
            "For each kind of model: files, runs/log-model, and a version whose source is the run.",
            "write-two-",
            &[
                "write-two-sklearn-version",
                "write-two-pytorch-version",
                "write-two-pyfunc-version",
                "write-two-transformers-version",
            ],
        )
    },
};
