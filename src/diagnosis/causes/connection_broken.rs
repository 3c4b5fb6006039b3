//! `connection-broken`

use super::prelude::*;

pub const CAUSE: Cause = Cause {
    code: "connection-broken",
    class: Class::Infrastructure,
    hop: Hop::Network,
    owner: Owner::Gateway,
    title: "The connection opens and then breaks",
    fit,
    headline: |facts, host| {
        format!("{} may accept connections and break them before an answer comes.", words::the(facts, host))
    },
    fixes: only_cards,
    tell: words::curl_verbose,
};

fn fit(symptom: &Symptom, facts: &Facts) -> Fit {
    if symptom.kind == Kind::Unsteady && !facts.gateway_page_beside_a_good_answer() {
        return Fit::possible(50, &OPEN_REPEATS);
    }
    if symptom.kind == Kind::WriteFails {
        let broken = |seen: &Observation| seen.saw == Saw::NetworkError;
        return failed_write(facts, broken).map_or(Fit::NO, |seen| Fit::possible(30, &[&seen.probe.id]));
    }
    if symptom.kind == Kind::CutBody {
        let broken = |id: &&str| facts.answer(id).is_some_and(|answer| answer.body.broken);
        let evidence = [facts.search_id(), ask::OPEN];
        return if evidence.iter().any(broken) { Fit::likely(80, &evidence) } else { Fit::NO };
    }
    // Firefox takes bytes that are no HTTP for an answer of HTTP/0.9, whatever the path (browser-observability.md 2b).
    if symptom.kind == Kind::Unreadable
        && facts.oracle() == Oracle::Works(Way::Object)
        && facts.stages_tell()
        && facts.status_class(random_status_id(symptom.host)) == Some(StatusClass::Success)
    {
        return Fit::possible(33, &class_ids(symptom.host));
    }
    if symptom.kind != Kind::NoAnswer || facts.reach(symptom.host) != Reach::NoAnswer {
        return Fit::NO;
    }
    let secure = facts.deployment.base(symptom.host).is_some_and(|base| base.origin.secure);
    match facts.stage(symptom.host) {
        Entry::Positive => Fit::likely(80, &[Facts::open_id(symptom.host), BLOCKED_PORT]),
        // Nothing was written to a connection. With https it may still have broken in the TLS handshake.
        Entry::Zero if !secure => Fit::NO,
        _ => Fit::possible(40, &[Facts::open_id(symptom.host)]),
    }
}
