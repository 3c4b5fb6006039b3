//! What is known of the key: by whom it was read, what the auth service says of it, and how old it is.

use super::{Facts, OTHER_SCHEME, OTHER_SERVICE, VALIDATE_ANY, VALIDATE_BODY, VALIDATE_NONE, ask};
use crate::deployment::credential::Presented;
use crate::deployment::{AuthScheme, Host, clock};
use crate::json::Value;
use crate::probe::{Answer, Saw};
use crate::run::Refusal;

/// Whether a token has expired.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Expiry {
    /// When, in seconds since 1970.
    pub at: i64,
    /// How many seconds ago.
    pub ago: i64,
    /// A server's clock says so too, and not only this browser's.
    pub by_server: bool,
}

impl<'a> Facts<'a> {
    /// When this run started by a server's clock, as far as a `Date` header may be read: the hosts under test first,
    /// then the page's own, where all headers can be read.
    pub fn server_time(&self) -> Option<i64> {
        [Host::Auth, Host::Registry, Host::Page].into_iter().find_map(|host| {
            self.of_host(host).find_map(|seen| {
                let date = clock::from_http(seen.answer()?.header("date")?)?;
                Some(date - i64::from(seen.start_ms.saturating_add(seen.ms)) / 1000)
            })
        })
    }

    /// Whether the key is a token that has expired.
    pub fn expiry(&self) -> Option<Expiry> {
        let at = self.key.time("exp")?;
        let server = self.server_time();
        let now = server.or_else(|| clock::from_iso(&self.environment.started_at))?;
        (at < now).then(|| Expiry { at, ago: now - at, by_server: server.is_some() })
    }

    /// When the key is a token that is not valid yet: from when on.
    pub fn not_yet_valid(&self) -> Option<i64> {
        let at = self.key.time("nbf")?;
        let now = self.server_time().or_else(|| clock::from_iso(&self.environment.started_at))?;
        (now < at).then_some(at)
    }

    /// The environment that the key's prefix names and the one whose keys this deployment takes, where they differ.
    pub fn other_environment(&self) -> Option<(&'a str, &'a str)> {
        let own = self.deployment.key_shape.as_ref()?.environment.as_deref()?;
        let named = self.key.environment.as_deref()?;
        (!named.eq_ignore_ascii_case(own)).then_some((named, own))
    }

    /// True when no key and the user's key are refused in the same words: then nobody has read the key.
    pub fn key_changes_nothing(&self) -> bool {
        let words = |id: &str| {
            let answer = self.answer(id).filter(|answer| Refusal::of(answer).is_some())?;
            Some((answer.status, answer.body.text.trim()))
        };
        let without = words(ask::SEARCH_NONE);
        without.is_some() && without == words(ask::SEARCH_KEY)
    }

    /// True when what was typed cannot be a key by its shape. Shapes change, and who judges keys knows better: accepted
    /// by the auth service, known for another service or expired, it is one.
    pub fn key_looks_wrong(&self) -> bool {
        let told = [ask::VALIDATE_KEY, VALIDATE_ANY].iter().any(|id| self.auth_says_to(id) == Some(true))
            || self.key_is_registered()
            || self.said_expired(ask::VALIDATE_KEY)
            || self.said_expired(ask::SEARCH_KEY) && !self.said_expired(ask::SEARCH_FAKE);
        !self.key.problems.is_empty() && (!self.key.sendable() || !told)
    }

    /// What the auth service says of the key: good, not good, or nothing about it.
    pub fn auth_says(&self) -> Option<bool> {
        self.auth_says_to(ask::VALIDATE_KEY)
    }

    /// The same for one of the ways to ask.
    pub fn auth_says_to(&self, id: &str) -> Option<bool> {
        let answer = self.answer(id)?;
        let in_a_200 = self.auth_field(id, "is_valid").and_then(|value| value.as_bool());
        // A refusal can stand inside a 200 (facts/incidents.md, last part); so can an error.
        if answer.ok() && in_a_200.is_some() {
            return in_a_200;
        }
        match Refusal::of(answer) {
            Some(Refusal::KeyInvalid | Refusal::KeyExpired) => return Some(false),
            // Words about something else than the key: no header seen, an outage, a limit, money, a permission.
            Some(_) => return None,
            None => {}
        }
        match answer.json() {
            Some(Value::Object(object)) if answer.ok() => {
                (!object.contains_key("error") && !object.contains_key("detail")).then_some(true)
            }
            _ => None,
        }
    }

    /// True when the auth service is seen to read the key where it was shown: without one it says something else, or it
    /// refuses the same key in the body too.
    pub fn auth_reads_the_key(&self) -> bool {
        let words = |id: &str| self.answer(id).map(|answer| (answer.status, answer.error_text()));
        let without = words(VALIDATE_NONE);
        without.is_some() && without != words(ask::VALIDATE_KEY)
            || self.auth_says_to(VALIDATE_BODY) == Some(false)
    }

    /// True when the auth service read the key, judged it for no service in particular, and does not know it.
    pub fn auth_knows_no_such_key(&self) -> bool {
        let for_any = self.deployment.service_id.is_none() || self.auth_says_to(VALIDATE_ANY) == Some(false);
        self.auth_says() == Some(false) && for_any && self.auth_reads_the_key() && !self.key_is_registered()
    }

    /// True when the auth service refuses the key for the service that was asked about, and says that it is registered
    /// for another one.
    pub fn key_is_registered(&self) -> bool {
        let words = self.answer(ask::VALIDATE_KEY).map(|answer| answer.error_text().to_ascii_lowercase());
        self.auth_says() == Some(false) && words.is_some_and(|words| words.contains("registered for"))
    }

