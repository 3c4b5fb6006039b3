//! A key that works, and may not write by what the auth service lists.

use super::{Kind, Watch, asks_nothing};
use crate::deployment::Host;
use crate::run::Facts;

pub const WATCH: Watch = Watch {
    kind: Kind::ReadOnlyKey,
    present,
    asks: asks_nothing,
    says: "The key may read, and by its scopes it may not write.",
};

fn present(facts: &Facts, host: Host) -> bool {
    host == Host::Registry && facts.mlflow_works() && facts.may_write() == Some(false)
}
