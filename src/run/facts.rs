//! The facts of a run, as questions that checks and causes ask. Shared readings of observations live here, once.

use super::{Environment, Limits, Refusal};
use crate::deployment::credential::Presented;
use crate::deployment::{AuthScheme, Deployment, Host, KeyReading, Origin, Target};
use crate::probe::{Answer, Entry, Method, Observation, Probe, Saw, Way, Who};

/// Names of questions that more than one file speaks of. A question that only one file asks is named there.
pub mod ask {
    /// A page of the page's own origin that exists.
    pub const CONTROL: &str = "page-control";
    /// The registry's open path, plainly.
    pub const OPEN: &str = "registry-open";
    /// The auth service's health path, plainly.
    pub const AUTH_OPEN: &str = "auth-health";
    /// MLflow's experiment search without a key.
    pub const SEARCH_NONE: &str = "mlflow-search-none";
    /// MLflow's experiment search with a made-up key.
    pub const SEARCH_FAKE: &str = "mlflow-search-fake";
    /// MLflow's experiment search with the user's key.
    pub const SEARCH_KEY: &str = "mlflow-search-key";
    /// The status class of MLflow's experiment search without a key.
    pub const SEARCH_STATUS: &str = "mlflow-search-status";
    /// MLflow's version.
    pub const VERSION: &str = "mlflow-version";
    /// The user's key at the auth service.
    pub const VALIDATE_KEY: &str = "auth-validate-key";
}

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
    /// True while the run goes on.
    pub running: bool,
}

/// How far requests to a host come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// Not seen yet.
    Unknown,
    /// The browser refuses to send anything there.
    Barred,
    /// Connections fail, or are never made.
    NoAnswer,
    /// Requests are neither answered nor refused.
    Silent,
    /// Something answers, and this page may read none of it.
    Unreadable,
    /// At least one answer could be read.
    Readable,
}

/// Whether requests that need a preflight get through.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Preflight {
    /// Not known.
    Unknown,
    /// At least one request with a key, or with a made-up one, was answered readably.
    Works,
    /// Plain requests to the same place are readable, and these are not.
    Blocked,
    /// The same, and those with another header are readable: it is the key's header that is refused.
    KeyRefused,
}

/// What the status oracle says of an address that cannot be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StatusClass {
    /// 200 to 299.
    Success,
    /// Not 200 to 299, or no answer at all.
    Error,
}

impl<'a> Facts<'a> {
    /// What was seen of a question.
    pub fn saw(&self, id: &str) -> Option<&'a Observation> {
        self.observations.iter().find(|seen| seen.probe.id == id)
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

    /// MLflow's experiment search. `max_results` is required by real servers (facts/mlflow.md, part 1).
    pub fn search_target(&self) -> Target {
        self.deployment.mlflow.join("/api/2.0/mlflow/experiments/search?max_results=1")
    }

    /// A plain question with this run's time limit.
    pub fn get(&self, id: &str, host: Host, target: Target) -> Probe {
        Probe::get(id, host, target, self.limits.probe_timeout_ms)
    }

    /// True when the page is https and the host is http and not on this machine: browsers refuse that.
    pub fn is_mixed_content(&self, host: Host) -> bool {
        self.deployment.base(host).is_some_and(|base| {
            self.environment.page_origin.secure && !base.origin.secure && !base.origin.is_loopback()
        })
    }

    /// True when the host's port is on the list that browsers refuse.
    pub fn is_port_blocked(&self, host: Host) -> bool {
        self.deployment.base(host).is_some_and(|base| base.origin.port_is_blocked())
    }

    /// True when this page's own policy stopped a request to the host.
    pub fn is_policy_blocked(&self, host: Host) -> bool {
        self.deployment.base(host).is_some_and(|base| {
            let origin = base.origin.to_string();
            // A blocked WebSocket is reported as ws: or wss:.
            let same = |address: &String| {
                let address = address.replacen("ws", "http", usize::from(address.starts_with("ws")));
                address == origin || address.starts_with(&format!("{origin}/"))
            };
            self.policy_blocked.iter().any(same)
        })
    }

    /// How far requests to a host come.
    pub fn reach(&self, host: Host) -> Reach {
        if self.is_mixed_content(host) || self.is_port_blocked(host) {
            return Reach::Barred;
        }
        let seen = || self.of_host(host);
        if seen().any(|seen| seen.answer().is_some()) {
            return Reach::Readable;
        }
        if self.is_policy_blocked(host) {
            return Reach::Barred;
        }
        if seen().any(Observation::proves_answer)
            || self.status_class(&object_id(host)) == Some(StatusClass::Success)
        {
            return Reach::Unreadable;
        }
        let (Some(plain), Some(opaque)) = (self.saw(Self::open_id(host)), self.saw(&no_cors_id(host))) else {
            return Reach::Unknown;
        };
        match (&plain.saw, &opaque.saw) {
            (Saw::TimedOut, Saw::TimedOut) => Reach::Silent,
            // Headers came, or the request would not have failed at once; then the body stalled
            // (browser-observability.md 2b).
            (Saw::NetworkError, Saw::TimedOut) => Reach::Unreadable,
            (Saw::Stopped, _) | (_, Saw::Stopped) => Reach::Unknown,
            _ => Reach::NoAnswer,
        }
    }

