//! MLflow answers although no good key was shown.

use super::{Kind, Watch, asks_nothing};
use crate::deployment::Host;
use crate::run::Facts;
use crate::run::facts::ask;

pub const WATCH: Watch =
    Watch { kind: Kind::Open, present, asks: asks_nothing, says: "MLflow answers without a good key." };

fn present(facts: &Facts, host: Host) -> bool {
    let let_in = |id: &str| facts.answer(id).is_some_and(|answer| answer.ok() && Facts::is_mlflow(answer));
    let is_open =
        let_in(ask::SEARCH_NONE) || let_in(ask::SEARCH_FAKE) || facts.open_path_past_the_key().is_some();
    host == Host::Registry && facts.wants_key() && is_open
}
