//! `key-accepted`

use super::{Check, Judgement, Status, Suite, describe};
use crate::deployment::Host;
use crate::deployment::credential::Presented;
use crate::probe::{Probe, quoted};
use crate::run::Facts;
use crate::run::facts::ask;

pub const CHECK: Check = Check {
    id: "key-accepted",
    suite: Suite::Key,
    title: "The registry accepts the key",
    failing_title: "The registry refuses the request with the key",
    asks,
    judge,
};

fn asks(facts: &Facts) -> Vec<Probe> {
    if facts.best_credential() != Presented::Key {
        return Vec::new();
    }
    vec![facts.get(ask::SEARCH_KEY, Host::Registry, facts.search_target()).with(Presented::Key)]
}

fn judge(facts: &Facts) -> Judgement {
    let expected = "Anything but a refusal (401, 403).";
    let judged = |status, actual: String| Judgement::new(status, expected, actual, &[ask::SEARCH_KEY]);
    if !facts.wants_key() || !facts.key.present {
        return Judgement::new(Status::Skipped, expected, "There is no key to try.", &[]);
    }
    let Some(seen) = facts.saw(ask::SEARCH_KEY) else {
        return Judgement::new(Status::Unknown, expected, "Not tried.", &[]);
    };
    let Some(answer) = seen.answer() else {
        return judged(Status::Unknown, format!("The page saw {}.", describe(seen)));
    };
    let words = answer.error_text();
    let said = if words.is_empty() || answer.ok() && facts.refusal().is_none() {
        String::new()
    } else {
        [": ", &quoted(&words, 200)].concat()
    };
    let actual = format!("{}{said}.", describe(seen));
    match answer.status {
        401 | 403 => judged(Status::Fail, actual),
        _ if answer.ok() && facts.refusal().is_some() => judged(Status::Fail, actual),
        402 | 429 | 500..=599 => judged(Status::Unknown, format!("{actual} That is not about the key.")),
        _ => judged(Status::Pass, actual),
    }
}
