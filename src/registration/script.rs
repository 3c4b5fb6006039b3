//! The steps that create, as the Python client makes them (facts/source-scripts.md 1.11, facts/mlflow.md parts 2 and 5).

use super::content;
use super::model::{KINDS, Kind, Made};
use super::steps::{Steps, encoded, object, place_of, quoted, text};
use crate::probe::{Method, Probe};
use crate::run::{Facts, Mode, Registration};

/// The alias that is set.
pub const ALIAS: &str = "preflight-check";
/// The metric that is logged: its value and its time must come back, since MLflow answers 200 to what it stores as 0.
pub const METRIC: &str = "0.9375";
/// How often a registered model is looked for.
const LOOKS: [&str; 5] =
    ["write-search-1", "write-search-2", "write-search-3", "write-search-4", "write-search-5"];

/// What the run is called by MLflow, and where its files lie.
struct Place {
    run: String,
    experiment: String,
    root: Option<String>,
}

/// All steps that are wanted so far, those that are back included.
pub fn steps(facts: &Facts) -> Vec<Probe> {
    let Some(it) = facts.registration else { return Vec::new() };
    let mut s = Steps::new(facts, it);
    if let Some(place) = begin(&mut s) {
        match it.mode {
            Mode::Sizes(cap) => sizes(&mut s, &place, cap),
            _ => register(&mut s, &place),
        }
        finish(&mut s, &place);
    }
    s.wanted
}

/// Rehearsals, experiment and run.
fn begin(s: &mut Steps) -> Option<Place> {
    let name = quoted(&s.name);
    // What is not there cannot be harmed, and MLflow's words tell whether the body arrived.
    let delete = s.send(
        "write-rehearse-delete",
        Method::Delete,
        "registered-models/delete",
        object(&[("name", &name)]),
    );
    let patch = s.send(
        "write-rehearse-patch",
        Method::Patch,
        "registered-models/update",
        object(&[("name", &name), ("description", "\"\"")]),
    );
    delete.and(patch)?;
    let tags = tags(s.it);
    let made = s.post("write-run-experiment", "experiments/create", &[("name", &name), ("tags", &tags)])?;
    let experiment = text(made, &["experiment_id"])?;
    let path = ["experiments/get-by-name?experiment_name=", &s.name].concat();
    s.get("write-run-experiment-read", &path)?;
    let (of, at) = (quoted(&experiment), s.it.made_ms.to_string());
    let made = s.post(
        "write-run-create",
        "runs/create",
        &[("experiment_id", &of), ("run_name", "\"preflight\""), ("start_time", &at), ("tags", &tags)],
    )?;
    let run = text(made, &["run", "info", "run_id"])?;
    let root = text(made, &["run", "info", "artifact_uri"]).and_then(|uri| place_of(&uri));
    Some(Place { run, experiment, root })
}

/// The tags that say whose this is, as JSON.
pub fn tags(it: &Registration) -> String {
    let tag = |key: &str, value: &str| object(&[("key", &quoted(key)), ("value", &quoted(value))]);
    let note = "Made by Preflight to test registration. Safe to delete.";
    ["[", &tag(Registration::TAG, &it.id), ",", &tag("mlflow.note.content", note), "]"].concat()
}

fn register(s: &mut Steps, place: &Place) {
    log(s, place);
    let files = place.root.as_ref().is_some_and(|root| files(s, root));
    let (name, tags) = (quoted(&s.name), tags(s.it));
    let fields =
        [("name", name.as_str()), ("description", "\"Made by Preflight. Safe to delete.\""), ("tags", &tags)];
    let has_model = s.post("write-two-model", "registered-models/create", &fields).is_some();
    let mut first = None;
    for kind in &KINDS {
        let version = two(s, place, kind, files, has_model);
        first = first.or(version);
    }
    three(s, place, files, has_model);
    if let Some(version) = first {
        labels(s, &version);
        search(s, place, &version, files);
    }
}

