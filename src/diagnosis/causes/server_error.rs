//! `server-error`

use super::prelude::*;

pub const CAUSE: Cause = Cause {
    code: "server-error",
    class: Class::Defect,
    hop: Hop::Application,
    owner: Owner::Gateway,
    title: "The server fails inside",
    fit,
    headline: |facts, host| {
        if let Some(seen) = failed_write(facts, is_failing_write).filter(|_| failing(facts).is_none()) {
            return format!(
                "{} reads well and fails over a change: {}.",
                words::the(facts, host),
                step_told(seen)
            );
        }
        let id = failing(facts).unwrap_or(facts.search_id());
        format!("{} answers {} {}", words::the(facts, host), words::seen(facts, id), words::said(facts, id))
            .trim_end()
            .to_owned()
            + "."
    },
    fixes: |facts, _| {
        let step = failed_write(facts, is_failing_write).map(|seen| seen.probe.id.as_str());
        let id = failing(facts).or(step).unwrap_or(facts.search_id());
        let path = facts.saw(id).map(|seen| seen.probe.target.path_only().to_owned()).unwrap_or_default();
        vec![Fix::say(
            "Gateway",
            format!(
                "Read the application's log for {path} at {}: the error behind this answer stands there.",
                facts.environment.started_at
            ),
        )]
    },
    tell: |facts, _| match failing(facts) {
        Some(id) => words::curl_for(facts, id),
        None => curl_for_write(facts, is_failing_write),
    },
};

/// A change that fails in a server's own words, which are not MLflow's about its stores.
fn is_failing_write(seen: &Observation) -> bool {
    seen.answer().is_some_and(|answer| answer.status >= 500 && Who::of(answer) != Who::Mlflow)
}

fn failing(facts: &Facts) -> Option<&'static str> {
    [
        Some(facts.search_id()),
        Some(ask::OPEN),
        Some(ask::SEARCH_POST),
        Some(ask::ARTIFACTS),
        facts.spoiled_reading(),
    ]
    .into_iter()
    .flatten()
    .find(|id| facts.answer(id).is_some_and(|answer| answer.status >= 500))
}

fn fit(symptom: &Symptom, facts: &Facts) -> Fit {
    // An error inside a 200.
    if symptom.kind == Kind::NotMlflow {
        let id = facts.search_id();
        let says_error = facts.answer(id).is_some_and(|answer| {
            Who::of(answer) == Who::Application
                || answer.json().is_some_and(|json| json.get("error").is_some())
        });
        return if says_error { Fit::likely(65, &[id]) } else { Fit::NO };
    }
    if let Some(id) = spoiled(symptom.kind, facts) {
        let fails = facts.answer(id).is_some_and(|answer| answer.status >= 500);
        let is_known = matches!(facts.said(id), Some(Said::ArtifactsOff | Said::StoreFails));
        return if fails && !is_known { Fit::likely(60, &[id, facts.search_id()]) } else { Fit::NO };
    }
    if symptom.kind == Kind::WriteFails {
        let Some(seen) = failed_write(facts, is_failing_write) else { return Fit::NO };
        let id = seen.probe.id.as_str();
        // Files fail over their store, and what answers for others fails over them: those come first.
        let is_own = !is_file_step(seen) && !matches!(seen.status(), Some(502..=504));
        return if is_own { Fit::likely(75, &[id]) } else { Fit::possible(40, &[id]) };
    }
    if symptom.kind != Kind::ServerError {
        return Fit::NO;
    }
    match failing(facts).and_then(|id| Some((id, facts.answer(id)?))) {
        // MLflow's basic-auth app, over a key: see `auth-scheme-mismatch`.
        Some((id, _)) if id == ask::SEARCH_KEY && facts.fails_over_scheme() => {
            if facts.saw(ask::SEARCH_FAKE).is_some() { Fit::NO } else { Fit::possible(40, &[id]) }
        }
        // MLflow's database: see `backend-store-failing`.
        Some((id, _)) if facts.said(id) == Some(Said::StoreFails) => Fit::NO,
        // MLflow's own words for anything that it did not expect, its database too.
        Some((id, answer)) if answer.status == 500 && Who::of(answer) == Who::Mlflow => {
            Fit::likely(75, &[id])
        }
        // An intercepting network says 511; see `login-wall`.
        Some((_, answer)) if answer.status == 511 => Fit::NO,
        // Proxies answer so, too, when who judges keys for them cannot be asked (`auth_request`, `forwardAuth`).
        Some((id, _)) if id == facts.search_id() && facts.proxy_failed_inside() => Fit::likely(65, &[id]),
        Some((id, answer)) if answer.status == 500 => Fit::certain(&[id]),
        Some((id, answer)) if (505..520).contains(&answer.status) => Fit::likely(75, &[id]),
        Some((id, answer))
            if matches!(Who::of(answer), Who::Application | Who::Json | Who::Mlflow | Who::Unknown) =>
        {
            Fit::possible(40, &[id])
        }
        _ => Fit::NO,
    }
}