    /// True when something on this host answers with a redirect that this page may see and not follow: the redirect
    /// carries CORS headers.
    pub fn redirects(&self, host: Host) -> bool {
        self.of_host(host).any(|seen| seen.saw == Saw::OpaqueRedirect)
    }

    /// How far the open request of a host came, in browsers whose timing entries tell: `Zero` when nothing was
    /// written to a connection, `Positive` when something was. Calibrated on a request that cannot leave the
    /// browser: Firefox has no entry for it, Chromium has one that tells nothing (browser-observability.md, fact 4).
    pub fn stage(&self, host: Host) -> Entry {
        let tells = self.saw(BLOCKED_PORT).is_some_and(|seen| seen.entry == Entry::Absent);
        // WebKit has no entry for any failed fetch, the open one included: that tells nothing.
        let entry = self.saw(Self::open_id(host)).filter(|_| tells).map_or(Entry::Unknown, |seen| seen.entry);
        if entry == Entry::Absent { Entry::Unknown } else { entry }
    }

    /// True when the browser may be asking its user whether this page may use the local network, or was told that it
    /// may not. A name may lead to a private address; a page on this machine is not asked, though the state reads so.
    pub fn local_network_in_doubt(&self, host: Host) -> bool {
        let state = self.environment.local_network.as_deref();
        let could_be_private =
            self.deployment.base(host).is_some_and(|base| base.origin.is_private() || !base.origin.is_ip());
        could_be_private && matches!(state, Some("prompt" | "denied"))
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

    /// How often the registry's open path was asked plainly, and how often it gave no good answer: a readable 5xx or
    /// none.
    pub fn open_tries(&self) -> (usize, usize) {
        let tries = || self.of_host(Host::Registry).filter(|seen| is_open_try(&seen.probe.id));
        let bad = |seen: &&Observation| seen.failed() || seen.status().is_some_and(|status| status >= 500);
        (tries().count(), tries().filter(bad).count())
    }

    /// True when the registry's open path is answered well at times and badly at others.
    pub fn is_unsteady(&self) -> bool {
        let (all, bad) = self.open_tries();
        bad > 0 && bad < all && all > 2
    }

    /// True when the page's own server answers: this browser has a network, and it was not asleep.
    pub fn control_works(&self) -> Option<bool> {
        self.saw(ask::CONTROL).map(|seen| seen.answer().is_some())
    }

    /// The question what this browser's timing entries tell; it never leaves the browser.
    pub fn blocked_port_ask(&self) -> Probe {
        let origin = Origin { port: 6000, ..self.environment.page_origin.clone() };
        self.get(BLOCKED_PORT, Host::Page, Target { origin, path: "/".to_owned() })
    }

    /// The status class of an address asked by an oracle that was first seen to separate a known 200 from a
    /// known 404 of the page's own origin; `None` when not asked or not to be believed.
    pub fn status_class(&self, id: &str) -> Option<StatusClass> {
        let seen = self.saw(id)?;
        if self.oracle() != Oracle::Works(seen.probe.way) && !self.separates(seen.probe.way) {
            return None;
        }
        match seen.saw {
            Saw::Loaded => Some(StatusClass::Success),
            Saw::Errored if self.forbids_framing(seen.probe.host) => None,
            Saw::Errored => Some(StatusClass::Error),
            _ => None,
        }
    }

    /// True when a host's open path is readable, a success, and an error as an object: it forbids being framed, so
    /// objects tell nothing of it.
    fn forbids_framing(&self, host: Host) -> bool {
        let object = self.saw(&open_status_id(host)).filter(|seen| seen.probe.way == Way::Object);
        object.is_some_and(|seen| seen.saw == Saw::Errored)
            && self.answer(Self::open_id(host)).is_some_and(|answer| answer.ok())
    }

    /// True when a question failed after it was written to a connection, in browsers whose timing entries tell: it was
    /// answered, and the answer withheld, or the connection broke.
    pub fn was_sent(&self, id: &str) -> bool {
        let tells = self.saw(BLOCKED_PORT).is_some_and(|seen| seen.entry == Entry::Absent);
        tells
            && self.saw(id).is_some_and(|seen| seen.saw == Saw::NetworkError && seen.entry == Entry::Positive)
    }

    /// True when a way was seen to separate a known 200 from a known 404.
    fn separates(&self, way: Way) -> bool {
        let saw = |good| self.saw(calibration_id(way, good)).map(|seen| &seen.saw);
        saw(true) == Some(&Saw::Loaded) && saw(false) == Some(&Saw::Errored)
    }

    /// What to ask to learn whether a host that hides from fetches is there after all: the calibration of the object,
    /// then the object itself. It also shows answers that Cross-Origin-Resource-Policy keeps from fetches (fact 6).
    pub fn object_asks(&self, host: Host, target: Target) -> Vec<Probe> {
        if self.separates(Way::Object) {
            return vec![self.get(&object_id(host), host, target).by(Way::Object)];
        }
        self.calibration(Way::Object)
    }

    fn calibration(&self, way: Way) -> Vec<Probe> {
        let missing = self.page_target(&format!("preflight-no-such-file-{}", self.environment.nonce));
        vec![
            self.get(calibration_id(way, true), Host::Page, self.page_target("preflight.json")).by(way),
            self.get(calibration_id(way, false), Host::Page, missing).by(way),
        ]
    }

    /// Which status oracle works in this browser, as far as calibrated.
    pub fn oracle(&self) -> Oracle {
        for way in ORACLES {
            let (good, bad) = (self.saw(calibration_id(way, true)), self.saw(calibration_id(way, false)));
            let (Some(good), Some(bad)) = (good, bad) else { return Oracle::Calibrate(way) };
            if good.saw == Saw::Loaded && bad.saw == Saw::Errored {
                return Oracle::Works(way);
            }
        }
        Oracle::None
    }

    /// The question whether this page may use a method at the registry.
    pub fn method_ask(&self, method: Method, id: &str) -> Option<Probe> {
        let probe = self.get(id, Host::Registry, self.random_target(Host::Registry)?).method(method);
        // A POST needs a preflight only for its JSON, and MLflow takes nothing else (facts/mlflow.md, part 1).
        Some(if method == Method::Post { probe.header("content-type", "application/json") } else { probe })
    }

    /// Methods that fail although another one to the same path is answered readably. POST is never among them: it
    /// needs no permission, only its JSON does.
    pub fn refused_methods(&self) -> Vec<&'static str> {
        let refused = METHODS.iter().filter(|(method, id)| *method != Method::Post && self.failed(id));
        if self.some_method_works() { refused.map(|(method, _)| method.name()).collect() } else { Vec::new() }
    }

