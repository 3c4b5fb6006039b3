//! `write-run`

use super::{Check, Suite, asks_nothing, judge_steps};

pub const CHECK: Check = Check {
    id: "write-run",
    suite: Suite::Registration,
    title: "An experiment and a run can be created and filled",
    failing_title: "An experiment or a run cannot be created or filled",
    asks: asks_nothing,
    judge: |facts| {
        judge_steps(
            facts,
            "The steps succeed, and parameters, metrics and tags come back as they were sent.",
            "write-run-",
            &["write-run-read", "write-run-finish"],
        )
    },
};
