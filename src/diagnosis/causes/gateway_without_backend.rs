//! `gateway-without-backend`

use super::prelude::*;

pub const CAUSE: Cause = Cause {
    code: "gateway-without-backend",
    class: Class::Infrastructure,
    hop: Hop::Gateway,
    owner: Owner::Gateway,
    title: "The gateway has nothing behind it",
    fit,
    headline: |facts, host| match gateway_page(facts) {
        _ if facts.is_unsteady() => {
            let (all, bad) = facts.open_tries();
            format!(
                "{} gives no good answer to {bad} of {all} equal requests: some of the servers behind the gateway are broken.",
                words::the(facts, host)
            )
        }
        Some(id) => format!(
            "{} answers {}: a load balancer or proxy is there, but no healthy server stands behind it.",
            words::the(facts, host),
            facts
                .saw(id)
                .and_then(|seen| seen.status())
                .map(|status| format!("{status} {}", reason_phrase(status)).trim_end().to_owned())
                .unwrap_or_default()
        ),
        None => format!(
            "{} answers every address with an error that the page may not read, most often 502 or 503: a proxy with no healthy server behind it.",
            words::the(facts, host)
        ),
    },
    fixes: only_cards,
    tell: words::curl_verbose,
};

/// The decisive or the open request, if a gateway's own 5xx page answered it.
fn gateway_page(facts: &Facts) -> Option<&'static str> {
    [facts.search_id(), ask::OPEN].into_iter().find(|id| {
        facts.answer(id).is_some_and(|answer| {
            // Cloudflare says in 520 to 530 what it did not get from the server behind it.
            matches!(answer.status, 502..=504 | 520..=530)
                && matches!(Who::of(answer), Who::GatewayPage | Who::WebPage | Who::Nobody)
        })
    })
}

/// Some question to the registry was answered by somebody behind the gateway.
fn somebody_answers(facts: &Facts) -> bool {
    let behind = |answer: &Answer| {
        matches!(
            Who::of(answer),
            Who::Application
                | Who::Json
                | Who::Mlflow
                | Who::MlflowHealth
                | Who::MlflowUi
                | Who::FlaskPage
                | Who::LoginPage
        )
    };
    facts.of_host(Host::Registry).any(|seen| seen.answer().is_some_and(behind))
}

fn fit(symptom: &Symptom, facts: &Facts) -> Fit {
    match symptom.kind {
        Kind::Unsteady if facts.open_tries_may_be_limited() => Fit::likely(70, &OPEN_REPEATS),
        Kind::Unsteady if facts.gateway_page_beside_a_good_answer() => Fit::certain(&OPEN_REPEATS),
        // What went wrong could not be read.
        Kind::Unsteady => Fit::likely(80, &OPEN_REPEATS),
        Kind::ServerError => match gateway_page(facts) {
            // When the health path is answered well, the gateway has a backend, and this path's is missing.
            Some(id) if facts.answer(ask::OPEN).is_some_and(|answer| answer.ok()) => {
                Fit::likely(80, &[id, ask::OPEN])
            }
            // A limit speaks the same words, and an application that answered other questions stands behind.
            Some(id) if facts.answer(id).is_some_and(Refusal::may_be_limit) || somebody_answers(facts) => {
                Fit::likely(80, &[id, ask::OPEN])
            }
            // An application may make a page or an empty answer of its own for maintenance; only a proxy's page says so.
            Some(id)
                if facts.answer(id).is_some_and(|answer| {
                    // Cloudflare's others tell of a certificate, a slow answer, or one that is none.
                    Who::of(answer) == Who::GatewayPage && !matches!(answer.status, 520 | 524..=530)
                }) =>
            {
                Fit::certain(&[id, ask::OPEN])
            }
            Some(id) => Fit::likely(75, &[id, ask::OPEN]),
            None => Fit::NO,
        },
        Kind::Unreadable => match classes(facts, symptom.host) {
            Classes::AllErrors => Fit::likely(80, &class_ids(symptom.host)),
            // What a proxy makes itself forbids nobody to use it.
            Classes::Unknown if facts.forbids_use(symptom.host) => Fit::NO,
            Classes::Unknown => Fit::possible(50, &[&no_cors_id(symptom.host)]),
            Classes::SomeSuccess => Fit::NO,
        },
        _ => Fit::NO,
    }
}
