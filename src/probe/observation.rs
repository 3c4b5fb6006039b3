//! What the browser saw of one probe.

use super::Probe;
use crate::json::{self, Value};
use serde::{Deserialize, Serialize};

/// What the browser saw of one probe, with times in milliseconds.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Observation {
    /// The question.
    pub probe: Probe,
    /// When it was sent, since the start of the run.
    pub start_ms: u32,
    /// How long it took until this was known, body included.
    pub ms: u32,
    /// What came.
    pub saw: Saw,
    /// The resource timing entry of a request that failed.
    pub entry: Entry,
}

/// What came of a probe.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Saw {
    /// An answer that this page may read.
    Answer(Answer),
    /// An answer that this page may not read (`no-cors`).
    Opaque,
    /// A redirect that carries CORS headers (`redirect: 'manual'`).
    OpaqueRedirect,
    /// The browser's `TypeError`: one text for every cause (browser-observability.md, fact 1).
    NetworkError,
    /// Nothing until the page's own time limit.
    TimedOut,
    /// The user stopped the run.
    Stopped,
    /// An element's `load` event.
    Loaded,
    /// An element's `error` event.
    Errored,
    /// A WebSocket closed; the code is 1006 for almost everything, 1015 for TLS failures in Firefox.
    Closed(u16),
    /// A WebSocket opened.
    Opened,
    /// The request was refused while it was built, or must not be sent; with the reason.
    NotSent(String),
}

/// The resource timing entry of a request without a readable answer (browser-observability.md, fact 4).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Entry {
    /// Not looked at.
    #[default]
    Unknown,
    /// There is none.
    Absent,
    /// Duration 0.
    Zero,
    /// Duration above 0.
    Positive,
}

/// An answer that this page may read.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Answer {
    /// HTTP status.
    pub status: u16,
    /// Where redirects led, as a URL without query, when some were followed to get here.
    pub landed: Option<String>,
    /// The headers that are exposed to this page, names in lower case.
    pub headers: Vec<(String, String)>,
    /// What could be read of the body.
    pub body: Body,
    /// How long the browser waited before it sent the request, milliseconds: for a free connection, to make one, for
    /// permission (OPTIONS). Only servers that allow it show this to pages (Resource Timing, `Timing-Allow-Origin`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub queued_ms: Option<u32>,
}

/// The beginning of a body.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Body {
    /// Its beginning as text (invalid UTF-8 replaced), at most [`Body::KEPT`] characters.
    pub text: String,
    /// Bytes that were read.
    pub bytes: u32,
    /// False when it was cut at the cap, at the time limit, or by an error.
    pub complete: bool,
    /// True when the connection failed inside the body.
    pub broken: bool,
    /// Whether every byte is as it was uploaded, where that was looked at; then no text is kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub matches: Option<bool>,
    /// How long it took from the headers to its end, milliseconds. Short reports leave it out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub took_ms: Option<u32>,
}

impl Body {
    /// Bytes that are read of a body at the most.
    pub const CAP: u32 = 65_536;
    /// Characters that are kept of it.
    pub const KEPT: usize = 4_096;
}

impl Body {
    /// True when the answer's headers came and its body did not come to its end, other than by this page's own cap.
    pub fn is_cut(&self) -> bool {
        !self.complete && self.bytes < Self::CAP
    }
}

impl Body {
    /// True when there was more than what is kept.
    pub fn is_shortened(&self) -> bool {
        self.text.len() >= Self::KEPT
    }
}

impl Answer {
    /// The value of a header that this page may read.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// The media type without parameters, lower case; empty when absent. Nothing else that a server may have written
    /// there: it stands in sentences.
    pub fn media_type(&self) -> String {
        let full = self.header("content-type").unwrap_or_default().trim_start();
        let end = full.bytes().position(|c| !(c.is_ascii_alphanumeric() || b"/+-._".contains(&c)));
        full.get(..end.unwrap_or(full.len())).unwrap_or_default().to_ascii_lowercase()
    }

    /// The body as JSON; `None` when it is none. Cut bodies are none.
    pub fn json(&self) -> Option<Value> {
        json::parse(&self.body.text).ok()
    }

    /// True for 200 to 299.
    pub fn ok(&self) -> bool {
        (200..300).contains(&self.status)
    }

    /// The human text of an error body: `detail` or `message` or `error` of a JSON object (as string, list or
    /// object), or the plain text itself; empty for HTML and for nothing.
    pub fn error_text(&self) -> String {
        let words = |value: &Value| match value {
            Value::String(text) => text.clone(),
            other => other.to_string(),
        };
        match self.json() {
            Some(Value::Object(object)) => {
                let found = ["detail", "message", "msg", "error_description", "error", "reason"]
                    .iter()
                    .find_map(|name| object.get(name));
                found.map(words).unwrap_or_default()
            }
            Some(Value::String(text)) => text,
            Some(_) => String::new(),
            None if self.media_type().ends_with("html") && self.body.text.trim_start().starts_with('<') => {
                String::new()
            }
            None => self.body.text.clone(),
        }
    }
}

impl Observation {
    /// The readable answer, if there is one.
    pub fn answer(&self) -> Option<&Answer> {
        match &self.saw {
            Saw::Answer(answer) => Some(answer),
            _ => None,
        }
    }

    /// The status of the readable answer.
    pub fn status(&self) -> Option<u16> {
        self.answer().map(|answer| answer.status)
    }

    /// True when some HTTP answer surely arrived, readable or not.
    pub fn proves_answer(&self) -> bool {
        // An element's `load` proves it only where the element was calibrated; its `error` proves nothing.
        matches!(self.saw, Saw::Answer(_) | Saw::Opaque | Saw::OpaqueRedirect | Saw::Opened)
    }

    /// True when it left this browser, as far as can be known, and was not stopped.
    pub fn was_asked(&self) -> bool {
        !matches!(self.saw, Saw::NotSent(_) | Saw::Stopped)
    }

    /// True when the request failed or never ended, whatever the reason.
    pub fn failed(&self) -> bool {
        matches!(self.saw, Saw::NetworkError | Saw::TimedOut)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn error_texts_of_all_shapes() {
        let answer = |content_type: &str, text: &str| Answer {
            status: 401,
            landed: None,
            queued_ms: None,
            headers: vec![("content-type".into(), content_type.into())],
            body: Body { text: text.into(), ..Body::default() },
        };
        for (content_type, text, words) in [
            ("application/json", "{\"detail\":\"API key required\"}", "API key required"),
            ("application/json", "{\"detail\":[{\"msg\":\"x\"}]}", "[{\"msg\":\"x\"}]"),
            ("application/json", "{\"error_code\":\"A\",\"message\":\"m\"}", "m"),
            ("application/json", "\"just text\"", "just text"),
            ("text/html", "You are not authenticated.", "You are not authenticated."),
            ("text/html; charset=utf-8", "<html>x", ""),
            ("text/plain", "Invalid Host header", "Invalid Host header"),
            ("", "", ""),
        ] {
            assert_eq!(answer(content_type, text).error_text(), words, "{text}");
        }
    }
}