/// Parameter, metric, tag, and all three at once; then whether they are stored as they were sent.
fn log(s: &mut Steps, place: &Place) {
    let (run, at) = (quoted(&place.run), s.it.made_ms.to_string());
    let run = ("run_id", run.as_str());
    let key = ("key", "\"preflight\"");
    let metric = [run, key, ("value", METRIC), ("timestamp", &at), ("step", "0")];
    let batch = |value: &str| {
        let timed = [("timestamp", at.as_str()), ("step", "1")];
        let mut fields = vec![("key", "\"batch\""), ("value", value)];
        fields.extend(if value.starts_with('"') { &[][..] } else { &timed[..] });
        ["[", &object(&fields), "]"].concat()
    };
    let (metrics, texts) = (batch(METRIC), batch("\"yes\""));
    let done = [
        s.post("write-run-parameter", "runs/log-parameter", &[run, key, ("value", "\"yes\"")]),
        s.post("write-run-metric", "runs/log-metric", &metric),
        s.post("write-run-tag", "runs/set-tag", &[run, key, ("value", "\"yes\"")]),
        s.post(
            "write-run-batch",
            "runs/log-batch",
            &[run, ("metrics", &metrics), ("params", &texts), ("tags", &texts)],
        ),
    ];
    if done.iter().all(Option::is_some) {
        s.get("write-run-read", &["runs/get?run_id=", &encoded(&place.run)].concat());
    }
}

/// Files of all sorts, up and back. True once a first one went up: only then the others follow.
fn files(s: &mut Steps, root: &str) -> bool {
    let mut first = false;
    for (name, _) in content::FILES {
        let path = [root, "/files/", name, ".bin"].concat();
        let up = s.put(&["write-files-put-", name].concat(), &path, None).is_some();
        if up {
            let back = s.artifact(&["write-files-get-", name].concat(), &path);
            s.ask(back);
        }
        if name == "text" {
            first = up;
        }
        if !first {
            return false;
        }
    }
    true
}

/// A model in the shape of MLflow 2: files below the run, `runs/log-model`, a version with a `runs:/` source. Gives
/// the version.
fn two(s: &mut Steps, place: &Place, kind: &Kind, files: bool, has_model: bool) -> Option<String> {
    let id = |what: &str| ["write-two-", kind.name, "-", what].concat();
    let made = Made { run: &place.run, model: None, at: &s.it.made_at.clone() };
    if let (true, Some(root)) = (files, &place.root) {
        upload(s, &id(""), &[root, "/", kind.name].concat(), kind, &made);
    }
    let (run, json) = (quoted(&place.run), quoted(&kind.description(&made)));
    s.post(&id("log"), "runs/log-model", &[("run_id", &run), ("model_json", &json)]);
    if !has_model {
        return None;
    }
    let source = quoted(&["runs:/", &place.run, "/", kind.name].concat());
    let (name, tags) = (quoted(&s.name), tags(s.it));
    let fields = [("name", name.as_str()), ("source", &source), ("run_id", &run), ("tags", &tags)];
    text(s.post(&id("version"), "model-versions/create", &fields)?, &["model_version", "version"])
}

fn upload(s: &mut Steps, id: &str, folder: &str, kind: &Kind, made: &Made) {
    for (path, text) in kind.files(made) {
        let name = path.rsplit('/').next().unwrap_or(path);
        s.put(&[id, "put-", name].concat(), &[folder, "/", path].concat(), Some(text));
    }
}

/// Models in the shape of MLflow 3: logged models with files of their own, versions with a `models:/` source. A server
/// that does not know the first one does not know the others either.
fn three(s: &mut Steps, place: &Place, files: bool, has_model: bool) {
    for kind in &KINDS {
        if !logged(s, place, kind, files, has_model) {
            return;
        }
    }
}

