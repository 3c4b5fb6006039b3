//! `local-network-permission`

use super::prelude::*;

pub const CAUSE: Cause = Cause {
    code: "local-network-permission",
    class: Class::Client,
    hop: Hop::Browser,
    owner: Owner::You,
    title: "The browser did not let this page into the local network",
    fit,
    headline: |facts, host| {
        format!(
            "{} is an address of a private network, and this browser {} for pages of {}.",
            words::name(facts, host),
            if facts.environment.local_network.as_deref() == Some("denied") {
                "refuses those"
            } else {
                "asks first"
            },
            words::page(facts)
        )
    },
    fixes: only_cards,
    tell: |_, _| {
        Some(
            "Open the site settings from the address bar and read the entry “local network access”."
                .to_owned(),
        )
    },
};

fn fit(symptom: &Symptom, facts: &Facts) -> Fit {
    if !matches!(symptom.kind, Kind::NoAnswer | Kind::Unreadable)
        || !facts.local_network_in_doubt(symptom.host)
    {
        return Fit::NO;
    }
    let private = facts.deployment.base(symptom.host).is_some_and(|base| base.origin.is_private());
    let is_asked = facts.is_asked_for_local_network(symptom.host);
    let evidence = [Facts::open_id(symptom.host), &socket_id(symptom.host)];
    let socket_opened = facts.saw(&socket_id(symptom.host)).is_some_and(|seen| seen.saw == Saw::Opened);
    match (facts.environment.local_network.as_deref(), facts.reach(symptom.host)) {
        // Firefox asks before fetches and not before sockets: the host is there, and only the question is between.
        (Some("prompt"), Reach::Unreadable) if socket_opened && hangs(facts, symptom.host) => {
            Fit::certain(&evidence)
        }
        (Some("denied"), Reach::NoAnswer) => Fit::likely(if private { 95 } else { 50 }, &evidence),
        (Some("prompt"), Reach::Silent) if private && is_asked => Fit::likely(95, &evidence),
        (Some("prompt"), Reach::Silent) => Fit::possible(20, &evidence),
        // Without a window to ask in, Chromium refuses at once.
        (Some("prompt"), Reach::NoAnswer) if private && is_asked => Fit::possible(45, &evidence),
        _ => Fit::NO,
    }
}

/// Fetches are neither answered nor refused.
fn hangs(facts: &Facts, host: Host) -> bool {
    let timed_out = |id: &str| facts.saw(id).is_some_and(|seen| seen.saw == Saw::TimedOut);
    timed_out(Facts::open_id(host)) && timed_out(&no_cors_id(host))
}
