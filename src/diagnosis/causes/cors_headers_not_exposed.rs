//! `cors-headers-not-exposed`

use super::prelude::*;

pub const CAUSE: Cause = Cause {
    code: "cors-headers-not-exposed",
    class: Class::Cors,
    hop: Hop::Gateway,
    owner: Owner::Gateway,
    title: "Pages cannot read when to try again",
    fit,
    headline: |facts, host| {
        format!(
            "{} refuses for now, and shows pages no Retry-After: either it sends none, or it does not expose it.",
            words::the(facts, host)
        )
    },
    fixes: only_cards,
    tell: |facts, host| {
        match facts.most_put_off(host) {
        Some(seen) => words::curl_telling(facts, &seen.probe.id),
        // A command would write once more.
        None => Some(
            "Open the network tab of DevTools and look for Retry-After in the headers of an answer with status 429."
                .to_owned(),
        ),
    }
    },
};

fn fit(symptom: &Symptom, facts: &Facts) -> Fit {
    if symptom.kind != Kind::HiddenHeaders {
        return Fit::NO;
    }
    let evidence: Vec<&str> =
        facts.put_off(symptom.host).map(|seen| seen.probe.id.as_str()).take(4).collect();
    // Whether it was sent at all, only the command shows.
    Fit::possible(40, &evidence)
}
