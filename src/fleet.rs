//! The fleet: all deployments of `preflight.json` at once, each asked without any key. What such a run is, and how its
//! outcome reads in one line. Judged is what the engine judges; only "asks for a key, and none was shown" is no fault here.

use crate::checks::Status;
use crate::deployment::Host;
use crate::deployment::config::Patience;
use crate::diagnosis::{Confidence, Named, Overall, symptoms::Kind};
use crate::engine::Judged;
use crate::run::facts::within;
use crate::run::{Limits, Phase, Run};

/// Runs that go on at the same time.
pub const AT_ONCE: usize = 3;

/// A run without a key. Two deployments may share a host: all runs that go on keep its limit together.
pub fn limits(patience: Patience) -> Limits {
    let usual = Limits::patient(patience);
    Limits { per_host: usual.per_host / AT_ONCE, made_up_keys: false, ..usual }
}

/// How a deployment came out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// MLflow answers, and nobody was asked for a key.
    Healthy,
    /// It asks for a key, and nothing else was seen to be wrong.
    WantsKey,
    /// A cause is named.
    Problems,
    /// Nothing is named, and MLflow was not seen to work.
    Unknown,
    /// Stopped before its end.
    Stopped,
}

impl Outcome {
    /// The value of `data-outcome`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Healthy => "healthy",
            Self::WantsKey => "wants-key",
            Self::Problems => "problems",
            Self::Unknown => "unknown",
            Self::Stopped => "stopped",
        }
    }

    /// In words.
    pub fn words(self) -> &'static str {
        match self {
            Self::Healthy => "Nothing is wrong",
            Self::WantsKey => "Answers, and asks for a key",
            Self::Problems => "Something is broken",
            Self::Unknown => "Could not tell",
            Self::Stopped => "Stopped",
        }
    }

    /// Its mark is that of a check that came out so.
    pub fn status(self) -> Status {
        match self {
            Self::Healthy | Self::WantsKey => Status::Pass,
            Self::Problems => Status::Fail,
            Self::Unknown => Status::Unknown,
            Self::Stopped => Status::Skipped,
        }
    }
}

/// A deployment in one line.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    /// How it came out.
    pub outcome: Outcome,
    /// What was seen and what it means, with how sure that is: the first cause, or what is left to be said.
    pub says: String,
    /// Within this time half of the registry's answers came, milliseconds.
    pub ms: Option<u32>,
}

/// The line of a run that has ended.
pub fn line(run: &Run, judged: &Judged) -> Line {
    let facts = run.facts();
    let first = judged.verdict.causes.iter().find(|named| !is_about_no_key(named));
    let outcome = match (run.phase, first, judged.verdict.overall) {
        (Phase::Finished, Some(_), _) => Outcome::Problems,
        (Phase::Finished, None, Overall::Healthy) => Outcome::Healthy,
        (Phase::Finished, None, Overall::Problems) => Outcome::WantsKey,
        (Phase::Finished, None, Overall::Unknown) => Outcome::Unknown,
        _ => Outcome::Stopped,
    };
    let says = match first {
        Some(named) if named.confidence == Confidence::Certain => named.headline(&facts),
        // The sentence of a cause speaks as if it were so.
        Some(named) => {
            let title = named.cause().map_or(named.code.as_str(), |cause| cause.title);
            [title, " (", named.confidence.name(), ")."].concat()
        }
        None if outcome == Outcome::WantsKey => "Nothing is wrong that can be seen without one.".to_owned(),
        None => String::new(),
    };
    Line { outcome, says, ms: within(&facts.answer_times(Some(Host::Registry)), 50) }
}

/// True for what any deployment that wants a key says to a run without one.
fn is_about_no_key(named: &Named) -> bool {
    named.symptom == Kind::NoKey
}
