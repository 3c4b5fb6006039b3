//! The catalogue of causes: one file and one line in [`ALL`] each. Codes are stable for ever; words may change.

mod artifact_root_direct;
mod artifact_store_failing;
mod artifacts_not_served;
mod auth_contract_mismatch;
mod auth_header_stripped;
mod auth_not_enforced;
mod auth_scheme_mismatch;
mod auth_service_down;
mod auth_service_unreachable;
mod backend_store_failing;
mod balance_exhausted;
mod body_size_limit;
mod clock_skew;
mod connection_broken;
mod cors_cached_without_vary;
mod cors_credentials_wildcard;
mod cors_header_not_allowed;
mod cors_headers_not_exposed;
mod cors_method_not_allowed;
mod cors_missing_on_errors;
mod cors_not_allowed;
mod cors_preflight_failing;
mod cors_preflight_redirected;
mod cors_preflight_unauthorized;
mod extension_blocked;
mod gateway_without_backend;
mod health_check_misleading;
mod host_unreachable;
mod key_expired;
mod key_lacks_permission;
mod key_malformed;
mod key_missing;
mod key_rejected;
mod key_wrong_environment;
mod local_network_permission;
mod login_wall;
mod malformed_response;
mod method_blocked;
mod mixed_content;
mod mlflow_down;
mod mlflow_host_not_allowed;
mod mlflow_origin_not_allowed;
mod not_mlflow;
mod offline;
mod outage_reported_as_401;
mod page_policy_blocked;
mod path_prefix_mismatch;
mod path_translation_missing;
mod port_blocked;
mod rate_limited;
mod redirect_drops_key;
mod redirect_without_cors;
mod request_body_dropped;
mod route_missing;
mod route_shadowed;
mod server_error;
mod service_id_mismatch;
mod slow_dependency;
mod timeout;
mod tls_failure;
mod wrong_base_url;

use super::Cause;
use crate::part::Part;

/// The way to [`ALL`]: a page on which all is well does not load them.
pub static CAUSES: Part<[Cause]> = Part::new(ALL);

/// All causes, by class.
pub const ALL: &[Cause] = &[
    offline::CAUSE,
    mixed_content::CAUSE,
    port_blocked::CAUSE,
    page_policy_blocked::CAUSE,
    local_network_permission::CAUSE,
    extension_blocked::CAUSE,
    clock_skew::CAUSE,
    host_unreachable::CAUSE,
    timeout::CAUSE,
    connection_broken::CAUSE,
    tls_failure::CAUSE,
    gateway_without_backend::CAUSE,
    auth_service_down::CAUSE,
    auth_service_unreachable::CAUSE,
    mlflow_down::CAUSE,
    backend_store_failing::CAUSE,
    login_wall::CAUSE,
    rate_limited::CAUSE,
    slow_dependency::CAUSE,
    cors_not_allowed::CAUSE,
    cors_preflight_unauthorized::CAUSE,
    cors_preflight_redirected::CAUSE,
    cors_preflight_failing::CAUSE,
    cors_header_not_allowed::CAUSE,
    cors_method_not_allowed::CAUSE,
    cors_missing_on_errors::CAUSE,
    cors_credentials_wildcard::CAUSE,
    cors_cached_without_vary::CAUSE,
    cors_headers_not_exposed::CAUSE,
    redirect_without_cors::CAUSE,
    redirect_drops_key::CAUSE,
    auth_header_stripped::CAUSE,
    auth_scheme_mismatch::CAUSE,
    auth_contract_mismatch::CAUSE,
    service_id_mismatch::CAUSE,
    auth_not_enforced::CAUSE,
    route_missing::CAUSE,
    wrong_base_url::CAUSE,
    path_prefix_mismatch::CAUSE,
    not_mlflow::CAUSE,
    mlflow_host_not_allowed::CAUSE,
    mlflow_origin_not_allowed::CAUSE,
    artifacts_not_served::CAUSE,
    artifact_store_failing::CAUSE,
    body_size_limit::CAUSE,
    artifact_root_direct::CAUSE,
    method_blocked::CAUSE,
    key_missing::CAUSE,
    key_malformed::CAUSE,
    key_rejected::CAUSE,
    key_expired::CAUSE,
    key_wrong_environment::CAUSE,
    key_lacks_permission::CAUSE,
    balance_exhausted::CAUSE,
    server_error::CAUSE,
    outage_reported_as_401::CAUSE,
    health_check_misleading::CAUSE,
    route_shadowed::CAUSE,
    path_translation_missing::CAUSE,
    request_body_dropped::CAUSE,
    malformed_response::CAUSE,
];

/// The entry of a code; `None` for a code of a newer version.
pub fn find(code: &str) -> Option<&'static Cause> {
    CAUSES.get()?.iter().find(|cause| cause.code == code)
}

/// What the files of this folder have in common.
mod prelude {
    pub(super) use super::super::fix::Fix;
    pub(super) use super::super::symptoms::{Kind, Symptom};
    pub(super) use super::super::words;
    pub(super) use super::super::{Cause, Class, Fit, Owner};
    pub(super) use crate::checks::{describe, reason_phrase};
    pub(super) use crate::deployment::credential::Presented;
    pub(super) use crate::deployment::{AuthScheme, Host, clock};
    pub(super) use crate::probe::{Answer, Complaint, Entry, Hop, Observation, Said, Saw, Way, Who, quoted};
    pub(super) use crate::registration::{self, content::is_file_step};
    pub(super) use crate::run::facts::{
        ArtifactRoot, BLOCKED_PORT, METHODS, OPEN_COOKIES, OPEN_REPEATS, OPEN_SHARED, OTHER_SERVICE, Oracle,
        Preflight, RANDOM_PUT, StatusClass, VALIDATE_ANY, VALIDATE_BODY, VALIDATE_NONE, VALIDATE_OTHER,
        ajax_id, ask, base_id, direct_id, frame_id, manual_id, no_cors_id, object_id, open_fake_id,
        open_status_id, random_status_id, socket_id,
    };
    pub(super) use crate::run::{Facts, Reach, Refusal};

