//! A refusal for now, without a readable word on when to come back.

use super::{Kind, Watch, asks_nothing};
use crate::deployment::Host;
use crate::run::Facts;

pub const WATCH: Watch = Watch {
    kind: Kind::HiddenHeaders,
    present,
    asks: asks_nothing,
    says: "The answer does not show when to try again.",
};

fn present(facts: &Facts, host: Host) -> bool {
    // Every server says the time, so where that shows, everything does, and there was nothing to show.
    let mut answers = facts.of_host(host).filter_map(|seen| seen.answer());
    host == Host::Registry
        && answers.any(|answer| {
            answer.status == 429 && answer.header("retry-after").is_none() && answer.header("date").is_none()
        })
}
