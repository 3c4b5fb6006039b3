//! `cors-methods`

use super::{Check, Judgement, Status, Suite};
use crate::deployment::Host;
use crate::probe::{Method, Observation, Probe};
use crate::run::Facts;
use crate::run::facts::{METHODS, Reach, ask};

pub const CHECK: Check = Check {
    id: "cors-methods",
    suite: Suite::Cors,
    title: "The gateway lets this page use every method MLflow needs",
    failing_title: "The gateway does not let this page use a method MLflow needs",
    asks,
    judge,
};

fn asks(facts: &Facts) -> Vec<Probe> {
    // Nothing can be told of methods while nothing can be read.
    if facts.reach(Host::Registry) != Reach::Readable {
        return Vec::new();
    }
    let wanted = METHODS.iter().filter(|(method, _)| *method != Method::Post || post_is_in_doubt(facts));
    wanted.filter_map(|(method, id)| facts.method_ask(*method, id)).collect()
}

/// Where all is well, MLflow's own search by POST shows that JSON passes, and nobody has to be asked twice.
fn post_is_in_doubt(facts: &Facts) -> bool {
    let odd = |id: &str| {
        facts.failed(id) || matches!(facts.saw(id).and_then(Observation::status), Some(403 | 405 | 501))
    };
    let others = METHODS.iter().any(|(method, id)| *method != Method::Post && odd(id));
    facts.search().is_some() && (others || !facts.mlflow_works() || facts.failed(ask::SEARCH_POST))
}

fn judge(facts: &Facts) -> Judgement {
    let expected = "POST with JSON, PUT, PATCH and DELETE are answered readably.";
    let evidence = METHODS.map(|(_, id)| id);
    let judged = |status, actual: String| Judgement::new(status, expected, actual, &evidence);
    let refused = facts.refused_methods();
    if facts.json_is_refused() {
        return judged(
            Status::Fail,
            "JSON (the header Content-Type) fails, a method without it is answered.".to_owned(),
        );
    }
    if !refused.is_empty() {
        return judged(Status::Fail, format!("{} fails, others are answered.", refused.join(" and ")));
    }
    let answered = |id: &str| facts.answer(id).is_some();
    let post = answered(ask::SEARCH_POST);
    if METHODS.iter().all(|(method, id)| answered(id) || *method == Method::Post && post) {
        return judged(Status::Pass, "All four are.".to_owned());
    }
    if facts.reach(Host::Registry) != Reach::Readable {
        return Judgement::new(
            Status::Skipped,
            expected,
            "No answer of the registry can be read at all.",
            &[],
        );
    }
    judged(
        Status::Unknown,
        "The browser does not say whether permission or a readable answer was missing.".to_owned(),
    )
}
