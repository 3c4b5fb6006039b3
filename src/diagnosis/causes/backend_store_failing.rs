//! `backend-store-failing`

use super::prelude::*;

pub const CAUSE: Cause = Cause {
    code: "backend-store-failing",
    class: Class::Infrastructure,
    hop: Hop::Mlflow,
    owner: Owner::Mlflow,
    title: "MLflow's database fails",
    fit,
    headline: |facts, host| {
        if let Some(seen) = failed_write(facts, is_store_error) {
            return format!(
                "MLflow at {} reads from its database and cannot write to it: {}.",
                words::name(facts, host),
                step_told(seen)
            );
        }
        let id = failing(facts);
        let said = facts.answer(id).and_then(Complaint::of);
        let said = quoted(said.as_ref().map_or("", |said| said.brief()), 160);
        format!(
            "MLflow at {} is up and its database is not: {said}. Key and address are fine.",
            words::name(facts, host)
        )
    },
    fixes: only_cards,
    tell: |facts, _| words::curl_for(facts, facts.search_id()),
};

/// The search that the database spoiled.
fn failing(facts: &Facts) -> &'static str {
    let fails = |id: &&str| facts.said(id) == Some(Said::StoreFails);
    let others = [Some(ask::SEARCH_POST), facts.spoiled_reading()];
    others.into_iter().flatten().find(fails).unwrap_or(facts.search_id())
}

/// An error of MLflow's own over something that is no file.
fn is_store_error(seen: &Observation) -> bool {
    !is_file_step(seen)
        && seen
            .answer()
            .is_some_and(|answer| matches!(answer.status, 500 | 503) && Who::of(answer) == Who::Mlflow)
}

fn fit(symptom: &Symptom, facts: &Facts) -> Fit {
    if symptom.kind == Kind::WriteFails {
        let Some(seen) = failed_write(facts, is_store_error) else { return Fit::NO };
        let text = seen.answer().map(|answer| answer.error_text().to_ascii_lowercase()).unwrap_or_default();
        let id = seen.probe.id.as_str();
        let about_store =
            ["sqlite", "readonly database", "operationalerror", "psycopg", "pymysql", "sqlalche"];
        return match about_store.iter().any(|word| text.contains(word)) {
            true => Fit::certain(&[id]),
            false => Fit::likely(60, &[id]),
        };
    }
    let id = failing(facts);
    match (symptom.kind, facts.said(id)) {
        (Kind::ServerError | Kind::PostRefused | Kind::Reading, Some(Said::StoreFails)) => {
            let by_name = facts.answer(id).and_then(Complaint::of).is_some_and(|said| said.names_sql());
            if by_name { Fit::certain(&[id]) } else { Fit::likely(85, &[id]) }
        }
        // MLflow's own words for anything that it did not expect.
        (Kind::ServerError, Some(Said::Crashed)) if facts.answer(id).map(Who::of) == Some(Who::Mlflow) => {
            Fit::possible(45, &[id])
        }
        _ => Fit::NO,
    }
}
