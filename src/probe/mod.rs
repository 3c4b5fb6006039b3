//! One question to the network ([`Probe`]) and what the browser saw of it ([`Observation`]): facts with units,
//! no opinion.

pub mod curl;
pub mod observation;
pub mod said;
pub mod sighting;
pub mod who;
pub mod words;

use crate::deployment::credential::Presented;
use crate::deployment::{AuthScheme, Host, Target};
use serde::{Deserialize, Serialize};

pub use observation::{Answer, Body, Entry, Observation, Saw};
pub use said::{Complaint, Said};
pub use sighting::{Came, Sighting};
pub use who::{Hop, Who};
pub use words::quoted;

/// By which feature of the browser a question is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Way {
    /// `fetch` in mode `cors`: readable when the server allows this page.
    Cors,
    /// `fetch` in mode `no-cors`: resolves opaquely for any HTTP answer, tells reachability only
    /// (browser-observability.md, fact 2). It drops `Authorization` and custom headers.
    NoCors,
    /// `fetch` in mode `cors` with `redirect: 'manual'`: shows a redirect that carries CORS headers (fact 7). Any
    /// request with a credential is sent so too.
    Manual,
    /// `fetch` in mode `cors` at the bare address, without a query of its own: shared caches may answer it.
    Shared,
    /// `<link rel=prefetch>`: in Chromium `load` for a 2xx, `error` for a 4xx or 5xx answer (fact 3).
    Prefetch,
    /// `<object data>` inside a sandboxed frame: the same in Firefox, where prefetch always loads (fact 3).
    Object,
    /// `new WebSocket`: Firefox closes with 1015 on a TLS failure (fact 5).
    WebSocket,
    /// `<iframe>` without scripts: in Firefox and WebKit `load` for any HTTP answer and nothing below (fact 6).
    Frame,
}

/// HTTP methods that probes use.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "HTTP methods")]
pub enum Method {
    Get,
    Post,
    Put,
    Patch,
    Delete,
}

impl Method {
    /// As it stands on the wire.
    pub fn name(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Put => "PUT",
            Self::Patch => "PATCH",
            Self::Delete => "DELETE",
        }
    }
}

/// One question to the network, asked in one way. Never holds a secret: [`Presented`] says which credential
/// goes along, and only the browser room's sender adds it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Probe {
    /// Stable name of the question, kebab-case; unique within a run.
    pub id: String,
    /// Which host is asked.
    pub host: Host,
    /// Where exactly. A unique query is added when it is sent, so that no cache answers and the timing entry
    /// can be found.
    pub target: Target,
    /// By which feature of the browser.
    pub way: Way,
    /// Always GET for elements and sockets.
    pub method: Method,
    /// Which credential goes along.
    pub presented: Presented,
    /// In which scheme, where that is another one than the host's usual one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub presented_as: Option<AuthScheme>,
    /// Further request headers.
    pub headers: Vec<(String, String)>,
    /// A JSON body.
    pub body: Option<String>,
    /// After how many milliseconds the browser aborts it.
    pub timeout_ms: u32,
}

impl Probe {
    /// A plain GET in mode `cors`, without credential: needs no preflight.
    pub fn get(id: &str, host: Host, target: Target, timeout_ms: u32) -> Probe {
        Probe {
            id: id.to_owned(),
            host,
            target,
            way: Way::Cors,
            method: Method::Get,
            presented: Presented::Nothing,
            presented_as: None,
            headers: Vec::new(),
            body: None,
            timeout_ms,
        }
    }

    /// The same question asked in another way.
    pub fn by(self, way: Way) -> Probe {
        Probe { way, ..self }
    }

    /// The same question with a credential.
    pub fn with(self, presented: Presented) -> Probe {
        Probe { presented, ..self }
    }

    /// The same question in another scheme than the host's usual one.
    pub fn in_scheme(self, scheme: AuthScheme) -> Probe {
        Probe { presented_as: Some(scheme), ..self }
    }

    /// The same question with a method.
    pub fn method(self, method: Method) -> Probe {
        Probe { method, ..self }
    }

    /// The same question with a header.
    pub fn header(mut self, name: &str, value: &str) -> Probe {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// A POST with a JSON body.
    pub fn json(self, body: String) -> Probe {
        let probe = self.method(Method::Post).header("content-type", "application/json");
        Probe { body: Some(body), ..probe }
    }

    /// The scheme that presents the credential at this probe's host: auth services read `Authorization:
    /// Bearer` whatever the gateway's scheme is (facts/source-scripts.md 6.2).
    pub fn scheme<'a>(&'a self, scheme: &'a AuthScheme) -> &'a AuthScheme {
        match &self.presented_as {
            Some(own) => own,
            None if self.host == Host::Auth => &AuthScheme::Bearer,
            None => scheme,
        }
    }

    /// True when the browser sends the cookies it has for the host.
    pub fn has_cookies(&self) -> bool {
        self.presented_as == Some(AuthScheme::Cookies)
    }

    /// True when the browser asks permission by `OPTIONS` before it sends this (Fetch standard,
    /// *CORS-preflight fetch*).
    pub fn is_preflighted(&self) -> bool {
        matches!(self.way, Way::Cors | Way::Manual)
            && (self.presented != Presented::Nothing
                || !matches!(self.method, Method::Get | Method::Post)
                || !self.headers.is_empty())
    }

    /// True when this asks what `other` asked, only under another id: a repeat.
    pub fn asks_the_same(&self, other: &Probe) -> bool {
        Probe { id: other.id.clone(), ..self.clone() } == *other
    }

    /// True for questions to a host under test, false for controls on the page's own origin.
    pub fn is_outward(&self) -> bool {
        self.host != Host::Page
    }
}
