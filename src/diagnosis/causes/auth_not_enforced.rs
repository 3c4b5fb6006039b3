//! `auth-not-enforced`

use super::prelude::*;

pub const CAUSE: Cause = Cause {
    code: "auth-not-enforced",
    class: Class::Auth,
    hop: Hop::Gateway,
    owner: Owner::Gateway,
    title: "The registry is open to everybody",
    fit,
    headline: |facts, host| {
        if let Some(path) = facts.open_path_past_the_key() {
            return format!(
                "{} asks for a key at {}, and lets everybody past it at {}{path}.",
                words::the(facts, host),
                facts.deployment.mlflow,
                words::origin(facts, host)
            );
        }
        let how = if facts.answer(ask::SEARCH_NONE).is_some_and(|answer| answer.ok()) {
            "without any key"
        } else {
            "for a made-up key"
        };
        format!(
            "{} answers MLflow requests {how}: it is open to everybody who reaches it.",
            words::the(facts, host)
        )
    },
    fixes: only_cards,
    tell: |facts, _| {
        let elsewhere = facts.open_path_past_the_key().map(direct_id);
        words::curl_for(facts, elsewhere.as_deref().unwrap_or(ask::SEARCH_NONE))
    },
};

fn fit(symptom: &Symptom, facts: &Facts) -> Fit {
    if symptom.kind != Kind::Open {
        return Fit::NO;
    }
    match facts.open_path_past_the_key().map(direct_id) {
        Some(id) => Fit::certain(&[&id, ask::SEARCH_NONE]),
        None => Fit::certain(&[ask::SEARCH_NONE, ask::SEARCH_FAKE]),
    }
}
