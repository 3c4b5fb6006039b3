//! MLflow answers its experiment search, and another of its lists is refused or fails.

use super::{Kind, Watch, asks_nothing};
use crate::deployment::Host;
use crate::run::Facts;

pub const WATCH: Watch = Watch {
    kind: Kind::Reading,
    present,
    asks: asks_nothing,
    says: "MLflow lists experiments, and does not list its runs, models or versions.",
};

fn present(facts: &Facts, host: Host) -> bool {
    host == Host::Registry && facts.mlflow_works() && facts.spoiled_reading().is_some()
}
