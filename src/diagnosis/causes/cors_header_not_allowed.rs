//! `cors-header-not-allowed`

use super::prelude::*;

pub const CAUSE: Cause = Cause {
    code: "cors-header-not-allowed",
    class: Class::Cors,
    hop: Hop::Gateway,
    owner: Owner::Gateway,
    title: "The key's header is not allowed",
    explanation: "The gateway answers the browser's permission question, but its Access-Control-Allow-Headers does not name the header that carries the key. So the browser does not send the request.",
    look_alikes: &[("cors-preflight-unauthorized", "The command shows 401 instead of 200.")],
    fit,
    headline: |facts, host| {
        format!(
            "{} allows this page to ask, but not to send the header {}.",
            words::the(facts, host),
            facts.deployment.scheme.header_names().join(" and ")
        )
    },
    fixes: |facts, _| {
        let names = facts.deployment.scheme.header_names().join(", ");
        vec![
            Fix::code(
                "nginx",
                "Name the header in the answer to OPTIONS:",
                format!("add_header Access-Control-Allow-Headers \"{names}, content-type\" always;"),
            ),
            Fix::code(
                "FastAPI / Starlette",
                "In CORSMiddleware:",
                format!(
                    "allow_headers=[{}]",
                    names.split(", ").map(|name| format!("\"{name}\"")).collect::<Vec<_>>().join(", ")
                ),
            ),
        ]
    },
    tell: |facts, _| words::curl_preflight(facts),
};

fn fit(symptom: &Symptom, facts: &Facts) -> Fit {
    let (fake, json) = (open_fake_id(Host::Registry), open_json_id(Host::Registry));
    match symptom.kind {
        // The method alone is allowed and no header is: there is no Access-Control-Allow-Headers at all.
        Kind::Preflight if facts.answer(RANDOM_PUT).is_some() => Fit::certain(&preflight_ids()),
        Kind::Preflight if error_replies_are_readable(facts) => Fit::NO,
        Kind::Preflight => Fit::possible(20, &preflight_ids()),
        Kind::HiddenRefusal if facts.failed(&fake) && facts.answer(&json).is_some() => {
            // Readable refusals without a key show that answers are not withheld, so the header is.
            if error_replies_are_readable(facts) {
                Fit::certain(&[&fake, &json, ask::SEARCH_NONE])
            } else {
                Fit::likely(82, &[&fake, &json])
            }
        }
        _ => Fit::NO,
    }
}
