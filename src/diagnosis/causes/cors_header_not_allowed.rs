//! `cors-header-not-allowed`

use super::prelude::*;

pub const CAUSE: Cause = Cause {
    code: "cors-header-not-allowed",
    class: Class::Cors,
    hop: Hop::Gateway,
    owner: Owner::Gateway,
    title: "A header is not allowed",
    fit,
    headline: |facts, host| {
        format!(
            "{} allows this page to ask, but not to send the header {}.",
            words::the(facts, host),
            refused_headers(facts).join(" and ")
        )
    },
    fixes: only_cards,
    tell: |facts, _| words::curl_preflight(facts),
};

fn fit(symptom: &Symptom, facts: &Facts) -> Fit {
    match symptom.kind {
        Kind::Preflight if facts.preflight(Host::Registry) == Preflight::KeyRefused => {
            Fit::certain(&preflight_ids())
        }
        Kind::MethodRefused if facts.json_is_refused() => Fit::likely(80, &METHODS.map(|(_, id)| id)),
        // The method alone is allowed and no header is: there is no Access-Control-Allow-Headers at all.
        Kind::Preflight if facts.answer(RANDOM_PUT).is_some() => Fit::certain(&preflight_ids()),
        Kind::Preflight if error_replies_are_readable(facts) => Fit::NO,
        Kind::Preflight => Fit::possible(20, &preflight_ids()),
        Kind::HiddenRefusal
            if facts.failed(&open_fake_id(Host::Registry)) && facts.allows_a_header(Host::Registry) =>
        {
            Fit::likely(82, &preflight_ids())
        }
        _ => Fit::NO,
    }
}

/// The headers that this page may not send, as far as seen: those of the key, or the one that JSON needs.
fn refused_headers(facts: &Facts) -> Vec<String> {
    if facts.json_is_refused() && facts.preflight(Host::Registry) == Preflight::Works {
        return vec!["content-type".to_owned()];
    }
    facts.deployment.scheme.header_names()
}
