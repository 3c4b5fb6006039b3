//! `tracking-uri`

use super::{Check, Judgement, Status, Suite, asks_nothing};
use crate::probe::curl::shell_quote;
use crate::run::Facts;
use crate::run::facts::base_id;

pub const CHECK: Check = Check {
    id: "tracking-uri",
    suite: Suite::Mlflow,
    title: "The address of the form is the tracking URI for clients",
    failing_title: "The tracking URI for clients is another address",
    asks: asks_nothing,
    judge,
};

fn judge(facts: &Facts) -> Judgement {
    let expected = "MLflow's API answers below this address.";
    let line = |uri: &str| format!("export MLFLOW_TRACKING_URI={}", shell_quote(uri));
    let mlflow = &facts.deployment.mlflow;
    if facts.mlflow_works() {
        return Judgement::new(Status::Pass, expected, line(&mlflow.to_string()), &[facts.search_id()]);
    }
    match facts.better_base() {
        Some(path) => {
            let uri = format!("{}{path}", mlflow.origin);
            Judgement::new(Status::Fail, expected, line(&uri), &[&base_id(&path), facts.search_id()])
        }
        None => Judgement::new(
            Status::Unknown,
            expected,
            "MLflow's API was not seen to answer at any address of this host.",
            &[],
        ),
    }
}
