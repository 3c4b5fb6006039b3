//! Reading MLflow: what is asked of it when its user wants to look closer, always with what real servers need.

use super::{BASE_CANDIDATES, Facts, ask};
use crate::deployment::Host;
use crate::json::quote;
use crate::probe::{Probe, Said, said};

impl Facts<'_> {
    /// One of the closer questions, once MLflow was reached and somebody wants to know.
    pub fn reading_ask(&self, id: &str) -> Vec<Probe> {
        if !self.closer || !self.mlflow_works() {
            return Vec::new();
        }
        let get = |path: &str| {
            let target = self.deployment.mlflow.join(path);
            self.get(id, Host::Registry, target).with(self.best_credential())
        };
        // The newest experiment; one that nobody can have when there is none.
        let search = self.search().and_then(|seen| seen.answer());
        let newest = search.and_then(|answer| said::text_at(answer, "experiment_id")).unwrap_or("0");
        let in_newest = || ["{\"experiment_ids\":[", &quote(newest), "],\"max_results\":1}"].concat();
        vec![match id {
            ask::SERVER_INFO => get("/api/3.0/mlflow/server-info"),
            ask::MODELS => get("/api/2.0/mlflow/registered-models/search?max_results=1"),
            ask::MODEL_VERSIONS => get("/api/2.0/mlflow/model-versions/search?max_results=1"),
            ask::RUNS => get("/api/2.0/mlflow/runs/search").json(in_newest()),
            ask::LOGGED_MODELS => get("/api/2.0/mlflow/logged-models/search").json(in_newest()),
            ask::GRAPHQL => get("/graphql").json("{\"query\":\"{__typename}\"}".to_owned()),
            _ => get("/health"),
        }]
    }

    /// The same search without a key under the usual paths: some hosts guard one way to MLflow and not another.
    pub fn direct_asks(&self) -> Vec<Probe> {
        if !self.closer || !self.mlflow_works() || !self.wants_key() {
            return Vec::new();
        }
        let others = BASE_CANDIDATES.iter().filter(|path| **path != self.deployment.mlflow.path);
        let ask = |path: &&str| {
            let target = self.deployment.mlflow.at_root(&[*path, super::mlflow::SEARCH].concat());
            self.get(&direct_id(path), Host::Registry, target)
        };
        others.map(ask).collect()
    }

    /// A path of this host under which MLflow answers without a key, though the form's needs one.
    pub fn open_path_past_the_key(&self) -> Option<&'static str> {
        let open = |path: &&str| {
            let answer = self.answer(&direct_id(path));
            answer.is_some_and(|answer| answer.ok() && Self::is_mlflow(answer))
        };
        BASE_CANDIDATES.into_iter().find(open)
    }

    /// A list that every MLflow has, and that is refused or fails here.
    pub fn spoiled_reading(&self) -> Option<&'static str> {
        // When no POST gets through, the one for runs does not either: see `PostRefused`.
        let post_works = self.said(ask::SEARCH_POST) == Some(Said::Data);
        [ask::RUNS, ask::MODELS, ask::MODEL_VERSIONS].into_iter().find(|id| {
            let fails = self.answer(id).is_some() && self.said(id) != Some(Said::Data);
            fails && (post_works || *id != ask::RUNS)
        })
    }
}

/// The search without a key under another path.
pub fn direct_id(path: &str) -> String {
    ["mlflow-direct-at", &path.replace('/', "-")].concat()
}
