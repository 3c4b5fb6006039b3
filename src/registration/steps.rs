//! How a step is put, and how its answer is read: leniently, since an empty list is an absent key and numbers come as
//! strings (facts/mlflow.md, part 1).

use crate::deployment::Host;
use crate::json::Value;
use crate::probe::{Answer, Method, Observation, Probe};
use crate::run::{Facts, Registration};

/// Steps being put together: each is asked for, and if it has come back well, its answer leads to the next.
pub struct Steps<'a> {
    /// What was seen so far.
    pub facts: &'a Facts<'a>,
    /// What this registration is.
    pub it: &'a Registration,
    /// The name of its experiment and its registered model.
    pub name: String,
    /// All steps that are wanted so far, seen or not.
    pub wanted: Vec<Probe>,
}

impl<'a> Steps<'a> {
    /// No step yet.
    pub fn new(facts: &'a Facts<'a>, it: &'a Registration) -> Steps<'a> {
        Steps { facts, it, name: it.name(), wanted: Vec::new() }
    }

    /// A GET below MLflow's API; its answer, once it is there and good.
    pub fn get(&mut self, id: &str, path: &str) -> Option<&'a Answer> {
        let probe = self.probe(id, &["/api/2.0/mlflow/", path].concat());
        self.ask(probe)
    }

    /// A request with a JSON body.
    pub fn send(&mut self, id: &str, method: Method, path: &str, body: String) -> Option<&'a Answer> {
        let probe = self.probe(id, &["/api/2.0/mlflow/", path].concat()).json(body).method(method);
        self.ask(probe)
    }

    /// A POST with a JSON body.
    pub fn post(&mut self, id: &str, path: &str, fields: &[(&str, &str)]) -> Option<&'a Answer> {
        self.send(id, Method::Post, path, object(fields))
    }

    /// The upload of a file: of `text`, or of what [`super::content`] has for this step.
    pub fn put(&mut self, id: &str, place: &str, text: Option<String>) -> Option<&'a Answer> {
        // As the Python client says it (facts/mlflow.md, part 5).
        let kind = if text.is_some() { "text/plain" } else { "application/octet-stream" };
        let mut probe = self.artifact(id, place).method(Method::Put).header("content-type", kind);
        probe.body = text;
        self.ask(probe)
    }

    /// A file of the artifact store.
    pub fn artifact(&self, id: &str, place: &str) -> Probe {
        let mut probe = self.probe(id, &[ARTIFACTS, "/", &encoded(place)].concat());
        if super::content::of(id).is_some() {
            // Megabytes on a slow line.
            probe.timeout_ms = super::content::timeout_ms(id).max(probe.timeout_ms);
        }
        probe
    }

    /// What a path of the artifact store holds.
    pub fn list(&mut self, id: &str, place: &str) -> Option<&'a Answer> {
        let probe = self.probe(id, &[ARTIFACTS, "?path=", &encoded(place)].concat());
        self.ask(probe)
    }

    fn probe(&self, id: &str, path: &str) -> Probe {
        let target = self.facts.deployment.mlflow.join(path);
        let mut probe = self.facts.get(id, Host::Registry, target).with(self.facts.best_credential());
        probe.timeout_ms = probe.timeout_ms.max(PATIENCE_MS);
        probe
    }

    /// Wants a step; its answer, once it is there and good.
    pub fn ask(&mut self, probe: Probe) -> Option<&'a Answer> {
        let seen = self.facts.saw(&probe.id);
        self.wanted.push(probe);
        seen.filter(|seen| went_well(seen))?.answer()
    }

    /// True when a step has come back, well or not.
    pub fn is_back(&self, id: &str) -> bool {
        self.facts.saw(id).is_some()
    }
}

/// A step whose answer is given up may still have arrived, so it gets more time than a question.
const PATIENCE_MS: u32 = 15_000;

const ARTIFACTS: &str = "/api/2.0/mlflow-artifacts/artifacts";

/// True when a step's answer is what MLflow gives when all is well.
pub fn went_well(seen: &Observation) -> bool {
    let Some(answer) = seen.answer() else { return false };
    let id = seen.probe.id.as_str();
    if id.starts_with("write-rehearse-") {
        // Of something that does not exist MLflow says so. A body that got lost makes it miss the name instead.
        return answer.status == 404 && text(answer, &["error_code"]).is_some();
    }
    if !answer.ok() {
        return false;
    }
    match answer.body.matches {
        Some(matches) => matches,
        // Only files may be anything; a page instead of JSON is an error in disguise.
        None => {
            let body = answer.body.text.trim_start();
            body.is_empty() || id.ends_with("-file") || body.starts_with('{')
        }
    }
}

