//! The request log: what every listener of the lab saw, in order.
//!
//! Tests read it to prove that a key reached nobody it should not, to count requests, and to see traffic end.

use hyper::Request;
use hyper::body::Bytes;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

/// Bodies are kept up to this size; more is of no use to a test.
const BODY_KEPT: usize = 1 << 20;

/// One request as it arrived.
#[derive(Clone, Debug)]
pub struct Recorded {
    /// When its body was complete (its head, for servers that never read on).
    pub at: Instant,
    /// Which listener saw it, for example `healthy/gateway`.
    pub listener: Arc<str>,
    /// That listener's origin.
    pub listener_origin: Arc<str>,
    /// The `Origin` header, if it was a page's script.
    pub origin: Option<String>,
    /// The method, as sent.
    pub method: String,
    /// Path and query.
    pub target: String,
    /// All headers, names in lower case.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Vec<u8>,
    /// True once it was refused: by its status, or by a word inside a success. A server counts it as a failed login if
    /// it showed a key.
    pub refused: bool,
}

/// Where in a request a piece of text was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// In the path or the query: never right for a key.
    Target,
    /// In the header of that name.
    Header(String),
    /// In the body.
    Body,
}

impl Recorded {
    /// Whether it fetched a part of the page itself; every question carries its name in the query.
    pub fn is_part_of_the_page(&self) -> bool {
        &*self.listener == "page" && !self.target.contains("preflight=")
    }

    /// All places of this request that hold `needle`.
    pub fn places_of(&self, needle: &str) -> Vec<Place> {
        let mut places = Vec::new();
        if self.target.contains(needle) {
            places.push(Place::Target);
        }
        let in_header = self.headers.iter().filter(|(_, value)| value.contains(needle));
        places.extend(in_header.map(|(name, _)| Place::Header(name.clone())));
        if self.body.windows(needle.len()).any(|window| window == needle.as_bytes()) {
            places.push(Place::Body);
        }
        places
    }
}

/// The log itself; clones share it.
#[derive(Clone, Default)]
pub struct Log(Arc<Mutex<Vec<Recorded>>>);

impl Log {
    fn entries(&self) -> MutexGuard<'_, Vec<Recorded>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Notes one request of `listener`, and gives its number for [`Log::refused`].
    pub fn record(&self, listener: &Seat, ask: &Request<Bytes>) -> usize {
        let text =
            |value: &hyper::header::HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
        let headers = ask.headers();
        let body = ask.body();
        let mut entries = self.entries();
        entries.push(Recorded {
            at: Instant::now(),
            listener: listener.name.clone(),
            listener_origin: listener.origin.clone(),
            origin: headers.get("origin").map(text),
            method: ask.method().to_string(),
            target: ask.uri().path_and_query().map(ToString::to_string).unwrap_or_default(),
            headers: headers.iter().map(|(name, value)| (name.to_string(), text(value))).collect(),
            body: body[..body.len().min(BODY_KEPT)].to_vec(),
            refused: false,
        });
        entries.len() - 1
    }

    /// Notes that a request was refused.
    pub fn refused(&self, number: usize) {
        if let Some(request) = self.entries().get_mut(number) {
            request.refused = true;
        }
    }

    /// How many requests were seen so far: a mark for [`Log::since`].
    pub fn mark(&self) -> usize {
        self.entries().len()
    }

    /// Everything after `mark`.
    pub fn since(&self, mark: usize) -> Vec<Recorded> {
        self.entries()[mark..].to_vec()
    }
}

/// Name and origin of a listener, as they appear in the log.
#[derive(Clone, Debug)]
pub struct Seat {
    /// Row and role, for example `healthy/gateway`.
    pub name: Arc<str>,
    /// Scheme, host and port.
    pub origin: Arc<str>,
}

impl Seat {
    /// A seat called `name` at `address` (plain http).
    pub fn new(name: &str, address: std::net::SocketAddr) -> Self {
        Self { name: name.into(), origin: format!("http://{address}").into() }
    }
}
