//! Words that several causes use, with the user's own values.

use crate::checks::describe;
use crate::deployment::Host;
use crate::deployment::credential::Presented;
use crate::probe::{curl, quoted};
use crate::registration::content;
use crate::run::Facts;

/// The origin of a host.
pub fn origin(facts: &Facts, host: Host) -> String {
    facts.deployment.base(host).map(|base| base.origin.to_string()).unwrap_or_default()
}

/// The host name with its port, for the middle of a sentence.
pub fn name(facts: &Facts, host: Host) -> String {
    let origin = origin(facts, host);
    origin.split("://").nth(1).unwrap_or_default().to_owned()
}

/// "The gateway at …" or "The auth service at …".
pub fn the(facts: &Facts, host: Host) -> String {
    match host {
        Host::Auth => format!("The auth service at {}", name(facts, host)),
        _ => format!("The registry at {}", name(facts, host)),
    }
}

/// This page's origin, which servers decide by.
pub fn page(facts: &Facts) -> String {
    facts.environment.page_origin.to_string()
}

/// A readable answer to a question in a few words: "401 Unauthorized (application/json) after 12 ms".
pub fn seen(facts: &Facts, id: &str) -> String {
    facts.saw(id).map(describe).unwrap_or_else(|| "nothing".to_owned())
}

/// What a server said, cut and in quotes; empty when it said nothing.
pub fn said(facts: &Facts, id: &str) -> String {
    let text = facts.answer(id).map(|answer| answer.error_text()).unwrap_or_default();
    if text.is_empty() { text } else { quoted(&text, 160) }
}

/// The command that shows everything about reaching a host: name, connection, certificate, answer.
pub fn curl_verbose(facts: &Facts, host: Host) -> Option<String> {
    Some(curl::verbose(&[facts.open_target(host)?], &facts.environment.page_origin))
}

/// The same for the open path and MLflow's search, without a key.
pub fn curl_both(facts: &Facts, host: Host) -> Option<String> {
    let mut targets = vec![facts.open_target(host)?];
    if host == Host::Registry {
        targets.push(facts.search_target());
    }
    Some(curl::verbose(&targets, &facts.environment.page_origin))
}

/// The command that asks what a probe asked.
pub fn curl_for(facts: &Facts, id: &str) -> Option<String> {
    let probe = &facts.saw(id)?.probe;
    let command = curl::command(
        probe,
        &facts.deployment.scheme,
        facts.deployment.key_shape.as_ref(),
        &facts.environment.page_origin,
    );
    Some(content::with_bytes(command, probe))
}

/// The same, in a form whose output says what was asked and not with which key.
pub fn curl_telling(facts: &Facts, id: &str) -> Option<String> {
    let probe = &facts.saw(id)?.probe;
    if probe.presented == Presented::Nothing {
        return Some(curl::verbose(std::slice::from_ref(&probe.target), &facts.environment.page_origin));
    }
    let marked = curl::command(
        probe,
        &facts.deployment.scheme,
        facts.deployment.key_shape.as_ref(),
        &facts.environment.page_origin,
    );
    Some([&marked, curl::MARKED].concat())
}

/// The command that shows the browser's permission question for the decisive request.
pub fn curl_preflight(facts: &Facts) -> Option<String> {
    curl_preflight_for(facts, facts.search_id())
}

/// The same for any request.
pub fn curl_preflight_for(facts: &Facts, id: &str) -> Option<String> {
    let seen = facts.saw(id)?;
    Some(curl::preflight_command(&seen.probe, &facts.deployment.scheme, &facts.environment.page_origin))
}
