//! `write-rehearsal`

use super::{Check, Suite, asks_nothing, judge_steps};

pub const CHECK: Check = Check {
    id: "write-rehearsal",
    suite: Suite::Registration,
    title: "What a registration creates could be removed again",
    failing_title: "What a registration creates could not be removed again",
    asks: asks_nothing,
    judge: |facts| {
        judge_steps(
            facts,
            "DELETE and PATCH with a JSON body reach MLflow: it says that what they name does not exist.",
            "write-rehearse-",
            &["write-rehearse-delete", "write-rehearse-patch"],
        )
    },
};
