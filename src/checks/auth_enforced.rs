//! `auth-enforced`

use super::{Check, Judgement, Status, Suite, describe};
use crate::deployment::Host;
use crate::deployment::credential::Presented;
use crate::probe::{Observation, Probe};
use crate::run::Facts;
use crate::run::facts::ask;

pub const CHECK: Check = Check {
    id: "auth-enforced",
    suite: Suite::Key,
    title: "Requests without a good key are refused",
    failing_title: "The registry is open to requests without a good key",
    asks,
    judge,
};

fn asks(facts: &Facts) -> Vec<Probe> {
    let none = facts.get(ask::SEARCH_NONE, Host::Registry, facts.search_target());
    if !facts.wants_key() {
        return vec![none];
    }
    vec![none, facts.get(ask::SEARCH_FAKE, Host::Registry, facts.search_target()).with(Presented::Fake)]
}

fn judge(facts: &Facts) -> Judgement {
    let expected = "401 or 403 without a key and with a made-up key.";
    let evidence = [ask::SEARCH_NONE, ask::SEARCH_FAKE];
    let judged = |status, actual: String| Judgement::new(status, expected, actual, &evidence);
    if !facts.wants_key() {
        return Judgement::new(Status::Skipped, expected, "This deployment needs no key.", &[]);
    }
    let let_in = |seen: Option<&Observation>| {
        seen.and_then(Observation::answer).is_some_and(|answer| answer.ok() && Facts::is_mlflow(answer))
    };
    let (none, fake) = (facts.saw(ask::SEARCH_NONE), facts.saw(ask::SEARCH_FAKE));
    let Some(without) = none else {
        return Judgement::new(Status::Unknown, expected, "Not asked.", &[]);
    };
    if let_in(none) {
        return judged(Status::Fail, format!("Without any key: {}.", describe(without)));
    }
    if let_in(fake) {
        return judged(Status::Fail, "A made-up key gets in.".to_owned());
    }
    match without.status() {
        Some(401 | 403) => judged(Status::Pass, format!("Without a key: {}.", describe(without))),
        Some(_) => {
            judged(Status::Unknown, format!("Without a key: {}, which is no refusal.", describe(without)))
        }
        None if facts.search_error_is_hidden() && facts.mlflow_works() => judged(
            Status::Pass,
            "Without a key an error status comes; the browser withholds which.".to_owned(),
        ),
        None => judged(Status::Unknown, format!("Without a key the page saw {}.", describe(without))),
    }
}
