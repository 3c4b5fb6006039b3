//! What came of the steps that write, and of their clean-up.

use super::Facts;
use crate::probe::{Observation, Saw};
use crate::run::{Mode, Refusal, Registration};

impl<'a> Facts<'a> {
    /// What was seen of a registration's steps, in the order of arrival; not of its clean-up.
    pub fn writes(&self) -> impl Iterator<Item = &'a Observation> {
        self.observations.iter().filter(|seen| seen.probe.id.starts_with("write-"))
    }

    /// True when something may stand on the server: the first step that creates was sent.
    pub fn has_created(&self) -> bool {
        self.saw("write-run-experiment").is_some_and(|seen| !matches!(seen.saw, Saw::NotSent(_)))
    }

    /// True when something of this or an earlier run may stand on the server.
    pub fn may_have_left(&self) -> bool {
        self.has_created() || self.registration.is_some_and(|it| it.mode == Mode::CleanUp)
    }

    /// True when the rest of a registration would only meet the same refusal, or silence.
    pub fn writing_is_refused(&self) -> bool {
        let silent = self.writes().filter(|seen| seen.answer().is_none()).count();
        silent > 3 || self.writes().any(|seen| seen.answer().and_then(Refusal::of).is_some())
    }

    /// The artifact root that MLflow gave the run, where it could be read.
    pub fn artifact_uri(&self) -> Option<String> {
        let run = self.answer("write-run-create")?.json()?;
        let uri = run.get("run")?.get("info")?.get("artifact_uri")?;
        uri.as_str().map(str::to_owned)
    }

    /// The registration of this run, when it may write.
    pub fn writing(&self) -> Option<&'a Registration> {
        self.registration.filter(|it| it.refused.is_none())
    }
}
