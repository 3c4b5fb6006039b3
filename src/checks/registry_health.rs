//! `registry-health`

use super::{Check, Judgement, Status, Suite, describe};
use crate::deployment::Host;
use crate::probe::{Probe, Saw, Who};
use crate::run::Facts;
use crate::run::facts::{ROOT_HEALTH, ask};

pub const CHECK: Check = Check {
    id: "registry-health",
    suite: Suite::Connectivity,
    title: "The registry's health path answers without a key",
    failing_title: "The registry's health path does not answer as it should",
    asks,
    judge,
};

/// Where the deployment's own health path is none, the one at the root of the host may be.
fn asks(facts: &Facts) -> Vec<Probe> {
    let root = facts.deployment.mlflow.at_root("/health");
    let in_doubt = facts.saw(ask::OPEN).is_some_and(|seen| match seen.answer() {
        Some(answer) => !answer.ok(),
        None => seen.saw == Saw::NetworkError,
    });
    // Somebody who configured another health path has said where it is.
    let usual = facts.deployment.open_path == [facts.deployment.mlflow.path.as_str(), "/health"].concat();
    if !in_doubt || !usual || facts.open_target(Host::Registry).is_some_and(|open| open == root) {
        return Vec::new();
    }
    vec![facts.get(ROOT_HEALTH, Host::Registry, root)]
}

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
        200..=299 if matches!(who, Who::WebPage | Who::LoginPage | Who::Portal) => Status::Warn,
        200..=299 => Status::Pass,
        // A deployment need not have this path, or may guard it.
        401 | 403 | 404 | 405 => Status::Warn,
        _ => Status::Fail,
    };
    Judgement::new(status, expected, actual, &[ask::OPEN])
}
