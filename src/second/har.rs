//! Reads a HAR file (HTTP Archive 1.2) that DevTools saved: of Chromium and its kin, or of Firefox.

use super::secrets::Secrets;
use super::wire::{Address, KEPT, tidy};
use super::{EXCHANGES, Exchange, HAR_LIMIT, Unreadable};
use crate::deployment::redact::is_secret_header;
use crate::probe::{Answer, Body, Came};
use serde_json::Value;

/// The program that writes this page's own HAR files: they say what the page saw, and are no second opinion.
const OWN: &str = "Preflight";
/// Entries that are looked at.
const ENTRIES: usize = 5_000;
/// Headers that are looked at.
const HEADERS: usize = 200;

/// Reads the text of a file that begins like JSON.
pub fn read(text: &str) -> Result<Vec<Exchange>, Unreadable> {
    if text.len() > HAR_LIMIT {
        return Err(Unreadable::TooLarge);
    }
    let json: Value = serde_json::from_str(text).map_err(|_| Unreadable::BrokenJson)?;
    let Some(entries) = json.get("log").and_then(|log| log.get("entries")).and_then(Value::as_array) else {
        let is_report = json.get("observations").is_some() && json.get("verdict").is_some();
        return Err(if is_report { Unreadable::Report } else { Unreadable::OtherJson });
    };
    let creator = text_of(json.pointer("/log/creator/name"));
    if creator == OWN {
        return Err(Unreadable::Report);
    }
    let by = match creator {
        "WebInspector" => "DevTools".to_owned(),
        "" => "the HAR file".to_owned(),
        name => format!("DevTools of {}", name.chars().take(40).collect::<String>()),
    };
    let read: Vec<Exchange> =
        entries.iter().take(ENTRIES).filter_map(|entry| exchange(entry, &by)).take(EXCHANGES).collect();
    if read.is_empty() { Err(Unreadable::EmptyHar) } else { Ok(read) }
}

fn text_of(value: Option<&Value>) -> &str {
    value.and_then(Value::as_str).unwrap_or_default()
}

/// The headers of a request or an answer, names in lower case.
fn headers(of: &Value) -> impl Iterator<Item = (String, &str)> {
    let list = of.get("headers").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    list.iter().take(HEADERS).filter_map(|header| {
        Some((header.get("name")?.as_str()?.to_ascii_lowercase(), header.get("value")?.as_str()?))
    })
}

fn exchange(entry: &Value, by: &str) -> Option<Exchange> {
    let request = entry.get("request")?;
    let url = request.get("url")?.as_str().filter(|url| url.starts_with("http"))?;
    let mut secrets = Secrets::default();
    let mut it = Exchange {
        by: by.to_owned(),
        method: Some(text_of(request.get("method")).to_ascii_uppercase()),
        shows_headers: true,
        ..Exchange::default()
    };
    Address::of(url).into_exchange(&mut it);
    for (name, value) in headers(request) {
        match name.as_str() {
            "origin" => it.origin = Some(value.to_owned()),
            "access-control-request-method" => it.asks_method = Some(value.to_ascii_uppercase()),
            name if is_secret_header(name) => {
                it.keyed = true;
                secrets.remember(value);
            }
            _ => {}
        }
    }
    let response = entry.get("response")?;
    let status = response.get("status").and_then(Value::as_u64).and_then(|status| u16::try_from(status).ok());
    let error = text_of(response.get("_error"));
    if let Some(status) = status.filter(|status| (100..600).contains(status)) {
        it.came = Some(Came::Answered);
        it.answer = Some(answer(response, status, &mut secrets));
    } else {
        let error = if error.is_empty() { text_of(response.get("statusText")) } else { error };
        it.came = came(error);
        it.says = error.chars().take(80).collect();
        // Firefox names no errors, and marks what failed in TLS.
        if it.secure == Some(true) && text_of(entry.get("_securityState")) == "broken" {
            (it.came, it.says) = (Some(Came::Handshake), "security state: broken".to_owned());
        }
    }
    // The browser's own refusals stand beside an answer at times.
    if let Some(came @ (Came::BlockedByClient | Came::BlockedLocally | Came::BlockedByResponse)) = came(error)
    {
        (it.came, it.says) = (Some(came), error.chars().take(80).collect());
    }
    Some(it)
}

