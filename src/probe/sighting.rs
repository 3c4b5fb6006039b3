//! What another program saw of a question: `curl` in a terminal, or DevTools. It knows what a browser keeps from a page.

use super::Answer;
use crate::deployment::Host;
use serde::{Deserialize, Serialize};

/// What another program saw of a question that this page asks too. Made only by [`crate::second`], which drops
/// credentials while it reads.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Sighting {
    /// How a verdict cites it: `second-opinion-1` and so on.
    pub id: String,
    /// Which program: `curl`, or the creator that a HAR file names.
    pub by: String,
    /// Id of the probe that asks the same.
    pub question: String,
    /// Which host was asked.
    pub host: Host,
    /// The method; of a preflight, the method that permission was asked for.
    pub method: String,
    /// True for the permission question alone (`OPTIONS`).
    pub preflight: bool,
    /// How far it came.
    pub came: Came,
    /// What the program said of it, in its own words; empty for an answer.
    pub says: String,
    /// The answer, if one came. Also headers that a page may not read.
    pub answer: Option<Answer>,
}

/// How far a question of another program came.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Came {
    /// The name does not resolve.
    NameUnknown,
    /// Nothing accepts connections there, or there is no way to it.
    Refused,
    /// Nothing came until the program's time limit.
    Silent,
    /// The certificate is out of date.
    CertificateExpired,
    /// The certificate is for another name.
    CertificateName,
    /// The certificate is signed by itself.
    CertificateSelfSigned,
    /// The program does not know who issued the certificate. It may have other authorities than the browser.
    CertificateIssuer,
    /// TLS could not be spoken at all.
    Handshake,
    /// A connection stood and broke.
    Broken,
    /// What came is no HTTP.
    NotHttp,
    /// The browser itself refused to send it: an extension or a policy of this browser.
    BlockedByClient,
    /// The browser itself refused it, because the address is one of a private network.
    BlockedLocally,
    /// The browser refused what came, because it is for its own site only.
    BlockedByResponse,
    /// An HTTP answer came.
    Answered,
}

/// Programs by the names that a shared report may call them: no words of its own.
pub const PROGRAMS: [&str; 4] = ["curl", "DevTools", "DevTools of Firefox", "the HAR file"];

/// The name of a program, as one of [`PROGRAMS`].
pub fn program(by: &str) -> &'static str {
    PROGRAMS.into_iter().find(|known| *known == by).unwrap_or(PROGRAMS[1])
}

impl Sighting {
    /// The answer's status.
    pub fn status(&self) -> Option<u16> {
        self.answer.as_ref().map(|answer| answer.status)
    }
}
