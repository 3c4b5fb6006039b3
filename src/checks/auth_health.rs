//! `auth-health`

use super::{Check, Judgement, Status, Suite, asks_nothing, describe};
use crate::deployment::Host;
use crate::run::Facts;
use crate::run::facts::{StatusClass, ask, open_status_id};

pub const CHECK: Check = Check {
    id: "auth-health",
    suite: Suite::AuthService,
    title: "The auth service is up",
    failing_title: "The auth service is not well",
    asks: asks_nothing,
    judge,
};

fn judge(facts: &Facts) -> Judgement {
    let expected = "A 2xx status on its health path.";
    let status_id = open_status_id(Host::Auth);
    let judged =
        |status, actual: String| Judgement::new(status, expected, actual, &[ask::AUTH_OPEN, &status_id]);
    if facts.deployment.auth.is_none() {
        return Judgement::new(Status::Skipped, expected, "No auth service was given.", &[]);
    }
    let Some(seen) = facts.saw(ask::AUTH_OPEN) else {
        return Judgement::new(Status::Unknown, expected, "Not seen.", &[]);
    };
    match (seen.status(), facts.status_class(&status_id)) {
        (Some(200..=299), _) => judged(Status::Pass, format!("{}.", describe(seen))),
        (Some(_), _) => judged(Status::Fail, format!("{}.", describe(seen))),
        (None, Some(StatusClass::Success)) => {
            judged(Status::Pass, "A success status; the answer itself is withheld from this page.".to_owned())
        }
        (None, Some(StatusClass::Error)) => judged(
            Status::Fail,
            "An error status, or none; the answer itself is withheld from this page.".to_owned(),
        ),
        (None, None) => judged(Status::Unknown, format!("The page saw {}.", describe(seen))),
    }
}
