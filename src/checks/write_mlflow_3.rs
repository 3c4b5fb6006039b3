//! `write-mlflow-3`

use super::{Check, Suite, asks_nothing, judge_steps};

pub const CHECK: Check = Check {
    id: "write-mlflow-3",
    suite: Suite::Registration,
    title: "Models register as an MLflow 3 client does it",
    failing_title: "Models do not register as an MLflow 3 client does it",
    asks: asks_nothing,
    judge: |facts| {
        judge_steps(
            facts,
            "For each kind of model: a logged model, its files, and a version whose source is that model.",
            "write-three-",
            &[
                "write-three-sklearn-version",
                "write-three-pytorch-version",
                "write-three-pyfunc-version",
                "write-three-transformers-version",
            ],
        )
    },
};
