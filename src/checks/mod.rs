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
mod browser_clock;
mod browser_online;
mod cors_authorization;
mod cors_cache;
mod cors_errors;
mod cors_methods;
mod cors_read;
mod direct_access;
mod health_endpoints;
mod key_accepted;
mod key_present;
mod key_shape;
mod key_validates;
mod mlflow_api;
mod mlflow_graphql;
mod mlflow_health;
mod mlflow_logged_models;
mod mlflow_model_versions;
mod mlflow_models;
mod mlflow_post;
mod mlflow_runs;
mod mlflow_server_info;
mod mlflow_version;
mod registry_health;
mod registry_reachable;
mod response_time;
mod steady_answers;
mod tracking_uri;
mod who_answers;
mod write_cleanup;
mod write_files;
mod write_labels;
mod write_mlflow_2;
mod write_mlflow_3;
mod write_rehearsal;
mod write_run;
mod write_search;
mod write_sizes;

use crate::probe::{Observation, Probe, Said, Saw, quoted};
use crate::registration;
use crate::run::{Facts, Mode};
use serde::{Deserialize, Serialize};

/// All checks, in the order of the page. Ids are stable for ever; words may change.
pub const ALL: &[Check] = &[
    browser_online::CHECK,
    browser_clock::CHECK,
    address_allowed::CHECK,
    registry_reachable::CHECK,
    auth_reachable::CHECK,
    registry_health::CHECK,
    health_endpoints::CHECK,
    response_time::CHECK,
    steady_answers::CHECK,
    who_answers::CHECK,
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
    mlflow_health::CHECK,
    mlflow_server_info::CHECK,
    mlflow_runs::CHECK,
    mlflow_models::CHECK,
    mlflow_model_versions::CHECK,
    mlflow_logged_models::CHECK,
    mlflow_graphql::CHECK,
    direct_access::CHECK,
    write_rehearsal::CHECK,
    write_run::CHECK,
    write_files::CHECK,
    write_mlflow_2::CHECK,
    write_mlflow_3::CHECK,
    write_labels::CHECK,
    write_search::CHECK,
    write_sizes::CHECK,
    write_cleanup::CHECK,
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
    Registration,
}

impl Suite {
    /// In the order of the page.
    pub const ALL: [Suite; 7] = [
        Suite::Browser,
        Suite::Connectivity,
        Suite::Cors,
        Suite::Key,
        Suite::AuthService,
        Suite::Mlflow,
        Suite::Registration,
    ];

    /// Its heading.
    pub fn title(self) -> &'static str {
        match self {
            Self::Browser => "This browser",
            Self::Connectivity => "Connectivity",
            Self::Cors => "CORS: may this page ask and read?",
            Self::Key => "The key at the registry",
            Self::AuthService => "The auth service",
            Self::Mlflow => "MLflow",
            Self::Registration => "Registration",
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

const NOT_WANTED: &str =
    "Not asked for: a run writes to the server only when that box on the form is ticked.";

/// Judges a part of a registration from the steps whose names begin with `prefix`; it is complete when the `needed`
/// ones went well.
fn judge_steps(facts: &Facts, expected: &str, prefix: &str, needed: &[&str]) -> Judgement {
    let plain = |status, actual: &str| Judgement::new(status, expected, actual, &[]);
    let Some(it) = facts.registration else { return plain(Status::Skipped, NOT_WANTED) };
    if let Some(why) = &it.refused {
        return plain(Status::Skipped, why);
    }
    if matches!(it.mode, Mode::Sizes(_)) != (prefix == "write-size-") && !is_basic(prefix) {
        return plain(Status::Skipped, "Not part of what was asked for.");
    }
    let steps: Vec<&Observation> = facts.writes().filter(|seen| seen.probe.id.starts_with(prefix)).collect();
    let ids: Vec<&str> = steps.iter().map(|seen| seen.probe.id.as_str()).collect();
    let judged = |status, actual: String| Judgement::new(status, expected, actual, &ids);
    let told = |seen: &Observation| {
        [seen.probe.method.name(), " ", seen.probe.target.path_only(), " brought ", &describe(seen), "."]
            .concat()
    };
    // What was not even sent says nothing of the server.
    let unsent = steps.iter().find_map(|seen| match &seen.saw {
        Saw::NotSent(why) => Some(why),
        _ => None,
    });
    if let Some(why) = unsent {
        return judged(Status::Skipped, why.clone());
    }
    if let Some(failed) = steps.iter().find(|seen| registration::part::has_failed(facts, seen)) {
        return judged(Status::Fail, told(failed));
    }
    if let [absent] = steps[..]
        && registration::steps::is_absent(absent)
    {
        return judged(Status::Skipped, "This server has no such API: it is older or newer.".to_owned());
    }
    let all_there = needed.iter().all(|id| ids.contains(id) || it.mode != Mode::Register);
    match (steps.len(), all_there) {
        (0, _) => plain(Status::Unknown, "Not reached."),
        (count, false) => {
            judged(Status::Unknown, format!("{count} steps went well; the rest was not reached."))
        }
        (count, true) => {
            let ms: u32 = steps.iter().map(|seen| seen.ms).sum();
            judged(Status::Pass, format!("{count} steps, {ms} ms of waiting."))
        }
    }
}

/// Rehearsals, experiment and run come first, whatever follows.
fn is_basic(prefix: &str) -> bool {
    matches!(prefix, "write-rehearse-" | "write-run-")
}

/// The judgement on one of the closer questions. `without` is what it means when the server has no such path, where
/// that is no fault.
fn read(facts: &Facts, id: &str, expected: &str, without: Option<&str>) -> Judgement {
    let Some(seen) = facts.saw(id) else {
        return Judgement::new(Status::Skipped, expected, "Only asked when you look closer.", &[]);
    };
    let judged = |status, actual: String| Judgement::new(status, expected, actual, &[id]);
    let saw = describe(seen);
    match (facts.said(id), without) {
        (Some(Said::Data | Said::Healthy), _) => judged(Status::Pass, [&saw, "."].concat()),
        (_, Some(without)) if seen.status() == Some(404) => {
            judged(Status::Skipped, [&saw, ": ", without].concat())
        }
        _ if seen.saw == Saw::TimedOut => judged(Status::Unknown, [&saw, "."].concat()),
        _ => {
            let words = seen.answer().map(|answer| answer.error_text()).unwrap_or_default();
            let words = if words.is_empty() { words } else { [": ", &quoted(&words, 160)].concat() };
            judged(Status::Fail, [&saw, &words, "."].concat())
        }
    }
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
