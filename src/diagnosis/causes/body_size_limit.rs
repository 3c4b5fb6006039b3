//! `body-size-limit`

use super::prelude::*;
use crate::probe::{Method, Probe, curl};
use crate::registration::content::{largest, length_of, size, with_bytes};

pub const CAUSE: Cause = Cause {
    code: "body-size-limit",
    class: Class::Routing,
    hop: Hop::Gateway,
    owner: Owner::Gateway,
    title: "The gateway limits the size of uploads",
    fit,
    headline: |facts, host| {
        let Some(seen) = failing(facts) else { return String::new() };
        let passed = largest(facts).map_or_else(
            || "No upload passed.".to_owned(),
            |bytes| format!("The largest that passed had {}.", size(bytes)),
        );
        let length = length_of(seen).map(size).unwrap_or_default();
        format!("An upload of {length} to {} brought {}. {passed}", words::name(facts, host), describe(seen))
    },
    fixes: only_cards,
    tell: |facts, _| {
        // A file of its own, which the second command takes away again.
        let mut probe = Probe { body: None, ..failing(facts)?.probe.clone() };
        let folder = probe.target.path.rfind('/').map_or(0, |at| at + 1);
        probe.target.path.replace_range(folder.., "preflight-size-test");
        let command = |probe: &Probe| {
            let deployment = facts.deployment;
            let shape = deployment.key_shape.as_ref();
            curl::command(probe, &deployment.scheme, shape, &facts.environment.page_origin)
        };
        let (put, delete) = (command(&probe), command(&probe.clone().method(Method::Delete)));
        Some([&with_bytes(put, &probe), "; ", &delete].concat())
    },
};

/// The first upload that was too large by its status, or else one larger than any that passed that got no answer.
fn failing<'a>(facts: &Facts<'a>) -> Option<&'a Observation> {
    failed_write(facts, |seen| seen.status() == Some(413)).or_else(|| {
        let passed = largest(facts)?;
        failed_write(facts, |seen| seen.failed() && length_of(seen) > Some(passed))
    })
}

fn fit(symptom: &Symptom, facts: &Facts) -> Fit {
    if symptom.kind != Kind::WriteFails {
        return Fit::NO;
    }
    match failing(facts) {
        Some(seen) if seen.status() == Some(413) => Fit::certain(&[&seen.probe.id]),
        Some(seen) if seen.saw == Saw::TimedOut => Fit::possible(50, &[&seen.probe.id]),
        Some(seen) => Fit::likely(80, &[&seen.probe.id]),
        None => Fit::NO,
    }
}
