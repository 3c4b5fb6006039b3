//! `browser-clock`

use super::{Check, Judgement, Status, Suite};
use crate::deployment::{Host, clock};
use crate::probe::Probe;
use crate::run::Facts;
use crate::run::facts::{ask, clock::SKEWED_S};

pub const CHECK: Check = Check {
    id: "browser-clock",
    suite: Suite::Browser,
    title: "This browser's clock and the servers' clocks agree",
    failing_title: "This browser's clock and a server's clock disagree",
    asks,
    judge,
};

/// Less than this is the way of the answer, or nobody's trouble.
const NOTICED_S: i64 = 60;

fn asks(facts: &Facts) -> Vec<Probe> {
    vec![facts.get(ask::CONTROL, Host::Page, facts.page_target("preflight.json"))]
}

fn judge(facts: &Facts) -> Judgement {
    let expected = "Less than a minute between them.";
    let judged = |status, actual: &str| Judgement::new(status, expected, actual, &[ask::CONTROL]);
    let known = [Host::Page, Host::Registry, Host::Auth];
    let known = known.into_iter().filter_map(|host| Some((host, facts.clock_ahead(host)?)));
    let Some((host, ahead)) = known.max_by_key(|(_, ahead)| ahead.unsigned_abs()) else {
        return judged(Status::Unknown, "No server lets this page read its clock.");
    };
    let whose = match host {
        Host::Page => "this page's server",
        Host::Registry => "the registry",
        Host::Auth => "the auth service",
    };
    let actual = format!("{} between this browser's clock and that of {whose}.", clock::span(ahead.abs()));
    match ahead.abs() {
        0..NOTICED_S => judged(Status::Pass, &actual),
        NOTICED_S..SKEWED_S => judged(Status::Warn, &actual),
        _ => judged(Status::Fail, &actual),
    }
}
