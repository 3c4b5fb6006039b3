//! A shared report as compact text: what a result link holds before it is compressed, and how the page gets any
//! report it is to show. One field a line; small numbers of one thing share a line, one character each. Names of
//! checks, causes and questions stand there as they are: compression finds what repeats, no table of numbers has to
//! be kept for ever, and a code that a later version brought can still be shown.
//!
//! What is written once can be read for ever: lists of values (`HOSTS`, `WAYS` …) only grow at their end, what a later
//! version adds stands behind the last line ([`more`]), where a text may also end without it, and anything else gets a
//! new [`FORMAT`]. `tests/fixtures/` holds links that must open.
//!
//! Reading never panics, takes no more memory than the text, and trusts nothing: addresses go through the URL
//! parser, codes are letters and digits without spaces, and no words of the page come from here.

mod more;
mod read;
mod write;

use super::shared::Detail;
use crate::checks::Status;
use crate::deployment::credential::Presented;
use crate::deployment::key::{KeyProblem, KeyRepair};
use crate::deployment::{Host, Origin};
use crate::diagnosis::symptoms::Kind;
use crate::diagnosis::way::State;
use crate::diagnosis::{Confidence, Overall};
use crate::probe::{Body, Came, Entry, Method, Way};
use crate::run::{Phase, Run};

pub use read::read;
pub use write::write;

/// The version of this text. Another one is another text: a page reads those it knows.
pub const FORMAT: u32 = 1;

const HOSTS: [Host; 3] = [Host::Page, Host::Registry, Host::Auth];
const WAYS: [Way; 8] = [
    Way::Cors,
    Way::NoCors,
    Way::Manual,
    Way::Shared,
    Way::Prefetch,
    Way::Object,
    Way::WebSocket,
    Way::Frame,
];
const METHODS: [Method; 5] = [Method::Get, Method::Post, Method::Put, Method::Patch, Method::Delete];
const PRESENTED: [Presented; 4] = [Presented::Nothing, Presented::Fake, Presented::Key, Presented::KeyInBody];
const ENTRIES: [Entry; 4] = [Entry::Unknown, Entry::Absent, Entry::Zero, Entry::Positive];
const PHASES: [Phase; 4] = [Phase::Running, Phase::Finished, Phase::Stopped, Phase::Failed];
const OVERALLS: [Overall; 3] = [Overall::Healthy, Overall::Problems, Overall::Unknown];
const CONFIDENCES: [Confidence; 3] = [Confidence::Possible, Confidence::Likely, Confidence::Certain];
const STATUSES: [Status; 5] = [Status::Pass, Status::Warn, Status::Fail, Status::Unknown, Status::Skipped];
const CAME: [Came; 14] = [
    Came::NameUnknown,
    Came::Refused,
    Came::Silent,
    Came::CertificateExpired,
    Came::CertificateName,
    Came::CertificateSelfSigned,
    Came::CertificateIssuer,
    Came::Handshake,
    Came::Broken,
    Came::NotHttp,
    Came::BlockedByClient,
    Came::BlockedLocally,
    Came::BlockedByResponse,
    Came::Answered,
];
const REPAIRS: [KeyRepair; 4] =
    [KeyRepair::Space, KeyRepair::Quotes, KeyRepair::SchemeWord, KeyRepair::Assignment];