fn logged(s: &mut Steps, place: &Place, kind: &Kind, files: bool, has_model: bool) -> bool {
    let id = |what: &str| ["write-three-", kind.name, "-", what].concat();
    let (experiment, run) = (quoted(&place.experiment), quoted(&place.run));
    let (name, tags) = (quoted(kind.name), tags(s.it));
    let fields = [
        ("experiment_id", experiment.as_str()),
        ("name", &name),
        ("model_type", "\"preflight\""),
        ("source_run_id", &run),
        ("params", r#"[{"key":"preflight","value":"yes"}]"#),
        ("tags", &tags),
    ];
    let Some(made) = s.post(&id("create"), "logged-models", &fields) else { return false };
    let info = |what| text(made, &["model", "info", what]);
    let Some(model) = info("model_id") else { return false };
    let models = ["[", &object(&[("model_id", &quoted(&model)), ("step", "0")]), "]"].concat();
    s.post(&id("outputs"), "runs/outputs", &[("run_id", &run), ("models", &models)]);
    if let (true, Some(root)) = (files, info("artifact_uri").and_then(|uri| place_of(&uri))) {
        let made = Made { run: &place.run, model: Some(&model), at: &s.it.made_at.clone() };
        upload(s, &id(""), &root, kind, &made);
    }
    let of = quoted(&model);
    let ready = object(&[("model_id", &of), ("status", "\"LOGGED_MODEL_READY\"")]);
    let path = ["logged-models/", &encoded(&model)].concat();
    if s.send(&id("ready"), Method::Patch, &path, ready).is_some() && has_model {
        let (name, source) = (quoted(&s.name), quoted(&["models:/", &model].concat()));
        let fields = [("name", name.as_str()), ("source", &source), ("model_id", &of), ("tags", &tags)];
        s.post(&id("version"), "model-versions/create", &fields);
    }
    true
}

/// Alias, tags and, where there are any, stages.
fn labels(s: &mut Steps, version: &str) {
    let (name, of) = (quoted(&s.name), quoted(version));
    let (name, of) = (("name", name.as_str()), ("version", of.as_str()));
    let alias = ("alias", &*quoted(ALIAS));
    if s.post("write-labels-alias", "registered-models/alias", &[name, alias, of]).is_some() {
        let path = ["registered-models/alias?name=", &s.name, "&alias=", ALIAS].concat();
        s.get("write-labels-alias-read", &path);
    }
    let tag = [("key", "\"preflight\""), ("value", "\"yes\"")];
    s.post("write-labels-model-tag", "registered-models/set-tag", &[name, tag[0], tag[1]]);
    s.post("write-labels-version-tag", "model-versions/set-tag", &[name, of, tag[0], tag[1]]);
    let stage = [name, of, ("stage", "\"Staging\""), ("archive_existing_versions", "false")];
    s.post("write-labels-stage", "model-versions/transition-stage", &stage);
}

/// Looked for until it appears, then read back through the registry.
fn search(s: &mut Steps, run: &Place, version: &str, files: bool) {
    let path = ["registered-models/search?max_results=10&filter=name%3D%27", &s.name, "%27"].concat();
    let mut found = false;
    for id in LOOKS {
        let Some(answer) = s.get(id, &path) else { break };
        found = is_found(answer, &s.name);
        if found {
            break;
        }
    }
    let path = ["model-versions/get-download-uri?name=", &s.name, "&version=", &encoded(version)].concat();
    let Some(answer) = (if found { s.get("write-search-uri", &path) } else { None }) else { return };
    let uri = text(answer, &["artifact_uri"]).and_then(|uri| match uri.strip_prefix("runs:/") {
        // The source as it was given: below the run's own root.
        Some(rest) => Some([run.root.as_deref()?, rest.strip_prefix(&*run.run)?].concat()),
        None => place_of(&uri),
    });
    if let (true, Some(place)) = (files, uri) {
        let back = s.artifact("write-search-file", &[&place, "/MLmodel"].concat());
        s.ask(back);
    }
}

/// True when a search's answer names the registered model.
pub fn is_found(answer: &crate::probe::Answer, name: &str) -> bool {
    super::steps::list(answer, &["registered_models"])
        .iter()
        .any(|model| model.get("name").and_then(crate::json::Value::as_str) == Some(name))
}

/// Ever larger uploads over the same file, until one fails or the cap is reached.
fn sizes(s: &mut Steps, place: &Place, cap: u32) {
    let Some(root) = &place.root else { return };
    let path = [root, "/files/size.bin"].concat();
    let mut mib = 1;
    while mib <= cap {
        if s.put(&["write-size-", &mib.to_string()].concat(), &path, None).is_none() {
            return;
        }
        mib *= 2;
    }
}

/// The end of the run, once everything before it is back.
fn finish(s: &mut Steps, place: &Place) {
    if s.wanted.iter().all(|probe| s.is_back(&probe.id)) {
        let (run, at) = (quoted(&place.run), (s.it.made_ms + 1).to_string());
        s.post(
            "write-run-finish",
            "runs/update",
            &[("run_id", &run), ("status", "\"FINISHED\""), ("end_time", &at)],
        );
    }
}
