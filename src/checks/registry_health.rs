//! `registry-health`

use super::{Check, Judgement, Status, Suite, asks_nothing, describe};
use crate::probe::Who;
use crate::run::Facts;
use crate::run::facts::ask;

pub const CHECK: Check = Check {
    id: "registry-health",
    suite: Suite::Connectivity,
    title: "The registry's health path answers without a key",
    failing_title: "The registry's health path does not answer as it should",
    asks: asks_nothing,
    judge,
};

fn judge(facts: &Facts) -> Judgement {
    let expected = "A 2xx status.";
    let Some(seen) = facts.saw(ask::OPEN) else {
        return Judgement::new(Status::Unknown, expected, "Not seen.", &[]);
    };
    let Some(answer) = seen.answer() else {
        return Judgement::new(
            Status::Unknown,
            expected,
            format!("The page saw {}.", describe(seen)),
            &[ask::OPEN],
        );
    };
    let who = Who::of(answer);
    let actual = format!("{}, from {}.", describe(seen), who.name());
    let status = match answer.status {
        200..=299 if matches!(who, Who::WebPage | Who::LoginPage) => Status::Warn,
        200..=299 => Status::Pass,
        // A deployment need not have this path, or may guard it.
        401 | 403 | 404 | 405 => Status::Warn,
        _ => Status::Fail,
    };
    Judgement::new(status, expected, actual, &[ask::OPEN])
}
