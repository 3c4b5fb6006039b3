//! `auth-cors`

use super::cors_read::judge_read;
use super::{Check, Judgement, Status, Suite, asks_nothing};
use crate::deployment::Host;
use crate::run::Facts;

pub const CHECK: Check = Check {
    id: "auth-cors",
    suite: Suite::Cors,
    title: "The auth service lets this page read its answers",
    failing_title: "The auth service does not let this page read its answers",
    asks: asks_nothing,
    judge,
};

fn judge(facts: &Facts) -> Judgement {
    if facts.deployment.auth.is_none() {
        return Judgement::new(Status::Skipped, "Readable answers.", "No auth service was given.", &[]);
    }
    let judgement = judge_read(facts, Host::Auth);
    // Nobody but this page needs it, so it is no fault of the deployment.
    let status = if judgement.status == Status::Fail { Status::Warn } else { judgement.status };
    Judgement { status, ..judgement }
}
