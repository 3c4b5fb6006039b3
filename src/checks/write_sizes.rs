//! `write-sizes`

use super::{Check, Suite, asks_nothing, judge_steps};

pub const CHECK: Check = Check {
    id: "write-sizes",
    suite: Suite::Registration,
    title: "Uploads pass up to the size that was asked for",
    failing_title: "Uploads fail above a size",
    asks: asks_nothing,
    judge: |facts| judge_steps(facts, "Each upload up to the chosen size passes.", "write-size-", &[]),
};
