//! Bounds of a run in time and number. Each stands here once.

use crate::deployment::config::Patience;
use serde::{Deserialize, Serialize};

/// Bounds of a run.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Limits {
    /// How long one probe may take, milliseconds.
    pub probe_timeout_ms: u32,
    /// Requests in flight to one host at the same time (browsers open six connections to a host on HTTP/1.1).
    pub per_host: usize,
    /// Probes in one run.
    pub probes: usize,
    /// Requests of one run that a server could count as failed logins.
    pub failed_logins: usize,
    /// Whether made-up keys are shown at all. A watch shows none: what they tell does not change, and each counts as a
    /// failed login.
    #[serde(default = "yes")]
    pub made_up_keys: bool,
    /// Above this median answers are called slow, milliseconds.
    #[serde(default = "slow")]
    pub slow_ms: u32,
}

fn yes() -> bool {
    true
}

/// Above this a person waits; measured healthy deployments answer in 5 to 50 ms plus the way.
fn slow() -> u32 {
    1_500
}

impl Default for Limits {
    fn default() -> Limits {
        // 8 s: long enough for a cold start behind a load balancer, short enough to wait for
        // (browser-observability.md, part 3).
        Limits {
            probe_timeout_ms: 8_000,
            per_host: 6,
            probes: 120,
            failed_logins: 5,
            made_up_keys: true,
            slow_ms: slow(),
        }
    }
}

impl Limits {
    /// The defaults, as far as the deployment's configuration says nothing else.
    pub fn patient(patience: Patience) -> Limits {
        let default = Limits::default();
        Limits {
            probe_timeout_ms: patience.probe_timeout_ms.unwrap_or(default.probe_timeout_ms),
            slow_ms: patience.slow_ms.unwrap_or(default.slow_ms),
            ..default
        }
    }
}
