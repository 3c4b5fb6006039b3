//! What a run has seen so far, its limits, and the events that make it grow.

pub mod facts;
pub mod limits;
pub mod refusal;
pub mod registration;
pub mod spans;

use crate::deployment::{Deployment, KeyReading, Origin};
use crate::probe::{Observation, Probe, Sighting};
use serde::{Deserialize, Serialize};

pub use facts::{Facts, Reach};
pub use limits::Limits;
pub use refusal::Refusal;
pub use registration::{Mode, Registration};

/// What is known of this browser and this page when a run starts.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Environment {
    /// Where this page was loaded from: servers decide by it.
    pub page_origin: Origin,
    /// The folder of this page on its origin; starts and ends with a slash.
    pub page_folder: String,
    /// `navigator.onLine`; false means surely offline, true means little (browser-observability.md 2c).
    pub on_line: bool,
    /// State of the permission that covers private and loopback addresses, where the engine has it: `granted`,
    /// `denied` or `prompt`.
    pub local_network: Option<String>,
    /// `navigator.userAgent`, for the reader of a report; nothing is decided by it.
    pub user_agent: String,
    /// Random lower-case letters and digits: makes paths and queries that nobody has asked before.
    pub nonce: String,
    /// When the run started, ISO 8601 in UTC.
    pub started_at: String,
}

/// How far a run has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Phase {
    /// Questions are out, or will be.
    Running,
    /// Everything was asked that had to be asked.
    Finished,
    /// The user stopped it.
    Stopped,
    /// The page itself failed.
    Failed,
}

/// A run: what is under test and all that was seen.
#[derive(Clone, Debug, PartialEq)]
pub struct Run {
    /// What is under test.
    pub deployment: Deployment,
    /// This browser and page.
    pub environment: Environment,
    /// Bounds in time and number.
    pub limits: Limits,
    /// What was seen of the key, without the key.
    pub key: KeyReading,
    /// Probes that were sent and have not come back.
    pub in_flight: Vec<Probe>,
    /// Ids of probes that have been out for half their time limit.
    pub waiting: Vec<String>,
    /// All that came back, in the order of arrival.
    pub observations: Vec<Observation>,
    /// Addresses that this page's own policy blocked (`securitypolicyviolation` events).
    pub policy_blocked: Vec<String>,
    /// What other programs saw, as the user brought it after the end.
    pub second_opinion: Vec<Sighting>,
    /// What this run writes, if it writes.
    pub registration: Option<Registration>,
    /// How far it is.
    pub phase: Phase,
    /// What is being asked.
    pub asking: Asking,
    /// Questions that are asked once more, and no others; empty for a usual run.
    pub again: Vec<Probe>,
    /// MLflow's lists are read too: the user wants to look closer.
    pub closer: bool,
}

/// What a run asks. Each part was announced by itself, and has a budget of its own.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Asking {
    /// What the checks and the symptoms want to know.
    #[default]
    Usual,
    /// Other ways to present the key, after a refusal; also with this browser's cookies, if the user says so.
    OtherWays {
        /// The user says so.
        cookies: bool,
    },
}

/// Something happened in a run.
#[derive(Clone, Debug, PartialEq)]
pub enum Event {
    /// A probe was sent.
    Sent(Probe),
    /// A probe has been out for half its time limit.
    Waiting(String),
    /// A probe came back.
    Observed(Observation),
    /// The page's own policy blocked a request to this address.
    PolicyBlocked(String),
    /// The run ended.
    Ended(Phase),
}

impl Run {
    /// A run that has asked nothing yet.
    pub fn new(deployment: Deployment, environment: Environment, limits: Limits, key: KeyReading) -> Run {
        Run {
            deployment,
            environment,
            limits,
            key,
            in_flight: Vec::new(),
            waiting: Vec::new(),
            observations: Vec::new(),
            policy_blocked: Vec::new(),
            second_opinion: Vec::new(),
            registration: None,
            phase: Phase::Running,
            asking: Asking::Usual,
            again: Vec::new(),
            closer: false,
        }
    }

    /// Goes on, after its end, with asking once more what these ids name, and nothing else. False when none of them can
    /// be asked again: what writes is not. What other programs saw, and what the page's policy blocked, was before.
    pub fn ask_again(&mut self, ids: &[String], environment: Environment) -> bool {
        let is_meant = |seen: &Observation| {
            seen.was_asked() && !Registration::owns(&seen.probe.id) && ids.contains(&seen.probe.id)
        };
        let (meant, rest) = self.observations.drain(..).partition(is_meant);
        let meant: Vec<Observation> = meant;
        self.observations = rest;
        self.again = meant.into_iter().map(|seen| seen.probe).collect();
        self.environment = environment;
        self.second_opinion.clear();
        self.policy_blocked.clear();
        self.waiting.clear();
        self.phase = Phase::Running;
        !self.again.is_empty()
    }

    /// Goes on, after its end, with other ways to present the key.
    pub fn try_other_ways(&mut self, cookies: bool) {
        self.phase = Phase::Running;
        self.asking = Asking::OtherWays { cookies };
    }

    /// Takes an event in. Events after the end change nothing, so nothing of a stopped run trickles in later.
    pub fn apply(&mut self, event: Event) {
        if self.phase != Phase::Running {
            return;
        }
        match event {
            Event::Sent(probe) => self.in_flight.push(probe),
            Event::Waiting(id) => self.waiting.push(id),
            Event::Observed(observation) => {
                self.in_flight.retain(|probe| probe.id != observation.probe.id);
                self.observations.push(observation);
            }
            Event::PolicyBlocked(address) => self.policy_blocked.push(address),
            Event::Ended(phase) => {
                self.in_flight.clear();
                self.phase = phase;
            }
        }
    }

    /// The facts so far, for judging.
    pub fn facts(&self) -> Facts<'_> {
        Facts {
            deployment: &self.deployment,
            environment: &self.environment,
            limits: &self.limits,
            key: &self.key,
            observations: &self.observations,
            waiting: &self.waiting,
            policy_blocked: &self.policy_blocked,
            second_opinion: &self.second_opinion,
            registration: self.registration.as_ref(),
            closer: self.closer,
            running: self.phase == Phase::Running,
        }
    }

    /// Takes in what other programs saw: of a run that has ended. What is newer takes the place of what they said
    /// before of the same question.
    pub fn hear(&mut self, sightings: Vec<Sighting>) {
        if self.phase == Phase::Running {
            return;
        }
        for mut new in sightings {
            let same = |old: &Sighting| {
                (&old.question, old.preflight, &old.method) == (&new.question, new.preflight, &new.method)
            };
            self.second_opinion.retain(|old| !same(old));
            let taken = |id: &str| self.second_opinion.iter().any(|old| old.id == id);
            new.id = (1..).map(|n| format!("second-opinion-{n}")).find(|id| !taken(id)).unwrap_or_default();
            self.second_opinion.push(new);
        }
    }

    /// True when this question was sent, answered or not.
    pub fn has_asked(&self, id: &str) -> bool {
        self.in_flight.iter().any(|probe| probe.id == id)
            || self.observations.iter().any(|seen| seen.probe.id == id)
    }
}
