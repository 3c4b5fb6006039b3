//! `key-lacks-permission`

use super::prelude::*;

pub const CAUSE: Cause = Cause {
    code: "key-lacks-permission",
    class: Class::Credentials,
    hop: Hop::Auth,
    owner: Owner::You,
    title: "The key is good, and not allowed to do this",
    fit,
    headline: |facts, host| {
        if let Some(scopes) = facts.scopes().filter(|_| facts.mlflow_works()) {
            return format!(
                "Your key reads at {}, and by its scopes ({}) it may not write: registering a model will be refused.",
                words::name(facts, host),
                scopes.join(", ")
            );
        }
        let refused = |id: &&str| is_no(facts.refusal_of(id));
        let others = [Some(ask::SEARCH_POST), Some(ask::ARTIFACTS), facts.spoiled_reading()];
        let id = others.into_iter().flatten().find(refused).unwrap_or(ask::SEARCH_KEY);
        let said = words::said(facts, id);
        if id != ask::SEARCH_KEY {
            return format!(
                "Your key may read at {}, and not do what a client needs besides: {said}.",
                words::name(facts, host)
            );
        }
        if said.is_empty() {
            format!("Your key may lack the permission to use {}.", words::name(facts, host))
        } else {
            let known = if facts.refusal() == Some(Refusal::Permission) { "is" } else { "may be" };
            format!("Your key {known} known, but not allowed to use {}: {said}.", words::name(facts, host))
        }
    },
    fixes: only_cards,
    tell: |facts, _| words::curl_for(facts, ask::SEARCH_KEY),
};

/// Something is not allowed, to this key or to whoever asks.
fn is_no(refusal: Option<Refusal>) -> bool {
    matches!(refusal, Some(Refusal::Permission | Refusal::Forbidden))
}

/// A made-up key gets another refusal, so it was this key that was recognised.
fn is_recognised(facts: &Facts) -> bool {
    matches!(facts.refusal_of(ask::SEARCH_FAKE), Some(Refusal::KeyInvalid | Refusal::KeyRequired))
}

fn fit(symptom: &Symptom, facts: &Facts) -> Fit {
    // Shown in another way it may do this.
    if matches!(symptom.kind, Kind::Refused | Kind::HiddenRefusal) && facts.other_scheme().is_some() {
        return Fit::NO;
    }
    if let Some(id) = spoiled(symptom.kind, facts) {
        return if is_no(facts.refusal_of(id)) { Fit::likely(80, &[id, facts.search_id()]) } else { Fit::NO };
    }
    match symptom.kind {
        Kind::Refused
            if facts.refusal() == Some(Refusal::Permission) && facts.best_credential() == Presented::Key =>
        {
            let by_page = matches!(
                facts.answer(ask::SEARCH_KEY).map(Who::of),
                Some(Who::GatewayPage | Who::WebPage | Who::LoginPage)
            );
            // The auth service tells another reason: it is for another service.
            let for_another = facts.auth_says() == Some(false);
            if is_recognised(facts) && !by_page && !for_another {
                Fit::certain(&[ask::SEARCH_KEY, ask::SEARCH_FAKE])
            } else {
                Fit::likely(70, &[ask::SEARCH_KEY])
            }
        }
        // A firewall or a list of addresses behind the key check speaks the same words.
        Kind::Refused
            if facts.refusal() == Some(Refusal::Forbidden) && facts.best_credential() == Presented::Key =>
        {
            if is_recognised(facts) {
                Fit::likely(75, &[ask::SEARCH_KEY, ask::SEARCH_FAKE])
            } else {
                Fit::possible(50, &[ask::SEARCH_KEY])
            }
        }
        // What it lists may be read differently by the gateway, so only a refused write would make it certain.
        Kind::ReadOnlyKey => Fit::likely(80, &[ask::VALIDATE_KEY, VALIDATE_ANY]),
        // Reading was allowed with the same key.
        Kind::WriteFails => {
            let refusal = |seen: &Observation| seen.answer().and_then(Refusal::of);
            match failed_write(facts, |seen| is_no(refusal(seen))) {
                Some(seen) if matches!(seen.answer().map(Who::of), Some(Who::GatewayPage)) => {
                    Fit::possible(50, &[&seen.probe.id])
                }
                Some(seen) if refusal(seen) == Some(Refusal::Forbidden) => {
                    Fit::likely(70, &[&seen.probe.id, ask::SEARCH_KEY])
                }
                Some(seen) => Fit::certain(&[&seen.probe.id, ask::SEARCH_KEY]),
                None => Fit::NO,
            }
        }
        Kind::HiddenRefusal if facts.auth_says() == Some(true) => {
            Fit::likely(72, &[ask::VALIDATE_KEY, ask::SEARCH_KEY])
        }
        _ => Fit::NO,
    }
}
