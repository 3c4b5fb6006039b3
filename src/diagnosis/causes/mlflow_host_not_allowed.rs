//! `mlflow-host-not-allowed`

use super::prelude::*;

pub const CAUSE: Cause = Cause {
    code: "mlflow-host-not-allowed",
    class: Class::Routing,
    hop: Hop::Mlflow,
    owner: Owner::Mlflow,
    title: "MLflow does not answer to this host name",
    fit,
    headline: |facts, host| {
        if facts.refusal() == Some(Refusal::HostCheck) && !is_mlflows(facts) {
            format!(
                "{} refuses the host name it is asked by. MLflow says so in other words: it may be an application in front of it that has a list of hosts of its own. Your key is not the problem.",
                words::the(facts, host)
            )
        } else if facts.refusal() == Some(Refusal::HostCheck) {
            format!(
                "MLflow refuses the host name it is asked by: the request arrives as a host it was not told to accept. Your key is not the problem, and {} passes it on.",
                words::name(facts, host)
            )
        } else {
            format!(
                "MLflow at {} answers its health and version paths and refuses everything else: it was most likely not told to accept this host name.",
                words::name(facts, host)
            )
        }
    },
    fixes: only_cards,
    tell: |facts, _| words::curl_for(facts, facts.search_id()),
};

/// MLflow itself said it.
fn is_mlflows(facts: &Facts) -> bool {
    facts.answer(facts.search_id()).map(Who::of) == Some(Who::MlflowHostCheck)
}

fn fit(symptom: &Symptom, facts: &Facts) -> Fit {
    match symptom.kind {
        Kind::Refused if facts.refusal() == Some(Refusal::HostCheck) => {
            if is_mlflows(facts) {
                Fit::certain(&[facts.search_id()])
            } else {
                Fit::likely(70, &[facts.search_id()])
            }
        }
        Kind::HiddenErrors | Kind::HiddenRefusal if mlflow_speaks_at_version(facts) => {
            Fit::likely(90, &[ask::VERSION, ask::OPEN, ask::SEARCH_NONE, ask::SEARCH_STATUS])
        }
        // Health answers and the open API does not: so does a server that was told neither host nor origin.
        Kind::Unreadable if !facts.wants_key() && only_health_succeeds(facts) => {
            Fit::likely(75, &class_ids(symptom.host))
        }
        _ => Fit::NO,
    }
}

/// The health path succeeds, and the search that needs no key here does not.
fn only_health_succeeds(facts: &Facts) -> bool {
    facts.status_class(&open_status_id(Host::Registry)) == Some(StatusClass::Success)
        && facts.status_class(ask::SEARCH_STATUS) == Some(StatusClass::Error)
}
