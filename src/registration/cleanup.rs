//! Clean-up: find what carries this registration's tag, remove it in the right order, look again.
//!
//! Nothing is removed because it was once created or is written down somewhere. Each look begins with the two names of
//! the registration; what answers to them must carry the tag with the random id, and only what hangs below such an
//! object is removed. Files are removed only in folders named after a run or a logged model found that way.

use super::steps::{
    Steps, as_text, encoded, is_absent, is_tagged, list, object, place_of, quoted, value, went_well,
};
use crate::json::Value;
use crate::probe::{Method, Observation, Probe, curl};
use crate::run::{Facts, Registration};

/// Looks at the most: one that removes, one that finds nothing any more, one for what arrived in between.
const LOOKS: usize = 3;

/// What stays on the server.
#[derive(Clone, Debug, PartialEq)]
pub struct Left {
    /// What was tried or is to be known, the beginning of a sentence.
    pub what: String,
    /// The step that says why; empty when nothing more is to be said.
    pub id: String,
    /// The command that removes it, or that shows it.
    pub command: String,
}

/// How far clean-up is.
#[derive(Debug, Default)]
pub struct Cleaning {
    /// Steps wanted so far, those that are back included.
    pub wanted: Vec<Probe>,
    /// True when the last look is complete.
    pub over: bool,
    /// What could not be removed.
    pub left: Vec<Left>,
    /// What MLflow keeps by design: marked as deleted.
    pub kept: Vec<Left>,
}

impl Cleaning {
    /// True when all that can be removed is gone, and was looked for.
    pub fn is_clean(&self) -> bool {
        self.over && self.left.is_empty()
    }
}

/// How far clean-up is, and what it wants.
pub fn look(facts: &Facts) -> Cleaning {
    let Some(it) = facts.registration else { return Cleaning::default() };
    let mut cleaning = Cleaning::default();
    for number in 1..=LOOKS {
        let mut look =
            Look { s: Steps::new(facts, it), number, found: 0, left: Vec::new(), kept: Vec::new() };
        look.models();
        look.experiment();
        let Look { s, found, left, kept, .. } = look;
        let is_complete = s.wanted.iter().all(|probe| s.is_back(&probe.id));
        cleaning.wanted.extend(s.wanted);
        cleaning.left = left;
        cleaning.kept = kept;
        if !is_complete {
            return cleaning;
        }
        if number > 1 && found == 0 && cleaning.left.is_empty() {
            break;
        }
    }
    cleaning.over = true;
    cleaning
}

/// One look.
struct Look<'a> {
    s: Steps<'a>,
    number: usize,
    /// Objects found that are not deleted yet.
    found: usize,
    left: Vec<Left>,
    kept: Vec<Left>,
}

impl<'a> Look<'a> {
    fn id(&self, what: &str) -> String {
        ["clean-", &self.number.to_string(), "-", what].concat()
    }

    /// True when a step is back.
    fn done(&self, id: &str) -> bool {
        self.s.is_back(id)
    }

    /// A step that looks for something: what stands there, `None` while it is not known or when there is nothing. What
    /// cannot be read is said.
    fn find(&mut self, id: &str, place: &[&str]) -> Option<Value> {
        let seen = self.s.facts.saw(id)?;
        match seen.answer() {
            Some(answer) if went_well(seen) => value(answer, place),
            // MLflow's own word for what does not exist.
            Some(answer)
                if answer.status == 404
                    && super::steps::text(answer, &["error_code"]).as_deref()
                        == Some("RESOURCE_DOES_NOT_EXIST") =>
            {
                None
            }
            _ if is_absent(seen) => None,
            _ => {
                self.say(seen, "Could not be looked for");
                None
            }
        }
    }

    fn say(&mut self, seen: &Observation, what: &str) {
        let what = [what, ": ", seen.probe.method.name(), " ", seen.probe.target.path_only()].concat();
        self.left.push(Left { what, id: seen.probe.id.clone(), command: self.command(&seen.probe) });
    }

    fn command(&self, probe: &Probe) -> String {
        let facts = self.s.facts;
        let (deployment, origin) = (facts.deployment, &facts.environment.page_origin);
        curl::command(probe, &deployment.scheme, deployment.key_shape.as_ref(), origin)
    }

