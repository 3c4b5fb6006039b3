//! This browser's clock is far from that of a server.

use super::{Kind, Watch, asks_nothing};
use crate::deployment::Host;
use crate::run::Facts;

pub const WATCH: Watch = Watch {
    kind: Kind::ClocksApart,
    present,
    asks: asks_nothing,
    says: "This browser's clock is far from that of a server.",
};

fn present(facts: &Facts, host: Host) -> bool {
    host == Host::Registry && facts.clocks_apart().next().is_some()
}
