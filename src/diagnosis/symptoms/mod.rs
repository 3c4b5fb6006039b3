//! Symptoms: what is seen not to work. One file and one line in [`ALL`] each, the outermost layer first.
//!
//! A symptom decides three things: whether it is there, what to ask to tell its causes apart, and how to say it.
//! It does not know its causes; they know it ([`super::Cause::fit`]).

mod artifacts;
mod auth_trouble;
mod bad_key;
mod clocks_apart;
mod cookies_refused;
mod cut_body;
mod direct_root;
mod health;
mod hidden_errors;
mod hidden_headers;
mod hidden_refusal;
mod method_blocked;
mod method_refused;
mod misreported;
mod no_answer;
mod no_key;
mod no_route;
mod not_mlflow;
mod open;
mod post_refused;
mod preflight;
mod query_lost;
mod read_only_key;
mod reading;
mod redirected;
mod refused;
mod server_error;
mod slow;
mod stale_cache;
mod unreadable;
mod unsteady;
mod write_fails;

use crate::deployment::Host;
use crate::probe::Probe;
use crate::run::Facts;
use serde::{Deserialize, Serialize};

/// All symptoms, outermost layer first.
pub const ALL: &[Watch] = &[
    no_answer::WATCH,
    unreadable::WATCH,
    unsteady::WATCH,
    preflight::WATCH,
    method_refused::WATCH,
    method_blocked::WATCH,
    stale_cache::WATCH,
    auth_trouble::WATCH,
    // What this browser did not send comes before what a server withholds.
    no_key::WATCH,
    hidden_errors::WATCH,
    bad_key::WATCH,
    redirected::WATCH,
    hidden_refusal::WATCH,
    refused::WATCH,
    cookies_refused::WATCH,
    hidden_headers::WATCH,
    misreported::WATCH,
    read_only_key::WATCH,
    server_error::WATCH,
    no_route::WATCH,
    cut_body::WATCH,
    not_mlflow::WATCH,
    query_lost::WATCH,
    health::WATCH,
    post_refused::WATCH,
    reading::WATCH,
    artifacts::WATCH,
    direct_root::WATCH,
    open::WATCH,
    slow::WATCH,
    clocks_apart::WATCH,
    write_fails::WATCH,
];

/// What is seen not to work.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Kind {
    /// Requests to a host get no HTTP answer.
    NoAnswer,
    /// A host answers, and the page may read none of it.
    Unreadable,
    /// Plain requests are readable; those that need a preflight fail.
    Preflight,
    /// Some methods fail, others to the same path are answered.
    MethodRefused,
    /// Successes are readable; an error reply to a plain request is withheld.
    HiddenErrors,
    /// The auth service answers with an error where it should not.
    AuthTrouble,
    /// A key is needed and none was typed.
    NoKey,
    /// What was typed cannot be a key of this deployment.
    BadKey,
    /// The same question is answered well at times and badly at others.
    Unsteady,
    /// The decisive request takes long, the open one does not.
    Slow,
    /// The bare address fails, the same address with a new query does not.
    StaleCache,
    /// The request with the key is redirected.
    Redirected,
    /// The request with the key fails unread.
    HiddenRefusal,
    /// The request is refused, readably.
    Refused,
    /// A server error, readably.
    ServerError,
    /// Not found, readably.
    NoRoute,
    /// An answer begins and does not come to its end.
    CutBody,
    /// A success that is not MLflow's.
    NotMlflow,
    /// MLflow answers although no good key was shown.
    Open,
    /// An outage or a limit under the status of a bad key.
    Misreported,
    /// A key that works, and may not write by what the auth service lists.
    ReadOnlyKey,
    /// The health path says something else than the API.
    Health,
    /// MLflow misses what the query held.
    QueryLost,
    /// A search by GET works, the same by POST does not.
    PostRefused,
    /// MLflow's API works, its artifact proxy does not.
    Artifacts,
    /// Artifacts do not go through MLflow.
    DirectRoot,
    /// This browser's clock is far from that of a server.
    ClocksApart,
    /// A request with cookies fails, the same without them does not.
    CookiesRefused,
    /// A header that tells when to come back does not show.
    HiddenHeaders,
    /// A method is refused, readably, where others are not.
    MethodBlocked,
    /// One of MLflow's lists is refused or fails.
    Reading,
    /// Reading works, and a step that writes fails.
    WriteFails,
}

/// A symptom at a host.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Symptom {
    /// What.
    pub kind: Kind,
    /// Where.
    pub host: Host,
}

/// How a symptom is watched for.
pub struct Watch {
    /// Which symptom.
    pub kind: Kind,
    /// True when it is there.
    pub present: fn(&Facts, Host) -> bool,
    /// What to ask when it may be there, to be sure and to tell its causes apart.
    pub asks: fn(&Facts, Host) -> Vec<Probe>,
    /// One sentence for a symptom that no cause explains.
    pub says: &'static str,
}

/// The symptoms that are there, outermost layer first.
pub fn present(facts: &Facts) -> Vec<Symptom> {
    each(facts)
        .filter(|(watch, host)| (watch.present)(facts, *host))
        .map(|(watch, host)| Symptom { kind: watch.kind, host })
        .collect()
}

/// What to ask now to tell causes apart.
pub fn asks(facts: &Facts) -> Vec<Probe> {
    each(facts).flat_map(|(watch, host)| (watch.asks)(facts, host)).collect()
}

/// The entry of a kind.
pub fn watch(kind: Kind) -> Option<&'static Watch> {
    ALL.iter().find(|watch| watch.kind == kind)
}

fn each<'a>(facts: &'a Facts) -> impl Iterator<Item = (&'static Watch, Host)> + 'a {
    ALL.iter().flat_map(|watch| facts.deployment.hosts().map(move |host| (watch, host)))
}

/// For symptoms that need nothing asked.
fn asks_nothing(_: &Facts, _: Host) -> Vec<Probe> {
    Vec::new()
}
