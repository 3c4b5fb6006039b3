//! `key-shape`

use super::{Check, Judgement, Status, Suite};
use crate::deployment::{Host, clock};
use crate::probe::Probe;
use crate::run::Facts;
use crate::run::facts::ask;

pub const CHECK: Check = Check {
    id: "key-shape",
    suite: Suite::Key,
    title: "The key looks like a key of this deployment",
    failing_title: "The key does not look like a key of this deployment",
    asks,
    judge,
};

/// A token's end is compared with a server's clock. The page's own server is one that may always be read.
fn asks(facts: &Facts) -> Vec<Probe> {
    let ends = facts.key.time("exp").is_some() || facts.key.time("nbf").is_some();
    let control = || facts.get(ask::CONTROL, Host::Page, facts.page_target("preflight.json"));
    ends.then(control).into_iter().collect()
}

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
    if let Some(expiry) = facts.expiry() {
        let ago = clock::span(expiry.ago);
        return judged(Status::Warn, format!("The token ended {ago} ago, on {}.", clock::utc(expiry.at)));
    }
    if let Some(at) = facts.not_yet_valid() {
        return judged(Status::Warn, format!("The token is not valid before {}.", clock::utc(at)));
    }
    if let Some((key, here)) = facts.other_environment() {
        return judged(Status::Warn, format!("Its prefix is that of {key}; keys here are for {here}."));
    }
    if let Some(oddity) = facts.key.oddities.first() {
        return judged(Status::Warn, oddity.to_string());
    }
    judged(
        Status::Pass,
        match &facts.key.environment {
            Some(name) => format!("It does; its prefix is that of {name}."),
            None => match facts.key.time("exp") {
                Some(at) => format!("It is a token (JWT) that is valid until {}.", clock::utc(at)),
                None => "It does.".to_owned(),
            },
        },
    )
}
