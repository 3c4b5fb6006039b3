//! `host-unreachable`

use super::prelude::*;

pub const CAUSE: Cause = Cause {
    code: "host-unreachable",
    class: Class::Infrastructure,
    hop: Hop::Network,
    owner: Owner::Network,
    title: "The host cannot be reached",
    fit,
    headline: |facts, host| {
        format!(
            "{} cannot be reached from this browser: every request fails without an answer, whichever way it is sent.",
            words::the(facts, host)
        )
    },
    fixes: |facts, host| {
        let name = words::name(facts, host);
        let mut fixes = vec![Fix::say(
            "You",
            format!(
                "Check the address for typing mistakes, and whether {name} needs a VPN. Open it in another tab: the browser's own error page names the reason."
            ),
        )];
        let literal = facts.deployment.base(host).is_some_and(|base| base.origin.is_ip());
        fixes.push(Fix::say(
            "Gateway",
            if literal { format!("Check that something listens at {name} and that no firewall refuses it.") } else { format!("Check that {name} has a DNS record, that something listens there, and that no firewall refuses it.") },
        ));
        fixes
    },
    tell: words::curl_verbose,
};

fn fit(symptom: &Symptom, facts: &Facts) -> Fit {
    let fits = symptom.kind == Kind::NoAnswer && facts.reach(symptom.host) == Reach::NoAnswer;
    // Something was written to a connection, so somebody accepted it.
    if fits && facts.stage(symptom.host) == Entry::Positive {
        return Fit::possible(15, &[Facts::open_id(symptom.host)]);
    }
    if fits { Fit::likely(80, &[Facts::open_id(symptom.host), &no_cors_id(symptom.host)]) } else { Fit::NO }
}