    /// True when JSON fails although another method to the same path is answered readably.
    pub fn json_is_refused(&self) -> bool {
        self.some_method_works() && self.failed(RANDOM_POST)
    }

    fn some_method_works(&self) -> bool {
        !self.stalls(Host::Registry) && METHODS.iter().any(|(_, id)| self.answer(id).is_some())
    }

    /// What to ask to learn the status class of an address: the calibration first, then the oracle itself.
    pub fn status_asks(&self, id: &str, host: Host, target: Target) -> Vec<Probe> {
        match self.oracle() {
            Oracle::None => Vec::new(),
            Oracle::Works(way) => vec![self.get(id, host, target).by(way)],
            Oracle::Calibrate(way) => self.calibration(way),
        }
    }

    /// Whether the host lets this page send requests that need a preflight (a key, JSON, other methods).
    pub fn preflight(&self, host: Host) -> Preflight {
        let keyed = || self.of_host(host).filter(|seen| seen.probe.presented != Presented::Nothing);
        if keyed().any(|seen| seen.answer().is_some()) {
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

    /// True when answers of a host begin and do not end: then what waits may wait for a free connection, and proves
    /// nothing.
    pub fn stalls(&self, host: Host) -> bool {
        let cut = |seen: &Observation| {
            seen.answer().is_some_and(|answer| answer.body.is_cut() && !answer.body.broken)
        };
        self.of_host(host).any(cut)
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

    /// True when the search without a key gets an error status that the browser withholds from this page:
    /// a plain request, so no preflight is to blame.
    pub fn search_error_is_hidden(&self) -> bool {
        let unframed = self.forbids_framing(Host::Registry) && self.was_sent(ask::SEARCH_NONE);
        self.failed(ask::SEARCH_NONE)
            && (unframed || self.status_class(ask::SEARCH_STATUS) == Some(StatusClass::Error))
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

    /// What the auth service says of the key: good, not good, or nothing about it.
    pub fn auth_says(&self) -> Option<bool> {
        self.auth_says_to(ask::VALIDATE_KEY)
    }

    /// The same for one of the ways to ask.
    pub fn auth_says_to(&self, id: &str) -> Option<bool> {
        let answer = self.answer(id)?;
        match answer.status {
            200..=299 => {
                // A refusal can stand inside a 200 (facts/incidents.md, last part).
                let verdict = answer.json()?.get("is_valid").and_then(serde_json::Value::as_bool);
                Some(verdict != Some(false))
            }
            401 | 403 => Some(false),
            _ => None,
        }
    }

    /// MLflow's version where it could be read.
    pub fn mlflow_version(&self) -> Option<&'a str> {
        let answer = self.answer(ask::VERSION).filter(|answer| answer.ok())?;
        let text = answer.body.text.trim();
        let plausible = text.len() < 30
            && text.starts_with(|c: char| c.is_ascii_digit())
            && text.contains('.')
            && text.chars().all(|c| c.is_ascii_alphanumeric() || ".+-".contains(c));
        plausible.then_some(text)
    }
}

/// The status oracle of this browser.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Oracle {
    /// This way must be calibrated first.
    Calibrate(Way),
    /// This way was seen to separate 200 from 404.
    Works(Way),
    /// None does.
    None,
}

/// Status oracles in the order of preference: prefetch runs and shows nothing, an object may.
const ORACLES: [Way; 2] = [Way::Prefetch, Way::Object];

/// The id of an oracle's calibration on a known 200 (`good`) or a known 404.
fn calibration_id(way: Way, good: bool) -> &'static str {
    match (way, good) {
        (Way::Prefetch, true) => "oracle-prefetch-200",
        (Way::Prefetch, false) => "oracle-prefetch-404",
        (_, true) => "oracle-object-200",
        (_, false) => "oracle-object-404",
    }
}

/// The reachability question of a host.
pub fn no_cors_id(host: Host) -> String {
    format!("{}-no-cors", Facts::open_id(host))
}

/// A socket to a host: silent where fetches hang for want of an answer, quick where the browser asks its user
/// something first.
pub fn socket_id(host: Host) -> String {
    format!("{}-socket", Facts::open_id(host))
}

/// The open path of a host without following redirects.
pub fn manual_id(host: Host) -> String {
    format!("{}-manual", Facts::open_id(host))
}

/// PUT to a random path of the registry: a preflight for the method alone.
pub const RANDOM_PUT: &str = "registry-random-put";

/// Repeats of the registry's open question.
pub const OPEN_REPEATS: [&str; 8] = [
    "registry-open-2",
    "registry-open-3",
    "registry-open-4",
    "registry-open-5",
    "registry-open-6",
    "registry-open-7",
    "registry-open-8",
    "registry-open-9",
];

fn is_open_try(id: &str) -> bool {
    id == ask::OPEN || OPEN_REPEATS.contains(&id)
}

/// The open path of a host as an object in a page: shown also where other rules hide the answer from a fetch.
pub fn object_id(host: Host) -> String {
    format!("{}-object", Facts::open_id(host))
}

/// The registry's open path at its bare address, where shared caches may answer.
pub const OPEN_SHARED: &str = "registry-open-shared";

/// POST with a JSON content type to a random path: a preflight for that header alone.
pub const RANDOM_POST: &str = "registry-random-post";

/// The methods besides GET that MLflow's REST API needs, each with the question that asks for it: to a random path,
/// since a request whose preflight passes really runs, without key and body.
pub const METHODS: [(Method, &str); 4] = [
    (Method::Post, RANDOM_POST),
    (Method::Put, RANDOM_PUT),
    (Method::Patch, "registry-random-patch"),
    (Method::Delete, "registry-random-delete"),
];

/// A fetch to a port that no browser uses: shows what this browser's timing entries tell, without any traffic.
pub const BLOCKED_PORT: &str = "page-blocked-port";

/// The open path of a host with a made-up key: needs a preflight, and should be answered like the plain one.
pub fn open_fake_id(host: Host) -> String {
    format!("{}-fake", Facts::open_id(host))
}

/// The open path of a host with a JSON content type: needs a preflight without any key.
pub fn open_json_id(host: Host) -> String {
    format!("{}-json", Facts::open_id(host))
}

/// The status class of a host's open path.
pub fn open_status_id(host: Host) -> String {
    format!("{}-status", Facts::open_id(host))
}

/// The status class of a random path of a host.
pub fn random_status_id(host: Host) -> &'static str {
    match host {
        Host::Auth => "auth-random-status",
        _ => "registry-random-status",
    }
}

/// The user's key at the auth service without naming a service: is it good for any?
pub const VALIDATE_ANY: &str = "auth-validate-any";

/// Paths under which deployments usually put MLflow.
pub const BASE_CANDIDATES: [&str; 3] = ["", "/mlflow", "/api/mlflow"];

/// The experiment search under another usual path.
pub fn base_id(path: &str) -> String {
    format!("mlflow-search-at{}", path.replace('/', "-"))
}
