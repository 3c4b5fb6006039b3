//! `request-body-dropped`

use super::prelude::*;

pub const CAUSE: Cause = Cause {
    code: "request-body-dropped",
    class: Class::Defect,
    hop: Hop::Application,
    owner: Owner::Gateway,
    title: "Part of the request gets lost on the way to MLflow",
    fit,
    headline: |facts, _| {
        if let Some(seen) = failed_write(facts, lacks_body) {
            return format!(
                "{} reaches MLflow without its body: MLflow misses what was in it.",
                seen.probe.method.name()
            );
        }
        if is_silent(facts, ask::SEARCH_POST) {
            return format!(
                "Somebody on the way to MLflow keeps the body of POST requests back: the search is answered by GET, and by POST, as clients send it, there is {}.",
                words::seen(facts, ask::SEARCH_POST)
            );
        }
        match facts.said(ask::SEARCH_POST) {
        Some(Said::Missing) => "The search by POST reaches MLflow without its body: MLflow misses max_results, which was in it. Nothing can be written so.".to_owned(),
        Some(_) => format!("The search by POST reaches MLflow without its content type. {}.", words::said(facts, ask::SEARCH_POST)),
        None => "The search reaches MLflow without its query: MLflow misses max_results, which was in it.".to_owned(),
    }
    },
    fixes: only_cards,
    tell: |facts, _| {
        curl_for_write(facts, lacks_body)
            .or_else(|| words::curl_for(facts, ask::SEARCH_POST))
            .or_else(|| words::curl_for(facts, facts.search_id()))
    },
};

/// MLflow misses what was in the body.
fn lacks_body(seen: &Observation) -> bool {
    seen.probe.body.is_some()
        && seen.answer().is_some_and(|answer| {
            answer.status == 400 && answer.error_text().contains("Missing value for required parameter")
        })
}

fn fit(symptom: &Symptom, facts: &Facts) -> Fit {
    match symptom.kind {
        Kind::PostRefused => {
            let id = ask::SEARCH_POST;
            let complaint = facts.answer(id).and_then(Complaint::of);
            let about_type = complaint.is_some_and(|complaint| complaint.message.contains("Content-Type"));
            match facts.said(id) {
                Some(Said::Missing) => Fit::certain(&[id, facts.search_id()]),
                Some(_) if about_type => Fit::certain(&[id]),
                // A proxy that has read the body and sends on only its length: what is behind waits for the rest.
                None if is_silent(facts, id) => Fit::likely(80, &[id, facts.search_id()]),
                _ => Fit::NO,
            }
        }
        Kind::QueryLost => Fit::certain(&[facts.search_id()]),
        Kind::WriteFails => match failed_write(facts, lacks_body) {
            Some(seen) => Fit::certain(&[&seen.probe.id]),
            None => Fit::NO,
        },
        _ => Fit::NO,
    }
}