const STATES: [State; 7] = [
    State::Pending,
    State::Answered,
    State::Passed,
    State::Broken,
    State::Suspected,
    State::NotReached,
    State::NotAsked,
];
const KINDS: [Kind; 32] = [
    Kind::NoAnswer,
    Kind::Unreadable,
    Kind::Preflight,
    Kind::MethodRefused,
    Kind::HiddenErrors,
    Kind::AuthTrouble,
    Kind::NoKey,
    Kind::BadKey,
    Kind::Unsteady,
    Kind::Slow,
    Kind::StaleCache,
    Kind::Redirected,
    Kind::HiddenRefusal,
    Kind::Refused,
    Kind::ServerError,
    Kind::NoRoute,
    Kind::CutBody,
    Kind::NotMlflow,
    Kind::Open,
    Kind::Misreported,
    Kind::ReadOnlyKey,
    Kind::Health,
    Kind::QueryLost,
    Kind::PostRefused,
    Kind::Artifacts,
    Kind::DirectRoot,
    Kind::ClocksApart,
    Kind::CookiesRefused,
    Kind::HiddenHeaders,
    Kind::MethodBlocked,
    Kind::Reading,
    Kind::WriteFails,
];
/// How much of a report can be kept, by their numbers.
pub const DETAILS: [Detail; 5] = [Detail::Full, Detail::Told, Detail::Said, Detail::Bare, Detail::Cited];
/// Problems of a key that have nothing to them but their name; the one about its beginning comes last.
const KEY_PROBLEMS: [KeyProblem; 5] = [
    KeyProblem::InnerSpace,
    KeyProblem::Unsendable,
    KeyProblem::Masked,
    KeyProblem::Placeholder,
    KeyProblem::NotUserPassword,
];

/// Why a text could not be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Problem {
    /// Something in it is not as this program writes it.
    Corrupt,
    /// A later version of this program wrote it.
    Newer,
}

/// The body of an answer that the report leaves out.
pub(super) fn unread() -> Body {
    Body { complete: true, ..Body::default() }
}

/// Where questions to a host usually go.
fn home(run: &Run, host: Host) -> Option<Origin> {
    match host {
        Host::Page => Some(run.environment.page_origin.clone()),
        host => run.deployment.base(host).map(|base| base.origin.clone()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnosis::symptoms;
    use crate::probe::Hop;

    /// Values are written as their number and read by their place. A value that is new stands last, in its type and
    /// in its list; a match without it does not compile here.
    #[test]
    fn every_value_stands_at_its_own_place() {
        fn in_order<T: Copy>(list: &[T], number: fn(T) -> usize) {
            assert!(list.iter().enumerate().all(|(place, value)| number(*value) == place));
        }
        in_order(&HOSTS, |value| value as usize);
        in_order(&WAYS, |value| value as usize);
        in_order(&METHODS, |value| value as usize);
        in_order(&PRESENTED, |value| value as usize);
        in_order(&ENTRIES, |value| value as usize);
        in_order(&PHASES, |value| value as usize);
        in_order(&OVERALLS, |value| value as usize);
        in_order(&CONFIDENCES, |value| value as usize);
        in_order(&STATUSES, |value| value as usize);
        in_order(&CAME, |value| value as usize);
        in_order(&REPAIRS, |value| value as usize);
        in_order(&STATES, |value| value as usize);
        in_order(&KINDS, |value| value as usize);
        in_order(&DETAILS, |value| value as usize);
        in_order(&Hop::ALL, |value| value as usize);
        let _ =
            |way: Way, method: Method, presented: Presented, entry: Entry, came: Came, repair: KeyRepair| {
                match came {
                    Came::NameUnknown | Came::Refused | Came::Silent | Came::CertificateExpired => {}
                    Came::CertificateName | Came::CertificateSelfSigned | Came::CertificateIssuer => {}
                    Came::Handshake | Came::Broken | Came::NotHttp | Came::BlockedByClient => {}
                    Came::BlockedLocally | Came::BlockedByResponse | Came::Answered => {}
                }
                match repair {
                    KeyRepair::Space | KeyRepair::Quotes | KeyRepair::SchemeWord | KeyRepair::Assignment => {}
                }
                match way {
                    Way::Cors | Way::NoCors | Way::Manual | Way::Shared => {}
                    Way::Prefetch | Way::Object | Way::WebSocket | Way::Frame => {}
                }
                match method {
                    Method::Get | Method::Post | Method::Put | Method::Patch | Method::Delete => {}
                }
                match presented {
                    Presented::Nothing | Presented::Fake | Presented::Key | Presented::KeyInBody => {}
                }
                match entry {
                    Entry::Unknown | Entry::Absent | Entry::Zero | Entry::Positive => {}
                }
            };
        for watch in symptoms::ALL {
            assert!(KINDS.contains(&watch.kind), "{:?} has to be put at the end of KINDS", watch.kind);
        }
    }
}