fn answer(response: &Value, status: u16, secrets: &mut Secrets) -> Answer {
    let mut kept = Vec::new();
    for (name, value) in headers(response) {
        if is_secret_header(&name) {
            secrets.remember(value);
        } else if KEPT.contains(&name.as_str()) {
            // DevTools joins headers of one name by line ends.
            kept.extend(value.split('\n').map(|value| (name.clone(), value.chars().take(300).collect())));
        }
    }
    // Its length is that of the wire, and the text may have been compressed there.
    kept.retain(|(name, _)| name != "content-length");
    let content = response.get("content");
    let is_text = content.and_then(|content| content.get("encoding")).is_none();
    let text = content.and_then(|content| content.get("text")).and_then(Value::as_str).filter(|_| is_text);
    let text: String = text.unwrap_or_default().chars().take(Body::KEPT * 4).collect();
    let mut answer = Answer {
        status,
        landed: None,
        queued_ms: None,
        headers: kept,
        body: Body { text, ..Body::default() },
    };
    tidy(&mut answer, secrets);
    // Chromium keeps the text of answers that a page may not read from DevTools as well.
    answer.body.complete &= !answer.body.text.is_empty();
    answer
}

/// What the names of Chromium's and Firefox's errors mean.
fn came(error: &str) -> Option<Came> {
    let has = |marks: &[&str]| marks.iter().any(|mark| error.contains(mark));
    let came = if has(&["ERR_NAME_NOT_RESOLVED", "ERR_NAME_RESOLUTION_FAILED", "NS_ERROR_UNKNOWN_HOST"]) {
        Came::NameUnknown
    } else if has(&["ERR_CONNECTION_REFUSED", "ERR_ADDRESS_UNREACHABLE", "NS_ERROR_CONNECTION_REFUSED"]) {
        Came::Refused
    } else if has(&["ERR_CONNECTION_TIMED_OUT", "ERR_TIMED_OUT", "NS_ERROR_NET_TIMEOUT"]) {
        Came::Silent
    } else if has(&["ERR_CERT_DATE_INVALID", "SEC_ERROR_EXPIRED_CERTIFICATE"]) {
        Came::CertificateExpired
    } else if has(&["ERR_CERT_COMMON_NAME_INVALID", "SSL_ERROR_BAD_CERT_DOMAIN"]) {
        Came::CertificateName
    } else if has(&["ERR_CERT_", "SEC_ERROR_", "MOZILLA_PKIX_ERROR"]) {
        // The browser's own judgement, so it does not matter whose authorities it knows.
        Came::CertificateSelfSigned
    } else if has(&["ERR_SSL_", "SSL_ERROR_"]) {
        Came::Handshake
    } else if has(&["ERR_BLOCKED_BY_CLIENT", "ERR_BLOCKED_BY_ADMINISTRATOR"]) {
        Came::BlockedByClient
    } else if has(&["LOCAL_NETWORK_ACCESS", "PRIVATE_NETWORK_ACCESS"]) {
        Came::BlockedLocally
    } else if has(&["ERR_BLOCKED_BY_RESPONSE"]) {
        Came::BlockedByResponse
    } else if has(&["ERR_INVALID_HTTP_RESPONSE"]) {
        Came::NotHttp
    } else if has(&[
        "ERR_CONNECTION_RESET",
        "ERR_CONNECTION_CLOSED",
        "ERR_EMPTY_RESPONSE",
        "ERR_CONNECTION_ABORTED",
        "NS_ERROR_NET_RESET",
        "NS_ERROR_NET_INTERRUPT",
        "NS_ERROR_NET_EMPTY_RESPONSE",
        "ERR_HTTP2_PROTOCOL_ERROR",
        "ERR_QUIC_PROTOCOL_ERROR",
    ]) {
        Came::Broken
    } else {
        return None;
    };
    Some(came)
}
