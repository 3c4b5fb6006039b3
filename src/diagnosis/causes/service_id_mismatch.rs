//! `service-id-mismatch`

use super::prelude::*;

pub const CAUSE: Cause = Cause {
    code: "service-id-mismatch",
    class: Class::Auth,
    hop: Hop::Gateway,
    owner: Owner::Gateway,
    title: "The gateway asks about another service",
    explanation: "The key is good, but for another service than the one the gateway names when it asks the auth service. A new key would not help; the gateway's service id must change.",
    look_alikes: &[("key-rejected", "The auth service refuses the key without a service id too.")],
    fit,
    headline: |facts, _| match key_service(facts) {
        Some(service) => format!(
            "Your key is fine. The auth service knows it for service “{service}”; the gateway asks about “{}”.",
            facts.deployment.service_id.as_deref().unwrap_or_default()
        ),
        None if facts.auth_says_to(VALIDATE_ANY) == Some(true) => format!(
            "Your key is fine, but not for service “{}”, which the gateway asks about.",
            facts.deployment.service_id.as_deref().unwrap_or_default()
        ),
        None => {
            "The gateway may be asking the auth service about another service than the one this key is for."
                .to_owned()
        }
    },
    fixes: |facts, _| {
        let service = key_service(facts).unwrap_or_else(|| "the service of the key".to_owned());
        vec![Fix::say(
            "Gateway",
            format!("Set the service id that the gateway sends to the auth service to {service}."),
        )]
    },
    tell: |facts, _| {
        words::curl_for(facts, VALIDATE_ANY).or_else(|| words::curl_for(facts, ask::VALIDATE_KEY))
    },
};

/// The service the auth service names for the key.
fn key_service(facts: &Facts) -> Option<String> {
    let json = facts.answer(VALIDATE_ANY).filter(|answer| answer.ok())?.json()?;
    json.get("service_id")?.as_str().map(|id| id.chars().take(60).collect())
}

fn fit(symptom: &Symptom, facts: &Facts) -> Fit {
    if !matches!(symptom.kind, Kind::Refused | Kind::HiddenRefusal) || !facts.key.problems.is_empty() {
        return Fit::NO;
    }
    match (facts.auth_says(), facts.auth_says_to(VALIDATE_ANY)) {
        (Some(false), Some(true)) => Fit::certain(&[ask::VALIDATE_KEY, VALIDATE_ANY]),
        (None, None) if facts.refusal() == Some(Refusal::KeyInvalid) => Fit::possible(30, &[ask::SEARCH_KEY]),
        _ => Fit::NO,
    }
}
