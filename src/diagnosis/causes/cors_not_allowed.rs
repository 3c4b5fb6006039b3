//! `cors-not-allowed`

use super::prelude::*;

pub const CAUSE: Cause = Cause {
    code: "cors-not-allowed",
    class: Class::Cors,
    hop: Hop::Gateway,
    owner: Owner::Gateway,
    title: "Answers do not allow this page's origin",
    fit,
    headline: |facts, host| {
        format!(
            "{} answers, but its answers do not allow {} to read them (CORS), so no web app there can use it.",
            words::the(facts, host),
            words::page(facts)
        )
    },
    fixes: only_cards,
    tell: words::curl_verbose,
};

fn fit(symptom: &Symptom, facts: &Facts) -> Fit {
    match symptom.kind {
        Kind::Unreadable => match classes(facts, symptom.host) {
            Classes::SomeSuccess => Fit::likely(80, &class_ids(symptom.host)),
            Classes::Unknown => Fit::likely(80, &[&no_cors_id(symptom.host)]),
            // An object also fails on a page that may not be framed, so its error proves little.
            Classes::AllErrors if facts.oracle() == Oracle::Works(Way::Object) => {
                Fit::possible(35, &class_ids(symptom.host))
            }
            Classes::AllErrors => Fit::NO,
        },
        // In Chromium an answer with Cross-Origin-Resource-Policy, X-Frame-Options and no CORS shows nothing at
        // all (browser-observability.md, fact 6).
        Kind::NoAnswer
            if facts.reach(symptom.host) == Reach::NoAnswer
                && facts.stage(symptom.host) != Entry::Zero
                && facts.answers_in_frame(symptom.host) != Some(false) =>
        {
            Fit::possible(10, &[Facts::open_id(symptom.host)])
        }
        _ => Fit::NO,
    }
}
