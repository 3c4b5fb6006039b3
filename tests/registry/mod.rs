//! A registry as MLflow 3 or 2 keeps it, as far as a registration uses it: enough to see what is left behind. The real
//! servers are asked in tests/webdriver/registration.rs.

use preflight::probe::{Answer, Body, Method, Probe, Saw};
use preflight::registration::content;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// What the server holds.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Registry {
    /// MLflow 2 has no logged models.
    pub is_two: bool,
    /// It takes every removal of a registered model for a mistake.
    pub keeps_models: bool,
    pub experiments: Vec<Value>,
    pub runs: Vec<Value>,
    pub models: BTreeMap<String, Value>,
    pub versions: Vec<Value>,
    pub logged: Vec<Value>,
    pub files: BTreeMap<String, Vec<u8>>,
}

type Said = Result<Value, (u16, &'static str)>;

const MISSING: (u16, &str) = (404, "RESOURCE_DOES_NOT_EXIST");
const NO_NAME: (u16, &str) = (400, "INVALID_PARAMETER_VALUE");

impl Registry {
    /// With things of other people, one of them under a name like ours.
    pub fn of_others(is_two: bool) -> Registry {
        let mut it = Registry { is_two, ..Registry::default() };
        it.experiments.push(json!({ "experiment_id": "0", "name": "Default", "lifecycle_stage": "active" }));
        it.models.insert("theirs".into(), json!({ "name": "theirs", "tags": [] }));
        it.files.insert("0/theirs/artifacts/model.pkl".into(), b"precious".to_vec());
        it
    }

    /// What a person would still see: deleted experiments, runs and logged models are kept by MLflow, marked.
    pub fn visible(&self) -> Registry {
        let active = |list: &[Value]| {
            list.iter().filter(|one| one["lifecycle_stage"] != "deleted").cloned().collect::<Vec<_>>()
        };
        Registry {
            experiments: active(&self.experiments),
            runs: active(&self.runs),
            logged: active(&self.logged),
            ..self.clone()
        }
    }

    /// Answers a step.
    pub fn answer(&mut self, probe: &Probe) -> Saw {
        let path = probe.target.path.as_str();
        if let Some(place) = path.strip_prefix("/api/2.0/mlflow-artifacts/artifacts") {
            return self.artifact(probe, place);
        }
        let Some(path) = path.strip_prefix("/api/2.0/mlflow/") else { return html(404) };
        let (path, query) = path.split_once('?').unwrap_or((path, ""));
        let body = match probe.method {
            Method::Get => Value::Object(
                query
                    .split('&')
                    .filter_map(|pair| pair.split_once('='))
                    .map(|(name, value)| (name.to_owned(), Value::from(decoded(value))))
                    .collect::<Map<_, _>>(),
            ),
            _ => probe.body.as_deref().and_then(|body| serde_json::from_str(body).ok()).unwrap_or_default(),
        };
        if self.is_two && path.starts_with("logged-models") {
            return html(404);
        }
        match self.api(probe.method, path, &body) {
            Ok(value) => said(200, &value),
            Err((status, code)) => said(status, &json!({ "error_code": code, "message": "" })),
        }
    }

    fn api(&mut self, method: Method, path: &str, body: &Value) -> Said {
        let text = |name: &str| body[name].as_str().unwrap_or_default().to_owned();
        match (method.name(), path) {
            ("GET", "experiments/search") => Ok(json!({ "experiments": self.experiments })),
            ("POST", "experiments/create") => {
                let id = self.experiments.len().to_string();
                let made = json!({ "experiment_id": id, "name": text("name"), "tags": body["tags"], "lifecycle_stage": "active" });
                self.experiments.push(made);
                Ok(json!({ "experiment_id": id }))
            }
            ("GET", "experiments/get-by-name") => {
                let named = self.experiments.iter().find(|one| one["name"] == text("experiment_name"));
                Ok(json!({ "experiment": named.ok_or(MISSING)? }))
            }
            ("POST", "experiments/delete") => {
                delete(&mut self.experiments, "experiment_id", &text("experiment_id"))
            }
            ("POST", "runs/create") => {
                let id = format!("{:032x}", 0xabc0_0000 + self.runs.len());
                let root = format!("mlflow-artifacts:/{}/{id}/artifacts", text("experiment_id"));
                self.runs.push(json!({
                    "run_id": id, "experiment_id": text("experiment_id"), "artifact_uri": root,
                    "lifecycle_stage": "active", "tags": body["tags"], "params": [], "metrics": [],
                }));
                self.run(&id)
            }
            ("POST", "runs/log-parameter") => self.log(body, "params", &[body]),
            ("POST", "runs/log-metric") => self.log(body, "metrics", &[body]),
            ("POST", "runs/set-tag") => self.log(body, "tags", &[body]),
            ("POST", "runs/log-batch") => {
                for what in ["params", "metrics", "tags"] {
                    let entries: Vec<&Value> = body[what].as_array().into_iter().flatten().collect();
                    self.log(body, what, &entries)?;
                }
                Ok(json!({}))
            }
            ("POST", "runs/log-model" | "runs/update" | "runs/outputs") => {
                self.run(&text("run_id")).map(|_| json!({}))
            }
            ("GET", "runs/get") => self.run(&text("run_id")),
            ("POST", "runs/delete") => delete(&mut self.runs, "run_id", &text("run_id")),
            ("POST", "runs/search") => {
                let of = &body["experiment_ids"][0];
                let found = self
                    .runs
                    .iter()
                    .filter(|run| run["experiment_id"] == *of && run["lifecycle_stage"] == "active");
                let found =
                    found.filter_map(|run| Some(self.run(run["run_id"].as_str()?).ok()?["run"].clone()));
                Ok(json!({ "runs": found.collect::<Vec<_>>() }))
            }
            ("POST", "logged-models") => {
                let id = format!("m-{:030x}", 0xdef0_0000 + self.logged.len());
                let root = format!("mlflow-artifacts:/{}/models/{id}/artifacts", text("experiment_id"));
                self.logged.push(json!({
                    "model_id": id, "experiment_id": text("experiment_id"), "artifact_uri": root,
                    "tags": body["tags"], "lifecycle_stage": "active",
                }));
                Ok(json!({ "model": { "info": self.logged.last() } }))
            }
            ("POST", "logged-models/search") => {
                let of = &body["experiment_ids"][0];
                let found = self
                    .logged
                    .iter()
                    .filter(|one| one["experiment_id"] == *of && one["lifecycle_stage"] == "active");
                Ok(json!({ "models": found.map(|info| json!({ "info": info })).collect::<Vec<_>>() }))
            }
            ("PATCH", path) if path.starts_with("logged-models/") => Ok(json!({ "model": {} })),
            ("DELETE", path) if path.starts_with("logged-models/") => {
                delete(&mut self.logged, "model_id", path.trim_start_matches("logged-models/"))
            }
            _ => self.registry(method, path, body),
        }
    }

    fn registry(&mut self, method: Method, path: &str, body: &Value) -> Said {
        let text = |name: &str| body[name].as_str().unwrap_or_default().to_owned();
        let name = text("name");
        let needs_name = path.starts_with("registered-models") && !path.ends_with("search");
        if needs_name && name.is_empty() {
            return Err(NO_NAME);
        }
        match (method.name(), path) {
            ("POST", "registered-models/create") => {
                self.models
                    .insert(name.clone(), json!({ "name": name, "tags": body["tags"], "aliases": [] }));
                Ok(json!({ "registered_model": self.models[&name] }))
            }
            ("GET", "registered-models/get") => {
                Ok(json!({ "registered_model": self.models.get(&name).ok_or(MISSING)? }))
            }
            ("GET", "registered-models/search") => {
                Ok(json!({ "registered_models": self.models.values().collect::<Vec<_>>() }))
            }
            (
                "PATCH" | "DELETE" | "POST",
                "registered-models/update" | "registered-models/delete" | "registered-models/set-tag",
            ) => {
                self.models.get(&name).ok_or(MISSING)?;
                if path.ends_with("delete") {
                    if self.keeps_models {
                        return Err((403, "PERMISSION_DENIED"));
                    }
                    self.models.remove(&name);
                    self.versions.retain(|version| version["name"] != name);
                }
                Ok(json!({}))
            }
            ("POST", "registered-models/alias") => {
                self.models.get_mut(&name).ok_or(MISSING)?["aliases"] =
                    json!([{ "alias": text("alias"), "version": text("version") }]);
                Ok(json!({}))
            }
            ("GET" | "DELETE", "registered-models/alias") => Ok(json!({})),
            ("POST", "model-versions/create") => {
                self.models.get(&name).ok_or(MISSING)?;
                let number = (self.versions.len() + 1).to_string();
                self.versions.push(json!({ "name": name, "version": number, "source": text("source") }));
                Ok(json!({ "model_version": self.versions.last() }))
            }
            ("GET", "model-versions/search") => Ok(json!({ "model_versions": self.versions })),
            ("GET", "model-versions/get-download-uri") => {
                let found = self
                    .versions
                    .iter()
                    .find(|version| version["version"] == text("version"))
                    .ok_or(MISSING)?;
                let source = found["source"].as_str().unwrap_or_default().trim_start_matches("runs:/");
                let (run, rest) = source.split_once('/').ok_or(MISSING)?;
                let run = self.run(run)?;
                Ok(
                    json!({ "artifact_uri": format!("{}/{rest}", run["run"]["info"]["artifact_uri"].as_str().unwrap_or_default()) }),
                )
            }
            ("DELETE", "model-versions/delete") => {
                let before = self.versions.len();
                self.versions.retain(|one| one["name"] != name || one["version"] != text("version"));
                if self.versions.len() < before { Ok(json!({})) } else { Err(MISSING) }
            }
            ("POST", "model-versions/set-tag" | "model-versions/transition-stage") => Ok(json!({})),
            _ => Err((404, "ENDPOINT_NOT_FOUND")),
        }
    }

    fn run(&self, id: &str) -> Said {
        let run = self.runs.iter().find(|run| run["run_id"] == id).ok_or(MISSING)?;
        let data = json!({ "params": run["params"], "metrics": run["metrics"], "tags": run["tags"] });
        Ok(json!({ "run": { "info": run, "data": data } }))
    }

    fn log(&mut self, body: &Value, what: &str, entries: &[&Value]) -> Said {
        let run = self.runs.iter_mut().find(|run| run["run_id"] == body["run_id"]).ok_or(MISSING)?;
        let list = run[what].as_array_mut().ok_or(MISSING)?;
        list.extend(entries.iter().map(|entry| (*entry).clone()));
        Ok(json!({}))
    }

    fn artifact(&mut self, probe: &Probe, place: &str) -> Saw {
        if let Some(folder) = place.strip_prefix("?path=") {
            let folder = format!("{}/", decoded(folder));
            let files: Vec<Value> = self
                .files
                .keys()
                .filter(|path| path.starts_with(&folder))
                .map(|path| json!({ "path": path }))
                .collect();
            return said(200, &if files.is_empty() { json!({}) } else { json!({ "files": files }) });
        }
        let place = decoded(place.trim_start_matches('/'));
        match probe.method {
            Method::Put => {
                let bytes = match (&probe.body, content::of(&probe.id)) {
                    (Some(text), _) => text.clone().into_bytes(),
                    (None, content) => content.map(stand_in).unwrap_or_default(),
                };
                self.files.insert(place, bytes);
                answer(200, "", "")
            }
            Method::Delete => {
                let folder = format!("{place}/");
                self.files.retain(|path, _| *path != place && !path.starts_with(&folder));
                said(200, &json!({}))
            }
            _ => {
                let Some(bytes) = self.files.get(&place) else {
                    return said(404, &json!({ "error_code": MISSING.1 }));
                };
                let matches = content::of(&probe.id).map(|content| stand_in(content) == *bytes);
                let text = if matches.is_some() {
                    String::new()
                } else {
                    String::from_utf8_lossy(bytes).into_owned()
                };
                let Saw::Answer(mut answer) = answer(200, "application/octet-stream", &text) else {
                    unreachable!()
                };
                answer.body.matches = matches;
                Saw::Answer(answer)
            }
        }
    }
}

/// A few bytes in the place of megabytes: hundreds of registrations are made here.
fn stand_in(content: content::Content) -> Vec<u8> {
    match content.bytes_long() {
        0..10_000 => content.bytes(),
        long => long.to_be_bytes().to_vec(),
    }
}

fn delete(list: &mut [Value], name: &str, id: &str) -> Said {
    let found = list.iter_mut().find(|one| one[name] == id).ok_or(MISSING)?;
    found["lifecycle_stage"] = json!("deleted");
    Ok(json!({}))
}

fn decoded(text: &str) -> String {
    text.replace("%27", "'").replace("%3D", "=")
}

pub fn said(status: u16, value: &Value) -> Saw {
    answer(status, "application/json", &value.to_string())
}

/// What Flask says to a path it does not know.
pub fn html(status: u16) -> Saw {
    answer(
        status,
        "text/html",
        "<!doctype html>\n<html lang=en>\n<title>404 Not Found</title>\n<h1>Not Found</h1>\n<p>The requested URL was not found on the server.</p>",
    )
}

pub fn answer(status: u16, kind: &str, text: &str) -> Saw {
    let body = Body { bytes: text.len() as u32, text: text.to_owned(), complete: true, ..Body::default() };
    Saw::Answer(Answer {
        status,
        landed: None,
        queued_ms: None,
        headers: vec![("content-type".into(), kind.into())],
        body,
    })
}
