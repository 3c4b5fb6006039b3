//! `mlflow-api`

use super::{Check, Judgement, Status, Suite, asks_nothing, describe};
use crate::probe::Who;
use crate::run::Facts;

pub const CHECK: Check = Check {
    id: "mlflow-api",
    suite: Suite::Mlflow,
    title: "MLflow's REST API answers under this path",
    failing_title: "MLflow's REST API does not answer under this path",
    asks: asks_nothing,
    judge,
};

fn judge(facts: &Facts) -> Judgement {
    let expected = "JSON from MLflow's experiment search.";
    let id = facts.search_id();
    let judged = |status, actual: String| Judgement::new(status, expected, actual, &[id]);
    let Some(seen) = facts.search() else {
        return Judgement::new(Status::Unknown, expected, "Not asked.", &[]);
    };
    let Some(answer) = seen.answer() else {
        return judged(Status::Unknown, format!("The page saw {}.", describe(seen)));
    };
    let actual = format!("{}, from {}.", describe(seen), Who::of(answer).name());
    match answer.status {
        200..=299 if Facts::is_mlflow(answer) => judged(Status::Pass, actual),
        401 | 402 | 403 | 429 if !Facts::is_mlflow(answer) => {
            judged(Status::Unknown, format!("{actual} Refused before it got there."))
        }
        _ => judged(Status::Fail, actual),
    }
}
