//! `service-id-mismatch`

use super::prelude::*;

pub const CAUSE: Cause = Cause {
    code: "service-id-mismatch",
    class: Class::Auth,
    hop: Hop::Gateway,
    owner: Owner::Gateway,
    title: "The gateway asks about another service",
    fit,
    headline: |facts, host| match key_service(facts) {
        _ if facts.auth_says() == Some(true) => format!(
            "Your key is fine for service {}. {} may be asking about another one, and keys here are for one service.",
            own(facts),
            words::the(facts, host)
        ),
        Some(service) => format!(
            "Your key is fine. The auth service knows it for service {}; the gateway asks about {}.",
            quoted(&service, 100),
            own(facts)
        ),
        None if facts.auth_says_to(VALIDATE_ANY) == Some(true) || facts.key_is_registered() => {
            format!("Your key is fine, but not for service {}, which the gateway asks about.", own(facts))
        }
        None => {
            "The gateway may be asking the auth service about another service than the one this key is for."
                .to_owned()
        }
    },
    fixes: |facts, _| {
        let typed = facts.deployment.service_id.clone().filter(|_| facts.auth_says() == Some(true));
        let service = key_service(facts).or(typed).map(|service| quoted(&service, 100));
        let service = service.unwrap_or_else(|| "the service of the key".to_owned());
        vec![Fix::say(
            "Gateway",
            format!("Set the service id that the gateway sends to the auth service to {service}."),
        )]
    },
    tell: |facts, _| {
        words::curl_for(facts, VALIDATE_ANY).or_else(|| words::curl_for(facts, ask::VALIDATE_KEY))
    },
};

/// The service on the form, which a link may have put there: no more than a quotation.
fn own(facts: &Facts) -> String {
    quoted(facts.deployment.service_id.as_deref().unwrap_or_default(), 100)
}

/// The service the auth service names for the key.
fn key_service(facts: &Facts) -> Option<String> {
    if let Some(service) = facts.other_service() {
        return Some(service.to_owned());
    }
    (facts.auth_says_to(VALIDATE_ANY) == Some(true)).then(|| facts.auth_text(VALIDATE_ANY, "service_id"))?
}

pub(super) fn fit(symptom: &Symptom, facts: &Facts) -> Fit {
    if !matches!(symptom.kind, Kind::Refused | Kind::HiddenRefusal) || facts.key_looks_wrong() {
        return Fit::NO;
    }
    let invalid = facts.refusal() == Some(Refusal::KeyInvalid) && !facts.auth_is_down();
    // What the gateway refuses for another reason is not about the service.
    if !matches!(
        facts.refusal(),
        None | Some(
            Refusal::KeyInvalid
                | Refusal::KeyExpired
                | Refusal::Permission
                | Refusal::Forbidden
                | Refusal::Other
        )
    ) {
        return Fit::NO;
    }
    let evidence = [ask::VALIDATE_KEY, VALIDATE_OTHER, VALIDATE_BODY, ask::SEARCH_KEY];
    match (facts.auth_says(), facts.auth_says_to(VALIDATE_ANY)) {
        (Some(false), _) if let Some(service) = facts.other_service() => {
            Fit::certain(&[ask::VALIDATE_KEY, &[OTHER_SERVICE, service].concat()])
        }
        (Some(false), Some(true)) => Fit::certain(&[ask::VALIDATE_KEY, VALIDATE_ANY]),
        // It refuses the question for this service, in words that are not about the key.
        (None, Some(true)) if facts.auth_refuses(ask::VALIDATE_KEY) => {
            Fit::likely(85, &[ask::VALIDATE_KEY, VALIDATE_ANY])
        }
        (Some(false), _) if facts.key_is_registered() => Fit::certain(&[ask::VALIDATE_KEY]),
        // It was not judged for no service in particular.
        (Some(false), None) if facts.deployment.service_id.is_some() => {
            Fit::likely(70, &[ask::VALIDATE_KEY, VALIDATE_ANY])
        }
        (None, None) if facts.auth_says_to(VALIDATE_BODY) == Some(true) => Fit::NO,
        (None, None) if invalid => Fit::possible(30, &[ask::SEARCH_KEY]),
        // The service on the form is the key's own. Which one the gateway names, nobody can see from outside.
        (Some(true), _) => match facts.auth_says_to(VALIDATE_OTHER) {
            Some(false) if invalid => Fit::likely(75, &evidence),
            Some(false) if symptom.kind == Kind::HiddenRefusal => Fit::possible(20, &evidence),
            _ => Fit::NO,
        },
        _ => Fit::NO,
    }
}
