//! `port-blocked`

use super::prelude::*;

pub const CAUSE: Cause = Cause {
    code: "port-blocked",
    class: Class::Client,
    hop: Hop::Browser,
    owner: Owner::Gateway,
    title: "Browsers refuse this port",
    fit,
    headline: |facts, host| {
        let port = facts.deployment.base(host).map_or(0, |base| base.origin.port);
        format!(
            "Browsers never send requests to port {port}, so no web page can use {}.",
            words::name(facts, host)
        )
    },
    fixes: only_cards,
    tell: nothing_more,
};

fn fit(symptom: &Symptom, facts: &Facts) -> Fit {
    if symptom.kind == Kind::NoAnswer && facts.is_port_blocked(symptom.host) {
        Fit::certain(&[])
    } else {
        Fit::NO
    }
}
