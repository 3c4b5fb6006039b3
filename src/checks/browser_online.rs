//! `browser-online`

use super::{Check, Judgement, Status, Suite, asks_nothing};
use crate::run::Facts;

pub const CHECK: Check = Check {
    id: "browser-online",
    suite: Suite::Browser,
    title: "This browser is online",
    failing_title: "This browser is offline",
    asks: asks_nothing,
    judge,
};

fn judge(facts: &Facts) -> Judgement {
    let judged =
        |status, actual: &str| Judgement::new(status, "The browser says it has a network.", actual, &[]);
    if facts.environment.on_line {
        judged(Status::Pass, "It says so.")
    } else if facts.observations.iter().any(|seen| seen.probe.is_outward() && seen.proves_answer()) {
        judged(Status::Warn, "The browser says it is offline, yet a host under test answers.")
    } else {
        judged(Status::Fail, "The browser says it is offline.")
    }
}
