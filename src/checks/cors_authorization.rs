//! `cors-authorization`

use super::{Check, Judgement, Status, Suite, asks_nothing};
use crate::deployment::Host;
use crate::run::Facts;
use crate::run::facts::{Preflight, Reach, ask, open_fake_id, open_json_id};

pub const CHECK: Check = Check {
    id: "cors-authorization",
    suite: Suite::Cors,
    title: "The gateway lets this page send the key",
    failing_title: "The gateway does not let this page send the key",
    asks: asks_nothing,
    judge,
};

fn judge(facts: &Facts) -> Judgement {
    let headers = facts.deployment.scheme.header_names().join(", ");
    let expected =
        format!("OPTIONS is answered without a key, with a 2xx status and permission for {headers}.");
    let judged =
        |status, actual: &str, evidence: &[&str]| Judgement::new(status, &expected, actual, evidence);
    if !facts.wants_key() {
        return judged(Status::Skipped, "This deployment needs no key.", &[]);
    }
    if !matches!(facts.reach(Host::Registry), Reach::Readable) {
        return judged(Status::Skipped, "No answer of the registry can be read at all.", &[]);
    }
    match facts.preflight(Host::Registry) {
        Preflight::Works => judged(
            Status::Pass,
            "A request with an Authorization header was answered readably.",
            &[facts.search_id()],
        ),
        Preflight::Blocked | Preflight::KeyRefused => judged(
            Status::Fail,
            "Plain requests can be read; the same requests with a key fail before they are sent.",
            &[
                ask::SEARCH_NONE,
                ask::SEARCH_FAKE,
                ask::SEARCH_KEY,
                &open_fake_id(Host::Registry),
                &open_json_id(Host::Registry),
            ],
        ),
        Preflight::Unknown => judged(
            Status::Unknown,
            "The browser does not say whether permission or a readable answer was missing.",
            &[facts.search_id()],
        ),
    }
}
