//! `not-mlflow`

use super::prelude::*;
use crate::json::Value;

pub const CAUSE: Cause = Cause {
    code: "not-mlflow",
    class: Class::Routing,
    hop: Hop::Gateway,
    owner: Owner::You,
    title: "Something else answers, not MLflow",
    fit,
    headline: |facts, host| {
        let who = facts.search().and_then(|seen| seen.answer()).map_or(Who::Unknown, Who::of);
        format!("What answers at {} is {}, not MLflow's API.", words::name(facts, host), who.name())
    },
    fixes: only_cards,
    tell: |facts, _| words::curl_for(facts, facts.search_id()),
};

/// An object in which some gateways tell what went wrong, under a status of success.
fn says_trouble(json: &Value) -> bool {
    ["error", "errors", "success", "code", "msg", "message"].iter().any(|name| json.get(name).is_some())
}

fn fit(symptom: &Symptom, facts: &Facts) -> Fit {
    // A path that nobody ever asked for is a success too: real MLflow has none such, a website may.
    if symptom.kind == Kind::Unreadable
        && facts.status_class(random_status_id(symptom.host)) == Some(StatusClass::Success)
        && !facts.redirects(symptom.host)
    {
        return Fit::possible(35, &class_ids(symptom.host));
    }
    // Another Flask application says in the same words that it has no such path.
    if symptom.kind == Kind::NoRoute && facts.mlflow_has_no_route() && facts.better_base().is_none() {
        let is_elsewhere = facts.page_only_base().is_some() || facts.is_doubled();
        return if is_elsewhere { Fit::NO } else { Fit::possible(30, &[facts.search_id()]) };
    }
    if symptom.kind != Kind::NotMlflow || facts.better_base().is_some() {
        return Fit::NO;
    }
    let id = facts.search_id();
    match facts.answer(id).map(Who::of) {
        _ if facts.page_only_base().is_some() || facts.is_doubled() => Fit::NO,
        // MLflow's own page, or what says that it is JSON: see `route-shadowed` and `malformed-response`.
        Some(Who::MlflowUi) => Fit::NO,
        Some(_)
            if facts
                .answer(id)
                .is_some_and(|answer| answer.media_type().ends_with("json") && answer.json().is_none()) =>
        {
            Fit::NO
        }
        Some(Who::LoginPage | Who::Portal) => Fit::likely(60, &[id]),
        // Some gateways put a refusal or an error into a 200: that is no other program.
        Some(Who::Application) => Fit::likely(60, &[id]),
        Some(_)
            if facts
                .answer(id)
                .is_some_and(|answer| answer.json().is_some_and(|json| says_trouble(&json))) =>
        {
            Fit::likely(60, &[id])
        }
        // Some proxies put a page of theirs in the place of a refusal, with a 200 (CloudFront's custom error responses).
        Some(Who::WebPage)
            if facts.best_credential() == Presented::Key && facts.refusal_of(ask::SEARCH_NONE).is_some() =>
        {
            Fit::likely(75, &[id, ask::SEARCH_NONE])
        }
        Some(_) => Fit::certain(&[id]),
        None => Fit::NO,
    }
}
