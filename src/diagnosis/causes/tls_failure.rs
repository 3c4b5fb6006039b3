//! `tls-failure`

use super::prelude::*;

pub const CAUSE: Cause = Cause {
    code: "tls-failure",
    class: Class::Infrastructure,
    hop: Hop::Network,
    owner: Owner::Gateway,
    title: "The certificate or the TLS set-up is refused",
    fit,
    headline: |facts, host| {
        let sure = facts.saw(&socket_id(host)).is_some_and(|seen| seen.saw == Saw::Closed(1015));
        let name = words::name(facts, host);
        if sure {
            format!("This browser refuses the certificate or the TLS set-up of {name}.")
        } else {
            format!("The certificate or TLS set-up of {name} may be one this browser refuses.")
        }
    },
    fixes: only_cards,
    tell: |facts, host| {
        let origin = &facts.deployment.base(host)?.origin;
        let name = origin.host.trim_start_matches('[').trim_end_matches(']');
        Some(format!(
            "openssl s_client -connect {}:{} -servername {name} </dev/null",
            origin.host, origin.port
        ))
    },
};

fn fit(symptom: &Symptom, facts: &Facts) -> Fit {
    let Some(base) = facts.deployment.base(symptom.host) else { return Fit::NO };
    if symptom.kind != Kind::NoAnswer || facts.reach(symptom.host) != Reach::NoAnswer || !base.origin.secure {
        return Fit::NO;
    }
    // Firefox closes a socket with 1015 for every TLS failure and for nothing else (fact 5).
    let socket = socket_id(symptom.host);
    if facts.saw(&socket).is_some_and(|seen| seen.saw == Saw::Closed(1015)) {
        return Fit::certain(&[&socket, Facts::open_id(symptom.host)]);
    }
    // Certificates for bare addresses and private names are rarely from an authority that browsers know.
    let odd = base.origin.is_ip() || base.origin.is_private();
    Fit::possible(if odd { 75 } else { 60 }, &[Facts::open_id(symptom.host)])
}
