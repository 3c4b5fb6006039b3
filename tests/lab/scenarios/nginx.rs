//! A real nginx in front of the gateway, well and badly configured, as people do.

use super::super::cors::Cors;
use super::super::gateway::Gateway;
use super::super::keys::Key;
use super::super::nginx::{Behind, Nginx};
use super::{Expect, HEALTHY, Row, Station, by_curl};

/// The gateway behind knows nothing of CORS: nginx does that.
const BARE: Gateway = Gateway { cors: Cors::NOWHERE, ..Gateway::HEALTHY };
/// The gateway behind asks for no key: nginx does that.
const BARE_AND_OPEN: Gateway = Gateway { auth: None, ..BARE };

/// Preflights fail, and browsers do not say how.
const PREFLIGHT_FAILS: Expect = Expect::shortlist(&[
    "cors-preflight-unauthorized",
    "cors-preflight-failing",
    "cors-preflight-redirected",
]);
/// Redirects that nobody may read and that end nowhere look to Chromium as if nothing came back at all.
const REDIRECTED_TO_NOWHERE: Expect = Expect::shortlist(&[
    "host-unreachable",
    "connection-broken",
    "extension-blocked",
    "redirect-without-cors",
]);
/// A whole host that answers only errors, none of them readable.
const UNREADABLE_ERRORS: Expect =
    Expect::shortlist(&["gateway-without-backend", "cors-missing-on-errors", "login-wall", "wrong-base-url"]);

/// What this page's own advice says about nginx: see `cors_cards` in src/diagnosis/causes.
macro_rules! cors {
    () => {
        "add_header Access-Control-Allow-Origin \"{page}\" always;\n\
         add_header Vary Origin always;\n"
    };
}
macro_rules! options {
    () => {
        "if ($request_method = OPTIONS) {\n\
         add_header Access-Control-Allow-Origin \"{page}\" always;\n\
         add_header Access-Control-Allow-Methods \"GET, POST, PUT, PATCH, DELETE\" always;\n\
         add_header Access-Control-Allow-Headers \"authorization, content-type\" always;\n\
         return 204;\n}\n"
    };
}
/// Everything goes on, once preflights are answered.
macro_rules! pass {
    () => {
        concat!("location / {\n", options!(), "proxy_pass {behind};\n}\n")
    };
}
/// The auth service is asked, with the headers of the request.
macro_rules! validate {
    () => {
        "location = /validate {\n\
         internal;\n\
         proxy_pass {auth}/api/v1/keys/validate;\n\
         proxy_method POST;\n\
         proxy_pass_request_body off;\n\
         proxy_set_header Content-Length \"\";\n\
         proxy_set_header User-Agent \"\";\n}\n"
    };
}
/// Forward auth as with oauth2-proxy: without a session everybody is sent to a sign-in page.
macro_rules! sign_in {
    () => {
        "location / {\n\
         auth_request /session;\n\
         error_page 401 = @sign_in;\n\
         proxy_pass {behind};\n}\n\
         location = /session { internal; return 401; }\n\
         location @sign_in { return 302 {login}/oauth2/start; }\n"
    };
}

