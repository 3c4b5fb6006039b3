//! `mlflow-origin-not-allowed`

use super::prelude::*;

pub const CAUSE: Cause = Cause {
    code: "mlflow-origin-not-allowed",
    class: Class::Routing,
    hop: Hop::Mlflow,
    owner: Owner::Mlflow,
    title: "MLflow does not allow this page's origin",
    fit,
    headline: |facts, host| {
        if facts.refusal_of(ask::SEARCH_POST) == Some(Refusal::OriginCheck) {
            format!(
                "MLflow at {} lets pages from {} read, and refuses whatever they want to change: “Cross-origin request blocked”. The gateway passes the page's origin on, and MLflow was not told to accept it. Your key is not the problem, and programs that are not browsers are not affected.",
                words::name(facts, host),
                words::page(facts)
            )
        } else if facts.refusal() == Some(Refusal::OriginCheck) {
            format!(
                "MLflow at {} refuses requests of pages from {}; your key is not the problem.",
                words::name(facts, host),
                words::page(facts)
            )
        } else {
            format!(
                "MLflow at {} answers, but does not allow pages from {} to read it.",
                words::name(facts, host),
                words::page(facts)
            )
        }
    },
    fixes: only_cards,
    tell: words::curl_verbose,
};

fn fit(symptom: &Symptom, facts: &Facts) -> Fit {
    let random = random_is_error(facts, symptom.host);
    let search = facts.status_class(ask::SEARCH_STATUS);
    match symptom.kind {
        Kind::PostRefused => match facts.refusal_of(ask::SEARCH_POST) {
            Some(Refusal::OriginCheck) => Fit::certain(&[ask::SEARCH_POST, facts.search_id()]),
            // It refuses at once.
            _ if is_silent(facts, ask::SEARCH_POST) => Fit::NO,
            // MLflow's own refusal has no CORS headers; one that a gateway dresses up can be read.
            _ if facts.failed(ask::SEARCH_POST) => Fit::likely(70, &[ask::SEARCH_POST, facts.search_id()]),
            _ => Fit::NO,
        },
        Kind::Refused if facts.refusal() == Some(Refusal::OriginCheck) => Fit::certain(&[facts.search_id()]),
        // An open MLflow answers its health and its search, and has no random path.
        Kind::Unreadable
            if random
                && search == Some(StatusClass::Success)
                && classes(facts, symptom.host) == Classes::SomeSuccess =>
        {
            Fit::likely(85, &class_ids(symptom.host))
        }
        Kind::Unreadable
            if !facts.wants_key() && random && classes(facts, symptom.host) == Classes::SomeSuccess =>
        {
            Fit::possible(40, &class_ids(symptom.host))
        }
        // MLflow forbids framing, so where only objects tell of the status its successes look like errors.
        Kind::Unreadable
            if !facts.wants_key()
                && facts.oracle() == Oracle::Works(Way::Object)
                && classes(facts, symptom.host) == Classes::AllErrors =>
        {
            Fit::possible(42, &class_ids(symptom.host))
        }
        _ => Fit::NO,
    }
}