    /// A removal. What fails is said, unless it is gone already.
    fn remove(&mut self, id: &str, method: Method, path: &str, fields: &[(&str, &str)]) {
        self.s.send(id, method, path, object(fields));
        self.judge(id);
    }

    fn judge(&mut self, id: &str) {
        if let Some(seen) = self.s.facts.saw(id)
            && !went_well(seen)
            && seen.status() != Some(404)
        {
            self.say(seen, "Not removed");
        }
    }

    /// Whether what answers to a name is this registration's own.
    fn is_ours(&mut self, id: &str, object: &Value) -> bool {
        let ours = is_tagged(object.get("tags"), self.s.it);
        if !ours && let Some(seen) = self.s.facts.saw(id) {
            self.say(seen, "Left alone, since it does not carry this registration's tag");
        }
        ours
    }

    /// Alias, versions, registered model.
    fn models(&mut self) {
        let id = self.id("model");
        let path = ["registered-models/get?name=", &self.s.name].concat();
        self.s.get(&id, &path);
        let Some(model) = self.find(&id, &["registered_model"]) else { return };
        if !self.is_ours(&id, &model) {
            return;
        }
        self.found += 1;
        let name = quoted(&self.s.name);
        let mut before: Vec<String> = Vec::new();
        for alias in model.get("aliases").and_then(Value::as_array).into_iter().flatten() {
            let Some(alias) = alias.get("alias").and_then(Value::as_str) else { continue };
            let id = self.id(&["alias-", alias].concat());
            self.remove(
                &id,
                Method::Delete,
                "registered-models/alias",
                &[("name", &name), ("alias", &quoted(alias))],
            );
            before.push(id);
        }
        let id = self.id("versions");
        let path = ["model-versions/search?max_results=100&filter=name%3D%27", &self.s.name, "%27"].concat();
        self.s.get(&id, &path);
        let versions = self.find(&id, &["model_versions"]);
        before.push(id);
        if !before.iter().all(|id| self.done(id)) {
            return;
        }
        for version in versions.as_ref().and_then(Value::as_array).into_iter().flatten() {
            let Some(version) = version.get("version").and_then(as_text) else { continue };
            let id = self.id(&["version-", &version].concat());
            let fields = [("name", name.as_str()), ("version", &quoted(&version))];
            self.remove(&id, Method::Delete, "model-versions/delete", &fields);
            before.push(id);
        }
        if before.iter().all(|id| self.done(id)) {
            let id = self.id("model-delete");
            self.remove(&id, Method::Delete, "registered-models/delete", &[("name", &name)]);
        }
    }

    /// Logged models and runs with their files, then the experiment.
    fn experiment(&mut self) {
        // Versions point at logged models and runs, so they go first.
        if !self.s.wanted.iter().all(|probe| self.done(&probe.id)) {
            return;
        }
        let id = self.id("experiment");
        let path = ["experiments/get-by-name?experiment_name=", &self.s.name].concat();
        self.s.get(&id, &path);
        let Some(experiment) = self.find(&id, &["experiment"]) else { return };
        let Some(number) = experiment.get("experiment_id").and_then(as_text) else { return };
        let is_active = !is_deleted(&experiment);
        // MLflow keeps deleted experiments: somebody else's, of this name, has nothing to do with this.
        let is_gone = !is_active && !is_tagged(experiment.get("tags"), self.s.it);
        // MLflow lets its default experiment be deleted.
        if number == "0" || is_gone || !self.is_ours(&id, &experiment) {
            return;
        }
        if is_active {
            self.found += 1;
            self.below(&number);
            if !self.s.wanted.iter().all(|probe| self.done(&probe.id)) {
                return;
            }
            let id = self.id("experiment-delete");
            self.remove(&id, Method::Post, "experiments/delete", &[("experiment_id", &quoted(&number))]);
        } else {
            self.kept.push(Left {
                what: [
                    "MLflow keeps the experiment ",
                    &self.s.name,
                    " with its run marked as deleted. Whoever runs the server can remove it for good.",
                ]
                .concat(),
                id: String::new(),
                // Its own help: where the database is must be said, and whom to ask about files.
                command: [
                    "mlflow gc --backend-store-uri \"$MLFLOW_BACKEND_STORE_URI\" --tracking-uri ",
                    &curl::shell_quote(&self.s.facts.deployment.mlflow.to_string()),
                    " --experiment-ids ",
                    &number,
                ]
                .concat(),
            });
        }
    }

