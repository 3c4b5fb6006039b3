//! `body-size-limit`

use super::prelude::*;
use crate::registration::content::{largest, length_of, size};

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
        let seen = failing(facts)?;
        let target = crate::probe::curl::shell_quote(&seen.probe.target.to_string());
        let length = length_of(seen)?;
        Some(format!("head -c {length} /dev/zero | curl -i -X PUT --data-binary @- {target}"))
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
