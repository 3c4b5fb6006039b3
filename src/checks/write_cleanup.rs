//! `write-cleanup`

use super::{Check, Judgement, Status, Suite, asks_nothing, describe};
use crate::registration::part;
use crate::run::Facts;

pub const CHECK: Check = Check {
    id: "write-cleanup",
    suite: Suite::Registration,
    title: "Everything that was created is removed again",
    failing_title: "Something that was created could not be removed",
    asks: asks_nothing,
    judge,
};

fn judge(facts: &Facts) -> Judgement {
    let expected =
        "What carries this registration's tag is removed, and not found when it is looked for again.";
    let plain = |status, actual: &str| Judgement::new(status, expected, actual, &[]);
    if facts.registration.is_none() {
        return plain(Status::Skipped, super::NOT_WANTED);
    }
    if !facts.has_created() {
        return plain(Status::Skipped, "Nothing was created.");
    }
    let cleaning = part::cleaning(facts);
    let ids: Vec<&str> = cleaning.wanted.iter().map(|probe| probe.id.as_str()).collect();
    let judged = |status, actual: String| Judgement::new(status, expected, actual, &ids);
    if !cleaning.over {
        let text =
            "It has not come to its end. This page remembers what was created and offers to remove it.";
        return judged(Status::Unknown, text.to_owned());
    }
    if let Some(left) = cleaning.left.first() {
        let why = facts.saw(&left.id).map(describe).unwrap_or_default();
        let count = cleaning.left.len();
        return judged(Status::Fail, format!("{count} of it stays. {}: {why}.", left.what));
    }
    let steps = ids.len();
    let kept = if cleaning.kept.is_empty() {
        ""
    } else {
        " MLflow keeps the experiment in its database, marked as deleted."
    };
    judged(Status::Pass, format!("{steps} steps; nothing is found any more.{kept}"))
}
