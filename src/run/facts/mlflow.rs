//! What MLflow, its gateway and the auth service said, and to which credential.

use super::{BASE_CANDIDATES, Facts, ask, base_id};
use crate::deployment::credential::Presented;
use crate::deployment::{AuthScheme, Target};
use crate::probe::{Answer, Observation, Who, said};
use crate::run::Refusal;

impl<'a> Facts<'a> {
    /// MLflow's experiment search. `max_results` is required by real servers (facts/mlflow.md, part 1).
    pub fn search_target(&self) -> Target {
        self.deployment.mlflow.join("/api/2.0/mlflow/experiments/search?max_results=1")
    }

    /// Where the search without a key landed, if it was redirected.
    pub fn landed(&self) -> Option<&'a str> {
        self.answer(ask::SEARCH_NONE)?.landed.as_deref().filter(|address| !address.is_empty())
    }

    /// Whether that place is on the registry's own origin.
    pub fn landed_at_home(&self) -> Option<bool> {
        let home = format!("{}/", self.deployment.mlflow.origin);
        self.landed().map(|address| address.starts_with(&home))
    }

    /// True when the form says that a key is needed.
    pub fn wants_key(&self) -> bool {
        self.deployment.scheme != AuthScheme::None
    }

    /// Which credential the decisive requests carry: the key if there is one to send.
    pub fn best_credential(&self) -> Presented {
        if self.wants_key() && self.key.sendable() { Presented::Key } else { Presented::Nothing }
    }

    /// MLflow's experiment search with the best credential at hand: the decisive question of a run.
    pub fn search(&self) -> Option<&'a Observation> {
        self.saw(self.search_id())
    }

    /// Its name.
    pub fn search_id(&self) -> &'static str {
        match self.best_credential() {
            Presented::Key => ask::SEARCH_KEY,
            _ => ask::SEARCH_NONE,
        }
    }

    /// True when an answer comes from MLflow's REST API.
    pub fn is_mlflow(answer: &Answer) -> bool {
        // An empty list is `{}`: the list key is absent (facts/mlflow.md, part 1).
        Who::of(answer) == Who::Mlflow || (answer.ok() && answer.body.text.trim() == "{}")
    }

    /// True when MLflow's REST API let the best credential in and answered.
    pub fn mlflow_works(&self) -> bool {
        self.search()
            .and_then(Observation::answer)
            .is_some_and(|answer| answer.ok() && Self::is_mlflow(answer))
    }

    /// What the decisive request was refused for; `None` when it was not refused or not readable.
    pub fn refusal(&self) -> Option<Refusal> {
        self.refusal_of(self.search_id())
    }

    /// What a question was refused for.
    pub fn refusal_of(&self, id: &str) -> Option<Refusal> {
        self.answer(id).and_then(Refusal::of)
    }

    /// A usual MLflow path of this host, other than the one on the form, under which MLflow (or a guard of its
    /// API path) answers.
    pub fn better_base(&self) -> Option<&'static str> {
        BASE_CANDIDATES.into_iter().find(|path| {
            *path != self.deployment.mlflow.path && self.answer(&base_id(path)).is_some_and(Self::is_mlflow)
        })
    }

    /// MLflow's version where it could be read.
    pub fn mlflow_version(&self) -> Option<&'a str> {
        let answer = self.answer(ask::VERSION).filter(|answer| answer.ok())?;
        let text = answer.body.text.trim();
        said::is_version(text).then_some(text)
    }
}
