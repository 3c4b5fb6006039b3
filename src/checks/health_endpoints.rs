//! `health-endpoints`

use super::{Check, Judgement, Status, Suite};
use crate::deployment::Host;
use crate::json::{Map, Value};
use crate::probe::{Observation, Probe};
use crate::run::Facts;

pub const CHECK: Check = Check {
    id: "health-endpoints",
    suite: Suite::Connectivity,
    title: "Every health path of this deployment says that all is well",
    failing_title: "Not every health path says that all is well",
    asks,
    judge,
};

/// How the ids of its questions begin; the number in the list follows.
const ID: &str = "registry-health-path-";

fn id(index: usize) -> String {
    format!("{ID}{}", index + 1)
}

fn asks(facts: &Facts) -> Vec<Probe> {
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
    let is_bad = |value: &&Value| {
        matches!(value.as_str(), Some("degraded" | "unhealthy" | "error" | "down" | "OPEN"))
            || **value == Value::Bool(false)
    };
    let said = ["status", "ready", "connected", "circuit_breaker_state"].iter().find_map(|name| {
        object.get(name).filter(is_bad).map(|value| format!("{name} {value}").replace('"', ""))
    })?;
    let services = object.get("services").and_then(Value::as_object);
    let bad = services
        .into_iter()
        .flat_map(Map::iter)
        .filter(|(_, value)| is_bad(value))
        .map(|(name, _)| name.as_str());
    let bad: Vec<&str> = bad.take(8).collect();
    let which = if bad.is_empty() { String::new() } else { [" (", &bad.join(", "), ")"].concat() };
    Some(format!("{path} says {said}{which}"))
}
