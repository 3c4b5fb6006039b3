//! What may leave the page. [`Shareable::new`] is the only way to make one, and every export takes nothing else.

use super::Report;
use crate::deployment::{KeyPrefix, redact};
use crate::probe::{Body, Saw};
use serde_json::Value;

/// What the user lets out besides what a reader needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Switches {
    /// Host names as they are; otherwise each becomes `host-1`, `host-2`, …
    pub hosts: bool,
    /// Bodies of answers and what is quoted from them.
    pub bodies: bool,
}

impl Switches {
    /// Everything that is no secret.
    pub const ALL: Switches = Switches { hosts: true, bodies: true };
}

/// A report without secrets, as the switches want it.
pub struct Shareable(Report);

impl Shareable {
    /// Takes out what looks like a secret, wherever it stands, and what the switches leave out.
    pub fn new(mut report: Report, switches: Switches) -> Shareable {
        let shape = report.deployment.key_shape.clone();
        let prefixes = shape.map(|shape| shape.prefixes).unwrap_or_default();
        // First what is known by its place, then every text.
        for seen in &mut report.observations {
            redact_headers(&mut seen.probe.headers, &prefixes);
            if let Saw::Answer(answer) = &mut seen.saw {
                redact_headers(&mut answer.headers, &prefixes);
                if !switches.bodies {
                    answer.body = Body { text: String::new(), ..answer.body.clone() };
                }
            }
        }
        for answer in report.second_opinion.iter_mut().filter_map(|seen| seen.answer.as_mut()) {
            redact_headers(&mut answer.headers, &prefixes);
            if !switches.bodies {
                answer.body = Body { text: String::new(), ..answer.body.clone() };
            }
        }
        if !switches.bodies {
            leave_out_quotes(&mut report);
        }
        let names = if switches.hosts { Vec::new() } else { host_names(&report) };
        let change = |text: &mut String| {
            *text = redact::text(text, &prefixes);
            for (name, stand_in) in &names {
                replace_name(text, name, stand_in);
            }
        };
        Shareable(each_text(report, &change))
    }

    /// What it holds.
    pub fn report(&self) -> &Report {
        &self.0
    }
}

fn redact_headers(headers: &mut [(String, String)], prefixes: &[KeyPrefix]) {
    for (name, value) in headers {
        *value = redact::header(name, value, prefixes);
    }
}

/// Sentences quote bodies between these marks, and nothing else.
fn leave_out_quotes(report: &mut Report) {
    let checks = report.checks.iter_mut().map(|check| &mut check.actual);
    let sentences = report.sentences.iter_mut().map(|sentence| &mut sentence.headline);
    for text in checks.chain(sentences) {
        let mut parts = text.split('“');
        let mut kept = parts.next().unwrap_or_default().to_owned();
        for part in parts {
            kept.push_str("“…”");
            kept.push_str(part.split_once('”').map_or("", |(_, after)| after));
        }
        *text = kept;
    }
}

/// Every text of a report, whatever its place: what is added to reports later is not forgotten here.
fn each_text(report: Report, change: &impl Fn(&mut String)) -> Report {
    let Ok(mut value) = serde_json::to_value(&report) else { return report };
    walk(&mut value, change);
    // Names of variants and members are no words of the wire; only if one of them were changed, this would fail.
    serde_json::from_value(value).unwrap_or_else(|_| Report { observations: Vec::new(), ..report })
}

fn walk(value: &mut Value, change: &impl Fn(&mut String)) {
    match value {
        Value::String(text) => change(text),
        Value::Array(list) => list.iter_mut().for_each(|item| walk(item, change)),
        Value::Object(object) => object.values_mut().for_each(|item| walk(item, change)),
        _ => {}
    }
}

/// The names of all hosts that a report speaks of, with their stand-ins, longest first.
fn host_names(report: &Report) -> Vec<(String, String)> {
    let mut found: Vec<String> = Vec::new();
    let mut add = |name: &str| {
        let name = name.to_ascii_lowercase();
        if name.len() > 1 && !found.contains(&name) {
            found.push(name);
        }
    };
    let deployment = &report.deployment;
    add(&deployment.mlflow.origin.host);
    deployment.auth.iter().for_each(|auth| add(&auth.base.origin.host));
    add(&report.environment.page_origin.host);
    if let Ok(mut value) = serde_json::to_value(report) {
        let found = std::cell::RefCell::new(add);
        walk(&mut value, &|text: &mut String| {
            for after in text.split("://").skip(1) {
                let end = after.find(|c: char| !(c.is_ascii_alphanumeric() || "-._[]:@%".contains(c)));
                let authority = &after[..end.unwrap_or(after.len())];
                let host = authority.rsplit('@').next().unwrap_or_default();
                let host = match host.find(']') {
                    Some(end) => &host[..=end],
                    None => host.split(':').next().unwrap_or_default(),
                };
                (found.borrow_mut())(host.trim_end_matches('.'));
            }
        });
    }
    let mut names: Vec<(String, String)> = Vec::new();
    for (index, name) in found.into_iter().enumerate() {
        let longer = names.partition_point(|(other, _)| other.len() >= name.len());
        names.insert(longer, (name, format!("host-{}", index + 1)));
    }
    names
}

/// Replaces a host's name where it stands alone, in any case.
fn replace_name(text: &mut String, name: &str, stand_in: &str) {
    let lower = text.to_ascii_lowercase();
    let in_name = |c: char| c.is_ascii_alphanumeric() || c == '-';
    let (mut out, mut copied) = (String::new(), 0);
    for (at, _) in lower.match_indices(name) {
        let before = lower[..at].chars().next_back().is_some_and(in_name);
        let after = lower[at + name.len()..].chars().next().is_some_and(in_name);
        if !before && !after {
            out.push_str(&text[copied..at]);
            out.push_str(stand_in);
            copied = at + name.len();
        }
    }
    if copied > 0 {
        out.push_str(&text[copied..]);
        *text = out;
    }
}
