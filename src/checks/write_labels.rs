//! `write-labels`

use super::{Check, Suite, asks_nothing, judge_steps};

pub const CHECK: Check = Check {
    id: "write-labels",
    suite: Suite::Registration,
    title: "Aliases, tags and stages can be set",
    failing_title: "An alias, a tag or a stage cannot be set",
    asks: asks_nothing,
    judge: |facts| {
        judge_steps(
            facts,
            "Each is taken; a server without stages may say so.",
            "write-labels-",
            &["write-labels-alias-read", "write-labels-model-tag", "write-labels-version-tag"],
        )
    },
};