    /// The first step of a registration that failed in a way that `is` describes.
    pub(super) fn failed_write<'a>(
        facts: &Facts<'a>,
        is: impl Fn(&Observation) -> bool,
    ) -> Option<&'a Observation> {
        registration::failures(facts).into_iter().find(|seen| is(seen))
    }

    /// True for a step whose answer, if there was one, this page may not read.
    pub(super) fn is_unread(seen: &Observation) -> bool {
        seen.saw == Saw::NetworkError
    }

    /// The first step that is refused in these words, although MLflow could be read in the same way.
    pub(super) fn refused_write<'a>(facts: &Facts<'a>, refusal: Refusal) -> Option<&'a Observation> {
        failed_write(facts, |seen| seen.answer().and_then(Refusal::of) == Some(refusal))
    }

    /// What was sent and what came, for the middle of a sentence.
    pub(super) fn step_told(seen: &Observation) -> String {
        [seen.probe.method.name(), " ", seen.probe.target.path_only(), " brought ", &describe(seen)].concat()
    }

    /// The command that sends a step again.
    pub(super) fn curl_for_write(facts: &Facts, is: impl Fn(&Observation) -> bool) -> Option<String> {
        words::curl_for(facts, &failed_write(facts, is)?.probe.id)
    }

    /// For causes that no command would make surer.
    pub(super) fn nothing_more(_: &Facts, _: Host) -> Option<String> {
        None
    }

    /// For causes whose fixes all stand in the catalogue.
    pub(super) fn only_cards(_: &Facts, _: Host) -> Vec<Fix> {
        Vec::new()
    }

    /// The question that came out otherwise although MLflow's search works, for the symptoms that say so.
    pub(super) fn spoiled(kind: Kind, facts: &Facts) -> Option<&'static str> {
        match kind {
            Kind::PostRefused => Some(ask::SEARCH_POST),
            Kind::Artifacts => Some(ask::ARTIFACTS),
            Kind::Reading => facts.spoiled_reading(),
            _ => None,
        }
    }

    /// That question, where nothing came back to it within its time limit.
    pub(super) fn silent(kind: Kind, facts: &Facts) -> Option<&'static str> {
        spoiled(kind, facts).filter(|id| is_silent(facts, id))
    }

    /// True when nothing came back to a question within its time limit.
    pub(super) fn is_silent(facts: &Facts, id: &str) -> bool {
        facts.saw(id).is_some_and(|seen| seen.saw == Saw::TimedOut)
    }

    /// What the status oracle says of a host whose answers are all withheld.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub(super) enum Classes {
        /// At least one address is answered with success.
        SomeSuccess,
        /// Every address that was asked gets an error status.
        AllErrors,
        /// No oracle works here.
        Unknown,
    }

    pub(super) fn classes(facts: &Facts, host: Host) -> Classes {
        let search = if host == Host::Registry { facts.status_class(ask::SEARCH_STATUS) } else { None };
        let open = facts.status_class(&open_status_id(host));
        if facts.status_class(&object_id(host)) == Some(StatusClass::Success) {
            return Classes::SomeSuccess;
        }
        match (open, search) {
            (Some(StatusClass::Success), _) | (_, Some(StatusClass::Success)) => Classes::SomeSuccess,
            (None, None) => Classes::Unknown,
            _ => Classes::AllErrors,
        }
    }

    /// True when a path that nobody ever asked for gets an error status, as on any host that routes.
    pub(super) fn random_is_error(facts: &Facts, host: Host) -> bool {
        facts.status_class(random_status_id(host)) == Some(StatusClass::Error)
    }

    /// The questions that status classes rest on.
    pub(super) fn class_ids(host: Host) -> [&'static str; 4] {
        match host {
            Host::Auth => ["auth-health-no-cors", "auth-health-status", "auth-random-status", ask::AUTH_OPEN],
            _ => [
                "registry-open-no-cors",
                "registry-open-status",
                "registry-random-status",
                ask::SEARCH_STATUS,
            ],
        }
    }

    /// True when an error reply of the registry to a plain request could be read: then an error reply to any other
    /// request could be read as well.
    pub(super) fn error_replies_are_readable(facts: &Facts) -> bool {
        facts.answer(ask::SEARCH_NONE).is_some_and(|answer| answer.status >= 400)
    }

    /// True when nothing that needs permission first gets through, whatever it asks for.
    pub(super) fn options_fail(facts: &Facts) -> bool {
        facts.preflight(Host::Registry) == Preflight::Blocked && facts.answer(RANDOM_PUT).is_none()
    }

    /// The questions that a verdict on preflights rests on.
    pub(super) fn preflight_ids() -> [&'static str; 7] {
        [
            RANDOM_PUT,
            ask::OPEN,
            "registry-open-fake",
            "registry-open-json",
            ask::SEARCH_NONE,
            ask::SEARCH_FAKE,
            ask::SEARCH_KEY,
        ]
    }

    /// True when MLflow itself, and not a gateway, answers the paths that its host check exempts, and nothing
    /// else is readable.
    pub(super) fn mlflow_speaks_at_version(facts: &Facts) -> bool {
        facts.mlflow_version().is_some()
            && facts.answer(ask::OPEN).is_some_and(|answer| Who::of(answer) == Who::MlflowHealth)
    }
}
