//! Checks: claims that are true on a healthy deployment. One file and one line in [`ALL`] each.
//!
//! A check never calls a check; what several need is a method of [`Facts`]. It says itself what must be asked
//! for it ([`Check::asks`]), and judges what came back ([`Check::judge`]): pure, at any moment of a run.

mod address_allowed;
mod artifacts_served;
mod auth_cors;
mod auth_enforced;
mod auth_health;
mod auth_reachable;
mod browser_online;
mod cors_authorization;
mod cors_cache;
mod cors_errors;
mod cors_methods;
mod cors_read;
mod key_accepted;
mod key_present;
mod key_shape;
mod key_validates;
mod mlflow_api;
mod mlflow_post;
mod mlflow_version;
mod registry_health;
mod registry_reachable;
mod response_time;
mod steady_answers;
mod tracking_uri;

use crate::probe::{Observation, Probe, Saw};
use crate::run::Facts;
use serde::{Deserialize, Serialize};

/// All checks, in the order of the page. Ids are stable for ever; words may change.
pub const ALL: &[Check] = &[
    browser_online::CHECK,
    address_allowed::CHECK,
    registry_reachable::CHECK,
    auth_reachable::CHECK,
    registry_health::CHECK,
    response_time::CHECK,
    steady_answers::CHECK,
    cors_read::CHECK,
    cors_authorization::CHECK,
    cors_methods::CHECK,
    cors_errors::CHECK,
    cors_cache::CHECK,
    auth_cors::CHECK,
    key_present::CHECK,
    key_shape::CHECK,
    key_accepted::CHECK,
    auth_enforced::CHECK,
    auth_health::CHECK,
    key_validates::CHECK,
    mlflow_api::CHECK,
    tracking_uri::CHECK,
    mlflow_version::CHECK,
    mlflow_post::CHECK,
    artifacts_served::CHECK,
];

/// A claim that is true on a healthy deployment. Why it matters and what a pass does not prove stands in
/// `src/catalogue/checks/<id>.md` (see [`crate::catalogue`]).
pub struct Check {
    /// Stable, kebab-case, equal to the file's name.
    pub id: &'static str,
    /// Where it stands on the page.
    pub suite: Suite,
    /// Reads true when it passes.
    pub title: &'static str,
    /// Reads true when it fails.
    pub failing_title: &'static str,
    /// What must be asked for it, given what was seen. Questions already asked are not asked again.
    pub asks: fn(&Facts) -> Vec<Probe>,
    /// The judgement on what was seen.
    pub judge: fn(&Facts) -> Judgement,
}

/// The parts of a run, in the order of the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names say it; see Suite::title")]
pub enum Suite {
    Browser,
    Connectivity,
    Cors,
    Key,
    AuthService,
    Mlflow,
}

impl Suite {
    /// In the order of the page.
    pub const ALL: [Suite; 6] =
        [Suite::Browser, Suite::Connectivity, Suite::Cors, Suite::Key, Suite::AuthService, Suite::Mlflow];

    /// Its heading.
    pub fn title(self) -> &'static str {
        match self {
            Self::Browser => "This browser",
            Self::Connectivity => "Connectivity",
            Self::Cors => "CORS: may this page ask and read?",
            Self::Key => "The key at the registry",
            Self::AuthService => "The auth service",
            Self::Mlflow => "MLflow",
        }
    }
}

/// How a check came out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "product.md names them: pass, warn, fail, could not tell, skipped")]
pub enum Status {
    Pass,
    Warn,
    Fail,
    Unknown,
    Skipped,
}

impl Status {
    /// The value of `data-status`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Warn => "warn",
            Self::Fail => "fail",
            Self::Unknown => "unknown",
            Self::Skipped => "skipped",
        }
    }

    /// In words.
    pub fn words(self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Warn => "look at this",
            Self::Fail => "fails",
            Self::Unknown => "could not tell",
            Self::Skipped => "not asked",
        }
    }
}

/// The outcome of a check.
#[derive(Clone, Debug, PartialEq)]
pub struct Judgement {
    /// How it came out.
    pub status: Status,
    /// What a healthy deployment shows.
    pub expected: String,
    /// What was seen, or the reason why nothing could be told.
    pub actual: String,
    /// Ids of the probes it rests on.
    pub evidence: Vec<String>,
}

impl Judgement {
    fn new(status: Status, expected: &str, actual: impl Into<String>, evidence: &[&str]) -> Judgement {
        Judgement {
            status,
            expected: expected.to_owned(),
            actual: actual.into(),
            evidence: evidence.iter().map(|id| (*id).to_owned()).collect(),
        }
    }
}

/// No question of its own: judged from what others asked, or from no traffic at all.
fn asks_nothing(_: &Facts) -> Vec<Probe> {
    Vec::new()
}

/// What was seen of a probe, in words that do not interpret.
pub fn describe(seen: &Observation) -> String {
    match &seen.saw {
        Saw::Answer(answer) => {
            let kind = answer.media_type();
            let kind = if kind.is_empty() { String::new() } else { format!(" ({kind})") };
            format!("{} {}{kind} after {} ms", answer.status, reason_phrase(answer.status), seen.ms)
        }
        Saw::Opaque => format!("an answer this page may not read, after {} ms", seen.ms),
        Saw::OpaqueRedirect => format!("a redirect, after {} ms", seen.ms),
        Saw::NetworkError => format!("a failed request, after {} ms; browsers do not say why", seen.ms),
        Saw::TimedOut => format!("no answer within {} ms", seen.probe.timeout_ms),
        Saw::Stopped => "stopped".to_owned(),
        Saw::Loaded => "a success status (2xx), seen without reading the answer".to_owned(),
        Saw::Errored => "an error status or no answer, seen without reading it".to_owned(),
        Saw::Closed(code) => format!("closed with code {code}"),
        Saw::Opened => "opened".to_owned(),
        Saw::NotSent(reason) => format!("not sent: {reason}"),
    }
}

/// The usual words for a status (RFC 9110).
pub fn reason_phrase(status: u16) -> &'static str {
    match status {
        200 => "OK",
        201 => "Created",
        204 => "No Content",
        301 | 302 | 303 | 307 | 308 => "Redirect",
        400 => "Bad Request",
        401 => "Unauthorized",
        402 => "Payment Required",
        403 => "Forbidden",
        404 => "Not Found",
        405 => "Method Not Allowed",
        413 => "Content Too Large",
        422 => "Unprocessable Content",
        429 => "Too Many Requests",
        500 => "Internal Server Error",
        501 => "Not Implemented",
        502 => "Bad Gateway",
        503 => "Service Unavailable",
        504 => "Gateway Timeout",
        _ => "",
    }
}

/// The claim as it reads with an outcome.
pub fn title(check: &Check, status: Status) -> &'static str {
    if matches!(status, Status::Fail | Status::Warn) { check.failing_title } else { check.title }
}
