//! Parts of what stands on the wire: addresses, and what is kept of an answer.

use super::Exchange;
use super::secrets::Secrets;
use crate::probe::{Answer, Body};

/// Headers that are kept of an answer: those that tell a cause.
pub(super) const KEPT: [&str; 22] = [
    "access-control-allow-origin",
    "access-control-allow-credentials",
    "access-control-allow-headers",
    "access-control-allow-methods",
    "access-control-expose-headers",
    "vary",
    "location",
    "server",
    "via",
    "www-authenticate",
    "content-type",
    "content-length",
    "cross-origin-resource-policy",
    "x-frame-options",
    "x-content-type-options",
    "x-cache",
    "cf-mitigated",
    "age",
    "allow",
    "retry-after",
    "strict-transport-security",
    "content-encoding",
];
/// Characters that are kept of a header's value.
pub(super) const VALUE: usize = 300;
/// Cuts a body to its length and drops credentials from all that is kept.
pub(super) fn tidy(answer: &mut Answer, secrets: &Secrets) {
    let length: Option<usize> = answer.header("content-length").and_then(|length| length.parse().ok());
    let text = &mut answer.body.text;
    if let Some(length) = length.filter(|length| *length < text.len()) {
        let end = (0..=length).rev().find(|end| text.is_char_boundary(*end)).unwrap_or(0);
        text.truncate(end);
    }
    // A prompt may follow the body.
    if text.starts_with(['{', '[']) {
        let mut values = serde_json::Deserializer::from_str(text).into_iter::<serde_json::Value>();
        let end = values.next().is_some_and(|value| value.is_ok()).then(|| values.byte_offset());
        text.truncate(end.unwrap_or(text.len()));
    }
    let kept: String = secrets.dropped_from(text).chars().take(Body::KEPT).collect();
    answer.body.bytes = u32::try_from(text.len()).unwrap_or(u32::MAX);
    answer.body.complete = !answer.body.broken && kept.len() == text.len();
    answer.body.text = kept;
    for (name, value) in &mut answer.headers {
        if name == "location" {
            // Queries of sign-in pages hold states and codes.
            let end = value.find(['?', '#']).unwrap_or(value.len());
            value.truncate(end);
        }
        if !name.starts_with("access-control-") && name != "content-type" {
            *value = secrets.dropped_from(value);
        }
    }
}

/// The parts of an address.
pub(super) struct Address {
    secure: bool,
    host: Option<String>,
    port: Option<u16>,
    path: String,
}

impl Address {
    pub(super) fn of(url: &str) -> Address {
        let (scheme, rest) = url.split_once("://").unwrap_or(("http", url));
        let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
        let (authority, path) = rest.split_at(end);
        let authority = authority.rsplit('@').next().unwrap_or_default();
        let (host, port) = host_and_port(authority);
        let path = if path.starts_with('/') { path.to_owned() } else { format!("/{path}") };
        Address { secure: scheme.eq_ignore_ascii_case("https"), host, port, path }
    }

    pub(super) fn into_exchange(self, exchange: &mut Exchange) {
        exchange.secure = Some(self.secure);
        exchange.port = self.port.or(Some(if self.secure { 443 } else { 80 }));
        exchange.host = self.host;
        exchange.path = Some(self.path);
    }
}

pub(super) fn host_and_port(text: &str) -> (Option<String>, Option<u16>) {
    let text = text.trim();
    let (host, port) = match text.rfind(':') {
        Some(at) if !text.ends_with(']') && (text.starts_with('[') || text.matches(':').count() == 1) => {
            (&text[..at], text[at + 1..].parse().ok())
        }
        _ => (text, None),
    };
    ((!host.is_empty()).then(|| tidy_host(host)), port)
}

pub(super) fn tidy_host(host: &str) -> String {
    host.trim_matches(['[', ']'])
        .trim_end_matches(',')
        .chars()
        .take(260)
        .collect::<String>()
        .to_ascii_lowercase()
}

pub(super) fn leading_number(text: &str) -> Option<u16> {
    let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    text.get(..end)?.parse().ok()
}
