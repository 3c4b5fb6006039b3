//! Preflights: which requests the browser gets permission for.

use super::{EMPTY_HEADER, Facts, METHODS, RANDOM_POST, StatusClass, ask, open_fake_id, open_json_id};
use crate::deployment::Host;
use crate::deployment::credential::Presented;
use crate::probe::{Hop, Method, Observation, Probe, Saw, Who};

/// Whether requests that need a preflight get through.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Preflight {
    /// Not known.
    Unknown,
    /// At least one request with the key's header, whatever was in it, was answered readably.
    Works,
    /// Plain requests to the same place are readable, and these are not.
    Blocked,
    /// The same, and those with another header are readable: it is the key's header that is refused.
    KeyRefused,
}

impl<'a> Facts<'a> {
    /// The question whether this page may use a method at the registry: below MLflow's API, since proxies may treat other
    /// paths in other ways.
    pub fn method_ask(&self, method: Method, id: &str) -> Option<Probe> {
        let path = ["/api/2.0/mlflow/preflight-no-such-path-", &self.environment.nonce].concat();
        let target = self.deployment.mlflow.join(&path);
        let probe = self.get(id, Host::Registry, target).method(method);
        // A POST needs a preflight only for its JSON, and MLflow takes nothing else (facts/mlflow.md, part 1).
        Some(if method == Method::Post { probe.header("content-type", "application/json") } else { probe })
    }

