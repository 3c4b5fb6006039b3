//! `login-wall`

use super::prelude::*;

pub const CAUSE: Cause = Cause {
    code: "login-wall",
    class: Class::Infrastructure,
    hop: Hop::Gateway,
    owner: Owner::Gateway,
    title: "A sign-in page stands in front",
    fit,
    headline: |facts, host| match facts.search().and_then(|seen| seen.answer()) {
        Some(answer) if Who::of(answer) == Who::Portal => format!(
            "A network on the way answers in place of {}: it wants a sign-in before it lets anything through. Open any web page in a new tab and sign in there.",
            words::name(facts, host)
        ),
        _ if facts.other_scheme().is_some() => format!(
            "{} lets this browser's session in and not your key: a sign-in proxy stands in front.",
            words::the(facts, host)
        ),
        Some(answer) if Who::of(answer) == Who::LoginPage => {
            format!(
                "{} answers API requests with a sign-in page, so no client with a key gets through.",
                words::the(facts, host)
            )
        }
        _ => format!(
            "A sign-in proxy in front of {} may be answering instead of the API.",
            words::name(facts, host)
        ),
    },
    fixes: only_cards,
    tell: words::curl_verbose,
};

fn fit(symptom: &Symptom, facts: &Facts) -> Fit {
    match symptom.kind {
        // A browser session passes where the key does not.
        Kind::Refused | Kind::HiddenRefusal => match facts.other_scheme() {
            Some((AuthScheme::Cookies, id)) => Fit::certain(&[id, ask::SEARCH_KEY]),
            _ => Fit::NO,
        },
        // Fetches hang and a socket ends at once: the browser shows its sign-in dialog for a proxy (measured, 2c).
        Kind::NoAnswer if facts.reach(symptom.host) == Reach::Silent => {
            let socket = socket_id(symptom.host);
            let ended = facts.saw(&socket).is_some_and(|seen| matches!(seen.saw, Saw::Closed(_)));
            if ended { Fit::likely(70, &[&socket, Facts::open_id(symptom.host)]) } else { Fit::NO }
        }
        // Only networks that want a sign-in of their own say this, and they answer in place of the host (RFC 6585).
        Kind::ServerError => match facts.answer(facts.search_id()).map(|answer| answer.status) {
            Some(511) => Fit::certain(&[facts.search_id()]),
            _ => Fit::NO,
        },
        Kind::Redirected => match facts.answer(ask::SEARCH_NONE) {
            Some(answer) if Who::of(answer) == Who::LoginPage => {
                Fit::certain(&[ask::SEARCH_KEY, ask::SEARCH_NONE])
            }
            Some(_) => Fit::NO,
            None => Fit::possible(50, &[ask::SEARCH_KEY]),
        },
        Kind::NotMlflow => match facts.search().and_then(|seen| seen.answer()) {
            Some(answer) if Who::of(answer) == Who::LoginPage => {
                let asks_password =
                    answer.body.text.to_ascii_lowercase().replace('\'', "\"").contains("type=\"password\"");
                let id = facts.search_id();
                if asks_password || answer.landed.is_some() {
                    Fit::certain(&[id])
                } else {
                    Fit::likely(80, &[id])
                }
            }
            Some(answer) if Who::of(answer) == Who::Portal => Fit::likely(85, &[facts.search_id()]),
            _ => Fit::NO,
        },
        Kind::Unreadable => match classes(facts, symptom.host) {
            Classes::AllErrors => Fit::possible(40, &class_ids(symptom.host)),
            // A wall answers every path alike; a host that tells a random path from a real one is no wall.
            Classes::SomeSuccess if random_is_error(facts, symptom.host) => Fit::NO,
            Classes::SomeSuccess => Fit::likely(70, &class_ids(symptom.host)),
            Classes::Unknown if facts.forbids_use(symptom.host) => Fit::NO,
            Classes::Unknown => Fit::possible(40, &[&no_cors_id(symptom.host)]),
        },
        _ => Fit::NO,
    }
}
