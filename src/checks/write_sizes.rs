//! `write-sizes`

use super::{Check, Status, Suite, asks_nothing, judge_steps};
use crate::registration::content::{largest, size};

pub const CHECK: Check = Check {
    id: "write-sizes",
    suite: Suite::Registration,
    title: "Uploads pass up to the size that was asked for",
    failing_title: "Uploads fail above a size",
    asks: asks_nothing,
    judge: |facts| {
        let mut judged = judge_steps(facts, "Each upload up to the chosen size passes.", "write-size-", &[]);
        if let (Status::Pass | Status::Fail, Some(bytes)) = (judged.status, largest(facts)) {
            judged.actual.push_str(&[" The largest that passed had ", &size(bytes), "."].concat());
        }
        judged
    },
};
