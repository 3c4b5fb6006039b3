//! `fetch`: requests are built by gloo-net.
//!
//! They are sent by web-sys and not by gloo-net, which panics when a promise is rejected with something that is
//! no `Error`, as an extension that replaces `fetch` may do; and headers are looked at before gloo-net gets
//! them, since it unwraps there too.

use super::clock;
use super::slot::Slot;
use super::{property, send::REFUSED, timing};
use crate::deployment::Credential;
use crate::deployment::credential::Presented;
use crate::probe::{Answer, Body, Method, Probe, Saw, Way};
use crate::registration::content::{self, Comparison, Content};
use crate::run::Registration;
use gloo_net::http::{self, RequestBuilder};
use js_sys::{Array, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{
    AbortController, Blob, ReadableStream, ReadableStreamDefaultReader, ReferrerPolicy, RequestCache,
    RequestCredentials, RequestMode, RequestRedirect, Response, ResponseType,
};

/// The name of the unique query.
pub(super) const MARK: &str = "preflight";

/// Headers that are kept of an answer.
const HEADERS: usize = 64;
/// Characters that are kept of a header's value.
const VALUE: usize = 1_000;

/// Asks by `fetch` and returns what came and the address as it was sent. The request is over afterwards: what
/// has not been read of it is aborted.
pub(super) async fn ask(
    probe: &Probe,
    credential: &Credential,
    mark: Option<&str>,
    slot: &Slot,
) -> (Saw, String) {
    let unsent = |reason: &str| (Saw::NotSent(reason.to_owned()), String::new());
    let scheme = probe.scheme(credential.scheme());
    let body = probe.body.as_deref().map(|body| credential.body_for(probe.presented, &probe.target, body));
    let (Some(presented), Some(body)) = (
        credential.headers_for(probe.presented, &probe.target, scheme),
        body.map_or(Some(None), |body| body.map(Some)),
    ) else {
        return unsent("There is no key that may be sent to this address.");
    };
    if !probe.headers.iter().chain(&presented).all(is_header) {
        return unsent("A header of this request has characters that browsers do not send.");
    }
    let Ok(abort) = AbortController::new() else { return unsent(REFUSED) };
    let abort = Abort(abort);
    let body = body.map(JsValue::from).or_else(|| payload(probe));
    let Some(request) = build(probe, presented, body, mark, &abort.0) else { return unsent(REFUSED) };
    let address = request.url();
    let Some(window) = web_sys::window() else { return unsent(REFUSED) };
    let mut saw = match slot.or(window.fetch_with_request(&request)).await {
        Err(cut) => cut,
        Ok(Err(_)) => Saw::NetworkError,
        Ok(Ok(response)) => match response.dyn_into::<Response>() {
            Ok(response) => read(response, probe, credential, slot).await,
            Err(_) => Saw::NetworkError,
        },
    };
    if let Saw::Answer(answer) = &mut saw {
        answer.queued_ms = timing::queued(&address);
    }
    (saw, address)
}

/// Aborts its request when dropped: stops what is under way, changes nothing of what is complete.
struct Abort(AbortController);

impl Drop for Abort {
    fn drop(&mut self) {
        self.0.abort();
    }
}

fn build(
    probe: &Probe,
    presented: Vec<(String, String)>,
    body: Option<JsValue>,
    mark: Option<&str>,
    abort: &AbortController,
) -> Option<web_sys::Request> {
    // Browsers drop `Authorization` on a redirect to another origin but pass on other headers and bodies.
    let redirect = match probe.presented {
        // What writes goes to this address or nowhere.
        _ if Registration::owns(&probe.id) => RequestRedirect::Manual,
        Presented::Nothing if probe.way != Way::Manual && !probe.has_cookies() => RequestRedirect::Follow,
        _ => RequestRedirect::Manual,
    };
    let mode = if probe.way == Way::NoCors { RequestMode::NoCors } else { RequestMode::Cors };
    let mut builder = RequestBuilder::new(&probe.target.to_string())
        .query(mark.map(|mark| (MARK, mark)))
        .method(match probe.method {
            Method::Get => http::Method::GET,
            Method::Post => http::Method::POST,
            Method::Put => http::Method::PUT,
            Method::Patch => http::Method::PATCH,
            Method::Delete => http::Method::DELETE,
        })
        .mode(mode)
        .redirect(redirect)
        .cache(RequestCache::NoStore)
        .credentials(if probe.has_cookies() { RequestCredentials::Include } else { RequestCredentials::Omit })
        .referrer_policy(ReferrerPolicy::NoReferrer)
        .abort_signal(Some(&abort.signal()));
    for (name, value) in probe.headers.iter().chain(&presented) {
        builder = builder.header(name, value);
    }
    let request = match body {
        Some(body) => builder.body(body),
        None => builder.build(),
    };
    Some(request.ok()?.into())
}

/// True for a name and value that the `Headers` interface takes (Fetch standard, *header name* and *value*;
/// strings are turned into bytes as Latin-1).
fn is_header((name, value): &(String, String)) -> bool {
    let in_name = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
    !name.is_empty()
        && name.bytes().all(in_name)
        && value.chars().all(|c| c <= '\u{ff}' && !matches!(c, '\0' | '\r' | '\n'))
}

/// The bytes of a file that a registration uploads.
fn payload(probe: &Probe) -> Option<JsValue> {
    if probe.method != Method::Put {
        return None;
    }
    let content = content::of(&probe.id)?;
    let bytes = Uint8Array::from(&content.bytes()[..]);
    let Content::Blocks(count) = content else { return Some(bytes.into()) };
    // One block again and again: the browser reads it from there, and nothing of that size is built up here.
    let parts: Array = (0..count).map(|_| bytes.clone()).collect();
    Blob::new_with_u8_array_sequence(&parts).ok().map(JsValue::from)
}

async fn read(response: Response, probe: &Probe, credential: &Credential, slot: &Slot) -> Saw {
    let response = http::Response::from(response);
    match response.type_() {
        ResponseType::Opaque => return Saw::Opaque,
        ResponseType::Opaqueredirect => return Saw::OpaqueRedirect,
        ResponseType::Error => return Saw::NetworkError,
        _ => {}
    }
    let headers = response.headers().entries().take(HEADERS);
    let headers = headers.map(|(name, mut value)| {
        credential.scrub_header(&name, &mut value);
        (name.to_ascii_lowercase(), cut(value, VALUE))
    });
    let headers = headers.collect();
    let begun = clock::now();
    let mut body = match response.body() {
        Some(stream) => read_body(stream, probe, credential, slot).await,
        None => Body {
            complete: true,
            matches: expected(probe).map(|comparison| comparison.is_equal()),
            ..Body::default()
        },
    };
    body.took_ms = Some(clock::since(begun));
    if slot.get() == Some(Saw::Stopped) {
        return Saw::Stopped;
    }
    let bare = |url: String| url.split(['?', '#']).next().unwrap_or_default().to_owned();
    let mut landed = response.redirected().then(|| bare(response.url()));
    landed.iter_mut().for_each(|url| credential.scrub(url));
    Saw::Answer(Answer { status: response.status(), landed, headers, body, queued_ms: None })
}

/// What a file that was uploaded is compared with when it comes back.
fn expected(probe: &Probe) -> Option<Comparison> {
    if content::comes_back(&probe.id) { content::of(&probe.id).map(Comparison::with) } else { None }
}

async fn read_body(stream: ReadableStream, probe: &Probe, credential: &Credential, slot: &Slot) -> Body {
    let reader: ReadableStreamDefaultReader = stream.get_reader().unchecked_into();
    let mut comparison = expected(probe);
    // An error instead of the file is read as any other answer.
    let cap = Body::CAP as usize;
    let mut length = 0_u32;
    let mut bytes: Vec<u8> = Vec::new();
    let (mut complete, mut broken) = (false, false);
    loop {
        match slot.or(reader.read()).await {
            // The time limit, or the user's stop.
            Err(_) => break,
            Ok(Err(_)) => {
                broken = true;
                break;
            }
            Ok(Ok(piece)) => {
                let Ok(chunk) = property(&piece, "value").dyn_into::<Uint8Array>() else {
                    complete = true;
                    break;
                };
                let room = cap - bytes.len();
                let taken = (chunk.length() as usize).min(room);
                bytes.extend(chunk.subarray(0, taken as u32).to_vec());
                length = length.saturating_add(chunk.length());
                match &mut comparison {
                    Some(comparison) if !comparison.is_over() => comparison.take(&chunk.to_vec()),
                    _ if (chunk.length() as usize) > room => break,
                    _ => {}
                }
            }
        }
    }
    // Scrubbed before it is cut, so that no half of a key is left at the end.
    let mut text = String::from_utf8_lossy(&bytes).into_owned();
    credential.scrub(&mut text);
    let matches = comparison.map(|comparison| complete && comparison.is_equal());
    let kept = match matches {
        Some(true) => 0,
        // Whole lists are needed, to find what has to be removed.
        None if Registration::owns(&probe.id) => cap,
        _ => Body::KEPT,
    };
    let read = if matches == Some(true) { length } else { bytes.len() as u32 };
    Body { text: cut(text, kept), bytes: read, complete, broken, matches, took_ms: None }
}

fn cut(mut text: String, characters: usize) -> String {
    if let Some((end, _)) = text.char_indices().nth(characters) {
        text.truncate(end);
    }
    text
}

/// Whether a copy that the browser keeps of a file will do.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Cached {
    /// The server is asked whether it is still good.
    AskAgain,
    /// Any copy is good: the file's name changes with what it holds.
    Good,
}

/// A text file that lies beside this page, such as `preflight.json`; `None` unless it is answered with 200 in
/// full. `name` is relative to the page and comes from this program, never from a link.
pub async fn own_file(name: &str, cached: Cached) -> Option<String> {
    let cache = if cached == Cached::Good { RequestCache::ForceCache } else { RequestCache::NoCache };
    let request = RequestBuilder::new(name).cache(cache).mode(RequestMode::SameOrigin);
    let request: web_sys::Request = request.build().ok()?.into();
    let slot = Slot::default();
    let _limit = clock::Timer::settle(5_000, &slot, Saw::TimedOut);
    let fetched = web_sys::window()?.fetch_with_request(&request);
    let response: Response = slot.or(fetched).await.ok()?.ok()?.dyn_into().ok()?;
    let text = response.ok().then(|| response.text().ok())??;
    slot.or(text).await.ok()?.ok()?.as_string()
}
