//! Serves the built page as a good host would: right types, real 404s, and the page's policy as headers.

use super::loopback;
use super::record::Log;
use super::tls::Certificate;
use super::web::{Ask, Listening, Reply, handler, json, listen, listen_tls, reply, set};
use hyper::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, HeaderName};
use hyper::{Method, StatusCode};
use std::io;
use std::path::{Component, Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

const POLICY: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self'; \
    connect-src http: https: ws: wss:; frame-src http: https:; object-src http: https:; \
    media-src http: https:; base-uri 'none'; form-action 'none'; frame-ancestors 'self'";

/// The page is also served below this path, and there its files may be kept: their names change with what is in them.
pub const BELOW: &str = "/tools/preflight/";

/// A host that allows its pages no requests to other hosts.
const STRICT_POLICY: &str = "connect-src 'self'";

/// How the page is served.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Manner {
    /// As a good host would.
    Plain,
    /// Over https, with a certificate of the lab's authority.
    Secure,
    /// By a host whose own policy lets the page ask nobody else.
    Strict,
    /// From an address that the tests' Chromium takes for one of the public network.
    Public,
}

/// The page's server.
pub struct Page {
    /// Its origin.
    pub origin: String,
    configuration: Arc<Mutex<String>>,
    _listening: Listening,
}

impl Page {
    /// Serves `PREFLIGHT_DIST` (or `dist`) on `port`, or on any free one if it is 0 or taken.
    pub async fn start(port: u16, log: &Log) -> io::Result<Self> {
        Self::start_as(Manner::Plain, port, log).await
    }

    /// The same in one of the manners.
    pub async fn start_as(manner: Manner, port: u16, log: &Log) -> io::Result<Self> {
        let policy = match manner {
            Manner::Strict => STRICT_POLICY,
            _ => POLICY,
        };
        let folder: Arc<Path> = dist().into();
        let configuration = Arc::new(Mutex::new("{}".to_owned()));
        let told = configuration.clone();
        let serve = handler(move |ask| {
            let (folder, told) = (folder.clone(), told.clone());
            async move {
                let path = ask.uri().path();
                let below = path.strip_prefix(BELOW);
                let mut answer = match below.unwrap_or(path.trim_start_matches('/')) {
                    "preflight.json" => told_json(&told),
                    asked => file(&folder, &ask, asked, policy),
                };
                // A build's names have a sum of sixteen digits in them; the document has none and is asked for again.
                if below.is_some_and(|asked| asked.contains(['-', '_']) && !asked.contains("preflight.json"))
                {
                    set(&mut answer, CACHE_CONTROL, "public, max-age=3600, immutable");
                }
                answer
            }
        });
        let listening = match manner {
            Manner::Secure => listen_tls(Certificate::Good.make()?.acceptor()?, "page", log, serve).await?,
            Manner::Public => listen(loopback::PUBLIC_PAGE, port, "page", log, serve).await?,
            _ => listen(loopback::PAGE, port, "page", log, serve).await?,
        };
        Ok(Self { origin: listening.origin.clone(), configuration, _listening: listening })
    }

    /// What `/preflight.json` says from now on; gives back what it said.
    pub fn configure(&self, text: String) -> String {
        std::mem::replace(&mut self.configuration.lock().unwrap_or_else(PoisonError::into_inner), text)
    }
}

/// The folder of the built page.
pub fn dist() -> PathBuf {
    std::env::var_os("PREFLIGHT_DIST").map_or_else(|| PathBuf::from("dist"), PathBuf::from)
}

fn told_json(told: &Mutex<String>) -> Reply {
    let text = told.lock().unwrap_or_else(PoisonError::into_inner).clone();
    with_policy(json(200, text), POLICY)
}

fn file(folder: &Path, ask: &Ask, asked: &str, policy: &'static str) -> Reply {
    if ![Method::GET, Method::HEAD].contains(ask.method()) {
        return with_policy(reply(405, "text/plain", "Method not allowed\n"), policy);
    }
    let asked = Path::new(if asked.is_empty() { "index.html" } else { asked });
    let inside = asked.components().all(|part| matches!(part, Component::Normal(_)));
    match std::fs::read(folder.join(asked)) {
        Ok(bytes) if inside => with_policy(reply(200, content_type(asked), bytes), policy),
        _ => with_policy(reply(StatusCode::NOT_FOUND.as_u16(), "text/plain", "Not found\n"), policy),
    }
}

fn with_policy(mut answer: Reply, policy: &str) -> Reply {
    set(&mut answer, CACHE_CONTROL, "no-store");
    // The policy is for the document alone. On the other files its frame-ancestors would keep the page from loading
    // them as objects, which is how it finds out what an object tells in this browser.
    let kind = answer.headers().get(hyper::header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    if kind.is_some_and(|kind| kind.starts_with("text/html")) {
        set(&mut answer, CONTENT_SECURITY_POLICY, policy);
    }
    set(&mut answer, HeaderName::from_static("cross-origin-opener-policy"), "same-origin");
    set(&mut answer, HeaderName::from_static("x-content-type-options"), "nosniff");
    answer
}

fn content_type(path: &Path) -> &'static str {
    match path.extension().and_then(|extension| extension.to_str()) {
        Some("html") => "text/html; charset=utf-8",
        Some("js" | "mjs") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("wasm") => "application/wasm",
        Some("json" | "har") => "application/json",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some("ico") => "image/x-icon",
        Some("webmanifest") => "application/manifest+json",
        Some("txt" | "md") => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}