/// True when a step came back with what only says that this server has no such thing: MLflow 2 has no logged models,
/// and stages will go one day.
pub fn is_absent(seen: &Observation) -> bool {
    matches!(seen.status(), Some(404 | 405))
        && (seen.probe.id == "write-three-sklearn-create"
            || seen.probe.id == "write-labels-stage"
            || seen.probe.id.ends_with("-logged"))
        && seen.answer().is_some_and(|answer| text(answer, &["error_code"]).is_none_or(is_route_word))
}

/// Proxies put a missing route into words of their own.
fn is_route_word(code: String) -> bool {
    matches!(code.as_str(), "ENDPOINT_NOT_FOUND" | "RESOURCE_NOT_FOUND" | "NOT_FOUND")
}

/// The value at a place of an answer.
pub fn value(answer: &Answer, place: &[&str]) -> Option<Value> {
    place.iter().try_fold(answer.json()?, |value, name| value.get(name).cloned())
}

/// A string, or a number as one.
pub fn as_text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// The text at a place of an answer.
pub fn text(answer: &Answer, place: &[&str]) -> Option<String> {
    as_text(&value(answer, place)?)
}

/// The list at a place of an answer; an absent list is an empty one.
pub fn list(answer: &Answer, place: &[&str]) -> Vec<Value> {
    match value(answer, place) {
        Some(Value::Array(list)) => list,
        _ => Vec::new(),
    }
}

/// True when a list of tags has this registration's.
pub fn is_tagged(tags: Option<&Value>, it: &Registration) -> bool {
    let ours = |tag: &Value| {
        tag.get("key").and_then(Value::as_str) == Some(Registration::TAG)
            && tag.get("value").and_then(Value::as_str) == Some(&it.id)
    };
    tags.and_then(Value::as_array).is_some_and(|tags| tags.iter().any(ours))
}

/// A JSON object of fields whose values are JSON already.
pub fn object(fields: &[(&str, &str)]) -> String {
    let fields: Vec<String> =
        fields.iter().map(|(name, value)| ["\"", name, "\":", value].concat()).collect();
    ["{", &fields.join(","), "}"].concat()
}

/// Text as JSON.
pub fn quoted(text: &str) -> String {
    crate::json::quote(text)
}

/// Percent-encoded for a path or a query, slashes kept.
pub fn encoded(text: &str) -> String {
    let mut out = String::new();
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push('%');
            for half in [byte >> 4, byte & 15] {
                out.extend(char::from_digit(u32::from(half), 16).map(|digit| digit.to_ascii_uppercase()));
            }
        }
    }
    out
}

/// Where an artifact address lies in the artifact store that MLflow serves; `None` when clients are sent elsewhere.
pub fn place_of(uri: &str) -> Option<String> {
    let rest = uri.strip_prefix("mlflow-artifacts:")?;
    let path = match rest.strip_prefix("//") {
        // With a host of its own, which this page does not ask.
        Some(rest) => rest.split_once('/')?.1,
        None => rest,
    };
    let path = path.trim_matches('/');
    let sound =
        !path.is_empty() && !path.split('/').any(|part| part.is_empty() || part == ".." || part == ".");
    sound.then(|| path.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_below_the_root_and_nowhere_else() {
        for (uri, place) in [
            ("mlflow-artifacts:/1/abc/artifacts", Some("1/abc/artifacts")),
            ("mlflow-artifacts://host:5000/1/abc", Some("1/abc")),
            ("mlflow-artifacts:/1/../2", None),
            ("mlflow-artifacts:/", None),
            ("s3://bucket/1/abc", None),
            ("/srv/mlruns/1/abc", None),
            ("file:///srv/mlruns", None),
        ] {
            assert_eq!(place_of(uri).as_deref(), place, "{uri}");
        }
    }

    #[test]
    fn bodies_are_json() {
        let body = object(&[("a", &quoted("\"é\n")), ("b", "1")]);
        let read: serde_json::Value = serde_json::from_str(&body).expect("JSON");
        assert_eq!(read["a"], "\"é\n");
        assert_eq!(encoded("a b/ü'"), "a%20b/%C3%BC%27");
    }
}
