//! `route-missing`

use super::prelude::*;

pub const CAUSE: Cause = Cause {
    code: "route-missing",
    class: Class::Routing,
    hop: Hop::Application,
    owner: Owner::Gateway,
    title: "The gateway has no route to MLflow's API",
    fit,
    headline: |facts, host| {
        if let Some(seen) = failed_write(facts, is_lost).filter(|_| facts.spoiled_reading().is_none()) {
            return format!(
                "{} passes only a part of MLflow's API on: {}.",
                words::the(facts, host),
                step_told(seen)
            );
        }
        if facts.mlflow_works() {
            let id = facts.spoiled_reading().unwrap_or(ask::ARTIFACTS);
            return format!(
                "{} passes only a part of MLflow's API on: {} answers {}.",
                words::the(facts, host),
                facts.saw(id).map(|seen| seen.probe.target.path_only()).unwrap_or_default(),
                words::seen(facts, id)
            );
        }
        let who = facts.search().and_then(|seen| seen.answer()).map_or(Who::Unknown, Who::of);
        format!(
            "{} has no MLflow API at {}: {} says {}.",
            words::the(facts, host),
            if facts.deployment.mlflow.path.is_empty() { "its root" } else { &facts.deployment.mlflow.path },
            who.name(),
            facts
                .search()
                .and_then(|seen| seen.status())
                .map(|status| format!("{status} {}", reason_phrase(status)))
                .unwrap_or_default(),
        )
    },
    fixes: only_cards,
    tell: |facts, _| curl_for_write(facts, is_lost).or_else(|| words::curl_for(facts, facts.search_id())),
};

/// A step whose path nobody knows. MLflow's own word for what does not exist is another.
fn is_lost(seen: &Observation) -> bool {
    seen.answer().is_some_and(|answer| answer.status == 404 && Who::of(answer) != Who::Mlflow)
}

fn fit(symptom: &Symptom, facts: &Facts) -> Fit {
    if let (Kind::Artifacts | Kind::Reading, Some(id)) = (symptom.kind, spoiled(symptom.kind, facts)) {
        let evidence = [id, facts.search_id()];
        return match facts.answer(id).filter(|answer| answer.status == 404).map(Who::of) {
            Some(Who::GatewayPage | Who::Application) => Fit::certain(&evidence),
            Some(_) => Fit::likely(75, &evidence),
            None => Fit::NO,
        };
    }
    if symptom.kind == Kind::WriteFails {
        let Some(seen) = failed_write(facts, is_lost) else { return Fit::NO };
        let id = seen.probe.id.as_str();
        let by_proxy = matches!(seen.answer().map(Who::of), Some(Who::GatewayPage | Who::Application));
        // The answer to a rehearsal is a 404, which a proxy may put into words of its own.
        let is_rehearsal = id.starts_with("write-rehearse-");
        return if by_proxy && !is_rehearsal { Fit::certain(&[id]) } else { Fit::likely(60, &[id]) };
    }
    if symptom.kind != Kind::NoRoute || facts.page_only_base().is_some() || facts.is_doubled() {
        return Fit::NO;
    }
    let id = facts.search_id();
    // That MLflow is elsewhere on this host matters only where the path may have been mistyped.
    let elsewhere = facts.better_base().is_some() && !facts.deployment.path_is_listed;
    match (facts.application_says_so(), elsewhere) {
        // The application itself answered, behind the key check: the path is not known to it (I17).
        (true, false) if facts.deployment.path_is_listed => Fit::certain(&[id]),
        // Or it was asked for a path that never was.
        (true, false) => Fit::likely(85, &[id]),
        (true, true) => Fit::likely(75, &[id]),
        (false, true) => Fit::NO,
        // MLflow itself said it: the request came through.
        _ if facts.mlflow_has_no_route() => Fit::possible(40, &[id]),
        _ => Fit::likely(75, &[id]),
    }
}
