//! What time servers say it is, against this browser's clock. Only a header that this page may read tells: that of its
//! own server always, those of others where they expose it (`Date` is not among the headers that pages may read anyway).

use super::Facts;
use crate::deployment::{Host, clock};

/// From here on signatures and tokens made on one side are refused on the other: cloud storage takes 15 minutes, common
/// single sign-on 5.
pub const SKEWED_S: i64 = 300;

impl Facts<'_> {
    /// How many seconds this browser's clock is ahead of a host's; negative when it is behind. `None` where the host's
    /// clock cannot be read.
    pub fn clock_ahead(&self, host: Host) -> Option<i64> {
        let started = clock::from_iso(&self.environment.started_at)?;
        let ahead = self.of_host(host).filter_map(|seen| {
            let answer = seen.answer()?;
            // A shared cache says how old what it hands out is. Some keep the time at which it was made (RFC 9111), others
            // (Varnish, Fastly) say what time it is now: it may be anything between.
            let age: u32 = answer.header("age").and_then(|age| age.trim().parse().ok()).unwrap_or(0);
            let date = clock::from_http(answer.header("date")?)?;
            let ahead = started + i64::from(seen.start_ms.saturating_add(seen.ms)) / 1000 - date;
            Some(if ahead < 0 { ahead } else { (ahead - i64::from(age)).max(0) })
        });
        // A slow answer, or one from a cache, makes this browser look ahead: the least is nearest to the truth.
        ahead.min_by_key(|ahead| ahead.unsigned_abs())
    }

    /// The hosts whose clocks can be read and are far from this browser's.
    pub fn clocks_apart(&self) -> impl Iterator<Item = (Host, i64)> + '_ {
        let apart = |host| Some((host, self.clock_ahead(host).filter(|ahead| ahead.abs() >= SKEWED_S)?));
        [Host::Page, Host::Registry, Host::Auth].into_iter().filter_map(apart)
    }
}
