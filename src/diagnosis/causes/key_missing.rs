//! `key-missing`

use super::prelude::*;

pub const CAUSE: Cause = Cause {
    code: "key-missing",
    class: Class::Credentials,
    hop: Hop::Browser,
    owner: Owner::You,
    title: "No key was given",
    fit,
    headline: |facts, host| {
        if facts.asks_for_password() {
            format!("{} asks for a user name and a password, and none was sent.", words::the(facts, host))
        } else if facts.wants_key() {
            format!("{} asks for a key, and the key field is empty.", words::the(facts, host))
        } else {
            format!("{} asks for a key, and the form says that it needs none.", words::the(facts, host))
        }
    },
    fixes: |facts, _| {
        let first = if facts.asks_for_password() && facts.deployment.scheme == AuthScheme::Basic {
            "Type your MLflow user name and password, joined by a colon, into the key field, and run the checks again. They stay in this page's memory."
        } else if facts.asks_for_password() {
            "MLflow asks for a user name and a password: choose Basic as the way the key is sent, type user:password into the key field, and run the checks again."
        } else if facts.wants_key() {
            "Paste your key into the key field and run the checks again. It stays in this page's memory."
        } else {
            "Choose how the key is presented (auth scheme), paste your key, and run the checks again."
        };
        vec![Fix::say("You", first)]
    },
    tell: nothing_more,
};

fn fit(symptom: &Symptom, facts: &Facts) -> Fit {
    match symptom.kind {
        Kind::NoKey => match facts.answer(ask::SEARCH_NONE) {
            // A bare 403 may be about where somebody asks from, and an error that may not be read about anything.
            Some(answer) if answer.status == 403 && facts.refusal() != Some(Refusal::KeyRequired) => {
                Fit::likely(75, &[ask::SEARCH_NONE])
            }
            // Who is to sign in may be a person.
            Some(answer) if Who::of(answer) == Who::LoginPage => Fit::likely(75, &[ask::SEARCH_NONE]),
            // In words about something else.
            Some(answer) if facts.refusal() == Some(Refusal::Other) && !answer.error_text().is_empty() => {
                Fit::likely(75, &[ask::SEARCH_NONE])
            }
            Some(_) if facts.refusal() == Some(Refusal::KeyExpired) => Fit::likely(80, &[ask::SEARCH_NONE]),
            Some(_) => Fit::certain(&[ask::SEARCH_NONE]),
            None => Fit::likely(85, &[ask::SEARCH_NONE]),
        },
        Kind::Refused if !facts.wants_key() && matches!(facts.refusal(), Some(Refusal::KeyRequired)) => {
            // Who is to log in may be a person with a session, and not a key.
            let words = facts.answer(ask::SEARCH_NONE).map(|answer| answer.error_text().to_ascii_lowercase());
            let session =
                words.is_some_and(|words| ["log in", "sign in"].iter().any(|mark| words.contains(mark)));
            if session { Fit::likely(70, &[ask::SEARCH_NONE]) } else { Fit::certain(&[ask::SEARCH_NONE]) }
        }
        Kind::Refused
            if !facts.wants_key()
                && matches!(
                    facts.refusal(),
                    Some(Refusal::Other | Refusal::Forbidden | Refusal::Permission)
                ) =>
        {
            Fit::likely(70, &[ask::SEARCH_NONE])
        }
        Kind::HiddenErrors if !facts.wants_key() && !mlflow_speaks_at_version(facts) => {
            Fit::possible(40, &[ask::SEARCH_NONE, ask::SEARCH_STATUS])
        }
        _ => Fit::NO,
    }
}
