//! `rate-limited`

use super::prelude::*;

pub const CAUSE: Cause = Cause {
    code: "rate-limited",
    class: Class::Infrastructure,
    hop: Hop::Gateway,
    owner: Owner::You,
    title: "Too many requests",
    fit,
    headline: |facts, host| {
        if let Some(seen) = refused_write(facts, Refusal::RateLimit) {
            return format!(
                "{} takes fewer requests a second than this registration sent: {}. Your key is not the problem. MLflow's Python client sends one after another, and tries again what is refused so.",
                words::the(facts, host),
                step_told(seen)
            );
        }
        if limits_all(facts) {
            return format!(
                "{} answers 503: nginx says so of requests that come too fast for it (limit_req), too.",
                words::the(facts, host)
            );
        }
        if facts.open_tries_may_be_limited() || facts.mlflow_works() && facts.refusal().is_none() {
            return format!(
                "{} answers 503 at times: nginx says so of requests that come too fast for it (limit_req).",
                words::the(facts, host)
            );
        }
        let own = facts.refusal() == Some(Refusal::RateLimit);
        let (host, id) = if own { (host, facts.search_id()) } else { (Host::Auth, ask::VALIDATE_KEY) };
        format!(
            "{} refuses more requests for now: {}. Your key is not the problem.",
            words::the(facts, host),
            words::said(facts, id)
        )
    },
    fixes: only_cards,
    tell: |facts, _| {
        let limited = |seen: &Observation| {
            seen.answer()
                .is_some_and(|it| Refusal::of(it) == Some(Refusal::RateLimit) || Refusal::may_be_limit(it))
        };
        curl_for_write(facts, limited).or_else(|| words::curl_for(facts, facts.search_id()))
    },
};

/// The decisive request got the page that nginx has for its limits, and for a server behind it that is not there.
fn limits_all(facts: &Facts) -> bool {
    facts.answer(facts.search_id()).is_some_and(Refusal::may_be_limit)
}

fn fit(symptom: &Symptom, facts: &Facts) -> Fit {
    let limited = symptom.kind == Kind::Refused && facts.refusal() == Some(Refusal::RateLimit);
    match symptom.kind {
        _ if limited => Fit::certain(&[facts.search_id()]),
        // Why the request failed is withheld; what the auth service says is not.
        Kind::HiddenRefusal if facts.refusal_of(ask::VALIDATE_KEY) == Some(Refusal::RateLimit) => {
            Fit::likely(90, &[ask::VALIDATE_KEY, ask::SEARCH_KEY])
        }
        Kind::WriteFails => match refused_write(facts, Refusal::RateLimit) {
            Some(seen) => Fit::certain(&[&seen.probe.id]),
            // nginx limits requests with 503 unless it is told otherwise.
            None => match failed_write(facts, |seen| seen.answer().is_some_and(Refusal::may_be_limit)) {
                Some(seen) => Fit::likely(82, &[&seen.probe.id]),
                None => Fit::NO,
            },
        },
        Kind::ServerError if limits_all(facts) => Fit::possible(45, &[facts.search_id()]),
        Kind::Unsteady if facts.open_tries_may_be_limited() => Fit::likely(65, &OPEN_REPEATS),
        _ => Fit::NO,
    }
}
