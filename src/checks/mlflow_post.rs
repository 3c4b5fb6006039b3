//! `mlflow-post`

use super::{Check, Judgement, Status, Suite, describe};
use crate::deployment::Host;
use crate::probe::{Complaint, Probe, Saw, quoted};
use crate::run::Facts;
use crate::run::facts::ask;

pub const CHECK: Check = Check {
    id: "mlflow-post",
    suite: Suite::Mlflow,
    title: "MLflow gets requests with a body whole",
    failing_title: "MLflow does not get requests with a body, or refuses them",
    asks,
    judge,
};

fn asks(facts: &Facts) -> Vec<Probe> {
    if !facts.mlflow_works() {
        return Vec::new();
    }
    let target = facts.deployment.mlflow.join("/api/2.0/mlflow/experiments/search");
    let search = facts.get(ask::SEARCH_POST, Host::Registry, target).with(facts.best_credential());
    vec![search.json("{\"max_results\":1}".to_owned())]
}

fn judge(facts: &Facts) -> Judgement {
    let expected = "The same experiments by POST, as the Python client asks, as by GET.";
    let judged = |status, actual: String| Judgement::new(status, expected, actual, &[ask::SEARCH_POST]);
    let Some(seen) = facts.saw(ask::SEARCH_POST) else {
        return Judgement::new(Status::Skipped, expected, "MLflow was not reached.", &[]);
    };
    let Some(answer) = seen.answer() else {
        // Where no POST may be sent at all, that is another check's.
        let status = if seen.saw == Saw::NetworkError { Status::Fail } else { Status::Unknown };
        return judged(status, format!("The page saw {}.", describe(seen)));
    };
    if answer.ok() && Facts::is_mlflow(answer) {
        return judged(Status::Pass, format!("{}.", describe(seen)));
    }
    let said = Complaint::of(answer).map_or_else(|| answer.error_text(), |said| said.brief().to_owned());
    judged(Status::Fail, format!("{}: {}.", describe(seen), quoted(&said, 160)))
}
