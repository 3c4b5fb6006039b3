//! What the health path says, compared with what MLflow does.

use super::{Facts, HEALTH_PATH, ask};
use crate::deployment::Host;
use crate::json::{Map, Value};
use crate::probe::{Answer, Said};

/// How deep a health report is read.
const DEPTH: u8 = 4;

impl Facts<'_> {
    /// True when MLflow works and the health path calls the host broken: by its status, or in a success by its words.
    pub fn health_is_worse_than_mlflow(&self) -> bool {
        let calls_broken = |answer: &Answer| {
            let status =
                answer.json().and_then(|json| Some(json.get("status")?.as_str()?.to_ascii_lowercase()));
            answer.status >= 500
                || answer.ok()
                    && status.is_some_and(|status| {
                        ["unhealthy", "down", "error", "fail"].contains(&status.as_str())
                    })
        };
        self.mlflow_works() && self.answer(ask::OPEN).is_some_and(calls_broken)
    }

    /// True when the health path names MLflow and calls it well, while MLflow's API gives a server error.
    pub fn health_praises_mlflow(&self) -> bool {
        // Where the key could not be judged, MLflow was not asked.
        let fails = self.answer(self.search_id()).is_some_and(|answer| answer.status >= 500)
            && self.refusal().is_none();
        let open = self.answer(ask::OPEN).filter(|answer| answer.ok());
        fails && open.and_then(Answer::json).is_some_and(|json| praises(&json, DEPTH))
    }

    /// Parts that one of the deployment's health paths calls unwell.
    pub fn unwell(&self) -> Vec<String> {
        let health = self.of_host(Host::Registry).filter(|seen| seen.probe.id.starts_with(HEALTH_PATH));
        health.filter_map(|seen| seen.answer()).flat_map(unwell).collect()
    }

    /// True when the health path lies below MLflow's.
    pub fn health_is_below_mlflow(&self) -> bool {
        let rest = self.deployment.open_path.strip_prefix(self.deployment.mlflow.path.as_str());
        rest.is_some_and(|rest| rest.starts_with('/'))
    }

    /// True when MLflow works and answers the health path with its own “not found”: a route to MLflow that takes every
    /// path below it takes this one too.
    pub fn health_is_shadowed(&self) -> bool {
        let unknown = |id| self.said(id) == Some(Said::NoRoute);
        self.mlflow_works() && self.health_is_below_mlflow() && (unknown(ask::OPEN) || unknown(ask::OPEN_KEY))
    }
}

/// True for a word, or a no, that health answers use of what is not well.
pub fn is_bad(value: &Value) -> bool {
    matches!(value.as_str(), Some("degraded" | "unhealthy" | "error" | "down" | "OPEN"))
        || *value == Value::Bool(false)
}

/// Parts that a health answer calls unwell.
pub fn unwell(answer: &Answer) -> Vec<String> {
    let Some(Value::Object(object)) = answer.json() else { return Vec::new() };
    let services = object.get("services").and_then(Value::as_object);
    let bad = services.into_iter().flat_map(Map::iter).filter(|(_, value)| is_bad(value));
    bad.map(|(name, _)| name.clone()).take(8).collect()
}

/// True when something named after MLflow is called well in here.
fn praises(json: &Value, depth: u8) -> bool {
    let well = |value: &Value| match value {
        Value::Bool(yes) => *yes,
        Value::String(word) => {
            ["ok", "healthy", "up", "connected"].contains(&word.to_ascii_lowercase().as_str())
        }
        Value::Object(parts) => parts.get("status").and_then(Value::as_str).is_some_and(|word| {
            ["ok", "healthy", "up", "connected"].contains(&word.to_ascii_lowercase().as_str())
        }),
        _ => false,
    };
    match json {
        Value::Object(parts) if depth > 0 => parts.iter().any(|(name, value)| {
            name.to_ascii_lowercase().contains("mlflow") && well(value) || praises(value, depth - 1)
        }),
        _ => false,
    }
}
