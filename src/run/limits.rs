//! Bounds of a run in time and number. Each stands here once.

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
}

fn yes() -> bool {
    true
}

impl Default for Limits {
    fn default() -> Limits {
        // 8 s: long enough for a cold start behind a load balancer, short enough to wait for
        // (browser-observability.md, part 3).
        Limits { probe_timeout_ms: 8_000, per_host: 6, probes: 120, failed_logins: 5, made_up_keys: true }
    }
}

impl Limits {
    /// The defaults with another time limit for each probe.
    pub fn with_timeout(probe_timeout_ms: Option<u32>) -> Limits {
        let default = Limits::default();
        Limits { probe_timeout_ms: probe_timeout_ms.unwrap_or(default.probe_timeout_ms), ..default }
    }
}
