//! The auth service answers with an error where it should not.

use super::{Kind, Watch, asks_nothing};
use crate::deployment::Host;
use crate::run::Facts;
use crate::run::facts::{StatusClass, ask, open_status_id};

pub const WATCH: Watch = Watch {
    kind: Kind::AuthTrouble,
    present,
    asks: asks_nothing,
    says: "The auth service answers with an error.",
};

fn present(facts: &Facts, host: Host) -> bool {
    if host != Host::Auth {
        return false;
    }
    let readable_error = [ask::AUTH_OPEN, ask::VALIDATE_KEY]
        .iter()
        .any(|id| facts.answer(id).is_some_and(|answer| answer.status >= 500));
    readable_error || facts.status_class(&open_status_id(host)) == Some(StatusClass::Error)
}
