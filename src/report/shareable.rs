//! What may leave the page. [`Shareable::of`] and [`Shareable::new`] are the only ways to make one, and links, files and
//! what other programs are told take nothing else.

use super::{Report, texts};
use crate::deployment::{KeyPrefix, redact};
use crate::probe::{Answer, Body, Saw};

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
    /// Takes out what looks like a secret, wherever it stands.
    pub fn of(mut report: Report) -> Shareable {
        let shape = report.deployment.key_shape.clone();
        let prefixes = shape.map(|shape| shape.prefixes).unwrap_or_default();
        // First what is known by its place, then every text.
        for seen in &mut report.observations {
            redact_headers(&mut seen.probe.headers, &prefixes);
        }
        for answer in answers(&mut report) {
            redact_headers(&mut answer.headers, &prefixes);
        }
        texts::each(&mut report, &mut |text| *text = redact::text(text, &prefixes));
        Shareable(report)
    }

    /// The same, without what the switches leave out.
    pub fn new(mut report: Report, switches: Switches) -> Shareable {
        if !switches.bodies {
            for answer in answers(&mut report) {
                answer.body = Body { text: String::new(), ..answer.body.clone() };
            }
            leave_out_quotes(&mut report);
        }
        let Shareable(mut report) = Shareable::of(report);
        if !switches.hosts {
            let names = host_names(&mut report);
            texts::each(&mut report, &mut |text| {
                for (name, stand_in) in &names {
                    replace_name(text, name, stand_in);
                }
            });
        }
        Shareable(report)
    }

    /// What it holds.
    pub fn report(&self) -> &Report {
        &self.0
    }
}

/// The answers that anybody saw.
fn answers(report: &mut Report) -> impl Iterator<Item = &mut Answer> {
    let seen = report.observations.iter_mut().filter_map(|seen| match &mut seen.saw {
        Saw::Answer(answer) => Some(answer),
        _ => None,
    });
    seen.chain(report.second_opinion.iter_mut().filter_map(|seen| seen.answer.as_mut()))
}

fn redact_headers(headers: &mut [(String, String)], prefixes: &[KeyPrefix]) {
    for (name, value) in headers {
        *value = redact::header(name, value, prefixes);
    }
}

/// Sentences quote bodies between these marks, and nothing else ([`crate::probe::quoted`]).
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

/// The names of all hosts that a report speaks of, with their stand-ins, longest first.
fn host_names(report: &mut Report) -> Vec<(String, String)> {
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
    texts::each(report, &mut |text| {
        for after in text.split("://").skip(1) {
            let end = after.find(|c: char| !(c.is_ascii_alphanumeric() || "-._[]:@%".contains(c)));
            let authority = &after[..end.unwrap_or(after.len())];
            let host = authority.rsplit('@').next().unwrap_or_default();
            let host = match host.find(']') {
                Some(end) => &host[..=end],
                None => host.split(':').next().unwrap_or_default(),
            };
            add(host.trim_end_matches('.'));
        }
    });
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
