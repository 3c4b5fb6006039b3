//! `steady-answers`

use super::{Check, Judgement, Status, Suite, asks_nothing};
use crate::run::Facts;
use crate::run::facts::{OPEN_REPEATS, ask};

pub const CHECK: Check = Check {
    id: "steady-answers",
    suite: Suite::Connectivity,
    title: "Equal requests get equal answers",
    failing_title: "Equal requests get different answers",
    asks: asks_nothing,
    judge,
};

fn judge(facts: &Facts) -> Judgement {
    let expected = "No good answer beside a bad one to the same question.";
    let (all, bad) = facts.open_tries();
    if facts.is_unsteady() {
        let actual = format!("{bad} of {all} equal requests got no good answer.");
        return Judgement::new(Status::Fail, expected, actual, &OPEN_REPEATS);
    }
    match facts.answer(ask::OPEN) {
        Some(_) => Judgement::new(Status::Pass, expected, "No sign of it.", &[ask::OPEN]),
        None => Judgement::new(Status::Skipped, expected, "The health path could not be read.", &[]),
    }
}
