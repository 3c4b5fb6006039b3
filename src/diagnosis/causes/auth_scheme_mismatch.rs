//! `auth-scheme-mismatch`

use super::auth_header_stripped::lost_behind_first_check;
use super::prelude::*;
use crate::diagnosis::handover;

pub const CAUSE: Cause = Cause {
    code: "auth-scheme-mismatch",
    class: Class::Auth,
    hop: Hop::Gateway,
    owner: Owner::You,
    title: "The key is presented in a way the server does not read",
    fit,
    headline: |facts, host| {
        if let Some((scheme, _)) = facts.other_scheme() {
            return format!(
                "Your key is fine: {} takes it as “{}”, and not as “{}”.",
                words::name(facts, host),
                scheme.words(),
                facts.deployment.scheme.words()
            );
        }
        if facts.wants_basic() || facts.fails_over_scheme() {
            return format!(
                "MLflow at {} asks for a user name and a password, and not for a key sent as “{}”.",
                words::name(facts, host),
                facts.deployment.scheme.words()
            );
        }
        if facts.failed(ask::SEARCH_KEY) {
            let as_sent = facts.deployment.scheme.words();
            return [
                &words::the(facts, host),
                " may read keys from elsewhere than where this one was sent, as “",
                &as_sent,
                "”.",
            ]
            .concat();
        }
        format!(
            "{} says that a key is required although one was sent as “{}”: it may read keys from elsewhere.",
            words::the(facts, host),
            facts.deployment.scheme.words()
        )
    },
    fixes: |facts, _| match facts.other_scheme() {
        Some((scheme, _)) => found(facts, scheme),
        None if facts.wants_basic() || facts.fails_over_scheme() => {
            let choose = format!(
                "Choose “{}” under “The key is sent as”, and type your MLflow user name and password, joined by a colon.",
                AuthScheme::Basic.words()
            );
            let mut fixes = vec![Fix::say("You", choose)];
            fixes.extend(handover::python(&facts.deployment.mlflow, &AuthScheme::Basic));
            fixes
        }
        None => Vec::new(),
    },
    tell: |facts, _| words::curl_for(facts, ask::SEARCH_KEY),
};

/// True when the header in which the key came at first is seen to be read: another word in it works, what came in it
/// was judged, or the refusal itself asks for the other header. Otherwise somebody on the way may drop it.
fn header_was_read(facts: &Facts, scheme: &AuthScheme) -> bool {
    let names = scheme.header_names();
    let asks_for = |answer: &Answer| {
        let words = answer.error_text().to_ascii_lowercase();
        names.iter().any(|name| name != "authorization" && words.contains(name.as_str()))
    };
    names == facts.deployment.scheme.header_names()
        || matches!(facts.refusal(), Some(Refusal::KeyInvalid | Refusal::KeyExpired))
            && !facts.key_changes_nothing()
        || facts.answer(facts.search_id()).is_some_and(asks_for)
}

/// What to change once a way is known that works.
fn found(facts: &Facts, scheme: &AuthScheme) -> Vec<Fix> {
    let mut fixes = vec![Fix::say(
        "You",
        format!(
            "Choose “{}” under “The key is sent as”, and send it so from your program too.",
            scheme.words()
        ),
    )];
    fixes.extend(handover::python(&facts.deployment.mlflow, scheme));
    fixes.push(Fix::say(
        "Gateway",
        "If the other way should work as well, look for a proxy on the way that drops that header.",
    ));
    fixes
}

fn fit(symptom: &Symptom, facts: &Facts) -> Fit {
    if matches!(symptom.kind, Kind::Refused | Kind::HiddenRefusal)
        && let Some((scheme, id)) = facts.other_scheme()
        && *scheme != AuthScheme::Cookies
        && !lost_behind_first_check(facts)
    {
        let evidence = [facts.search_id(), id];
        return if header_was_read(facts, scheme) {
            Fit::certain(&evidence)
        } else {
            Fit::likely(90, &evidence)
        };
    }
    // The auth service accepts the key, and the gateway refuses it unread: it may not have seen it.
    if symptom.kind == Kind::HiddenRefusal
        && facts.auth_says() == Some(true)
        && facts.failed(ask::SEARCH_NONE)
    {
        return Fit::possible(45, &[ask::SEARCH_KEY, ask::VALIDATE_KEY]);
    }
    if facts.best_credential() != Presented::Key {
        return Fit::NO;
    }
    if symptom.kind == Kind::ServerError && facts.fails_over_scheme() {
        let evidence = [ask::SEARCH_NONE, ask::SEARCH_KEY, ask::SEARCH_FAKE];
        // A gateway that takes keys itself would refuse a made-up one.
        return if facts.saw(ask::SEARCH_FAKE).is_some() {
            Fit::certain(&evidence)
        } else {
            Fit::likely(85, &evidence)
        };
    }
    if symptom.kind != Kind::Refused {
        return Fit::NO;
    }
    let fake_is_read = lost_behind_first_check(facts);
    match facts.refusal() {
        Some(Refusal::KeyRequired) if facts.wants_basic() && fake_is_read => {
            Fit::likely(70, &[ask::SEARCH_KEY, ask::SEARCH_FAKE])
        }
        // What a made-up key is told shows whether somebody else reads keys before MLflow does.
        Some(Refusal::KeyRequired) if facts.wants_basic() && facts.saw(ask::SEARCH_FAKE).is_none() => {
            Fit::likely(85, &[ask::SEARCH_KEY])
        }
        Some(Refusal::KeyRequired) if facts.wants_basic() => Fit::certain(&[ask::SEARCH_KEY]),
        Some(Refusal::KeyRequired) if facts.refuses_password() => Fit::NO,
        Some(Refusal::KeyRequired) if !fake_is_read => Fit::likely(65, &[ask::SEARCH_KEY, ask::SEARCH_FAKE]),
        Some(Refusal::Other | Refusal::Forbidden | Refusal::KeyInvalid) if facts.key_changes_nothing() => {
            Fit::likely(64, &[ask::SEARCH_KEY, ask::SEARCH_FAKE, ask::SEARCH_NONE])
        }
        Some(Refusal::Other) => Fit::possible(35, &[ask::SEARCH_KEY]),
        _ => Fit::NO,
    }
}
