//! `key-present`

use super::{Check, Judgement, Status, Suite, asks_nothing};
use crate::run::Facts;

pub const CHECK: Check = Check {
    id: "key-present",
    suite: Suite::Key,
    title: "A key was typed",
    failing_title: "No key was typed",
    asks: asks_nothing,
    judge,
};

fn judge(facts: &Facts) -> Judgement {
    let expected = "A key in the key field.";
    let judged = |status, actual: String| Judgement::new(status, expected, actual, &[]);
    match (facts.wants_key(), facts.key.present) {
        (false, _) => judged(Status::Skipped, "This deployment needs no key.".to_owned()),
        (true, false) => judged(Status::Fail, "The key field is empty.".to_owned()),
        (true, true) => judged(Status::Pass, format!("{} characters.", facts.key.length)),
    }
}
