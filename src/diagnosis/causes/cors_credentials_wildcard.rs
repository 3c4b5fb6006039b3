//! `cors-credentials-wildcard`

use super::prelude::*;

pub const CAUSE: Cause = Cause {
    code: "cors-credentials-wildcard",
    class: Class::Cors,
    hop: Hop::Gateway,
    owner: Owner::Gateway,
    title: "Pages may read answers, but not with cookies",
    fit,
    headline: |facts, host| {
        format!(
            "{} lets {} read its answers only without cookies, and a session is what it asks for.",
            words::the(facts, host),
            words::page(facts)
        )
    },
    fixes: only_cards,
    tell: words::curl_verbose,
};

fn fit(symptom: &Symptom, facts: &Facts) -> Fit {
    if symptom.kind != Kind::CookiesRefused {
        return Fit::NO;
    }
    let status = open_status_id(Host::Registry);
    let evidence = [OPEN_COOKIES, ask::OPEN, &status];
    // The oracle sends cookies as well: where it meets success, the cookies themselves are no trouble to the server,
    // and only the permission to read the answer is missing.
    if facts.status_class(&status) == Some(StatusClass::Success) {
        Fit::certain(&evidence)
    } else {
        Fit::likely(80, &evidence)
    }
}
