//! `method-blocked`

use super::prelude::*;

pub const CAUSE: Cause = Cause {
    code: "method-blocked",
    class: Class::Routing,
    hop: Hop::Gateway,
    owner: Owner::Gateway,
    title: "Something in front of MLflow refuses a method",
    fit,
    headline: |facts, host| {
        if let Some(seen) = blocked_write(facts) {
            return format!(
                "{} at {} is not passed on, although the browser is allowed to send it: {}.",
                seen.probe.method.name(),
                words::name(facts, host),
                step_told(seen)
            );
        }
        let mut methods = facts.blocked_methods();
        if methods.is_empty() {
            methods = facts.refused_methods();
        }
        format!(
            "{} refuses {} where other methods pass, and registering a model needs it.",
            words::the(facts, host),
            methods.join(" and ")
        )
    },
    fixes: only_cards,
    tell: |facts, _| {
        if let Some(seen) = blocked_write(facts) {
            return words::curl_for(facts, &seen.probe.id);
        }
        let refused =
            |id: &str| matches!(facts.saw(id).and_then(|seen| seen.status()), Some(403 | 405 | 501));
        let (_, id) = METHODS.iter().find(|(_, id)| facts.failed(id) || refused(id))?;
        words::curl_for(facts, id)
    },
};

/// The first step of a registration that was refused by somebody other than MLflow or an application that speaks of the
/// key.
fn blocked_write<'a>(facts: &Facts<'a>) -> Option<&'a Observation> {
    failed_write(facts, |seen| {
        seen.answer().is_some_and(|answer| match answer.status {
            405 | 501 => Who::of(answer) != Who::Mlflow,
            403 => matches!(Who::of(answer), Who::GatewayPage | Who::Nobody | Who::WebPage | Who::Unknown),
            _ => false,
        })
    })
}

fn fit(symptom: &Symptom, facts: &Facts) -> Fit {
    let evidence = METHODS.map(|(_, id)| id);
    let any = |holds: &dyn Fn(&str) -> bool| evidence.iter().any(|id| holds(id));
    match symptom.kind {
        Kind::WriteFails => {
            let Some(seen) = blocked_write(facts) else { return Fit::NO };
            let by_proxy = seen.answer().map(Who::of) == Some(Who::GatewayPage);
            match seen.status() {
                // Flask's own 405 would be a path that leads elsewhere, and 403 may be about the key.
                // Files have a path of their own, which may lead to somebody who serves pages, and takes none.
                Some(405 | 501) if by_proxy && is_file_step(seen) => {
                    let lost = facts.answer(ask::ARTIFACTS).is_some_and(|answer| answer.status == 404);
                    if lost { Fit::NO } else { Fit::likely(85, &[&seen.probe.id]) }
                }
                Some(405 | 501) if by_proxy => Fit::certain(&[&seen.probe.id]),
                _ => Fit::likely(75, &[&seen.probe.id]),
            }
        }
        Kind::MethodBlocked => {
            let by_proxy = |id: &str| facts.answer(id).map(Who::of) == Some(Who::GatewayPage);
            // The path is one that nobody knows: an application may refuse there what it takes elsewhere.
            if any(&by_proxy) { Fit::likely(80, &evidence) } else { Fit::possible(50, &evidence) }
        }
        // Permission was given and the answer withheld, or permission was not given: some browsers' timing tells.
        Kind::MethodRefused if facts.refused_methods().is_empty() => Fit::NO,
        Kind::MethodRefused if any(&|id| facts.was_sent(id)) => Fit::likely(88, &evidence),
        Kind::MethodRefused if any(&|id| facts.was_held_back(id)) => Fit::NO,
        Kind::MethodRefused => Fit::possible(40, &evidence),
        _ => Fit::NO,
    }
}
