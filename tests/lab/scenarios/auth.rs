//! Faults of the key and of the auth service.

use super::super::answers::Answer;
use super::super::auth_service::{AuthService, Condition};
use super::super::cors::{Cors, On};
use super::super::gateway::Gateway;
use super::super::keys::Key;
use super::{Expect, HEALTHY, Row, Station, gateway};

/// The auth service behind a load balancer that has lost it.
const AUTH_GONE: Option<Station> =
    Some(Station::Auth(AuthService { condition: Condition::Replaced(Answer::AWS_503), ..AuthService::UP }));

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
        id: "key-malformed",
        sentence: "What was pasted is a key of another product.",
        key: Key::Malformed,
        expect: Expect::certain(&["key-malformed"]),
        look_alikes: &["key-rejected"],
        ..HEALTHY
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
        look_alikes: &["cors-missing-on-errors-unknown-key", "gateway-without-backend-503-unreadable"],
        ..gateway(Gateway {
            cors: Cors { on: On::NotOnAuthRefusals, ..Cors::EVERYWHERE },
            ..Gateway::HEALTHY
        })
    },
];
