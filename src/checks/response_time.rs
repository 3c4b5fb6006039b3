//! `response-time`

use super::{Check, Judgement, Status, Suite, asks_nothing};
use crate::run::Facts;

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
    let taken = facts
        .observations
        .iter()
        .filter(|seen| seen.probe.is_outward() && seen.answer().is_some())
        .map(|seen| seen.ms);
    // Sorted by insertion: a dozen numbers, and the library's sort weighs 3 kB.
    let mut times: Vec<u32> = Vec::new();
    for ms in taken {
        times.insert(times.partition_point(|other| *other <= ms), ms);
    }
    let at = |share: usize| times.get(times.len() * share / 100).or(times.last()).copied().unwrap_or(0);
    if times.is_empty() {
        return Judgement::new(Status::Unknown, &expected, "No answer could be timed.", &[]);
    }
    let actual = format!(
        "{} answers, connection set-up included: half within {} ms, nine in ten within {} ms.",
        times.len(),
        at(50),
        at(90)
    );
    let status = if at(50) > slow { Status::Warn } else { Status::Pass };
    Judgement::new(status, &expected, actual, &[])
}
