//! `mixed-content`

use super::prelude::*;

pub const CAUSE: Cause = Cause {
    code: "mixed-content",
    class: Class::Client,
    hop: Hop::Browser,
    owner: Owner::Gateway,
    title: "An https page may not ask an http address",
    fit,
    headline: |facts, host| {
        format!(
            "This page came over https and {} is plain http, so the browser {} nothing there.",
            words::origin(facts, host),
            if facts.may_be_mixed_content(host) { "may send" } else { "sends" }
        )
    },
    fixes: |facts, host| {
        let secure = words::origin(facts, host).replacen("http:", "https:", 1);
        vec![Fix::say("You", format!("If the host also answers over https, type {secure} instead."))]
    },
    tell: nothing_more,
};

fn fit(symptom: &Symptom, facts: &Facts) -> Fit {
    // Known from the two addresses alone: no look-alike (Mixed Content standard; measured, 2c).
    match symptom.kind {
        Kind::NoAnswer if facts.is_mixed_content(symptom.host) => Fit::certain(&[]),
        Kind::NoAnswer if facts.may_be_mixed_content(symptom.host) => {
            let allowed = facts.environment.local_network.as_deref() == Some("granted");
            let evidence = [Facts::open_id(symptom.host)];
            if allowed { Fit::possible(40, &evidence) } else { Fit::likely(88, &evidence) }
        }
        // A redirect from https to http.
        Kind::Unreadable if facts.redirects(symptom.host) && facts.environment.page_origin.secure => {
            Fit::possible(50, &[&manual_id(symptom.host)])
        }
        _ => Fit::NO,
    }
}
