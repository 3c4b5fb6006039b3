//! Discovery: where on this host MLflow answers, when it does not where the form says. By both of its API paths: `api`,
//! which clients use, and `ajax-api`, which its web page uses.

use super::mlflow::SEARCH;
use super::{BASE_CANDIDATES, Facts, ajax_id, ask, base_id};
use crate::deployment::{Host, Target};
use crate::probe::{Probe, Said};

/// Other paths of a host that are looked at, at the most.
const CANDIDATES: usize = 5;

impl Facts<'_> {
    /// Paths of this host that may be MLflow's, the likeliest first: what was typed without what belongs to MLflow
    /// itself or to a page of it, and the usual ones.
    pub fn base_candidates(&self) -> Vec<String> {
        let own = self.deployment.mlflow.path.as_str();
        let mut paths: Vec<String> = Vec::new();
        let mut add = |path: &str| {
            let path = path.trim_end_matches('/');
            if path != own && paths.len() < CANDIDATES && !paths.iter().any(|other| other == path) {
                paths.push(path.to_owned());
            }
        };
        for mark in ["/ajax-api", "/api/2.0", "/api/3.0", "/#"] {
            own.find(mark).into_iter().for_each(|at| add(own.get(..at).unwrap_or_default()));
        }
        BASE_CANDIDATES.iter().for_each(|path| add(path));
        own.rsplit_once('/').into_iter().for_each(|(parent, _)| add(parent));
        paths
    }

    /// A path of this host, other than the one on the form, under which MLflow's API answers.
    pub fn better_base(&self) -> Option<String> {
        self.base_candidates().into_iter().find(|path| self.speaks(&base_id(path)))
    }

    /// A path under which MLflow's web page can reach its API, and clients cannot.
    pub fn page_only_base(&self) -> Option<String> {
        if self.speaks(ask::SEARCH_AJAX) {
            return Some(self.deployment.mlflow.path.clone());
        }
        if self.better_base().is_some() {
            return None;
        }
        self.base_candidates().into_iter().find(|path| self.speaks(&ajax_id(path)))
    }

    /// True when MLflow answers once the path of the form is said twice: somebody cuts it off on the way.
    pub fn is_doubled(&self) -> bool {
        self.speaks(ask::SEARCH_DOUBLED)
    }

    fn speaks(&self, id: &str) -> bool {
        let answer = self.answer(id);
        // Proxies turn MLflow's 404 page into JSON of MLflow's shape, and others have an "error_code" of their own: only
        // an answer counts, or words that nobody else has.
        answer.is_some_and(|answer| {
            Self::is_mlflow(answer)
                && (answer.ok() || matches!(Said::of(answer), Some(Said::Missing | Said::StoreFails)))
        })
    }

    /// True when MLflow itself, or another Flask application, says that it has no such path.
    pub fn mlflow_has_no_route(&self) -> bool {
        self.said(self.search_id()) == Some(Said::NoRoute)
    }

    /// What to ask to find MLflow elsewhere on this host, with the best credential at hand: behind a key check a
    /// refusal says nothing of a path.
    pub fn discovery_asks(&self) -> Vec<Probe> {
        let base = &self.deployment.mlflow;
        let ajax = SEARCH.replacen("/api/", "/ajax-api/", 1);
        let ask =
            |id: &str, target: Target| self.get(id, Host::Registry, target).with(self.best_credential());
        let candidates = self.base_candidates();
        let at = |path: &str, rest: &str| base.at_root(&[path, rest].concat());
        let mut probes: Vec<Probe> =
            candidates.iter().map(|path| ask(&base_id(path), at(path, SEARCH))).collect();
        probes.push(ask(ask::SEARCH_AJAX, base.join(&ajax)));
        if !base.path.is_empty() {
            probes.push(ask(ask::SEARCH_DOUBLED, base.join(&[&base.path, SEARCH].concat())));
        }
        probes.extend(candidates.iter().map(|path| ask(&ajax_id(path), at(path, &ajax))));
        probes
    }
}
