//! A step of a registration, or of its clean-up, fails.

use super::{Kind, Watch, asks_nothing};
use crate::deployment::Host;
use crate::registration;

pub const WATCH: Watch = Watch {
    kind: Kind::WriteFails,
    present: |facts, host| host == Host::Registry && !registration::failures(facts).is_empty(),
    asks: asks_nothing,
    says: "Reading works, and a step of the registration fails.",
};
