//! `timeout`

use super::prelude::*;

pub const CAUSE: Cause = Cause {
    code: "timeout",
    class: Class::Infrastructure,
    hop: Hop::Network,
    owner: Owner::Gateway,
    title: "The host does not answer in time",
    fit,
    headline: |facts, host| {
        if stalled(facts) {
            return format!(
                "{} begins its answers and does not end them: the headers come, the rest does not.",
                words::the(facts, host)
            );
        }
        format!(
            "{} is silent: nothing came within {} s, while this page's own server answers.",
            words::the(facts, host),
            seconds(facts.limits.probe_timeout_ms)
        )
    },
    fixes: only_cards,
    tell: words::curl_verbose,
};

fn seconds(ms: u32) -> String {
    if ms.is_multiple_of(1000) {
        (ms / 1000).to_string()
    } else {
        format!("{}.{}", ms / 1000, ms % 1000 / 100)
    }
}

fn fit(symptom: &Symptom, facts: &Facts) -> Fit {
    if symptom.kind == Kind::WriteFails {
        let late = |seen: &Observation| seen.saw == Saw::TimedOut;
        return failed_write(facts, late).map_or(Fit::NO, |seen| Fit::likely(60, &[&seen.probe.id]));
    }
    if symptom.kind == Kind::CutBody {
        // The headers came and the rest did not, without the connection breaking.
        return if stalled(facts) { Fit::certain(&[facts.search_id(), ask::OPEN]) } else { Fit::NO };
    }
    if symptom.kind != Kind::NoAnswer || facts.reach(symptom.host) != Reach::Silent {
        return Fit::NO;
    }
    let evidence =
        [Facts::open_id(symptom.host), &no_cors_id(symptom.host), &socket_id(symptom.host), ask::CONTROL];
    // A socket that ends at once while fetches hang: the browser waits for its user, not for the host.
    match facts.saw(&socket_id(symptom.host)).map(|seen| &seen.saw) {
        Some(Saw::Closed(_) | Saw::Opened) => return Fit::possible(30, &evidence),
        Some(Saw::TimedOut) => {}
        _ => return Fit::likely(80, &evidence),
    }
    // Where the timing entry says that the request was written to a connection, no question was in between.
    let asked = facts.local_network_in_doubt(symptom.host) && facts.stage(symptom.host) != Entry::Positive;
    if facts.control_works() == Some(true) && !asked {
        Fit::certain(&evidence)
    } else {
        Fit::likely(80, &evidence)
    }
}

/// True when an answer's headers came, and its body stopped coming until the time limit.
fn stalled(facts: &Facts) -> bool {
    [facts.search_id(), ask::OPEN]
        .iter()
        .any(|id| facts.answer(id).is_some_and(|answer| answer.body.is_cut() && !answer.body.broken))
}
