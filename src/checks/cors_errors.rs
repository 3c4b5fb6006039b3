//! `cors-errors`

use super::{Check, Judgement, Status, Suite, asks_nothing};
use crate::deployment::Host;
use crate::run::Facts;
use crate::run::facts::{Reach, ask};

pub const CHECK: Check = Check {
    id: "cors-errors",
    suite: Suite::Cors,
    title: "Error replies are readable too",
    failing_title: "Error replies lack CORS headers",
    asks: asks_nothing,
    judge,
};

fn judge(facts: &Facts) -> Judgement {
    let expected = "Access-Control-Allow-Origin on 4xx and 5xx answers.";
    let readable =
        facts.of_host(Host::Registry).find(|seen| seen.status().is_some_and(|status| status >= 400));
    if facts.reach(Host::Registry) != Reach::Readable {
        return Judgement::new(
            Status::Skipped,
            expected,
            "No answer of the registry can be read at all.",
            &[],
        );
    }
    if facts.errors_are_hidden() {
        return Judgement::new(
            Status::Fail,
            expected,
            "MLflow's error for a registered model that is not there is withheld by the browser.",
            &[ask::MISSING, ask::MISSING_STATUS],
        );
    }
    if facts.search_error_is_hidden() {
        return Judgement::new(
            Status::Fail,
            expected,
            "The search without a key gets an error status, and the browser withholds the answer.",
            &[ask::SEARCH_NONE, ask::SEARCH_STATUS],
        );
    }
    match readable {
        Some(seen) => {
            let actual = format!(
                "The {} of {} could be read.",
                seen.status().unwrap_or(0),
                seen.probe.target.path_only()
            );
            Judgement::new(Status::Pass, expected, actual, &[&seen.probe.id])
        }
        None if facts.failed(ask::SEARCH_NONE) => Judgement::new(
            Status::Unknown,
            expected,
            "The search without a key fails unread; its status is not known.",
            &[ask::SEARCH_NONE],
        ),
        None => Judgement::new(Status::Skipped, expected, "No error reply came.", &[]),
    }
}
