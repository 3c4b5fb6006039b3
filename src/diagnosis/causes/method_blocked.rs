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
        let refused =
            |id: &str| matches!(facts.saw(id).and_then(|seen| seen.status()), Some(403 | 405 | 501));
        let (_, id) = METHODS.iter().find(|(_, id)| facts.failed(id) || refused(id))?;
        words::curl_for(facts, id)
    },
};

fn fit(symptom: &Symptom, facts: &Facts) -> Fit {
    let evidence = METHODS.map(|(_, id)| id);
    let any = |holds: &dyn Fn(&str) -> bool| evidence.iter().any(|id| holds(id));
    match symptom.kind {
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
