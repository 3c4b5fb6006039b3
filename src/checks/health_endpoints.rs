//! `health-endpoints`

use super::{Check, Judgement, Status, Suite};
use crate::deployment::Host;
use crate::json::Value;
use crate::probe::{Observation, Probe};
use crate::run::Facts;
use crate::run::facts::HEALTH_PATH;
use crate::run::facts::health::{is_bad, unwell};

pub const CHECK: Check = Check {
    id: "health-endpoints",
    suite: Suite::Connectivity,
    title: "Every health path of this deployment says that all is well",
    failing_title: "Not every health path says that all is well",
    asks,
    judge,
};

fn id(index: usize) -> String {
    format!("{HEALTH_PATH}{}", index + 1)
}

/// Only where something answers: at a silent host each of them would wait for as long as a probe may.
fn asks(facts: &Facts) -> Vec<Probe> {
    if !facts.of_host(Host::Registry).any(Observation::proves_answer) {
        return Vec::new();
    }
    let target = |path: &String| facts.deployment.mlflow.at_root(path);
    let paths = facts.deployment.health_paths.iter().enumerate();
    paths.map(|(index, path)| facts.get(&id(index), Host::Registry, target(path))).collect()
}

fn judge(facts: &Facts) -> Judgement {
    let expected = "2xx without a key, and no word of trouble inside.";
    let paths = &facts.deployment.health_paths;
    if paths.is_empty() {
        return Judgement::new(
            Status::Skipped,
            expected,
            "The configuration names no further health path.",
            &[],
        );
    }
    let ids: Vec<String> = (0..paths.len()).map(id).collect();
    let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
    let seen: Vec<&Observation> = ids.iter().filter_map(|id| facts.saw(id)).collect();
    let judged = |status, actual: String| Judgement::new(status, expected, actual, &ids);
    let troubles: Vec<String> = seen.iter().filter_map(|seen| trouble(seen)).collect();
    let unread = seen.iter().filter(|seen| seen.answer().is_none()).count();
    if !troubles.is_empty() {
        return judged(Status::Warn, troubles.join("; ") + ".");
    }
    if seen.len() < paths.len() || unread > 0 {
        return judged(Status::Unknown, format!("{unread} of {} could not be read.", paths.len()));
    }
    judged(Status::Pass, format!("All {} do.", paths.len()))
}

/// What a readable health answer complains of: its status, or a word of trouble inside a success.
fn trouble(seen: &Observation) -> Option<String> {
    let answer = seen.answer()?;
    let path = seen.probe.target.path.as_str();
    if !answer.ok() {
        return Some(format!("{path} answers {}", answer.status));
    }
    let Some(Value::Object(object)) = answer.json() else { return None };
    let said = ["status", "ready", "connected", "circuit_breaker_state"].iter().find_map(|name| {
        object.get(name).filter(|value| is_bad(value)).map(|value| format!("{name} {value}").replace('"', ""))
    })?;
    let bad = unwell(answer);
    let which = if bad.is_empty() { String::new() } else { [" (", &bad.join(", "), ")"].concat() };
    Some(format!("{path} says {said}{which}"))
}
