//! `direct-access`

use super::{Check, Judgement, Status, Suite};
use crate::probe::Probe;
use crate::run::Facts;
use crate::run::facts::{BASE_CANDIDATES, direct_id};

pub const CHECK: Check = Check {
    id: "direct-access",
    suite: Suite::Mlflow,
    title: "No other usual path leads to MLflow past the key",
    failing_title: "Another path leads to MLflow past the key",
    asks,
    judge,
};

fn asks(facts: &Facts) -> Vec<Probe> {
    facts.direct_asks()
}

fn judge(facts: &Facts) -> Judgement {
    let expected = "Without a key, MLflow answers under none of the usual paths.";
    let asked: Vec<String> = BASE_CANDIDATES.iter().map(|path| direct_id(path)).collect();
    let seen: Vec<&str> = asked.iter().map(String::as_str).filter(|id| facts.saw(id).is_some()).collect();
    let judged = |status, actual: String| Judgement::new(status, expected, actual, &seen);
    match facts.open_path_past_the_key() {
        Some(path) => judged(
            Status::Fail,
            format!("MLflow answers without a key at {}{path}.", facts.deployment.mlflow.origin),
        ),
        None if seen.is_empty() => judged(Status::Skipped, "Only asked when you look closer.".to_owned()),
        None => judged(Status::Pass, format!("{} other paths were asked.", seen.len())),
    }
}