    /// Methods that fail although another one to the same path is answered readably. POST is never among them: it
    /// needs no permission, only its JSON does.
    pub fn refused_methods(&self) -> Vec<&'static str> {
        let refused = METHODS.iter().filter(|(method, id)| *method != Method::Post && self.failed(id));
        // GET with a key needs permission too: where that is given and error replies are readable, a method that fails
        // is refused, also when all others fail with it (as where only GET is allowed).
        let error = |id: &str| self.answer(id).is_some_and(|answer| answer.status >= 400);
        let get_works = || {
            !self.stalls(Host::Registry)
                // Where MLflow itself is not reached, who answers for other paths may be somebody else, unreadably.
                && self.mlflow_works()
                && self.preflight(Host::Registry) == Preflight::Works
                && (error(ask::SEARCH_NONE) || error(ask::SEARCH_FAKE))
        };
        let known = self.some_method_works() || get_works();
        if known { refused.map(|(method, _)| method.name()).collect() } else { Vec::new() }
    }

    /// What to ask where searching without a key works, and every method to a random path fails unread: a GET that
    /// MLflow itself answers with an error, and then what its status class is.
    pub fn error_asks(&self) -> Vec<Probe> {
        let unread = |id: &str| self.saw(id).is_some_and(|seen| seen.saw == Saw::NetworkError);
        let in_doubt = METHODS.iter().all(|(_, id)| unread(id));
        if !in_doubt
            || !self.answer(ask::SEARCH_NONE).is_some_and(|answer| answer.ok() && Self::is_mlflow(answer))
        {
            return Vec::new();
        }
        let path =
            ["/api/2.0/mlflow/registered-models/get?name=preflight-no-such-model-", &self.environment.nonce]
                .concat();
        let target = self.deployment.mlflow.join(&path);
        let mut probes = vec![self.get(ask::MISSING, Host::Registry, target.clone())];
        if unread(ask::MISSING) {
            probes.extend(self.status_asks(ask::MISSING_STATUS, Host::Registry, target));
        }
        probes
    }

    /// True when MLflow's own errors are withheld from this page, and what it does well is not.
    pub fn errors_are_hidden(&self) -> bool {
        self.failed(ask::MISSING) && self.status_class(ask::MISSING_STATUS) == Some(StatusClass::Error)
    }

    /// Methods that somebody in front of MLflow refuses readably, while another one to the same path gets another answer.
    pub fn blocked_methods(&self) -> Vec<&'static str> {
        let status = |id: &str| self.saw(id).and_then(Observation::status);
        let refused = |id: &str| {
            matches!(status(id), Some(403 | 405 | 501))
                && self.answer(id).is_some_and(|answer| Who::of(answer).hop() != Some(Hop::Mlflow))
        };
        let passes = |id: &str| status(id).is_some() && !refused(id);
        if !METHODS.iter().any(|(_, id)| passes(id)) {
            return Vec::new();
        }
        METHODS.iter().filter(|(_, id)| refused(id)).map(|(method, _)| method.name()).collect()
    }

    /// True when the registry's open path fails with cookies, in every try, and is readable without them.
    pub fn refuses_cookies(&self) -> bool {
        let tries = || self.of_host(Host::Registry).filter(|seen| seen.probe.has_cookies());
        let readable = |seen: &Observation| {
            self.of_host(Host::Registry).any(|other| {
                other.answer().is_some()
                    && !other.probe.has_cookies()
                    && other.probe.presented == Presented::Nothing
                    && other.probe.target == seen.probe.target
                    && other.probe.method == seen.probe.method
            })
        };
        tries().any(|seen| seen.saw == Saw::NetworkError && readable(seen))
            && !tries().any(|seen| seen.answer().is_some())
    }

    /// True when JSON fails although another method to the same path is answered readably.
    pub fn json_is_refused(&self) -> bool {
        self.some_method_works() && self.failed(RANDOM_POST)
    }

    fn some_method_works(&self) -> bool {
        !self.stalls(Host::Registry) && METHODS.iter().any(|(_, id)| self.answer(id).is_some())
    }

    /// Whether the host lets this page send requests that need a preflight (a key, JSON, other methods).
    pub fn preflight(&self, host: Host) -> Preflight {
        let keyed = || self.of_host(host).filter(|seen| seen.probe.presented != Presented::Nothing);
        // The key's header came through without a key in it: what fails with one fails for another reason.
        let header_came = host == Host::Registry && self.answer(EMPTY_HEADER).is_some();
        if header_came || keyed().any(|seen| seen.answer().is_some()) {
            return Preflight::Works;
        }
        if self.stalls(host) {
            return Preflight::Unknown;
        }
        let header_is_allowed = self.allows_a_header(host);
        // The same address answers readably without the key, also with an error, so what fails is the
        // permission question and not the answer.
        let twin_is_readable = |seen: &Observation| {
            self.of_host(host).any(|other| {
                other.answer().is_some()
                    && !other.probe.is_preflighted()
                    && other.probe.target == seen.probe.target
                    && other.status().is_some_and(|status| status >= 400)
            })
        };
        // A request with a key that waits may wait for the one who judges keys; the permission question alone does
        // only where every request that asks it waits, also without a key.
        let refused = keyed().any(|seen| seen.saw == Saw::NetworkError && twin_is_readable(seen));
        if refused || self.preflights_hang(host) {
            return if header_is_allowed { Preflight::KeyRefused } else { Preflight::Blocked };
        }
        let open_reads = self.answer(Self::open_id(host)).is_some();
        if open_reads
            && !header_is_allowed
            && self.failed(&open_fake_id(host))
            && self.failed(&open_json_id(host))
        {
            return Preflight::Blocked;
        }
        Preflight::Unknown
    }

    /// True when every request that needs permission first waits in vain, while plain ones are answered.
    pub fn preflights_hang(&self, host: Host) -> bool {
        let asked = || self.of_host(host).filter(|seen| seen.probe.is_preflighted());
        let keyless = asked().any(|seen| seen.probe.presented == Presented::Nothing);
        keyless
            && asked().all(|seen| seen.saw == Saw::TimedOut)
            && self.answer(Self::open_id(host)).is_some_and(|answer| answer.body.complete)
    }

    /// True when a request that needs permission for a header, and carries no key, was answered readably.
    pub fn allows_a_header(&self, host: Host) -> bool {
        self.of_host(host).any(|seen| {
            seen.answer().is_some()
                && seen.probe.presented == Presented::Nothing
                && !seen.probe.headers.is_empty()
        })
    }
}
