//! `mlflow-down`

use super::prelude::*;

pub const CAUSE: Cause = Cause {
    code: "mlflow-down",
    class: Class::Infrastructure,
    hop: Hop::Mlflow,
    owner: Owner::Mlflow,
    title: "The proxy cannot reach MLflow",
    fit,
    headline: |facts, host| {
        if let Some(seen) = failed_write(facts, is_unreached) {
            return format!(
                "{} reads from MLflow, and does not reach what takes changes: {}.",
                words::the(facts, host),
                step_told(seen)
            );
        }
        let waited = facts.answer(facts.search_id()).is_some_and(|answer| answer.status == 504);
        format!(
            "{} is up, but {} the MLflow server behind it. {}",
            words::the(facts, host),
            if waited { "waited in vain for" } else { "cannot reach" },
            words::said(facts, facts.search_id())
        )
    },
    fixes: only_cards,
    tell: |facts, _| {
        curl_for_write(facts, is_unreached).or_else(|| words::curl_for(facts, facts.search_id()))
    },
};

/// Words, in lower case, for a server that does not answer.
const ABSENT: [&str; 11] = [
    "unavailable",
    "unreachable",
    "not reach",
    "is down",
    "connection refused",
    "connect error",
    "connection error",
    "connection attempts failed",
    "to connect",
    "not connect",
    "to establish",
];

/// A step that a proxy answers because nothing behind it did.
fn is_unreached(seen: &Observation) -> bool {
    seen.answer().is_some_and(|answer| matches!(answer.status, 502..=504) && Who::of(answer) != Who::Mlflow)
}

fn fit(symptom: &Symptom, facts: &Facts) -> Fit {
    let id = facts.search_id();
    match symptom.kind {
        Kind::ServerError => {
            let Some(answer) = facts.answer(id).filter(|answer| matches!(answer.status, 502..=504)) else {
                return Fit::NO;
            };
            // MLflow itself spoke.
            if Who::of(answer) == Who::Mlflow {
                return Fit::NO;
            }
            let text = answer.error_text().to_ascii_lowercase();
            let spoke = matches!(Who::of(answer), Who::Application | Who::Json);
            if spoke && text.contains("mlflow") && !text.contains("authentication") {
                // Who waited too long for an answer did reach it, and so did who tells what it answered.
                let is_absent = ABSENT.iter().any(|word| text.contains(word));
                if answer.status == 504 || !is_absent || text.contains("client error") {
                    Fit::likely(85, &[id])
                } else {
                    Fit::certain(&[id])
                }
            } else if facts.answer(ask::OPEN).is_some_and(|answer| answer.ok()) {
                Fit::likely(if spoke { 85 } else { 70 }, &[id, ask::OPEN])
            } else {
                Fit::NO
            }
        }
        Kind::HiddenErrors if !facts.wants_key() && !mlflow_speaks_at_version(facts) => {
            Fit::likely(70, &[ask::SEARCH_NONE, ask::SEARCH_STATUS])
        }
        Kind::WriteFails => match failed_write(facts, is_unreached) {
            Some(seen) => Fit::likely(80, &[&seen.probe.id]),
            None => Fit::NO,
        },
        _ => Fit::NO,
    }
}
