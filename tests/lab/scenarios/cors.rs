//! Faults of CORS on a deployment that is otherwise well.

use super::super::answers::Answer;
use super::super::cors::{AllowOrigin, Allowed, Cors, On, Preflight};
use super::super::gateway::{Gateway, Upstream};
use super::super::keys::Key;
use super::super::mlflow::Kind;
use super::{DIRECT, Expect, Form, HEALTHY, Row, Station, by_curl, gateway};

/// Everything answers, nothing is readable: no header, a wrong one, or a redirect in between.
const NOT_ALLOWED: Expect = Expect::shortlist(&["cors-not-allowed", "redirect-without-cors"]);
/// A frame tells that something answers, and nothing tells its status.
const FRAMED: Expect =
    Expect::shortlist(&["cors-not-allowed", "redirect-without-cors", "cors-missing-on-errors"]);
/// Preflights fail, and browsers do not say how.
const PREFLIGHT_FAILS: Expect = Expect::shortlist(&[
    "cors-preflight-unauthorized",
    "cors-preflight-failing",
    "cors-preflight-redirected",
]);

/// The rows.
pub const ROWS: &[Row] = &[
    Row {
        id: "cors-not-allowed",
        sentence: "All is well but for CORS, of which the gateway knows nothing.",
        expect: NOT_ALLOWED,
        settled: by_curl(&["cors-not-allowed"]),
        look_alikes: &["gateway-without-backend-502-unreadable", "cors-wrong-origin"],
        ..gateway(Gateway { cors: Cors::NOWHERE, ..Gateway::HEALTHY })
    },
    Row {
        id: "cors-wrong-origin",
        sentence: "The gateway allows one web app, and it is not this page.",
        expect: NOT_ALLOWED,
        settled: by_curl(&["cors-not-allowed"]),
        look_alikes: &["cors-not-allowed"],
        ..gateway(Gateway {
            cors: Cors { origin: AllowOrigin::Fixed("https://app.example.org"), ..Cors::EVERYWHERE },
            ..Gateway::HEALTHY
        })
    },
    Row {
        id: "cors-doubled",
        sentence: "Proxy and application both add the CORS header.",
        expect: NOT_ALLOWED,
        settled: by_curl(&["cors-not-allowed"]),
        look_alikes: &["cors-not-allowed"],
        ..gateway(Gateway {
            cors: Cors { origin: AllowOrigin::Twice, ..Cors::EVERYWHERE },
            ..Gateway::HEALTHY
        })
    },
    Row {
        id: "cors-not-allowed-direct",
        sentence: "MLflow itself under an allowed name, but this page is not among its allowed origins.",
        registry: Station::Gateway(Gateway {
            upstream: Upstream::Mlflow(Kind::DefaultSecurity),
            ..Gateway::MLFLOW_ITSELF
        }),
        expect: Expect::shortlist(&[
            "mlflow-origin-not-allowed",
            "cors-not-allowed",
            "redirect-without-cors",
        ]),
        firefox: Some(Expect::shortlist(&[
            "gateway-without-backend",
            "cors-missing-on-errors",
            "mlflow-origin-not-allowed",
            "login-wall",
        ])),
        settled: by_curl(&["mlflow-origin-not-allowed"]),
        look_alikes: &["mlflow-as-it-comes"],
        ..DIRECT
    },
    Row {
        id: "cors-preflight-unauthorized",
        sentence: "The gateway wants a key even from preflights, which never carry one.",
        expect: PREFLIGHT_FAILS,
        settled: by_curl(&["cors-preflight-unauthorized"]),
        look_alikes: &["cors-preflight-failing", "key-rejected"],
        ..gateway(Gateway {
            cors: Cors { preflight: Preflight::Ordinary, ..Cors::EVERYWHERE },
            ..Gateway::HEALTHY
        })
    },
    Row {
        id: "cors-preflight-failing",
        sentence: "The gateway answers preflights with 405.",
        expect: PREFLIGHT_FAILS,
        settled: by_curl(&["cors-preflight-failing"]),
        look_alikes: &["cors-preflight-unauthorized"],
        ..preflights(Preflight::Status(405))
    },
    Row {
        id: "cors-preflight-404",
        sentence: "The gateway has no route for preflights and answers them with 404.",
        expect: PREFLIGHT_FAILS,
        settled: by_curl(&["cors-preflight-failing"]),
        look_alikes: &["cors-preflight-failing", "route-missing"],
        ..preflights(Preflight::Status(404))
    },
    Row {
        id: "cors-preflight-500",
        sentence: "The gateway fails at preflights with 500.",
        expect: PREFLIGHT_FAILS,
        settled: by_curl(&["cors-preflight-failing"]),
        look_alikes: &["cors-preflight-failing"],
        ..preflights(Preflight::Status(500))
    },
    Row {
        id: "cors-preflight-bare",
        sentence: "The gateway answers preflights with 200, but without CORS headers.",
        expect: PREFLIGHT_FAILS,
        settled: by_curl(&["cors-preflight-failing"]),
        look_alikes: &["cors-preflight-failing", "cors-not-allowed"],
        ..preflights(Preflight::Status(200))
    },
    Row {
        id: "cors-preflight-forbidden",
        sentence: "The gateway answers preflights with all CORS headers, but with the status 403.",
        expect: PREFLIGHT_FAILS,
        settled: by_curl(&["cors-preflight-failing"]),
        look_alikes: &["cors-preflight-failing", "cors-preflight-unauthorized"],
        ..preflights(Preflight::StatusWithCors(403))
    },
    Row {
        id: "cors-preflight-redirected",
        sentence: "The gateway redirects preflights to a sign-in page.",
        expect: PREFLIGHT_FAILS,
        settled: by_curl(&["cors-preflight-redirected"]),
        look_alikes: &["cors-preflight-failing", "cors-preflight-unauthorized"],
        ..preflights(Preflight::Redirect(302, "/sign-in"))
    },
    Row {
        id: "cors-preflight-unanswered",
        sentence: "The gateway never answers preflights, and everything else at once.",
        expect: Expect::certain(&["cors-preflight-failing"]),
        look_alikes: &["timeout", "cors-preflight-failing"],
        ..preflights(Preflight::Hangs)
    },
    Row {
        id: "cors-header-not-allowed",
        sentence: "Preflights are answered, but the header of the key is not among the allowed ones.",
        expect: Expect::certain(&["cors-header-not-allowed"]),
        look_alikes: &["cors-preflight-unauthorized", "cors-headers-not-listed"],
        ..gateway(Gateway {
            cors: Cors { allow_headers: Allowed::List("content-type, x-requested-with"), ..Cors::EVERYWHERE },
            ..Gateway::HEALTHY
        })
    },
    Row {
        id: "cors-headers-not-listed",
        sentence: "Preflights are answered, but no header is allowed at all.",
        expect: Expect::certain(&["cors-header-not-allowed"]),
        look_alikes: &["cors-preflight-unauthorized", "cors-header-not-allowed"],
        ..gateway(Gateway {
            cors: Cors { allow_headers: Allowed::Missing, ..Cors::EVERYWHERE },
            ..Gateway::HEALTHY
        })
    },
    Row {
        id: "cors-method-not-allowed",
        sentence: "Preflights are answered, but only GET and POST are allowed, so artifacts cannot be written.",
        // A method that is refused after a good permission, unread, looks the same; Firefox shows that it was not sent.
        expect: Expect::shortlist(&["cors-method-not-allowed", "method-blocked"]),
        firefox: Some(Expect::shortlist(&["cors-method-not-allowed"])),
        settled: by_curl(&["cors-method-not-allowed"]),
        look_alikes: &["healthy", "method-blocked-unreadable"],
        ..gateway(Gateway {
            cors: Cors { allow_methods: Allowed::List("GET, POST"), ..Cors::EVERYWHERE },
            ..Gateway::HEALTHY
        })
    },
    Row {
        id: "cors-credentials-wildcard",
        sentence: "The gateway wants a session and allows every page with a star, so no page can send one.",
        // Or it is a key that is missing: the form says that none is needed.
        expect: Expect { certain: &["cors-credentials-wildcard"], shortlist: &["key-missing"] },
        look_alikes: &["session-wanted", "healthy-cors-wildcard"],
        ..session(Cors { origin: AllowOrigin::Star, credentials: false, ..Cors::EVERYWHERE })
    },
    Row {
        id: "session-wanted",
        sentence: "The gateway wants a session, which this page may send and this browser does not have.",
        truth: &["key-missing"],
        expect: Expect::shortlist(&["key-missing"]),
        look_alikes: &["cors-credentials-wildcard"],
        ..session(Cors::EVERYWHERE)
    },
    Row {
        id: "healthy-cors-wildcard",
        sentence: "All is well: the gateway allows every origin with a star, and needs no cookies.",
        ..gateway(Gateway {
            cors: Cors { origin: AllowOrigin::Star, credentials: false, ..Cors::EVERYWHERE },
            ..Gateway::HEALTHY
        })
    },
    Row {
        id: "cors-resource-policy",
        sentence: "The gateway's answers are for its own site only (Cross-Origin-Resource-Policy) and know nothing of CORS.",
        // An element that shows the answer may still load it, which proves that the host answers.
        expect: NOT_ALLOWED,
        firefox: Some(FRAMED),
        webkit: Some(FRAMED),
        settled: by_curl(&["cors-not-allowed"]),
        look_alikes: &["host-unreachable", "cors-not-allowed"],
        ..gateway(Gateway {
            cors: Cors { on: On::NowhereAndOwnSiteOnly, ..Cors::NOWHERE },
            ..Gateway::HEALTHY
        })
    },
    Row {
        id: "cors-resource-policy-framed",
        sentence: "The same, and the answers may not be framed either: what a common middleware sends by default.",
        // Nothing at all shows in Chromium; a frame tells of the answer elsewhere.
        expect: Expect::shortlist(&[
            "host-unreachable",
            "connection-broken",
            "extension-blocked",
            "redirect-without-cors",
        ]),
        firefox: Some(FRAMED),
        webkit: Some(FRAMED),
        settled: by_curl(&["cors-not-allowed"]),
        look_alikes: &["host-unreachable", "cors-resource-policy"],
        ..gateway(Gateway {
            cors: Cors { on: On::NowhereAndOwnSiteFramed, ..Cors::NOWHERE },
            ..Gateway::HEALTHY
        })
    },
    Row {
        id: "cors-missing-on-refusals",
        sentence: "The key is good, but the auth layer's refusals carry no CORS headers.",
        expect: Expect::certain(&["cors-missing-on-errors"]),
        // Firefox cannot tell an error from a sign-in page that forbids being framed.
        firefox: Some(Expect::shortlist(&["cors-missing-on-errors"])),
        look_alikes: &["healthy"],
        ..gateway(Gateway {
            cors: Cors { on: On::NotOnAuthRefusals, ..Cors::EVERYWHERE },
            ..Gateway::HEALTHY
        })
    },
    Row {
        id: "cors-missing-on-errors",
        sentence: "The key is good, but no error carries CORS headers.",
        expect: Expect::certain(&["cors-missing-on-errors"]),
        // Firefox cannot tell an error from a sign-in page that forbids being framed.
        firefox: Some(Expect::shortlist(&["cors-missing-on-errors"])),
        settled: by_curl(&["cors-missing-on-errors"]),
        look_alikes: &["healthy", "cors-missing-on-refusals"],
        ..gateway(Gateway { cors: Cors { on: On::NotOnErrors, ..Cors::EVERYWHERE }, ..Gateway::HEALTHY })
    },
    Row {
        id: "cors-missing-on-errors-unknown-key",
        sentence: "Nobody issued this key, and the gateway's refusal carries no CORS headers.",
        key: Key::Unknown,
        expect: Expect::certain(&["cors-missing-on-errors", "key-rejected"]),
        // Firefox cannot tell an error from a sign-in page that forbids being framed.
        firefox: Some(Expect { certain: &["key-rejected"], shortlist: &["cors-missing-on-errors"] }),
        look_alikes: &["auth-service-down-unreadable", "cors-preflight-unauthorized"],
        ..gateway(Gateway {
            cors: Cors { on: On::NotOnAuthRefusals, ..Cors::EVERYWHERE },
            ..Gateway::HEALTHY
        })
    },
    Row {
        id: "cors-missing-on-errors-unknown-key-alone",
        sentence: "The same unknown key, and no auth service that this page could ask.",
        key: Key::Unknown,
        form: Form { names_auth: false, ..HEALTHY.form },
        // That only the health path carries CORS headers would look the same.
        expect: Expect::shortlist(&[
            "cors-missing-on-errors",
            "key-rejected",
            "auth-service-down",
            "cors-preflight-unauthorized",
        ]),
        // The refusal can be read now; what it is about still only the auth service could tell.
        settled: Some(Expect {
            certain: &["cors-missing-on-errors"],
            shortlist: &["key-rejected", "service-id-mismatch", "auth-contract-mismatch"],
        }),
        look_alikes: &["cors-missing-on-errors-unknown-key", "auth-service-down-unreadable"],
        ..gateway(Gateway {
            cors: Cors { on: On::NotOnAuthRefusals, ..Cors::EVERYWHERE },
            ..Gateway::HEALTHY
        })
    },
];

/// A gateway that judges by sessions and not by keys.
const fn session(cors: Cors) -> Row {
    Row {
        registry: Station::Gateway(Gateway {
            upstream: Upstream::Says(Answer::json(401, r#"{"detail":"Not authenticated: log in first"}"#)),
            auth: None,
            cors,
            ..Gateway::HEALTHY
        }),
        auth: None,
        form: Form { scheme: "none", service_id: "", names_auth: false, ..HEALTHY.form },
        key: Key::None,
        ..HEALTHY
    }
}

/// A healthy deployment but for what happens to preflights.
const fn preflights(preflight: Preflight) -> Row {
    gateway(Gateway { cors: Cors { preflight, ..Cors::EVERYWHERE }, ..Gateway::HEALTHY })
}
