//! `who-answers`

use super::{Check, Judgement, Status, Suite, asks_nothing};
use crate::deployment::Host;
use crate::probe::{Observation, Who, quoted};
use crate::run::Facts;
use crate::run::facts::{Reach, ask};

pub const CHECK: Check = Check {
    id: "who-answers",
    suite: Suite::Connectivity,
    title: "It is known who answers",
    failing_title: "Something answers in place of the registry",
    asks: asks_nothing,
    judge,
};

fn judge(facts: &Facts) -> Judgement {
    let expected = "MLflow, or the application in front of it.";
    let ids = [ask::OPEN, facts.search_id()];
    let judged = |status, actual: &str| Judgement::new(status, expected, actual, &ids);
    let mut told = String::new();
    let mut status = Status::Pass;
    for (id, what) in ids.into_iter().zip(["The health path", "the search"]) {
        let Some(answer) = facts.saw(id).and_then(Observation::answer) else { continue };
        let who = Who::of(answer);
        if !told.is_empty() {
            told.push_str("; ");
        }
        let sure = match who {
            Who::Json | Who::Nobody | Who::Unknown | Who::WebPage => "",
            who if who.is_sure() => ", surely",
            _ => ", by the look of it",
        };
        for piece in [what, ": ", who.name(), sure] {
            told.push_str(piece);
        }
        if let Some(server) = answer.header("server") {
            told.push_str(", which calls itself ");
            told.push_str(&quoted(server, 40));
        }
        if matches!(who, Who::LoginPage | Who::Portal | Who::GatewayPage) {
            status = Status::Fail;
        }
    }
    told.push('.');
    match facts.reach(Host::Registry) {
        _ if told.len() > 1 => judged(status, &told),
        Reach::Unreadable => judged(Status::Unknown, "Something answers that this page may not read."),
        _ => judged(Status::Skipped, "Nothing answered."),
    }
}
