//! `redirect-without-cors`

use super::prelude::*;

pub const CAUSE: Cause = Cause {
    code: "redirect-without-cors",
    class: Class::Cors,
    hop: Hop::Gateway,
    owner: Owner::Gateway,
    title: "A redirect is in the way of web pages",
    fit,
    headline: |facts, host| {
        let the = words::the(facts, host);
        if facts.redirects(host) {
            format!("{the} redirects requests to a place that this page may not read.")
        } else if facts.answer(ask::SEARCH_SLASH).is_some() {
            [&the, " answers the path of MLflow's API readably with a slash at its end, and not without: it may be redirecting one to the other, without CORS headers."].concat()
        } else {
            format!("{the} may be redirecting requests, and its redirects carry no CORS headers.")
        }
    },
    fixes: |facts, host| {
        let origin = words::origin(facts, host);
        let secure = origin
            .strip_prefix("http:")
            .map(|rest| Fix::say("You", ["Many hosts send http to https: try https:", rest, "."].concat()));
        secure.into_iter().collect()
    },
    tell: words::curl_verbose,
};

fn fit(symptom: &Symptom, facts: &Facts) -> Fit {
    match symptom.kind {
        // A redirect from http to an https place that does not answer shows nothing at all.
        Kind::NoAnswer
            if facts.reach(symptom.host) == Reach::NoAnswer && facts.stage(symptom.host) != Entry::Zero =>
        {
            let secure = facts.deployment.base(symptom.host).is_some_and(|base| base.origin.secure);
            return if secure { Fit::NO } else { Fit::possible(12, &[Facts::open_id(symptom.host)]) };
        }
        // Only the path of the API is redirected: to itself with a slash at its end, which is readable, or elsewhere.
        Kind::HiddenRefusal if facts.failed(ask::SEARCH_NONE) && facts.auth_says() == Some(true) => {
            let evidence = [ask::SEARCH_NONE, ask::SEARCH_KEY, ask::SEARCH_SLASH];
            let slash = facts.answer(ask::SEARCH_SLASH).is_some();
            return if slash { Fit::likely(90, &evidence) } else { Fit::possible(35, &evidence) };
        }
        _ => {}
    }
    if symptom.kind != Kind::Unreadable {
        return Fit::NO;
    }
    if facts.redirects(symptom.host) {
        // The redirect shows itself, and what it leads to is not readable. From an https page that may also be an
        // http address, which the browser blocks as mixed content.
        let evidence = [&manual_id(symptom.host), Facts::open_id(symptom.host), ask::SEARCH_KEY];
        return if facts.environment.page_origin.secure {
            Fit::likely(95, &evidence)
        } else {
            Fit::certain(&evidence)
        };
    }
    match classes(facts, symptom.host) {
        Classes::SomeSuccess => Fit::possible(30, &class_ids(symptom.host)),
        Classes::Unknown => Fit::possible(30, &[&no_cors_id(symptom.host)]),
        Classes::AllErrors => Fit::NO,
    }
}
