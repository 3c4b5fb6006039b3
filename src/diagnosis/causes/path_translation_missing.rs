//! `path-translation-missing`

use super::prelude::*;

pub const CAUSE: Cause = Cause {
    code: "path-translation-missing",
    class: Class::Defect,
    hop: Hop::Application,
    owner: Owner::Gateway,
    title: "MLflow's web page reaches its API, clients do not",
    fit,
    headline: |facts, _| {
        let path = facts.page_only_base().unwrap_or_default();
        format!(
            "Below {} MLflow answers at ajax-api, which its web page uses, and not at api, which clients use: nobody translates one into the other.",
            if path.is_empty() { "the root" } else { &path }
        )
    },
    fixes: only_cards,
    tell: |facts, _| words::curl_for(facts, facts.search_id()),
};

fn fit(symptom: &Symptom, facts: &Facts) -> Fit {
    if !matches!(symptom.kind, Kind::NoRoute | Kind::NotMlflow) {
        return Fit::NO;
    }
    match facts.page_only_base() {
        Some(path) => Fit::certain(&[facts.search_id(), ask::SEARCH_AJAX, &ajax_id(&path)]),
        None => Fit::NO,
    }
}
