//! `response-time`

use super::{Check, Judgement, Status, Suite, asks_nothing};
use crate::run::Facts;
use crate::run::facts::within;

pub const CHECK: Check = Check {
    id: "response-time",
    suite: Suite::Connectivity,
    title: "Answers come quickly",
    failing_title: "Answers come slowly",
    asks: asks_nothing,
    judge,
};

fn judge(facts: &Facts) -> Judgement {
    let slow = facts.limits.slow_ms;
    let expected = format!("Half of the answers within {slow} ms.");
    let times = facts.answer_times(None);
    let (Some(half), Some(most)) = (within(&times, 50), within(&times, 90)) else {
        return Judgement::new(Status::Unknown, &expected, "No answer could be timed.", &[]);
    };
    let actual = format!(
        "{} answers, connection set-up included: half within {half} ms, nine in ten within {most} ms.",
        times.len(),
    );
    let status = if half > slow { Status::Warn } else { Status::Pass };
    Judgement::new(status, &expected, actual, &[])
}
