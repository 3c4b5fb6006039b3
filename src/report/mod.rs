//! The versioned document that leaves the page. The key is no part of any type here (see
//! [`crate::deployment::Credential`]), what came from the network was scrubbed before it was written down, and what
//! leaves goes through one redaction that looks at every text again: [`Shareable`].
//!
//! | file | what it is for |
//! |---|---|
//! | [`shared`] | a report as somebody else made it: what of it is kept, how it is shown |
//! | [`wire`] | its compact text |
//! | [`link`] | the fragment of a result link |
//! | [`request`] | the fragment of a request link |
//! | [`browser`] | which browser a report was made in |

pub mod browser;
pub mod link;
pub mod request;
pub mod shared;
pub mod wire;

mod shareable;
mod texts;

use crate::catalogue::Catalogue;
use crate::checks::Status;
use crate::deployment::{Deployment, KeyReading};
use crate::diagnosis::Verdict;
use crate::diagnosis::fix::{self, Fix};
use crate::engine::Judged;
use crate::json;
use crate::probe::{Observation, Sighting};
use crate::run::{Asking, Environment, Limits, Phase, Registration, Run};
use serde::{Deserialize, Serialize};

pub use shareable::{Shareable, Switches};

/// The version of this document's format. Every change of the format gets a new number.
pub const FORMAT: u32 = 1;

/// A run and what was made of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Report {
    /// [`FORMAT`] of the program that wrote it.
    pub format: u32,
    /// Version of the program that wrote it.
    pub version: String,
    /// How far the run came.
    pub phase: Phase,
    /// What was under test.
    pub deployment: Deployment,
    /// From where.
    pub environment: Environment,
    /// Bounds of the run.
    pub limits: Limits,
    /// What was seen of the key, without the key.
    pub key: KeyReading,
    /// All that was seen.
    pub observations: Vec<Observation>,
    /// Addresses that the page's own policy blocked.
    pub policy_blocked: Vec<String>,
    /// What other programs saw, as the user brought it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub second_opinion: Vec<Sighting>,
    /// What was written, if anything was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub registration: Option<Registration>,
    /// How each check came out.
    pub checks: Vec<CheckResult>,
    /// The verdict as it was made.
    pub verdict: Verdict,
    /// The verdict in words, for readers of the JSON.
    pub sentences: Vec<Sentence>,
}

/// How a check came out, with its words at the time.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CheckResult {
    /// Id of the check.
    pub id: String,
    /// How it came out.
    pub status: Status,
    /// The claim, as it reads with this outcome.
    pub title: String,
    /// What a healthy deployment shows.
    pub expected: String,
    /// What was seen, or why nothing could be told.
    pub actual: String,
    /// Ids of the probes it rests on.
    pub evidence: Vec<String>,
}

/// A cause of the verdict in words.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Sentence {
    /// Code of the cause.
    pub code: String,
    /// Its short name.
    #[serde(default)]
    pub title: String,
    /// How sure it is.
    #[serde(default)]
    pub confidence: String,
    /// What was seen and what it means.
    pub headline: String,
    /// Who mends it.
    pub owner: String,
    /// What to change, as far as the catalogue was loaded.
    pub fixes: Vec<String>,
}

impl Report {
    /// The report of a run at any moment.
    pub fn of(run: &Run, judged: &Judged, catalogue: &Catalogue) -> Report {
        let facts = run.facts();
        let checks = judged.checks.iter().map(|(check, judgement)| CheckResult {
            id: check.id.to_owned(),
            status: judgement.status,
            title: crate::checks::title(check, judgement.status).to_owned(),
            expected: judgement.expected.clone(),
            actual: judgement.actual.clone(),
            evidence: judgement.evidence.clone(),
        });
        let sentences = judged.verdict.causes.iter().filter_map(|named| {
            let cause = named.cause()?;
            Some(Sentence {
                code: named.code.clone(),
                title: cause.title.to_owned(),
                confidence: named.confidence.name().to_owned(),
                headline: named.headline(&facts),
                owner: cause.owner.name().to_owned(),
                fixes: fix::all(&facts, named, catalogue).iter().map(Fix::lines).collect(),
            })
        });
        Report {
            format: FORMAT,
            version: env!("CARGO_PKG_VERSION").to_owned(),
            phase: run.phase,
            deployment: run.deployment.clone(),
            environment: run.environment.clone(),
            limits: run.limits,
            key: run.key.clone(),
            observations: run.observations.clone(),
            policy_blocked: run.policy_blocked.clone(),
            second_opinion: run.second_opinion.clone(),
            registration: run.registration.clone(),
            checks: checks.collect(),
            sentences: sentences.collect(),
            verdict: judged.verdict.clone(),
        }
    }

    /// As JSON, indented for people.
    pub fn to_json(&self) -> String {
        json::pretty(self)
    }

    /// The run a report was made of, so that it can be judged again.
    pub fn into_run(self) -> Run {
        Run {
            deployment: self.deployment,
            environment: self.environment,
            limits: self.limits,
            key: self.key,
            in_flight: Vec::new(),
            waiting: Vec::new(),
            observations: self.observations,
            policy_blocked: self.policy_blocked,
            second_opinion: self.second_opinion,
            registration: self.registration,
            phase: self.phase,
            asking: Asking::Usual,
            again: Vec::new(),
            closer: false,
        }
    }
}
