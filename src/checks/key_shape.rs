//! `key-shape`

use super::{Check, Judgement, Status, Suite, asks_nothing};
use crate::run::Facts;

pub const CHECK: Check = Check {
    id: "key-shape",
    suite: Suite::Key,
    title: "The key looks like a key of this deployment",
    failing_title: "The key does not look like a key of this deployment",
    why: "Half-copied and masked keys are common, and they can be seen here without asking anybody.",
    does_not_prove: "That anybody knows the key. Looked at on this machine only.",
    asks: asks_nothing,
    judge,
};

fn judge(facts: &Facts) -> Judgement {
    let expected = match &facts.deployment.key_shape {
        Some(shape) if !shape.prefixes.is_empty() => {
            let known: Vec<&str> = shape.prefixes.iter().map(|known| known.prefix.as_str()).collect();
            format!("Starts with {}.", known.join(" or "))
        }
        _ => "One word that an HTTP header can carry.".to_owned(),
    };
    let judged = |status, actual: String| Judgement::new(status, &expected, actual, &[]);
    if !facts.wants_key() || !facts.key.present {
        return judged(Status::Skipped, "There is no key to look at.".to_owned());
    }
    if let Some(problem) = facts.key.problems.first() {
        return judged(Status::Fail, problem.to_string());
    }
    if let Some(oddity) = facts.key.oddities.first() {
        return judged(Status::Warn, oddity.to_string());
    }
    judged(
        Status::Pass,
        match &facts.key.environment {
            Some(name) => format!("It does; its prefix is that of {name}."),
            None => "It does.".to_owned(),
        },
    )
}