/// The rows.
pub const ROWS: &[Row] = &[
    Row {
        id: "healthy-nginx",
        sentence: "nginx adds the CORS headers exactly as this page advises, and passes everything on.",
        ..nginx(concat!(cors!(), pass!()), Behind::Gateway(BARE))
    },
    Row {
        id: "nginx-cors-without-always",
        sentence: "The key is good, but nginx adds the CORS headers without “always”, so errors have none.",
        expect: Expect::certain(&["cors-missing-on-errors"]),
        // Firefox cannot tell an error from a sign-in page that forbids being framed.
        firefox: Some(Expect::shortlist(&["cors-missing-on-errors"])),
        look_alikes: &["healthy-nginx", "cors-missing-on-errors"],
        ..nginx(
            concat!("add_header Access-Control-Allow-Origin \"{page}\";\n", pass!()),
            Behind::Gateway(BARE),
        )
    },
    Row {
        id: "nginx-cors-without-always-unknown-key",
        sentence: "Nobody issued this key, and nginx adds the CORS headers without “always”, so the refusal has none.",
        key: Key::Unknown,
        expect: Expect::certain(&["cors-missing-on-errors", "key-rejected"]),
        // Firefox cannot tell an error from a sign-in page that forbids being framed.
        firefox: Some(Expect { certain: &["key-rejected"], shortlist: &["cors-missing-on-errors"] }),
        look_alikes: &["nginx-cors-without-always", "nginx-preflight-needs-key"],
        ..nginx(
            concat!("add_header Access-Control-Allow-Origin \"{page}\";\n", pass!()),
            Behind::Gateway(BARE),
        )
    },
    Row {
        id: "nginx-limit-without-retry-after",
        sentence: "nginx lets no more requests through for now, and says to nobody when to come back.",
        expect: Expect { certain: &["rate-limited"], shortlist: &["cors-headers-not-exposed"] },
        settled: by_curl(&["rate-limited"]),
        look_alikes: &["rate-limited", "registration-rate-limited"],
        ..nginx(
            concat!(
                cors!(),
                "location = /health { proxy_pass {behind}; }\n",
                "location / {\n",
                options!(),
                "return 429;\n}\n"
            ),
            Behind::Gateway(BARE),
        )
    },
    Row {
        id: "nginx-cors-doubled",
        sentence: "nginx adds the CORS header, and so does the gateway behind it.",
        expect: Expect::shortlist(&["cors-not-allowed", "redirect-without-cors"]),
        settled: by_curl(&["cors-not-allowed"]),
        look_alikes: &["cors-not-allowed", "cors-doubled"],
        ..nginx(concat!(cors!(), "location / { proxy_pass {behind}; }\n"), Behind::Gateway(Gateway::HEALTHY))
    },
    Row {
        id: "nginx-preflight-needs-key",
        sentence: "nginx lets the auth service judge every request, preflights too, which never carry a key.",
        expect: PREFLIGHT_FAILS,
        settled: by_curl(&["cors-preflight-unauthorized"]),
        look_alikes: &["nginx-limit-except", "key-rejected"],
        ..nginx(
            concat!(
                cors!(),
                "location = /health { proxy_pass {behind}; }\n",
                "location / { auth_request /validate; proxy_pass {behind}; }\n",
                validate!()
            ),
            Behind::Gateway(BARE_AND_OPEN),
        )
    },
    Row {
        id: "nginx-limit-except",
        sentence: "nginx allows reading only, and so refuses preflights with 403.",
        expect: PREFLIGHT_FAILS,
        settled: by_curl(&["cors-preflight-failing"]),
        look_alikes: &["nginx-preflight-needs-key"],
        ..nginx(
            concat!(
                cors!(),
                "add_header Access-Control-Allow-Headers \"authorization, content-type\" always;\n",
                "location / { limit_except GET { deny all; } proxy_pass {behind}; }\n"
            ),
            Behind::Gateway(BARE),
        )
    },
    Row {
        id: "method-blocked",
        sentence: "nginx lets only GET and POST pass, and pages may read its refusal.",
        truth: &["method-blocked"],
        expect: Expect::shortlist(&["method-blocked"]),
        look_alikes: &["method-blocked-unreadable", "cors-method-not-allowed"],
        ..nginx(
            concat!(
                cors!(),
                "location / {\n",
                options!(),
                "limit_except GET POST OPTIONS { deny all; }\nproxy_pass {behind};\n}\n"
            ),
            Behind::Gateway(BARE),
        )
    },
    Row {
        id: "method-blocked-unreadable",
        sentence: "nginx lets only GET, POST and preflights pass, and its refusal has no CORS headers.",
        truth: &["method-blocked"],
        expect: Expect::shortlist(&["cors-method-not-allowed", "method-blocked"]),
        firefox: Some(Expect::shortlist(&["method-blocked"])),
        look_alikes: &["method-blocked", "cors-method-not-allowed"],
        ..nginx(
            "location / { limit_except GET POST OPTIONS { deny all; } proxy_pass {behind}; }\n",
            Behind::Gateway(Gateway::HEALTHY),
        )
    },
    Row {
        id: "nginx-slash-redirect",
        sentence: "nginx redirects every API path to the same one with a slash at its end, without CORS headers.",
        // The auth service accepts the key, open paths are readable, and nothing of the API is, with any key or none.
        expect: Expect::shortlist(&[
            "cors-missing-on-errors",
            "key-lacks-permission",
            "auth-contract-mismatch",
            "redirect-without-cors",
        ]),
        settled: by_curl(&["redirect-without-cors"]),
        look_alikes: &["cors-missing-on-errors-unknown-key", "cors-not-allowed"],
        ..nginx(
            "location / { proxy_pass {behind}; }\n\
             location /api/ { rewrite ^(.*[^/])$ $1/ permanent; proxy_pass {behind}; }\n",
            Behind::Gateway(Gateway::HEALTHY),
        )
    },
    Row {
        id: "nginx-https-redirect",
        sentence: "nginx redirects everything to https at a name that nobody can reach, without CORS headers.",
        expect: REDIRECTED_TO_NOWHERE,
        firefox: Some(Expect::shortlist(&["connection-broken", "host-unreachable", "redirect-without-cors"])),
        settled: by_curl(&["redirect-without-cors"]),
        look_alikes: &["host-unreachable", "nginx-redirect-loop"],
        ..nginx("return 301 https://registry.invalid$request_uri;", Behind::Nobody)
    },
    Row {
        id: "nginx-redirect-loop",
        sentence: "TLS ends before nginx, which takes every request for plain http and redirects it to itself.",
        expect: REDIRECTED_TO_NOWHERE,
        firefox: Some(Expect::shortlist(&["connection-broken", "host-unreachable", "redirect-without-cors"])),
        settled: by_curl(&["redirect-without-cors"]),
        look_alikes: &["host-unreachable", "nginx-https-redirect"],
        ..nginx("return 301 http://$http_host$request_uri;", Behind::Nobody)
    },
    Row {
        id: "nginx-redirect-loop-allowed",
        sentence: "nginx redirects every request to itself for ever, and the redirects carry CORS headers.",
        expect: Expect::certain(&["redirect-without-cors"]),
        look_alikes: &["nginx-redirect-loop", "nginx-redirect-to-nowhere"],
        ..nginx(concat!(cors!(), "return 301 http://$http_host$request_uri;"), Behind::Nobody)
    },
    Row {
        id: "nginx-redirect-to-nowhere",
        sentence: "nginx redirects everything to a host where nothing listens; the redirects carry CORS headers.",
        expect: Expect::certain(&["redirect-without-cors"]),
        look_alikes: &["nginx-redirect-loop-allowed", "host-unreachable"],
        ..nginx(concat!(cors!(), "return 302 {dead}$request_uri;"), Behind::Nobody)
    },
    Row {
        id: "nginx-upstream-down",
        sentence: "nginx answers 502 because nothing is alive behind it, and pages may read that.",
        expect: Expect::certain(&["gateway-without-backend"]),
        look_alikes: &["nginx-upstream-down-unreadable", "nginx-upstream-slow"],
        ..nginx(concat!(cors!(), pass!()), Behind::Nobody)
    },
    Row {
        id: "nginx-upstream-down-unreadable",
        sentence: "nginx answers 502 because nothing is alive behind it, without CORS headers.",
        expect: UNREADABLE_ERRORS,
        firefox: Some(Expect::shortlist(&[
            "gateway-without-backend",
            "cors-missing-on-errors",
            "login-wall",
            "cors-not-allowed",
        ])),
        settled: by_curl(&["gateway-without-backend"]),
        look_alikes: &["nginx-upstream-down", "cors-not-allowed"],
        ..nginx("location / { proxy_pass {behind}; }", Behind::Nobody)
    },
    Row {
        id: "nginx-upstream-down-health-up",
        sentence: "nginx answers its own health path, and 502 for the API because MLflow behind it is dead.",
        truth: &["gateway-without-backend"],
        expect: Expect::shortlist(&["gateway-without-backend", "mlflow-down"]),
        look_alikes: &["nginx-upstream-down", "route-missing"],
        ..nginx(
            concat!(
                cors!(),
                "location = /health {\n",
                options!(),
                "default_type application/json;\nreturn 200 '{\"status\":\"healthy\"}';\n}\n",
                pass!()
            ),
            Behind::Nobody,
        )
    },
    Row {
        id: "nginx-upstream-slow",
        sentence: "What stands behind nginx never answers, nginx gives up with 504, and pages may read that.",
        expect: Expect::certain(&["gateway-without-backend"]),
        look_alikes: &["nginx-upstream-down", "timeout"],
        ..nginx(concat!("proxy_read_timeout 250ms;\n", cors!(), pass!()), Behind::Silence)
    },
    Row {
        id: "nginx-one-bad-replica",
        sentence: "One in three servers behind nginx answers 502, so every third request fails.",
        expect: Expect::certain(&["gateway-without-backend"]),
        look_alikes: &["healthy-nginx", "nginx-upstream-down"],
        ..nginx(concat!(cors!(), pass!()), Behind::OneBadReplicaOfThree(BARE))
    },
    Row {
        id: "nginx-one-bad-replica-unread",
        sentence: "One in three servers behind nginx answers 502, and that page of nginx has no CORS headers.",
        truth: &["gateway-without-backend"],
        expect: Expect::shortlist(&["gateway-without-backend", "connection-broken"]),
        look_alikes: &["nginx-one-bad-replica", "nginx-cors-without-always", "nginx-cached-for-another-page"],
        ..nginx("location / { proxy_pass {behind}; }\n", Behind::OneBadReplicaOfThree(Gateway::HEALTHY))
    },
    Row {
        id: "nginx-sign-in",
        sentence: "nginx sends everybody without a session to a sign-in page, without CORS headers.",
        expect: Expect::shortlist(&["cors-not-allowed", "login-wall", "redirect-without-cors", "not-mlflow"]),
        firefox: Some(Expect::shortlist(&[
            "cors-not-allowed",
            "login-wall",
            "not-mlflow",
            "connection-broken",
        ])),
        settled: by_curl(&["login-wall"]),
        look_alikes: &["not-mlflow-unreadable", "cors-not-allowed"],
        ..nginx(sign_in!(), Behind::Gateway(BARE))
    },
    Row {
        id: "nginx-sign-in-allowed",
        sentence: "nginx sends everybody without a session to a sign-in page; only the redirect has CORS headers.",
        expect: Expect::certain(&["redirect-without-cors"]),
        look_alikes: &["nginx-sign-in", "nginx-redirect-to-nowhere"],
        ..nginx(concat!(cors!(), sign_in!()), Behind::Gateway(BARE))
    },
    Row {
        id: "nginx-drops-key",
        sentence: "nginx does not pass the Authorization header on to the gateway behind it.",
        truth: &["auth-header-stripped"],
        // Preflights allow no other header, so whether another one would get through cannot be tried.
        expect: Expect::shortlist(&["auth-header-stripped", "auth-scheme-mismatch"]),
        look_alikes: &["key-rejected", "key-missing"],
        ..nginx(
            concat!(
                cors!(),
                "location / {\n",
                options!(),
                "proxy_set_header Authorization \"\";\nproxy_pass {behind};\n}\n"
            ),
            Behind::Gateway(BARE),
        )
    },
    Row {
        id: "nginx-cannot-ask-about-keys",
        sentence: "nginx asks somebody else about every request (auth_request), at an address where nobody listens.",
        truth: &["auth-service-unreachable"],
        expect: Expect::shortlist(&["auth-service-unreachable", "server-error"]),
        look_alikes: &["server-error", "nginx-upstream-down-health-up", "i08-shared-load-balancer"],
        ..nginx(
            concat!(
                cors!(),
                "location = /health { proxy_pass {behind}; }\n",
                "location / {\n",
                options!(),
                "auth_request /ask;\nproxy_pass {behind};\n}\n",
                "location = /ask { internal; proxy_pass {dead}/validate; }\n"
            ),
            Behind::Gateway(BARE_AND_OPEN),
        )
    },
    Row {
        id: "nginx-refuses-tokens-unread",
        sentence: "nginx lets through what comes without a token, and refuses every token itself, without CORS headers.",
        key: Key::Unknown,
        expect: Expect::certain(&["key-rejected"]),
        look_alikes: &["cors-header-not-allowed", "key-rejected"],
        ..nginx(
            concat!(
                "location / {\n",
                options!(),
                "if ($http_authorization ~ \"^Bearer\") { return 401; }\n",
                "proxy_pass {behind};\n}\n"
            ),
            Behind::Gateway(Gateway::HEALTHY),
        )
    },
    Row {
        id: "nginx-503",
        sentence: "nginx answers 503 to everything, as it does to what comes too fast for it.",
        truth: &["rate-limited"],
        expect: Expect::shortlist(&["gateway-without-backend", "rate-limited"]),
        look_alikes: &["gateway-without-backend-503", "nginx-upstream-down"],
        ..nginx(concat!(cors!(), "location / {\n", options!(), "return 503;\n}\n"), Behind::Nobody)
    },
    Row {
        id: "nginx-redirect-drops-key",
        sentence: "nginx redirects API requests to another address, and browsers leave the key behind on the way.",
        expect: Expect::certain(&["redirect-drops-key"]),
        look_alikes: &["nginx-drops-key", "key-missing"],
        ..nginx(
            concat!(
                cors!(),
                "location /api/ {\n",
                options!(),
                "return 307 {direct}$request_uri;\n}\n",
                "location / {\n",
                options!(),
                // What stands behind allows pages by itself.
                "proxy_hide_header Access-Control-Allow-Origin;\nproxy_pass {behind};\n}\n"
            ),
            Behind::Gateway(Gateway::HEALTHY),
        )
    },
    Row {
        id: "nginx-cached-for-another-page",
        sentence: "A cache keeps what another page was answered on the health path, and hands it to this one.",
        truth: &["cors-cached-without-vary"],
        // A fault that comes and goes could look so for once.
        expect: Expect::shortlist(&["cors-cached-without-vary"]),
        look_alikes: &["nginx-one-bad-replica", "cors-wrong-origin"],
        ..nginx(
            // With a query, which no cache has seen, the answer is made anew.
            "set $asker $http_origin;\n\
             if ($args = \"\") { set $asker https://app.example.org; }\n\
             location / { proxy_set_header Origin $asker; proxy_pass {behind}; }\n",
            Behind::Gateway(Gateway::HEALTHY),
        )
    },
    Row {
        id: "nginx-plain-on-tls-port",
        sentence: "The address was typed with http, and nginx speaks TLS there: it answers everything with 400.",
        registry: Station::Nginx(Nginx {
            lines: "location / { proxy_pass {behind}; }",
            behind: Behind::Nobody,
            tls: true,
        }),
        expect: UNREADABLE_ERRORS,
        firefox: Some(Expect::shortlist(&[
            "gateway-without-backend",
            "cors-missing-on-errors",
            "login-wall",
            "cors-not-allowed",
        ])),
        settled: by_curl(&["wrong-base-url"]),
        look_alikes: &["plain-on-tls-port", "nginx-upstream-down-unreadable"],
        ..HEALTHY
    },
];

/// A healthy deployment but for the nginx at the registry's address.
const fn nginx(lines: &'static str, behind: Behind) -> Row {
    Row { registry: Station::Nginx(Nginx { lines, behind, tls: false }), ..HEALTHY }
}
