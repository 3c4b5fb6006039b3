//! `cors-preflight-unauthorized`

use super::prelude::*;

pub const CAUSE: Cause = Cause {
    code: "cors-preflight-unauthorized",
    class: Class::Cors,
    hop: Hop::Gateway,
    owner: Owner::Gateway,
    title: "The browser's permission question is asked for a key",
    fit,
    headline: |facts, host| {
        format!(
            "{} answers plain requests, but not the browser's permission question (OPTIONS); most often because it asks for a key there, which browsers never send with it.",
            words::the(facts, host)
        )
    },
    fixes: |facts, _| {
        let mut fixes = vec![
            Fix::code(
                "nginx",
                "Answer OPTIONS before any auth directive:",
                format!(
                    "if ($request_method = OPTIONS) {{\n    add_header Access-Control-Allow-Origin \"{}\" always;\n    add_header Access-Control-Allow-Methods \"GET, POST, PUT, PATCH, DELETE\" always;\n    add_header Access-Control-Allow-Headers \"authorization, content-type\" always;\n    add_header Access-Control-Max-Age 600 always;\n    return 204;\n}}",
                    words::page(facts)
                ),
            ),
            Fix::code(
                "FastAPI / Starlette",
                "The middleware added last runs first: add CORS after the auth middleware, so that it answers OPTIONS before auth sees it.",
                format!(
                    "app.add_middleware(AuthMiddleware)\napp.add_middleware(\n    CORSMiddleware,\n    allow_origins=[\"{}\"],\n    allow_methods=[\"*\"],\n    allow_headers=[\"*\"],\n)",
                    words::page(facts)
                ),
            ),
        ];
        fixes.push(Fix::code(
            "oauth2-proxy",
            "Let the permission question pass (not tried here):",
            "--skip-auth-preflight=true",
        ));
        fixes
    },
    tell: |facts, _| words::curl_preflight(facts),
};

fn fit(symptom: &Symptom, facts: &Facts) -> Fit {
    match symptom.kind {
        Kind::Preflight if options_fail(facts) => Fit::likely(80, &preflight_ids()),
        // The preflight of the protected path alone may be refused, while that of the open path passes.
        Kind::HiddenRefusal
            if facts.auth_says() != Some(false)
                && facts.status_class(&open_status_id(Host::Auth)) != Some(StatusClass::Error) =>
        {
            Fit::possible(30, &[ask::SEARCH_KEY])
        }
        _ => Fit::NO,
    }
}
