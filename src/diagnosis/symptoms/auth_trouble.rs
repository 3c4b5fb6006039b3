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
    let fails = |id: &str| facts.answer(id).is_some_and(|answer| answer.status >= 500);
    // Where the key is taken, who judges keys works: an error that may not be read can be a health path that it has not.
    let unread = || match facts.key_is_judged_good() {
        true => {
            let told = facts.sighting(ask::AUTH_OPEN, false).and_then(|seen| seen.status());
            told.is_some_and(|status| status >= 500)
        }
        false => facts.status_class(&open_status_id(host)) == Some(StatusClass::Error),
    };
    fails(ask::AUTH_OPEN) || fails(ask::VALIDATE_KEY) || unread()
}
