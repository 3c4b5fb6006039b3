//! `auth-reachable`

use super::registry_reachable::judge_reach;
use super::{Check, Judgement, Status, Suite};
use crate::deployment::Host;
use crate::probe::Probe;
use crate::run::Facts;

pub const CHECK: Check = Check {
    id: "auth-reachable",
    suite: Suite::Connectivity,
    title: "The auth service's host answers",
    failing_title: "The auth service's host does not answer",
    asks,
    judge,
};

fn asks(facts: &Facts) -> Vec<Probe> {
    let id = Facts::open_id(Host::Auth);
    facts.open_target(Host::Auth).map(|target| facts.get(id, Host::Auth, target)).into_iter().collect()
}

fn judge(facts: &Facts) -> Judgement {
    if facts.deployment.auth.is_none() {
        return Judgement::new(
            Status::Skipped,
            "An HTTP answer of any kind.",
            "No auth service was given.",
            &[],
        );
    }
    judge_reach(facts, Host::Auth)
}
