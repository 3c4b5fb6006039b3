//! What MLflow, its gateway and the auth service said, and to which credential.

use super::{Facts, Oracle, ROOT_HEALTH, ask};
use crate::deployment::credential::Presented;
use crate::deployment::{AuthScheme, Target};
use crate::probe::{Answer, Observation, Said, Way, Who, said};
use crate::run::Refusal;

/// MLflow's experiment search below a base.
pub(super) const SEARCH: &str = "/api/2.0/mlflow/experiments/search?max_results=1";

/// Where the files of new runs go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ArtifactRoot<'a> {
    /// Through MLflow: clients need nothing but MLflow.
    Proxied,
    /// To a folder: clients write to their own disk, unless they share it with the server.
    Folder(&'a str),
    /// To a store that clients talk to themselves, with credentials of their own.
    Store(&'a str),
}

impl<'a> Facts<'a> {
    /// MLflow's experiment search. `max_results` is required by real servers (facts/mlflow.md, part 1).
    pub fn search_target(&self) -> Target {
        self.deployment.mlflow.join(SEARCH)
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

    /// True when the usual health path at the registry's root is answered with success, and the status oracle is none
    /// that an answer's own rules against framing mislead.
    pub fn root_is_open(&self) -> bool {
        self.answer(ROOT_HEALTH).is_some_and(Answer::ok) && self.oracle() == Oracle::Works(Way::Prefetch)
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

    /// MLflow's version where it could be read.
    pub fn mlflow_version(&self) -> Option<&'a str> {
        let answer = self.answer(ask::VERSION).filter(|answer| answer.ok())?;
        let text = answer.body.text.trim();
        said::is_version(text).then_some(text)
    }

    /// Where the files of the newest experiment go, if the search shows one.
    pub fn artifact_root(&self) -> Option<ArtifactRoot<'a>> {
        let location = said::text_at(self.search()?.answer()?, "artifact_location")?;
        if location.is_empty() {
            return None;
        }
        Some(match location.split_once(':') {
            Some(("mlflow-artifacts", _)) => ArtifactRoot::Proxied,
            Some(("http" | "https", rest)) if rest.contains("/mlflow-artifacts/") => ArtifactRoot::Proxied,
            // One letter is a drive.
            Some((scheme, _)) if scheme.len() > 1 && scheme != "file" && !scheme.contains('/') => {
                ArtifactRoot::Store(location)
            }
            _ => ArtifactRoot::Folder(location),
        })
    }

    /// True for MLflow 3 and later, false for older ones, as far as something told.
    pub fn is_third_generation(&self) -> Option<bool> {
        if let Some(version) = self.mlflow_version() {
            let major = version.split('.').next().and_then(|major| major.parse::<u32>().ok());
            return major.map(|major| major >= 3);
        }
        let info = self.answer(ask::SERVER_INFO)?;
        match Said::of(info)? {
            Said::Data => Some(true),
            _ => None,
        }
    }

    /// True when the registry is seen to take the user's key: without it a request is refused, with it not.
    pub fn key_is_taken(&self) -> bool {
        let refused = |id: &str| matches!(self.answer(id).map(|answer| answer.status), Some(401 | 403));
        let answered = self.answer(ask::SEARCH_KEY).is_some() && self.refusal_of(ask::SEARCH_KEY).is_none();
        self.mlflow_works() || refused(ask::SEARCH_NONE) && answered && !refused(ask::SEARCH_KEY)
    }

    /// True when the decisive request was answered by an application, and neither by a proxy's page nor by MLflow.
    pub fn application_says_so(&self) -> bool {
        let answer = self.search().and_then(Observation::answer);
        !self.mlflow_has_no_route() && answer.map(Who::of) == Some(Who::Application)
    }

    /// True when MLflow's basic-auth app answers a question: with a refusal, in words of its own.
    fn is_basic_auth(&self, id: &str) -> bool {
        self.answer(id).is_some_and(|answer| Who::of(answer) == Who::MlflowBasicAuth)
    }

    /// True when MLflow's basic-auth app asks whoever shows no key, and it takes none.
    pub fn asks_for_password(&self) -> bool {
        self.is_basic_auth(ask::SEARCH_NONE)
    }

    /// True when MLflow's basic-auth app refuses a key that was not sent as a user and a password.
    pub fn wants_basic(&self) -> bool {
        self.deployment.scheme != AuthScheme::Basic && self.is_basic_auth(ask::SEARCH_KEY)
    }

    /// True when MLflow's basic-auth app fails inside over a key that was not sent as a user and a password (measured: 3.17.2
    /// answers 500 to `Authorization: Bearer`, where 2.14.3 answers 401).
    pub fn fails_over_scheme(&self) -> bool {
        let fails = |id: &str| self.answer(id).is_some_and(|answer| answer.status == 500);
        self.deployment.scheme != AuthScheme::Basic
            && self.asks_for_password()
            && fails(ask::SEARCH_KEY)
            && (fails(ask::SEARCH_FAKE) || self.saw(ask::SEARCH_FAKE).is_none())
    }

    /// True when MLflow's basic-auth app refuses a user and a password, in the words that it has for nobody.
    pub fn refuses_password(&self) -> bool {
        self.deployment.scheme == AuthScheme::Basic && self.is_basic_auth(ask::SEARCH_KEY)
    }

    /// True when the decisive request got a 500 that may be a proxy's own: without words, and nobody was seen to judge keys.
    pub fn proxy_failed_inside(&self) -> bool {
        let judged = |id: &str| matches!(self.answer(id).map(|answer| answer.status), Some(401 | 403));
        let nobody_judges = !judged(ask::SEARCH_NONE) && !judged(ask::SEARCH_FAKE);
        nobody_judges
            && self.search().and_then(Observation::answer).is_some_and(|answer| {
                answer.status == 500 && matches!(Who::of(answer), Who::GatewayPage | Who::Nobody)
            })
    }

    /// What an answer to a question says in MLflow's words.
    pub fn said(&self, id: &str) -> Option<Said> {
        self.answer(id).and_then(Said::of)
    }
}
