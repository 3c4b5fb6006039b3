//! `registry-reachable`

use super::{Check, Judgement, Suite};
use crate::deployment::Host;
use crate::probe::Probe;
use crate::run::Facts;

pub const CHECK: Check = Check {
    id: "registry-reachable",
    suite: Suite::Connectivity,
    title: "The registry host answers",
    failing_title: "The registry host does not answer",
    asks,
    judge,
};

fn asks(facts: &Facts) -> Vec<Probe> {
    let id = Facts::open_id(Host::Registry);
    facts
        .open_target(Host::Registry)
        .map(|target| facts.get(id, Host::Registry, target))
        .into_iter()
        .collect()
}

fn judge(facts: &Facts) -> Judgement {
    judge_reach(facts, Host::Registry)
}

/// Shared with `auth-reachable`: the same claim about another host.
pub(super) fn judge_reach(facts: &Facts, host: Host) -> Judgement {
    use super::Status;
    use crate::run::Reach;
    let expected = "An HTTP answer of any kind.";
    let open = Facts::open_id(host);
    let no_cors = crate::run::facts::no_cors_id(host);
    let judged = |status, actual: String| Judgement::new(status, expected, actual, &[open, &no_cors]);
    match facts.reach(host) {
        Reach::Readable => {
            let fastest =
                facts.of_host(host).filter(|seen| seen.answer().is_some()).map(|seen| seen.ms).min();
            let mut judgement = judged(
                Status::Pass,
                format!("It answers; the quickest answer took {} ms.", fastest.unwrap_or(0)),
            );
            judgement.evidence.truncate(1);
            judgement
        }
        Reach::Unreadable => {
            judged(Status::Pass, "It answers, though this page may not read what it says.".to_owned())
        }
        Reach::NoAnswer => judged(
            Status::Fail,
            "Requests fail without any answer, in every way the page can ask.".to_owned(),
        ),
        Reach::Silent => judged(
            Status::Fail,
            format!("Nothing came within {} ms, in two ways of asking.", facts.limits.probe_timeout_ms),
        ),
        Reach::Barred => judged(Status::Skipped, "The browser sends nothing there.".to_owned()),
        Reach::Unknown => judged(Status::Unknown, "Not seen.".to_owned()),
    }
}
