//! `wrong-base-url`

use super::prelude::*;

pub const CAUSE: Cause = Cause {
    code: "wrong-base-url",
    class: Class::Routing,
    hop: Hop::Gateway,
    owner: Owner::You,
    title: "The address is not the right one",
    fit,
    headline: |facts, host| match facts.better_base() {
        Some(path) => format!(
            "MLflow answers at {}{path}, not at {}.",
            words::origin(facts, host),
            facts.deployment.mlflow
        ),
        None if host == Host::Auth => format!(
            "The address or health path of the auth service may be another one than {}.",
            words::origin(facts, host)
        ),
        None => format!(
            "{} may be the wrong address: something answers there, but not with MLflow's API.",
            facts.deployment.mlflow
        ),
    },
    fixes: |facts, host| match facts.better_base() {
        Some(path) => {
            let uri = format!("{}{path}", words::origin(facts, host));
            vec![Fix::code(
                "You",
                "Type this address in the form, and give it to the Python client:",
                format!("export MLFLOW_TRACKING_URI={}", crate::probe::curl::shell_quote(&uri)),
            )]
        }
        None => vec![Fix::say(
            "You",
            "Check host and path against the deployment's documentation; the address of the website is often not that of the API.",
        )],
    },
    tell: |facts, host| {
        words::curl_for(facts, facts.search_id())
            .filter(|_| host == Host::Registry)
            .or_else(|| words::curl_verbose(facts, host))
    },
};

fn fit(symptom: &Symptom, facts: &Facts) -> Fit {
    let id = facts.search_id();
    match symptom.kind {
        Kind::NoRoute | Kind::NotMlflow => match facts.better_base() {
            // The path is the right one, or an application behind the key check lost it: another way to MLflow on the
            // same host may be one that is not meant for this user (I17).
            Some(path) if facts.deployment.path_is_listed => Fit::possible(60, &[id, &base_id(&path)]),
            Some(path) if facts.application_says_so() => Fit::likely(80, &[id, &base_id(&path)]),
            // Where a key is used, and none was seen to be judged: it may be a way past the check of keys.
            Some(path) if facts.wants_key() && !facts.key_is_taken() => {
                Fit::likely(88, &[id, &base_id(&path)])
            }
            Some(path) => Fit::certain(&[id, &base_id(&path)]),
            // Under this very address something of MLflow's answers.
            None if facts.page_only_base().is_some() || facts.is_doubled() => Fit::NO,
            None if symptom.kind == Kind::NoRoute => Fit::possible(50, &[id]),
            None => Fit::NO,
        },
        // The redirect stays on this host: the API has another path.
        Kind::Redirected => match facts.landed_at_home() {
            Some(true) => Fit::likely(80, &[id, ask::SEARCH_NONE]),
            Some(false) => Fit::NO,
            None => Fit::possible(60, &[id]),
        },
        Kind::Unreadable if classes(facts, symptom.host) == Classes::AllErrors => {
            Fit::possible(30, &class_ids(symptom.host))
        }
        Kind::AuthTrouble
            if facts.refusal() != Some(Refusal::AuthOutage)
                && facts.status_class(&open_status_id(Host::Auth)) == Some(StatusClass::Error) =>
        {
            Fit::possible(30, &[&open_status_id(Host::Auth)])
        }
        _ => Fit::NO,
    }
}
