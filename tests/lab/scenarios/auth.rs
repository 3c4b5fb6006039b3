//! Faults of the key and of the auth service.

use super::super::answers::Answer;
use super::super::auth_service::{AuthService, Condition, Looks};
use super::super::cors::{Cors, On};
use super::super::gateway::{Gateway, Guard, Outage, Reads, Wording};
use super::super::keys::Key;
use super::source::SOURCE;
use super::{Expect, Form, GOOD_KEY_REFUSED_UNREAD, HEALTHY, Row, Station, by_curl, gateway};

/// The auth service behind a load balancer that has lost it.
const AUTH_GONE: Option<Station> =
    Some(Station::Auth(AuthService { condition: Condition::Replaced(Answer::AWS_503), ..AuthService::UP }));

/// Validation never ends.
const HANGING: Option<Station> =
    Some(Station::Auth(AuthService { condition: Condition::Timeout, ..AuthService::UP }));

/// A gateway that waits for its auth service for as long as it takes.
const fn waits() -> Row {
    gateway(Gateway { auth: Some(Guard { outage: Outage::Waits, ..Guard::USUAL }), ..Gateway::HEALTHY })
}

/// The rows.
pub const ROWS: &[Row] = &[
    Row {
        id: "key-missing",
        sentence: "A key is needed, and none was entered.",
        key: Key::None,
        expect: Expect::certain(&["key-missing"]),
        look_alikes: &["key-rejected"],
        ..HEALTHY
    },
    Row {
        id: "key-missing-unread",
        sentence: "A key is needed, none was entered, and nobody may read the gateway's refusals.",
        key: Key::None,
        truth: &["key-missing", "cors-missing-on-errors"],
        expect: Expect::shortlist(&["key-missing", "cors-missing-on-errors"]),
        look_alikes: &["cors-missing-on-errors-unknown-key", "key-missing"],
        ..UNREADABLE
    },
    Row {
        id: "key-malformed",
        sentence: "What was pasted is a key of another product.",
        key: Key::Malformed,
        expect: Expect::certain(&["key-malformed"]),
        look_alikes: &["key-rejected"],
        ..HEALTHY
    },
    Row {
        id: "key-malformed-unread",
        sentence: "What was pasted is a key of another product, and nobody may read the gateway's refusals.",
        key: Key::Malformed,
        expect: Expect::certain(&["cors-missing-on-errors", "key-malformed"]),
        // Firefox cannot tell an error from a sign-in page that forbids being framed.
        firefox: Some(Expect { certain: &["key-malformed"], shortlist: &["cors-missing-on-errors"] }),
        look_alikes: &["cors-missing-on-errors-unknown-key", "key-malformed"],
        ..UNREADABLE
    },
    Row {
        id: "key-rejected",
        sentence: "Nobody issued this key.",
        key: Key::Unknown,
        expect: Expect::certain(&["key-rejected"]),
        look_alikes: &["auth-service-down", "key-malformed", "cors-missing-on-errors-unknown-key"],
        ..HEALTHY
    },
    Row {
        id: "key-cut-while-copying",
        sentence: "The end of the key was not copied along.",
        key: Key::Cut,
        expect: Expect::certain(&["key-rejected"]),
        look_alikes: &["key-rejected", "key-malformed"],
        checks: &[("key-shape", "warn")],
        ..HEALTHY
    },
    Row {
        id: "key-expired",
        sentence: "This key has expired, which the auth service does not tell apart from an unknown one.",
        key: Key::Expired,
        expect: Expect::certain(&["key-rejected"]),
        look_alikes: &["key-rejected"],
        ..HEALTHY
    },
    Row {
        id: "auth-service-down",
        sentence: "The auth service is gone, and the gateway says so with a readable 503.",
        auth: AUTH_GONE,
        expect: Expect::certain(&["auth-service-down"]),
        look_alikes: &["key-rejected", "gateway-without-backend-503"],
        ..HEALTHY
    },
    Row {
        id: "auth-service-down-unreadable",
        sentence: "The auth service is gone, and the gateway's 503 carries no CORS headers.",
        auth: AUTH_GONE,
        expect: Expect::shortlist(&[
            "auth-service-down",
            "wrong-base-url",
            "cors-missing-on-errors",
            "key-rejected",
        ]),
        settled: by_curl(&["auth-service-down", "cors-missing-on-errors"]),
        look_alikes: &["cors-missing-on-errors-unknown-key", "gateway-without-backend-503-unreadable"],
        ..gateway(Gateway {
            cors: Cors { on: On::NotOnAuthRefusals, ..Cors::EVERYWHERE },
            ..Gateway::HEALTHY
        })
    },
    Row {
        id: "key-expired-said",
        sentence: "This key has expired, and the auth service says so.",
        auth: Some(Station::Auth(AuthService { says_expired: true, ..AuthService::UP })),
        key: Key::Expired,
        expect: Expect::certain(&["key-expired"]),
        look_alikes: &["key-expired", "key-rejected"],
        ..HEALTHY
    },
    Row {
        id: "key-expired-said-unread",
        sentence: "This key has expired, and only the auth service says so readably.",
        auth: Some(Station::Auth(AuthService { says_expired: true, ..AuthService::UP })),
        key: Key::Expired,
        expect: Expect::certain(&["cors-missing-on-errors", "key-expired"]),
        // Firefox cannot tell an error from a sign-in page that forbids being framed.
        firefox: Some(Expect { certain: &["key-expired"], shortlist: &["cors-missing-on-errors"] }),
        look_alikes: &["cors-missing-on-errors-unknown-key", "key-expired-said"],
        ..UNREADABLE
    },
    Row {
        id: "key-expired-token",
        sentence: "The key is a token that ended years ago; nobody says why it is refused.",
        key: Key::OldToken,
        expect: Expect::certain(&["key-expired"]),
        look_alikes: &["key-rejected", "token-accepted"],
        ..HEALTHY
    },
    Row {
        id: "key-expired-token-unread",
        sentence: "The key is a token that ended years ago, and nobody may read the gateway's refusals.",
        key: Key::OldToken,
        expect: Expect::certain(&["cors-missing-on-errors", "key-expired"]),
        // Firefox cannot tell an error from a sign-in page that forbids being framed.
        firefox: Some(Expect { certain: &["key-expired"], shortlist: &["cors-missing-on-errors"] }),
        look_alikes: &["cors-missing-on-errors-unknown-key"],
        ..UNREADABLE
    },
    Row {
        id: "token-accepted",
        sentence: "The key is a token, and all is well.",
        key: Key::Token,
        look_alikes: &["key-expired-token"],
        ..HEALTHY
    },
    Row {
        id: "key-wrong-environment",
        sentence: "This key is for the test environment, and the addresses are those of production.",
        key: Key::Test,
        expect: Expect::certain(&["key-wrong-environment"]),
        look_alikes: &["key-rejected", "key-malformed"],
        ..HEALTHY
    },
    Row {
        id: "key-wrong-environment-unread",
        sentence: "This key is for the test environment, and nobody may read the gateway's refusals.",
        key: Key::Test,
        expect: Expect::certain(&["cors-missing-on-errors", "key-wrong-environment"]),
        // Firefox cannot tell an error from a sign-in page that forbids being framed.
        firefox: Some(Expect { certain: &["key-wrong-environment"], shortlist: &["cors-missing-on-errors"] }),
        look_alikes: &["cors-missing-on-errors-unknown-key"],
        ..UNREADABLE
    },
    Row {
        id: "key-rejected-inside-a-200",
        sentence: "The auth service says “not valid” inside a 200, which the gateway takes for a yes: it is open.",
        auth: Some(Station::Auth(AuthService { invalid_inside_200: true, ..AuthService::UP })),
        key: Key::Unknown,
        expect: Expect::certain(&["auth-not-enforced"]),
        look_alikes: &["healthy", "key-rejected"],
        ..HEALTHY
    },
    Row {
        id: "refusals-are-lists",
        sentence: "Nobody issued this key, and refusals are lists, as FastAPI's own checks write them.",
        key: Key::Unknown,
        expect: Expect::certain(&["key-rejected"]),
        look_alikes: &["key-rejected"],
        ..worded(Wording::List)
    },
    Row {
        id: "refusals-are-objects",
        sentence: "Nobody issued this key, and refusals are objects inside an object.",
        key: Key::Unknown,
        expect: Expect::certain(&["key-rejected"]),
        look_alikes: &["key-rejected"],
        ..worded(Wording::Object)
    },
    Row {
        id: "refusals-are-empty",
        sentence: "The gateway refuses with an empty 401 whatever comes, since the auth service asks in vain for a key.",
        truth: &["auth-contract-mismatch"],
        expect: Expect::shortlist(&[
            "auth-scheme-mismatch",
            "auth-header-stripped",
            "auth-contract-mismatch",
        ]),
        look_alikes: &["refusals-are-empty-unknown-key", "nginx-drops-key"],
        ..worded_and_lost(Wording::Empty)
    },
    Row {
        id: "refusals-are-empty-unknown-key",
        sentence: "Nobody issued this key, and every refusal is an empty 401; only the auth service has words.",
        key: Key::Unknown,
        expect: Expect::certain(&["key-rejected"]),
        look_alikes: &["refusals-are-empty"],
        ..worded(Wording::Empty)
    },
    Row {
        id: "refusals-are-pages",
        sentence: "The gateway refuses a good key with the same HTML page as no key.",
        truth: &["auth-contract-mismatch"],
        expect: Expect::shortlist(&[
            "auth-scheme-mismatch",
            "auth-header-stripped",
            "auth-contract-mismatch",
        ]),
        look_alikes: &["nginx-drops-key", "nginx-sign-in"],
        ..worded_and_lost(Wording::Html)
    },
    Row {
        id: "refusals-inside-a-200",
        sentence: "Nobody issued this key, and the gateway says so inside a 200.",
        key: Key::Unknown,
        expect: Expect::certain(&["key-rejected"]),
        look_alikes: &["not-mlflow", "key-rejected"],
        ..worded(Wording::InA200)
    },
    Row {
        id: "key-wanted-in-x-api-key",
        sentence: "The gateway reads X-API-Key alone, and the key is sent as Bearer.",
        truth: &["auth-scheme-mismatch"],
        expect: Expect::shortlist(&["auth-scheme-mismatch", "auth-header-stripped"]),
        look_alikes: &["nginx-drops-key", "key-missing"],
        ..reads(Reads::XApiKey)
    },
    Row {
        id: "key-wanted-in-x-api-key-unread",
        sentence: "The gateway reads X-API-Key alone, the key is sent as Bearer, and nobody may read the refusals.",
        truth: &["auth-scheme-mismatch", "cors-missing-on-errors"],
        expect: GOOD_KEY_REFUSED_UNREAD,
        look_alikes: &["cors-missing-on-errors-unknown-key", "i02-key-in-the-body-unread"],
        ..gateway(Gateway {
            auth: Some(Guard { reads: Reads::XApiKey, ..Guard::USUAL }),
            cors: Cors { on: On::NotOnAuthRefusals, ..Cors::EVERYWHERE },
            ..Gateway::HEALTHY
        })
    },
    Row {
        id: "key-wanted-after-apikey",
        sentence: "The gateway reads Authorization: ApiKey alone, and the key is sent as Bearer.",
        truth: &["auth-scheme-mismatch"],
        expect: Expect::shortlist(&["auth-scheme-mismatch", "auth-header-stripped"]),
        look_alikes: &["nginx-drops-key", "key-wanted-in-x-api-key"],
        ..reads(Reads::ApiKeyWord)
    },
    Row {
        id: "key-sent-as-configured",
        sentence: "The gateway reads X-API-Key alone, and the form says so.",
        form: Form { scheme: "x-api-key", ..HEALTHY.form },
        look_alikes: &["key-wanted-in-x-api-key"],
        ..reads(Reads::XApiKey)
    },
    Row {
        id: "auth-service-hangs",
        sentence: "The auth service never says whether a key is good, and the gateway waits for it.",
        auth: HANGING,
        truth: &["auth-service-down"],
        expect: Expect::shortlist(&["slow-dependency", "auth-service-down", "auth-service-unreachable"]),
        look_alikes: &["auth-service-hangs-alone", "timeout"],
        ..waits()
    },
    Row {
        id: "auth-service-hangs-alone",
        sentence: "The same, and no auth service that this page could ask.",
        auth: HANGING,
        form: Form { names_auth: false, ..HEALTHY.form },
        truth: &["auth-service-down"],
        expect: Expect::shortlist(&["slow-dependency", "auth-service-down", "auth-service-unreachable"]),
        look_alikes: &["auth-service-hangs", "timeout"],
        ..waits()
    },
    Row {
        id: "auth-service-hangs-unread",
        sentence: "The auth service never says whether a key is good, and without one the refusal may not be read.",
        auth: HANGING,
        truth: &["auth-service-down"],
        expect: Expect::shortlist(&["slow-dependency", "auth-service-down", "auth-service-unreachable"]),
        look_alikes: &["auth-service-hangs", "i08-shared-load-balancer-unread", "timeout"],
        ..gateway(Gateway {
            auth: Some(Guard { outage: Outage::Waits, ..Guard::USUAL }),
            cors: Cors { on: On::NotOnAuthRefusals, ..Cors::EVERYWHERE },
            ..Gateway::HEALTHY
        })
    },
    Row {
        id: "rate-limited",
        sentence: "The auth service is asked too often, and the gateway says so with 429.",
        auth: LIMITED,
        // When to come back is said, and pages may not read it: that it is said, only curl sees.
        expect: Expect { certain: &["rate-limited"], shortlist: &["cors-headers-not-exposed"] },
        settled: by_curl(&["rate-limited", "cors-headers-not-exposed"]),
        look_alikes: &[
            "key-rejected",
            "i36-limit-as-401",
            "rate-limited-exposed",
            "nginx-limit-without-retry-after",
        ],
        ..HEALTHY
    },
    Row {
        id: "rate-limited-exposed",
        sentence: "The same, and pages may read every header.",
        auth: LIMITED,
        expect: Expect::certain(&["rate-limited"]),
        look_alikes: &["rate-limited"],
        ..gateway(Gateway { cors: Cors { expose: Some("*"), ..Cors::EVERYWHERE }, ..Gateway::HEALTHY })
    },
    Row {
        id: "rate-limited-unread",
        sentence: "The auth service is asked too often, and only its own 429 may be read.",
        auth: LIMITED,
        truth: &["rate-limited", "cors-missing-on-errors"],
        expect: Expect::shortlist(&[
            "rate-limited",
            "cors-missing-on-errors",
            "key-rejected",
            "auth-service-down",
        ]),
        look_alikes: &["cors-missing-on-errors-unknown-key"],
        ..UNREADABLE
    },
    Row {
        id: "key-of-another-service",
        sentence: "The key is for another service, and the auth service says for which.",
        key: Key::OtherService,
        expect: Expect::certain(&["service-id-mismatch"]),
        look_alikes: &["key-rejected", "key-of-another-service-unsaid"],
        ..HEALTHY
    },
    Row {
        id: "key-of-another-service-unsaid",
        sentence: "The key is for another service, and the auth service knows it only when asked about that one.",
        auth: Some(Station::Auth(AuthService { wants_service: true, ..AuthService::UP })),
        key: Key::OtherService,
        truth: &["service-id-mismatch"],
        expect: Expect::shortlist(&["key-rejected", "service-id-mismatch"]),
        look_alikes: &["key-rejected", "key-of-another-service"],
        ..SOURCE
    },
    Row {
        id: "auth-service-wants-the-body",
        sentence: "The auth service looks for the key in the body, and the gateway sends it in the header.",
        auth: Some(Station::Auth(AuthService { looks: Looks::InTheBody, ..AuthService::UP })),
        truth: &["auth-contract-mismatch"],
        expect: Expect::shortlist(&["auth-contract-mismatch"]),
        look_alikes: &["key-rejected", "i02-key-in-the-body"],
        ..HEALTHY
    },
];

/// A healthy deployment whose auth layer's own answers carry no CORS headers.
const UNREADABLE: Row =
    gateway(Gateway { cors: Cors { on: On::NotOnAuthRefusals, ..Cors::EVERYWHERE }, ..Gateway::HEALTHY });
const LIMITED: Option<Station> =
    Some(Station::Auth(AuthService { condition: Condition::Limited, ..AuthService::UP }));

const fn guarded(guard: Guard) -> Row {
    gateway(Gateway { auth: Some(guard), ..Gateway::HEALTHY })
}

const fn worded(wording: Wording) -> Row {
    guarded(Guard { wording, ..Guard::USUAL })
}

/// The gateway loses the key on its way to the auth service, so every key gets the same refusal.
const fn worded_and_lost(wording: Wording) -> Row {
    guarded(Guard { wording, loses_key: true, ..Guard::USUAL })
}

const fn reads(reads: Reads) -> Row {
    guarded(Guard { reads, ..Guard::USUAL })
}
