//! `cors-preflight-unauthorized`

use super::prelude::*;

pub const CAUSE: Cause = Cause {
    code: "cors-preflight-unauthorized",
    class: Class::Cors,
    hop: Hop::Gateway,
    owner: Owner::Gateway,
    title: "The browser's permission question is asked for a key",
    fit,
    headline: |facts, host| {
        format!(
            "{} answers plain requests, but not the browser's permission question (OPTIONS); most often because it asks for a key there, which browsers never send with it.",
            words::the(facts, host)
        )
    },
    fixes: only_cards,
    tell: |facts, _| words::curl_preflight(facts),
};

fn fit(symptom: &Symptom, facts: &Facts) -> Fit {
    match symptom.kind {
        Kind::Preflight if options_fail(facts) => Fit::likely(80, &preflight_ids()),
        // The preflight of the protected path alone may be refused, while that of the open path passes.
        Kind::HiddenRefusal
            if facts.auth_says() != Some(false)
                && facts.status_class(&open_status_id(Host::Auth)) != Some(StatusClass::Error) =>
        {
            Fit::possible(30, &[ask::SEARCH_KEY])
        }
        _ => Fit::NO,
    }
}
