//! Faults below and around HTTP: nobody there, nobody answering, nobody behind the gateway.

use super::super::answers::Answer;
use super::super::cors::Cors;
use super::super::gateway::{Gateway, Upstream};
use super::super::misbehaving::{Manner, Misbehaving};
use super::super::mlflow::Kind;
use super::super::tls::Certificate;
use super::{Browser, Expect, Form, HEALTHY, Row, Station, by_curl, gateway, registry, without_backend};

/// What Chromium cannot tell apart when nothing comes back over plain http. Answers that forbid every cross-origin
/// use (CORP and X-Frame-Options, without CORS) look like that too.
const NO_ANSWER: Expect = Expect::shortlist(&[
    "host-unreachable",
    "connection-broken",
    "extension-blocked",
    "redirect-without-cors",
]);
/// A whole host that answers only errors, none of them readable.
const UNREADABLE_ERRORS: Expect =
    Expect::shortlist(&["gateway-without-backend", "cors-missing-on-errors", "login-wall", "wrong-base-url"]);

/// The rows.
pub const ROWS: &[Row] = &[
    Row {
        id: "offline",
        sentence: "The browser has no network.",
        browser: Browser::Offline,
        expect: Expect::certain(&["offline"]),
        look_alikes: &["host-unreachable"],
        ..HEALTHY
    },
    Row {
        id: "extension-blocked",
        sentence: "All is well, but an extension of this browser stops every request to the registry.",
        browser: Browser::Blocking,
        form: Form { mlflow_path: "/blocked/api/mlflow", open_path: Some("/blocked/health"), ..HEALTHY.form },
        truth: &["extension-blocked"],
        expect: NO_ANSWER,
        // The host answers curl, so it is this browser; which part of it, only its user can find out.
        settled: Some(Expect::shortlist(&["extension-blocked"])),
        look_alikes: &["host-unreachable"],
        ..gateway(Gateway { prefix: "/blocked/api/mlflow", open: &["/blocked/health"], ..Gateway::HEALTHY })
    },
    Row {
        id: "host-unreachable",
        sentence: "Nothing listens at the registry's address.",
        expect: NO_ANSWER,
        firefox: Some(Expect::shortlist(&["host-unreachable", "extension-blocked"])),
        settled: by_curl(&["host-unreachable"]),
        look_alikes: &["name-unknown", "connection-reset", "port-blocked"],
        ..registry(Misbehaving::by(Manner::Refused))
    },
    Row {
        id: "name-unknown",
        sentence: "The registry's name does not exist.",
        registry: Station::UnknownName,
        expect: NO_ANSWER,
        firefox: Some(Expect::shortlist(&["host-unreachable", "extension-blocked"])),
        settled: by_curl(&["host-unreachable"]),
        look_alikes: &["host-unreachable"],
        ..HEALTHY
    },
    Row {
        id: "port-blocked",
        sentence: "The registry's address has a port that browsers keep for other protocols.",
        registry: Station::BadPort,
        expect: Expect::certain(&["port-blocked"]),
        look_alikes: &["host-unreachable"],
        ..HEALTHY
    },
    Row {
        id: "connection-reset",
        sentence: "The registry's host takes connections and resets them.",
        expect: NO_ANSWER,
        firefox: Some(Expect::shortlist(&["connection-broken", "host-unreachable", "redirect-without-cors"])),
        settled: by_curl(&["connection-broken"]),
        look_alikes: &["host-unreachable"],
        ..registry(Misbehaving::by(Manner::ResetAfterRequest))
    },
    Row {
        id: "not-http",
        sentence: "What listens at the registry's address speaks another protocol than HTTP.",
        expect: NO_ANSWER,
        firefox: Some(Expect::shortlist(&[
            "cors-not-allowed",
            "login-wall",
            "not-mlflow",
            "connection-broken",
        ])),
        settled: by_curl(&["connection-broken"]),
        look_alikes: &["connection-reset", "host-unreachable"],
        ..registry(Misbehaving::by(Manner::Garbage))
    },
    Row {
        id: "body-stalls",
        sentence: "The registry's host begins every answer and never ends it.",
        expect: Expect::certain(&["timeout"]),
        look_alikes: &["timeout"],
        ..registry(Misbehaving::by(Manner::StalledBody))
    },
    Row {
        id: "healthy-slow",
        sentence: "All is well, but requests with a key take more than half of the time that this page gives them.",
        look_alikes: &["timeout"],
        ..gateway(Gateway { delay_ms: 300, ..Gateway::HEALTHY })
    },
    Row {
        id: "timeout",
        sentence: "The registry's host takes requests and never answers.",
        // The address is one of this machine, and browsers that ask before those do it in the same silence.
        expect: Expect::shortlist(&["timeout", "local-network-permission"]),
        webkit: Some(Expect::certain(&["timeout"])),
        firefox: Some(Expect::certain(&["timeout"])),
        settled: by_curl(&["timeout"]),
        look_alikes: &["host-unreachable"],
        ..registry(Misbehaving::by(Manner::Silent))
    },
    Row {
        id: "connections-hang",
        sentence: "Connections to the registry's host neither stand nor fail, as behind a firewall that drops packets.",
        truth: &["timeout"],
        expect: Expect::shortlist(&["timeout", "local-network-permission"]),
        webkit: Some(Expect::certain(&["timeout"])),
        firefox: Some(Expect::certain(&["timeout"])),
        look_alikes: &["timeout", "host-unreachable"],
        ..registry(Misbehaving::by(Manner::Swallowed))
    },
    Row {
        id: "body-cut-off",
        sentence: "The registry's host promises more of every answer than it sends.",
        truth: &["connection-broken"],
        expect: Expect::shortlist(&["connection-broken", "malformed-response"]),
        // WebKit takes the beginning for the whole, which is another program's.
        webkit: Some(Expect::certain(&["not-mlflow"])),
        look_alikes: &["body-stalls"],
        ..registry(Misbehaving::by(Manner::CutOff))
    },
    Row {
        id: "network-sign-in",
        sentence: "The network wants a sign-in first, and answers in place of the registry (511).",
        expect: Expect::certain(&["login-wall"]),
        look_alikes: &["gateway-without-backend-503"],
        ..registry(Misbehaving { cors: Cors::EVERYWHERE, ..Misbehaving::saying(Answer::NETWORK_511) })
    },
    Row {
        id: "clock-ahead",
        sentence: "All is well, but this browser's clock is two hours ahead.",
        browser: Browser::Ahead(7_200),
        truth: &["clock-skew"],
        // The page's server may be the one that is off.
        expect: Expect::shortlist(&["clock-skew"]),
        look_alikes: &["clock-behind", "healthy"],
        ..HEALTHY
    },
    Row {
        id: "clock-behind",
        sentence: "All is well, but this browser's clock is two hours behind, as the registry lets pages see.",
        browser: Browser::Ahead(-7_200),
        expect: Expect::certain(&["clock-skew"]),
        look_alikes: &["clock-ahead", "healthy"],
        ..gateway(Gateway { cors: Cors { expose: Some("*"), ..Cors::EVERYWHERE }, ..Gateway::HEALTHY })
    },
    Row {
        id: "mixed-content",
        sentence: "The page was loaded over https, and the registry's address is http.",
        registry: Station::UnknownName,
        browser: Browser::Secure,
        expect: Expect::certain(&["mixed-content"]),
        look_alikes: &["name-unknown", "healthy-from-https"],
        ..HEALTHY
    },
    Row {
        id: "healthy-from-https",
        sentence: "All is well over https, and the page was loaded over https too.",
        registry: Station::Tls(Certificate::Good, Gateway::HEALTHY),
        browser: Browser::Secure,
        look_alikes: &["mixed-content"],
        ..HEALTHY
    },
    Row {
        id: "local-network-denied",
        sentence: "All is well, but the user once said that this public page may not get into the local network.",
        browser: Browser::Outside("denied"),
        // With an auth service the rest would be named once more for it.
        form: Form { names_auth: false, ..HEALTHY.form },
        truth: &["local-network-permission"],
        expect: Expect::shortlist(&[
            "local-network-permission",
            "host-unreachable",
            "connection-broken",
            "extension-blocked",
        ]),
        look_alikes: &["healthy-from-outside", "host-unreachable", "page-policy-blocked"],
        ..HEALTHY
    },
    Row {
        id: "healthy-from-outside",
        sentence: "The same, and the user said that it may.",
        browser: Browser::Outside("granted"),
        look_alikes: &["local-network-denied"],
        // MLflow 3 would have to allow this page's origin as well.
        ..gateway(Gateway { upstream: Upstream::Mlflow(Kind::Old), ..Gateway::HEALTHY })
    },
    Row {
        id: "page-policy-blocked",
        sentence: "The host of this page adds a policy that lets the page ask nobody else.",
        browser: Browser::Strict,
        expect: Expect::certain(&["page-policy-blocked"]),
        look_alikes: &["host-unreachable"],
        ..HEALTHY
    },
    Row {
        id: "gateway-without-backend-502",
        sentence: "The gateway answers 502 because nothing is alive behind it, and pages may read that.",
        expect: Expect::certain(&["gateway-without-backend"]),
        look_alikes: &["gateway-without-backend-502-unreadable"],
        ..registry(Misbehaving { cors: Cors::EVERYWHERE, ..without_backend(Answer::NGINX_502) })
    },
    Row {
        id: "gateway-without-backend-503",
        sentence: "The load balancer answers 503 because it has no healthy target, and pages may read that.",
        expect: Expect::certain(&["gateway-without-backend"]),
        look_alikes: &["gateway-without-backend-503-unreadable", "auth-service-down"],
        ..registry(Misbehaving { cors: Cors::EVERYWHERE, ..without_backend(Answer::AWS_503) })
    },
    Row {
        id: "gateway-without-backend-502-unreadable",
        sentence: "The gateway answers 502 because nothing is alive behind it, without CORS headers.",
        expect: UNREADABLE_ERRORS,
        firefox: Some(Expect::shortlist(&[
            "gateway-without-backend",
            "cors-missing-on-errors",
            "login-wall",
            "cors-not-allowed",
        ])),
        settled: by_curl(&["gateway-without-backend"]),
        look_alikes: &["cors-not-allowed", "cors-missing-on-errors"],
        ..registry(without_backend(Answer::NGINX_502))
    },
    Row {
        id: "gateway-without-backend-503-unreadable",
        sentence: "The load balancer answers 503 because it has no healthy target, without CORS headers.",
        expect: UNREADABLE_ERRORS,
        firefox: Some(Expect::shortlist(&[
            "gateway-without-backend",
            "cors-missing-on-errors",
            "login-wall",
            "cors-not-allowed",
        ])),
        settled: by_curl(&["gateway-without-backend"]),
        look_alikes: &["cors-not-allowed", "auth-service-down-unreadable"],
        ..registry(without_backend(Answer::AWS_503))
    },
];
