//! `auth-service-unreachable`

use super::prelude::*;

pub const CAUSE: Cause = Cause {
    code: "auth-service-unreachable",
    class: Class::Infrastructure,
    hop: Hop::Application,
    owner: Owner::Gateway,
    title: "The gateway cannot reach its auth service",
    fit,
    headline: |facts, host| {
        let direct = facts.saw(ask::VALIDATE_KEY).map_or(0, |seen| seen.ms);
        let gateway = facts.search().map_or(0, |seen| seen.ms);
        match facts.auth_says() {
            Some(_) if facts.proxy_failed_inside() => format!(
                "{} fails inside, as proxies do that cannot ask who judges keys; the auth service answers this browser.",
                words::the(facts, host)
            ),
            Some(good) => format!(
                "{}he auth service answers this browser in {direct} ms, and {} does not get an answer from it within {gateway} ms.",
                if good { "Your key is not the problem: t" } else { "T" },
                words::name(facts, host)
            ),
            None => format!(
                "{} may not reach its auth service; then it refuses every key.",
                words::the(facts, host)
            ),
        }
    },
    fixes: |facts, _| {
        let mut fixes = Vec::new();
        if facts.auth_says() != Some(false) {
            fixes.push(Fix::say("You", "Keep your key: nothing here says that it is bad."));
        }
        if let Some(auth) = &facts.deployment.auth {
            let health = auth.base.join(&auth.health_path).to_string();
            fixes.push(Fix::code(
                "Gateway",
                "Ask from the gateway's own machine or container; it must answer as it does here:",
                format!("curl -v {}", crate::probe::curl::shell_quote(&health)),
            ));
        }
        fixes.push(Fix::say(
            "AWS ALB",
            "If both hosts share a load balancer, give each its own rule by host name: a path rule for one takes the other's requests as well.",
        ));
        fixes
    },
    tell: |facts, _| words::curl_for(facts, facts.search_id()),
};

fn fit(symptom: &Symptom, facts: &Facts) -> Fit {
    let evidence = [ask::SEARCH_KEY, ask::VALIDATE_KEY, ask::SEARCH_NONE];
    let answers_here = facts.auth_says().is_some();
    let health_fails = facts.status_class(&open_status_id(Host::Auth)) == Some(StatusClass::Error);
    match symptom.kind {
        _ if facts.auth_is_down() => Fit::NO,
        // An error may also be that of a path which a service that is up has not: see `auth-service-down`.
        Kind::Refused
            if facts.refusal() == Some(Refusal::AuthOutage)
                && health_fails
                && !answers_here
                && !facts.deployment.path_is_listed =>
        {
            Fit::possible(45, &evidence)
        }
        _ if health_fails => Fit::NO,
        Kind::Refused if facts.refusal() == Some(Refusal::AuthOutage) => {
            match (answers_here, says_timeout(facts)) {
                (true, true) => Fit::certain(&evidence),
                // An answer that the gateway cannot read is an "error" to it as well, also one that took its time: see
                // `auth-contract-mismatch`.
                (true, false) => Fit::likely(85, &evidence),
                (false, _) => Fit::possible(45, &evidence),
            }
        }
        // See `auth-service-down`.
        Kind::ServerError if facts.proxy_failed_inside() => {
            if answers_here {
                Fit::likely(75, &evidence)
            } else {
                Fit::possible(40, &evidence)
            }
        }
        Kind::Slow if facts.failed(ask::SEARCH_KEY) && facts.wants_a_key_at_once() => {
            if answers_here {
                Fit::likely(85, &evidence)
            } else {
                Fit::possible(40, &evidence)
            }
        }
        Kind::HiddenRefusal if answers_here && facts.judging_takes_long() => Fit::likely(90, &evidence),
        _ => Fit::NO,
    }
}

/// True when the gateway says that it waited for an answer in vain (facts/incidents.md, I08).
fn says_timeout(facts: &Facts) -> bool {
    let words =
        facts.search().and_then(|seen| seen.answer()).map(|answer| answer.error_text().to_ascii_lowercase());
    words.is_some_and(|words| ["timeout", "timed out", "time-out"].iter().any(|mark| words.contains(mark)))
}
