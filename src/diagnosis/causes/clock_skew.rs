//! `clock-skew`

use super::prelude::*;
use crate::deployment::clock;
use crate::probe::curl::shell_quote;
use crate::run::facts::clock::SKEWED_S;

pub const CAUSE: Cause = Cause {
    code: "clock-skew",
    class: Class::Client,
    hop: Hop::Browser,
    owner: Owner::You,
    title: "This browser's clock is off",
    fit,
    headline: |facts, _| {
        let Some((host, ahead)) = facts.clocks_apart().last() else { return String::new() };
        let whose = match host {
            Host::Page => "this page's server".to_owned(),
            _ => words::name(facts, host),
        };
        let side = if ahead > 0 { "ahead of" } else { "behind" };
        format!("This browser's clock is {} {side} that of {whose}.", clock::span(ahead.abs()))
    },
    fixes: only_cards,
    tell: |facts, _| {
        let page = shell_quote(&words::page(facts));
        Some(format!("date -u; curl -sI {page} | grep -i '^date'"))
    },
};

fn fit(symptom: &Symptom, facts: &Facts) -> Fit {
    if symptom.kind != Kind::ClocksApart {
        return Fit::NO;
    }
    let evidence = [ask::CONTROL, ask::OPEN, facts.search_id(), ask::AUTH_OPEN];
    // Two machines that agree with each other and not with this browser.
    let page = facts.clock_ahead(Host::Page).filter(|ahead| ahead.abs() >= SKEWED_S);
    let agrees = |host: Host| {
        let elsewhere = facts
            .deployment
            .base(host)
            .is_some_and(|base| base.origin.host != facts.environment.page_origin.host);
        let near = |other: i64| page.is_some_and(|page| (page - other).abs() < 60);
        elsewhere && facts.clock_ahead(host).is_some_and(near)
    };
    if agrees(Host::Registry) || agrees(Host::Auth) {
        Fit::certain(&evidence)
    } else {
        Fit::likely(60, &evidence)
    }
}
