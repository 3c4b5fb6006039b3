//! `write-search`

use super::{Check, Suite, asks_nothing, judge_steps};

pub const CHECK: Check = Check {
    id: "write-search",
    suite: Suite::Registration,
    title: "A registered model is found and read back",
    failing_title: "A registered model is not found, or not as it was registered",
    asks: asks_nothing,
    judge: |facts| {
        judge_steps(
            facts,
            "The search names it, and its MLmodel file comes back through the registry as it was uploaded.",
            "write-search-",
            &["write-search-uri"],
        )
    },
};
