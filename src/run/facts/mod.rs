//! The facts of a run, as questions that checks and causes ask. Shared readings of observations live here, once.
//!
//! | file | readings |
//! |---|---|
//! | [`names`] | names of questions that more than one file speaks of |
//! | [`clock`] | what time servers say it is |
//! | [`reach`] | how far requests to a host come |
//! | [`oracle`] | status classes of answers that may not be read |
//! | [`preflight`] | which requests the browser gets permission for |
//! | [`mlflow`] | what MLflow said, to which credential |
//! | [`key`] | what is known of the key, from it and from the auth service |
//! | [`base`] | where on this host MLflow answers |
//! | [`reading`] | what is asked of MLflow to look closer |
//! | [`health`] | what the health path says, compared with what MLflow does |
//! | [`writing`] | what came of the steps that write |

pub mod base;
pub mod clock;
pub mod health;
pub mod key;
pub mod mlflow;
pub mod names;
pub mod oracle;
pub mod preflight;
pub mod reach;
pub mod reading;
pub mod writing;

use super::{Environment, Limits, Registration};
use crate::deployment::credential::Presented;
use crate::deployment::{Deployment, Host, KeyReading, Target};
use crate::probe::{Answer, Observation, Probe, Sighting};

pub use key::Expiry;
pub use mlflow::ArtifactRoot;
pub use names::*;
pub use oracle::{Oracle, StatusClass};
pub use preflight::Preflight;
pub use reach::{Reach, within};
pub use reading::direct_id;

/// Everything a run has seen so far.
#[derive(Clone, Copy)]
pub struct Facts<'a> {
    /// What is under test.
    pub deployment: &'a Deployment,
    /// This browser and page.
    pub environment: &'a Environment,
    /// Bounds of the run.
    pub limits: &'a Limits,
    /// What was seen of the key.
    pub key: &'a KeyReading,
    /// What came back.
    pub observations: &'a [Observation],
    /// Probes that have been out for half their time limit.
    pub waiting: &'a [String],
    /// Addresses the page's own policy blocked.
    pub policy_blocked: &'a [String],
    /// What other programs saw.
    pub second_opinion: &'a [Sighting],
    /// What this run writes, if it writes.
    pub registration: Option<&'a Registration>,
    /// True when somebody wants MLflow's lists read too.
    pub closer: bool,
    /// True while the run goes on.
    pub running: bool,
}

impl<'a> Facts<'a> {
    /// What was seen of a question.
    pub fn saw(&self, id: &str) -> Option<&'a Observation> {
        self.observations.iter().find(|seen| seen.probe.id == id)
    }

    /// What another program saw of a question, or of the permission question for it.
    pub fn sighting(&self, question: &str, preflight: bool) -> Option<&'a Sighting> {
        self.second_opinion.iter().rfind(|seen| seen.question == question && seen.preflight == preflight)
    }

    /// Requests to a host that it refused for now (429 Too Many Requests).
    pub fn put_off(&self, host: Host) -> impl Iterator<Item = &'a Observation> {
        self.of_host(host).filter(|seen| seen.status() == Some(429))
    }

    /// The one of them that tells most when it is asked again: with the user's key, if there is such a one. None that
    /// would write something once more.
    pub fn most_put_off(&self, host: Host) -> Option<&'a Observation> {
        let reads = self.put_off(host).filter(|seen| !Registration::owns(&seen.probe.id));
        reads.max_by_key(|seen| seen.probe.presented == Presented::Key)
    }

    /// The readable answer to a question.
    pub fn answer(&self, id: &str) -> Option<&'a Answer> {
        self.saw(id).and_then(Observation::answer)
    }

    /// True when a question came back without any answer that could be read, for whatever reason.
    pub fn failed(&self, id: &str) -> bool {
        self.saw(id).is_some_and(Observation::failed)
    }

    /// All that was seen of a host, without the elements that only tell a status class.
    pub fn of_host(&self, host: Host) -> impl Iterator<Item = &'a Observation> {
        self.observations.iter().filter(move |seen| seen.probe.host == host)
    }

    /// The question that a healthy host answers to anybody.
    pub fn open_id(host: Host) -> &'static str {
        match host {
            Host::Page => ask::CONTROL,
            Host::Registry => ask::OPEN,
            Host::Auth => ask::AUTH_OPEN,
        }
    }

    /// Where that question goes.
    pub fn open_target(&self, host: Host) -> Option<Target> {
        match host {
            Host::Page => None,
            Host::Registry => Some(self.deployment.mlflow.at_root(&self.deployment.open_path)),
            Host::Auth => self.deployment.auth.as_ref().map(|auth| auth.base.join(&auth.health_path)),
        }
    }

    /// A random path of a host that nobody has ever asked for. For the registry below the MLflow path.
    pub fn random_target(&self, host: Host) -> Option<Target> {
        let base = self.deployment.base(host)?;
        Some(base.join(&format!("/preflight-no-such-path-{}", self.environment.nonce)))
    }

    /// A file beside this page.
    pub fn page_target(&self, name: &str) -> Target {
        let path = format!("{}{name}", self.environment.page_folder);
        Target { origin: self.environment.page_origin.clone(), path }
    }

    /// A plain question with this run's time limit.
    pub fn get(&self, id: &str, host: Host, target: Target) -> Probe {
        Probe::get(id, host, target, self.limits.probe_timeout_ms)
    }
}