    /// True when the auth service refused a question with a key, whatever for.
    pub fn auth_refuses(&self, id: &str) -> bool {
        self.auth_says_to(id) == Some(false)
            || self.answer(id).is_some_and(|answer| matches!(answer.status, 401 | 403))
    }

    /// Another scheme than the form's in which MLflow let the key in (*Try other ways*), with the question.
    pub fn other_scheme(&self) -> Option<(&'a AuthScheme, &'a str)> {
        self.observations.iter().find_map(|seen| {
            let scheme = seen.probe.presented_as.as_ref()?;
            let answer = seen.answer().filter(|_| seen.probe.id.starts_with(OTHER_SCHEME))?;
            (answer.ok() && Self::is_mlflow(answer)).then_some((scheme, seen.probe.id.as_str()))
        })
    }

    /// Another service than the form's for which the auth service accepts the key (*Try other ways*).
    pub fn other_service(&self) -> Option<&'a str> {
        self.observations.iter().find_map(|seen| {
            let service = seen.probe.id.strip_prefix(OTHER_SERVICE)?;
            (self.auth_says_to(&seen.probe.id) == Some(true)).then_some(service)
        })
    }

    /// A field of the auth service's answer, by its usual name.
    pub fn auth_field(&self, id: &str, usual: &str) -> Option<Value> {
        let name = self.deployment.auth.as_ref()?.field(usual);
        let Some(Value::Object(mut object)) = self.answer(id)?.json() else { return None };
        object.remove(name)
    }

    /// A text field of what the auth service says of a good key, cut.
    pub fn auth_text(&self, id: &str, usual: &str) -> Option<String> {
        Some(self.auth_field(id, usual)?.as_str()?.chars().take(60).collect())
    }

    /// What the key may do, where the auth service lists it.
    pub fn scopes(&self) -> Option<Vec<String>> {
        let id =
            [ask::VALIDATE_KEY, VALIDATE_ANY].into_iter().find(|id| self.auth_says_to(id) == Some(true))?;
        let list = self.auth_field(id, "scopes")?;
        let scopes: Vec<String> = list
            .as_array()?
            .iter()
            .filter_map(|scope| Some(scope.as_str()?.chars().take(60).collect()))
            .collect();
        (!scopes.is_empty()).then_some(scopes)
    }

    /// Whether any scope of the key sounds like writing; `None` where no scopes are listed.
    pub fn may_write(&self) -> Option<bool> {
        let grants = |scope: &String| {
            scope == "*"
                || ["write", "admin", "full", "access", "all"].iter().any(|word| scope.contains(word))
        };
        Some(self.scopes()?.iter().any(grants))
    }

    /// True when the auth service says that the account cannot pay.
    pub fn is_broke(&self) -> bool {
        let says = |id: &&str| {
            self.answer(id).and_then(Refusal::of) == Some(Refusal::Balance)
                || self.auth_field(id, "has_sufficient_balance") == Some(Value::Bool(false))
        };
        [ask::VALIDATE_KEY, VALIDATE_ANY].iter().any(says)
    }

    /// True when a refusal says in words, or by its time, that the key was good once. "Invalid or expired" does not.
    pub fn said_expired(&self, id: &str) -> bool {
        if self.refusal_of(id) == Some(Refusal::KeyExpired) {
            return true;
        }
        if self.auth_says_to(id) != Some(false) {
            return false;
        }
        // A refusal inside a 200 has words too.
        let words = self.answer(id).map(|answer| Answer { status: 401, ..answer.clone() });
        let now = self.server_time().or_else(|| clock::from_iso(&self.environment.started_at));
        let ended = self.auth_text(id, "expires_at").and_then(|text| clock::from_iso(&text));
        words.as_ref().and_then(Refusal::of) == Some(Refusal::KeyExpired)
            || ended.zip(now).is_some_and(|(ended, now)| ended < now)
    }

    /// True when a question was answered readably, and not with success.
    pub fn status_is_bad(&self, id: &str) -> bool {
        self.answer(id).is_some_and(|answer| !answer.ok())
    }

    /// True when the decisive request is turned away without a key, at once: readably, or unread.
    pub fn wants_a_key_at_once(&self) -> bool {
        self.saw(ask::SEARCH_NONE).is_some_and(|seen| match seen.answer() {
            Some(answer) => !answer.ok(),
            None => seen.saw == Saw::NetworkError,
        })
    }

    /// True when the registry takes the user's key, and nobody without one: then somebody judges keys, and this one is good.
    pub fn key_is_judged_good(&self) -> bool {
        self.mlflow_works() && self.best_credential() == Presented::Key && self.wants_a_key_at_once()
    }

    /// True when the auth service itself, asked directly, answers with a server error.
    pub fn auth_is_down(&self) -> bool {
        [ask::AUTH_OPEN, ask::VALIDATE_KEY]
            .iter()
            .any(|id| self.answer(id).is_some_and(|answer| answer.status >= 500))
    }

    /// True when the request with the key took so much longer than the one without that the gateway waited for
    /// somebody, and most likely for the one who judges keys (facts/incidents.md, I08).
    pub fn judging_takes_long(&self) -> bool {
        let ms = |id: &str| self.saw(id).map(|seen| seen.ms);
        ms(ask::SEARCH_KEY)
            .zip(ms(ask::SEARCH_NONE))
            .is_some_and(|(with, without)| with >= 500 && with > 3 * without)
    }
}
