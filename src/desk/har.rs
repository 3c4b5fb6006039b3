//! The report as HAR 1.2, for DevTools and other tools that read it. A page does not see everything a HAR file may hold:
//! what it did not see is said in a comment and never made up. The report itself goes along in `_preflight`, so that the
//! file can be dropped back in.

use super::time;
use crate::checks::{describe, reason_phrase};
use crate::deployment::credential::Presented;
use crate::deployment::redact::MARK;
use crate::probe::{Observation, Probe, Saw, words};
use crate::report::{Report, Shareable};
use serde_json::{Value, json};

/// The member that holds the report.
pub const OWN: &str = "_preflight";

/// Writes it.
pub fn write(shareable: &Shareable) -> String {
    let report = shareable.report();
    let entries: Vec<Value> = report.observations.iter().map(|seen| entry(report, seen)).collect();
    let har = json!({ "log": {
        "version": "1.2",
        "creator": { "name": "Preflight", "version": report.version },
        "browser": { "name": report.environment.user_agent, "version": "" },
        "pages": [{
            "startedDateTime": time::later(&report.environment.started_at, 0),
            "id": "run",
            "title": report.deployment.mlflow.to_string(),
            "pageTimings": {},
        }],
        "entries": entries,
        "comment": "What a page saw of its own requests. Status 0 stands where the browser did not show the answer to the page; the comment says what it showed.",
        OWN: report,
    }});
    super::pretty(&har)
}

fn entry(report: &Report, seen: &Observation) -> Value {
    let comment = [words::asked(&seen.probe), ": ".to_owned(), describe(seen)].concat();
    json!({
        "pageref": "run",
        "startedDateTime": time::later(&report.environment.started_at, seen.start_ms),
        "time": seen.ms,
        "request": request(report, &seen.probe),
        "response": response(seen),
        "cache": {},
        "timings": timings(seen),
        "comment": comment,
        "_resourceType": "fetch",
        "_probe": seen.probe.id,
    })
}

/// A page sees when the headers came and when the body ended; what was before the request left, only where the server
/// shows it.
fn timings(seen: &Observation) -> Value {
    let answer = seen.answer();
    let body = answer.and_then(|answer| answer.body.took_ms);
    let receive = body.unwrap_or(0).min(seen.ms);
    let queued = answer.and_then(|answer| answer.queued_ms);
    let blocked = queued.unwrap_or(0).min(seen.ms - receive);
    let mut timings = json!({ "send": 0, "wait": seen.ms - receive - blocked, "receive": receive });
    if queued.is_some() {
        timings["blocked"] = json!(blocked);
    }
    timings["comment"] = json!(match (queued, body) {
        (Some(_), _) =>
            "What comes before the request is all counted as blocked: connection and permission, too.",
        (None, Some(_)) =>
            "A page sees nothing of what comes before the headers; all of it is counted as waiting.",
        (None, None) => "A page sees the whole time only; all of it is counted as waiting.",
    });
    timings
}

fn request(report: &Report, probe: &Probe) -> Value {
    let url = [probe.target.origin.to_string(), uri(&probe.target.path)].concat();
    let mut headers: Vec<Value> =
        probe.headers.iter().map(|(name, value)| json!({ "name": name, "value": value })).collect();
    if matches!(probe.presented, Presented::Fake | Presented::Key) {
        let scheme = probe.scheme(&report.deployment.scheme);
        headers.extend(scheme.header_names().iter().map(|name| json!({ "name": name, "value": MARK })));
    }
    let query = probe.target.path.split_once('?').map_or("", |(_, query)| query);
    let query: Vec<Value> = query
        .split('&')
        .filter(|part| !part.is_empty())
        .map(|part| {
            let (name, value) = part.split_once('=').unwrap_or((part, ""));
            json!({ "name": name, "value": value })
        })
        .collect();
    let mut request = json!({
        "method": probe.method.name(),
        "url": url,
        "httpVersion": "",
        "cookies": [],
        "headers": headers,
        "queryString": query,
        "headersSize": -1,
        "bodySize": probe.body.as_ref().map_or(0, String::len),
        "comment": "Headers that the browser adds itself are not known to the page.",
    });
    if let Some(body) = &probe.body {
        request["postData"] = json!({ "mimeType": "application/json", "text": body });
    }
    request
}

/// What no URI holds, as escapes (RFC 3986).
fn uri(path: &str) -> String {
    let mut out = String::new();
    for byte in path.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~:/?#@!$&'()*+,;=%".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}

fn response(seen: &Observation) -> Value {
    let Saw::Answer(answer) = &seen.saw else {
        let said = describe(seen);
        return json!({
            "status": 0, "statusText": "", "httpVersion": "", "cookies": [], "headers": [],
            "content": { "size": 0, "mimeType": "", "comment": "Not shown to the page." },
            "redirectURL": "", "headersSize": -1, "bodySize": -1,
            "comment": said, "_error": said,
        });
    };
    let body = &answer.body;
    let headers: Vec<Value> =
        answer.headers.iter().map(|(name, value)| json!({ "name": name, "value": value })).collect();
    let whole = body.complete && !body.broken;
    let comment = match (whole, &answer.landed) {
        (_, Some(landed)) => ["The browser followed redirects to ", landed, "."].concat(),
        (false, None) => "The body was not read to its end.".to_owned(),
        (true, None) => String::new(),
    };
    json!({
        "status": answer.status,
        "statusText": reason_phrase(answer.status),
        "httpVersion": "",
        "cookies": [],
        "headers": headers,
        "content": {
            "size": body.bytes,
            "mimeType": answer.header("content-type").unwrap_or_default(),
            "text": body.text,
            "comment": "At most the beginning, without what looks like a secret.",
        },
        "redirectURL": "",
        "headersSize": -1,
        "bodySize": -1,
        "comment": comment,
    })
}
