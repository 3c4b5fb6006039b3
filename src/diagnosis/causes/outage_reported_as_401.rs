//! `outage-reported-as-401`

use super::prelude::*;

pub const CAUSE: Cause = Cause {
    code: "outage-reported-as-401",
    class: Class::Defect,
    hop: Hop::Application,
    owner: Owner::Gateway,
    title: "An outage is reported as a refused key",
    fit,
    headline: |facts, host| {
        let id = facts.search_id();
        let status = facts.answer(id).map_or(0, |answer| answer.status);
        format!(
            "{} answers {status} where it means an outage or a limit of its own: {}. Your key was not judged.",
            words::the(facts, host),
            words::said(facts, id)
        )
    },
    fixes: |_, _| {
        vec![
            Fix::say(
                "Gateway",
                "Answer 503 with Retry-After when the auth service does not answer or fails, 429 when it limits, and 401 only when it says that the key is bad.",
            ),
            Fix::code(
                "FastAPI / Starlette",
                "In the auth middleware:",
                "except (httpx.TimeoutException, httpx.TransportError):\n    return JSONResponse({\"detail\": \"Authentication service unavailable\"}, 503, {\"Retry-After\": \"1\"})",
            ),
        ]
    },
    tell: |facts, _| words::curl_for(facts, facts.search_id()),
};

fn fit(symptom: &Symptom, facts: &Facts) -> Fit {
    if symptom.kind != Kind::Misreported {
        return Fit::NO;
    }
    match facts.refusal() {
        // The auth service itself refuses this key: the words may be about that.
        Some(Refusal::AuthOutage) if facts.auth_says() == Some(false) => {
            Fit::likely(80, &[facts.search_id(), ask::VALIDATE_KEY])
        }
        Some(Refusal::AuthOutage | Refusal::RateLimit) => Fit::certain(&[facts.search_id()]),
        // The words blame the key, and nobody can have judged it: unless the gateway remembers an older judgement.
        _ => Fit::likely(80, &[facts.search_id(), ask::AUTH_OPEN, ask::VALIDATE_KEY]),
    }
}
