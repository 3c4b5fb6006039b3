//! `cors-read`

use super::{Check, Judgement, Status, Suite, asks_nothing, describe};
use crate::deployment::Host;
use crate::run::Facts;
use crate::run::facts::{Reach, ask, no_cors_id};

pub const CHECK: Check = Check {
    id: "cors-read",
    suite: Suite::Cors,
    title: "The registry lets this page read its answers",
    failing_title: "The registry does not let this page read its answers",
    asks: asks_nothing,
    judge,
};

fn judge(facts: &Facts) -> Judgement {
    judge_read(facts, Host::Registry)
}

/// Shared with `auth-cors`: the same claim about another host.
pub(super) fn judge_read(facts: &Facts, host: Host) -> Judgement {
    let expected =
        format!("Access-Control-Allow-Origin for {} on plain answers.", facts.environment.page_origin);
    let open = Facts::open_id(host);
    let judged =
        |status, actual: String, evidence: &[&str]| Judgement::new(status, &expected, actual, evidence);
    match facts.reach(host) {
        Reach::Readable => match facts.answer(open) {
            Some(_) => {
                judged(Status::Pass, "The answer to a plain request could be read.".to_owned(), &[open])
            }
            None => {
                let readable = facts.of_host(host).find(|seen| seen.answer().is_some());
                let which = readable.map(|seen| seen.probe.target.path_only().to_owned()).unwrap_or_default();
                let seen = facts.saw(open).map(describe).unwrap_or_default();
                judged(
                    Status::Warn,
                    format!("{which} could be read, the health path could not ({seen})."),
                    &[open],
                )
            }
        },
        Reach::Unreadable => judged(
            Status::Fail,
            "The host answers, and the browser withholds every answer from this page.".to_owned(),
            &[open, &no_cors_id(host)],
        ),
        Reach::Unknown => judged(Status::Unknown, "Not seen.".to_owned(), &[]),
        _ => judged(Status::Skipped, "The host did not answer.".to_owned(), &[ask::OPEN]),
    }
}