    fn below(&mut self, experiment: &str) {
        let of = ["[", &quoted(experiment), "]"].concat();
        let logged = self.id("logged");
        self.s.post(&logged, "logged-models/search", &[("experiment_ids", &of), ("max_results", "50")]);
        let models = self.find(&logged, &["models"]);
        for model in models.as_ref().and_then(Value::as_array).into_iter().flatten() {
            let Some(info) = model.get("info") else { continue };
            let of = |name| info.get(name).and_then(Value::as_str);
            let (Some(id), true) = (of("model_id"), is_tagged(info.get("tags"), self.s.it)) else { continue };
            self.found += 1;
            if self.files(id, of("artifact_uri")) {
                let step = self.id(&["logged-", id].concat());
                let path = ["logged-models/", &encoded(id)].concat();
                self.remove(&step, Method::Delete, &path, &[("model_id", &quoted(id))]);
            }
        }
        let runs = self.id("runs");
        let filter = ["tags.`", Registration::TAG, "` = '", &self.s.it.id, "'"].concat();
        let fields = [
            ("experiment_ids", of.as_str()),
            ("filter", &quoted(&filter)),
            ("run_view_type", "\"ACTIVE_ONLY\""),
            ("max_results", "50"),
        ];
        self.s.post(&runs, "runs/search", &fields);
        let found = self.find(&runs, &["runs"]);
        for run in found.as_ref().and_then(Value::as_array).into_iter().flatten() {
            let (Some(info), Some(data)) = (run.get("info"), run.get("data")) else { continue };
            let of = |name| info.get(name).and_then(Value::as_str);
            let (Some(id), true) = (of("run_id"), is_tagged(data.get("tags"), self.s.it)) else { continue };
            self.found += 1;
            if self.files(id, of("artifact_uri")) {
                let step = self.id(&["run-", id].concat());
                self.remove(&step, Method::Post, "runs/delete", &[("run_id", &quoted(id))]);
            }
        }
    }

    /// Removes the folder of files that is named after a run or a logged model, and looks whether it is gone. True
    /// once that is settled.
    fn files(&mut self, owner: &str, uri: Option<&str>) -> bool {
        let place = uri.and_then(place_of);
        // Nothing was uploaded where clients are sent elsewhere.
        let Some(folder) = place.and_then(|place| folder_of(&place, owner)) else { return true };
        let (delete, list_id) = (self.id(&["files-", owner].concat()), self.id(&["list-", owner].concat()));
        let mut probe = self.s.artifact(&delete, &folder).method(Method::Delete);
        probe.timeout_ms = probe.timeout_ms.max(20_000);
        self.s.ask(probe);
        if !self.done(&delete) {
            return false;
        }
        let Some(seen) = self.s.facts.saw(&list_id) else {
            self.s.list(&list_id, &folder);
            return false;
        };
        let seen_again = self.s.list(&list_id, &folder);
        let stays = seen_again.is_some_and(|answer| !list(answer, &["files"]).is_empty());
        let gone = seen_again.is_some() || seen.status() == Some(404);
        if stays || !gone {
            match self.s.facts.saw(&delete).filter(|removal| !went_well(removal)) {
                Some(removal) => self.say(removal, "Not removed"),
                None => self.say(seen, "Files stay"),
            }
        }
        true
    }
}

fn is_deleted(object: &Value) -> bool {
    object.get("lifecycle_stage").and_then(Value::as_str) == Some("deleted")
}

/// The part of a place that ends in the folder named after its owner.
fn folder_of(place: &str, owner: &str) -> Option<String> {
    let unguessable = owner.len() >= 16;
    let mut parts: Vec<&str> = place.split('/').collect();
    let at = parts.iter().position(|part| *part == owner)?;
    parts.truncate(at + 1);
    unguessable.then(|| parts.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_folders_named_after_their_owner_are_removed() {
        let run = "0123456789abcdef0123456789abcdef";
        let folder = |place: String| folder_of(&place, run);
        assert_eq!(folder(format!("1/{run}/artifacts")), Some(format!("1/{run}")));
        assert_eq!(folder("1/artifacts".to_owned()), None);
        assert_eq!(folder_of("1/7/artifacts", "7"), None);
    }
}
