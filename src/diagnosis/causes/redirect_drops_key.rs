//! `redirect-drops-key`

use super::prelude::*;

pub const CAUSE: Cause = Cause {
    code: "redirect-drops-key",
    class: Class::Cors,
    hop: Hop::Gateway,
    owner: Owner::You,
    title: "A redirect to another host loses the key",
    fit,
    headline: |facts, host| {
        let to = facts.landed().unwrap_or("another place");
        format!(
            "{} redirects to {to}; a key does not survive a redirect to another host.",
            words::the(facts, host)
        )
    },
    fixes: |facts, _| {
        let to = facts.landed().map(|to| ["Type the address that it leads to: ", to, "."].concat());
        to.map(|text| Fix::say("You", text)).into_iter().collect()
    },
    tell: |facts, _| words::curl_for(facts, ask::SEARCH_KEY),
};

fn fit(symptom: &Symptom, facts: &Facts) -> Fit {
    if symptom.kind != Kind::Redirected {
        return Fit::NO;
    }
    let evidence = [ask::SEARCH_KEY, ask::SEARCH_NONE];
    match facts.landed_at_home() {
        Some(true) => Fit::NO,
        // A redirect to nowhere.
        None if facts
            .saw(ask::SEARCH_NONE)
            .and_then(|seen| seen.status())
            .is_some_and(|status| status / 100 == 3) =>
        {
            Fit::NO
        }
        Some(_) if facts.answer(ask::SEARCH_NONE).is_some_and(|answer| Who::of(answer) == Who::LoginPage) => {
            Fit::possible(40, &evidence)
        }
        Some(_) => Fit::certain(&evidence),
        None => Fit::likely(70, &evidence),
    }
}
