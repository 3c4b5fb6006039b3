//! `cors-missing-on-errors`

use super::prelude::*;
use super::{key_expired, key_malformed, key_rejected, key_wrong_environment, service_id_mismatch};

pub const CAUSE: Cause = Cause {
    code: "cors-missing-on-errors",
    class: Class::Cors,
    hop: Hop::Gateway,
    owner: Owner::Gateway,
    title: "Error replies lack CORS headers",
    fit,
    headline: |facts, host| {
        format!(
            "{} sends its error replies without CORS headers, so this page, and every web app, sees only “request failed” instead of the reason.",
            words::the(facts, host)
        )
    },
    fixes: only_cards,
    tell: |facts, _| {
        let id = if facts.failed(ask::MISSING) { ask::MISSING } else { ask::SEARCH_NONE };
        words::curl_for(facts, id)
    },
};

/// True when it is certain why the key is refused, though the refusal itself may not be read.
fn told(symptom: &Symptom, facts: &Facts) -> bool {
    let reasons = [
        key_rejected::fit,
        key_expired::fit,
        key_wrong_environment::fit,
        key_malformed::fit,
        service_id_mismatch::fit,
    ];
    facts.auth_says() == Some(false) && reasons.iter().any(|fit| fit(symptom, facts).is_certain())
}

fn fit(symptom: &Symptom, facts: &Facts) -> Fit {
    if symptom.kind == Kind::WriteFails {
        // An error reply that may not be read looks like none at all.
        return match failed_write(facts, is_unread) {
            // What a rehearsal gets on a healthy server is an error, and that alone may not be read.
            Some(seen) if seen.probe.id.starts_with("write-rehearse-") => Fit::likely(75, &[&seen.probe.id]),
            Some(seen) => Fit::possible(50, &[&seen.probe.id]),
            None => Fit::NO,
        };
    }
    if symptom.kind == Kind::HiddenErrors && facts.errors_are_hidden() {
        return Fit::certain(&[ask::MISSING, ask::MISSING_STATUS, ask::SEARCH_NONE]);
    }
    let evidence = [ask::SEARCH_NONE, ask::SEARCH_STATUS, &open_status_id(Host::Registry)];
    let open_succeeds = facts.root_is_open()
        || facts.status_class(&open_status_id(Host::Registry)) == Some(StatusClass::Success);
    let proven = facts.search_error_is_hidden() && open_succeeds;
    // An object that fails may also have been led to a sign-in page that forbids being framed.
    let sure = facts.oracle() == Oracle::Works(Way::Prefetch);
    match symptom.kind {
        // The good key is answered readably, and the error without a key is not.
        Kind::HiddenErrors if facts.mlflow_works() && sure => Fit::certain(&evidence),
        Kind::HiddenErrors if facts.mlflow_works() => Fit::likely(90, &evidence),
        Kind::HiddenErrors if facts.wants_key() => Fit::likely(85, &evidence),
        Kind::HiddenErrors => Fit::possible(50, &evidence),
        // Nothing but errors came, so nothing is known of successes.
        Kind::Unreadable if classes(facts, symptom.host) == Classes::AllErrors => {
            Fit::possible(45, &class_ids(symptom.host))
        }
        Kind::Unreadable if facts.forbids_use(symptom.host) => {
            Fit::possible(45, &[&no_cors_id(symptom.host), &frame_id(symptom.host)])
        }
        // Nothing else is left to be explained: the auth service has told for certain why the key is refused.
        Kind::HiddenRefusal if proven && sure && told(symptom, facts) => Fit::certain(&evidence),
        Kind::HiddenRefusal if proven => Fit::likely(85, &evidence),
        Kind::HiddenRefusal if facts.failed(ask::SEARCH_NONE) => {
            Fit::possible(60, &[ask::SEARCH_NONE, ask::SEARCH_KEY])
        }
        _ => Fit::NO,
    }
}
