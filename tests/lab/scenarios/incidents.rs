//! What really happened to the key and the auth service of one deployment (facts/incidents.md), each incident with what
//! made people guess wrong, in a double of that deployment behind its shipped entry. Its refusals come with CORS headers
//! and, as they really did, without.

use super::super::answers::Answer;
use super::super::auth_service::{AuthService, Condition};
use super::super::cors::{Cors, Preflight};
use super::super::gateway::{Asks, Gateway, Guard, Outage, Upstream};
use super::super::keys::Key;
use super::super::source::{AS_IT_IS, Source};
use super::source::{SOURCE, proxied};
use super::{Expect, Form, GOOD_KEY_REFUSED_UNREAD, Row, Station};

/// The refusals may be read.
const READABLE: Cors = Source::WELL.proxy.cors;
/// What the auth layer says itself carries no CORS headers: the source's own order of middleware.
const UNREADABLE: Cors = AS_IT_IS;
/// A load balancer's page instead of the auth service.
const AUTH_503: Option<Station> =
    Some(Station::Auth(AuthService { condition: Condition::Replaced(Answer::AWS_503), ..AuthService::UP }));
const AUTH_502: Option<Station> =
    Some(Station::Auth(AuthService { condition: Condition::Replaced(Answer::NGINX_502), ..AuthService::UP }));
const KEY_REQUIRED: Answer = Answer::json(401, r#"{"detail":"API key required"}"#);
const LOAD_BALANCER_404: Answer =
    Answer { status: 404, content_type: "text/plain; charset=utf-8", body: "Not Found", location: None };

const I02: Guard = Guard { loses_key: true, ..Guard::USUAL };
const I03: Guard = Guard { service_id: "ml-platform", ..Guard::USUAL };
const I08: Guard = Guard {
    asks: Asks::Own(AuthService { condition: Condition::Timeout, ..AuthService::UP }),
    outage: Outage::As401,
    ..Guard::USUAL
};
const I09: Guard = Guard { outage: Outage::As401, ..Guard::USUAL };
const I38: Guard = Guard { admins_only: true, ..Guard::USUAL };

/// The rows.
pub const ROWS: &[Row] = &[
    Row {
        id: "i02-key-in-the-body",
        sentence: "The gateway gives the key to the auth service in the body, which looks for it in the header.",
        truth: &["auth-contract-mismatch"],
        expect: Expect::shortlist(&["auth-contract-mismatch", "service-id-mismatch"]),
        look_alikes: &["key-rejected", "i03-service-id-of-the-gateway-alone", "i08-shared-load-balancer"],
        ..guarded(I02, READABLE)
    },
    Row {
        id: "i02-key-in-the-body-unread",
        sentence: "The gateway gives the key to the auth service in the body, and nobody may read its refusals.",
        truth: &["auth-contract-mismatch", "cors-missing-on-errors"],
        expect: GOOD_KEY_REFUSED_UNREAD,
        look_alikes: &["cors-missing-on-errors-unknown-key", "i38-admins-only-unread"],
        ..guarded(I02, UNREADABLE)
    },
    Row {
        id: "i03-service-id",
        sentence: "The gateway asks about ml-platform, and so does the form; the key is for platform.",
        form: Form { service_id: "ml-platform", ..SOURCE.form },
        expect: Expect::certain(&["service-id-mismatch"]),
        look_alikes: &["key-rejected", "i02-key-in-the-body"],
        ..guarded(I03, READABLE)
    },
    Row {
        id: "i03-service-id-unread",
        sentence: "The gateway asks about ml-platform, the key is for platform, and nobody may read the refusals.",
        form: Form { service_id: "ml-platform", ..SOURCE.form },
        expect: Expect::certain(&["cors-missing-on-errors", "service-id-mismatch"]),
        // Firefox cannot tell an error from a sign-in page that forbids being framed.
        firefox: Some(Expect { certain: &["service-id-mismatch"], shortlist: &["cors-missing-on-errors"] }),
        look_alikes: &["cors-missing-on-errors-unknown-key"],
        ..guarded(I03, UNREADABLE)
    },
    Row {
        id: "i03-service-id-of-the-gateway-alone",
        sentence: "The gateway asks about ml-platform, which nobody outside knows; the form says platform.",
        truth: &["service-id-mismatch"],
        expect: Expect::shortlist(&["auth-contract-mismatch", "service-id-mismatch"]),
        look_alikes: &["i02-key-in-the-body", "key-rejected"],
        ..guarded(I03, READABLE)
    },
    Row {
        id: "i08-shared-load-balancer",
        sentence: "The auth service answers everybody but the gateway, which reports its time limit as a bad key.",
        expect: Expect::certain(&["auth-service-unreachable", "outage-reported-as-401"]),
        look_alikes: &["i09-auth-service-gone", "key-rejected"],
        ..guarded(I08, READABLE)
    },
    Row {
        id: "i08-shared-load-balancer-unread",
        sentence: "The auth service answers everybody but the gateway, and nobody may read what that says.",
        truth: &["auth-service-unreachable", "cors-missing-on-errors"],
        expect: Expect::shortlist(&[
            "auth-service-unreachable",
            "cors-missing-on-errors",
            "key-lacks-permission",
            "auth-contract-mismatch",
        ]),
        look_alikes: &["i02-key-in-the-body-unread"],
        ..guarded(I08, UNREADABLE)
    },
    Row {
        id: "i09-auth-service-gone",
        sentence: "The auth service is a load balancer's 503 page, and the gateway calls every key bad.",
        auth: AUTH_503,
        expect: Expect::certain(&["auth-service-down", "outage-reported-as-401"]),
        look_alikes: &["key-rejected", "i08-shared-load-balancer"],
        ..guarded(I09, READABLE)
    },
    Row {
        id: "i09-auth-service-gone-unread",
        sentence: "The auth service is a load balancer's 503 page, and nobody may read the gateway's refusals.",
        auth: AUTH_503,
        truth: &["auth-service-down", "cors-missing-on-errors"],
        expect: Expect::shortlist(&[
            "auth-service-down",
            "wrong-base-url",
            "cors-missing-on-errors",
            "key-rejected",
        ]),
        look_alikes: &["key-rejected"],
        ..guarded(I09, UNREADABLE)
    },
    Row {
        id: "i15-after-the-migration",
        sentence: "The auth service is a 502 page, and the load balancer has no rule for MLflow's path.",
        auth: AUTH_502,
        truth: &["auth-service-down", "route-missing"],
        expect: Expect::shortlist(&["auth-service-down", "wrong-base-url", "route-missing"]),
        look_alikes: &["i17-mount-deleted", "i09-auth-service-gone"],
        ..proxied(Gateway { auth: None, upstream: Upstream::Says(LOAD_BALANCER_404), ..Source::WELL.proxy })
    },
    Row {
        id: "i17-mount-deleted",
        sentence: "The application takes the key and has lost its route to MLflow: 404 as it says it itself.",
        // Both hold: without a key there is a refusal that may not be read.
        expect: Expect { certain: &["route-missing"], shortlist: &["cors-missing-on-errors"] },
        look_alikes: &["i15-after-the-migration", "key-rejected"],
        ..proxied(Gateway {
            upstream: Upstream::Says(Answer::NO_ROUTE),
            cors: UNREADABLE,
            ..Source::WELL.proxy
        })
    },
    Row {
        id: "i22-key-stripped",
        sentence: "The gateway checks the key and does not pass it on to MLflow, which wants one too.",
        expect: Expect::certain(&["auth-header-stripped"]),
        look_alikes: &["key-rejected", "nginx-drops-key", "key-missing"],
        ..proxied(Gateway { upstream: Upstream::Says(KEY_REQUIRED), ..Source::WELL.proxy })
    },
    Row {
        id: "i22-key-stripped-unread",
        sentence: "MLflow's refusal behind the gateway may be read, the gateway's own may not.",
        expect: Expect { certain: &["auth-header-stripped"], shortlist: &["cors-missing-on-errors"] },
        look_alikes: &["cors-missing-on-errors", "nginx-drops-key"],
        ..proxied(Gateway { upstream: Upstream::Says(KEY_REQUIRED), cors: UNREADABLE, ..Source::WELL.proxy })
    },
    Row {
        id: "i24-read-only-key",
        sentence: "The key reads everything, and its scopes do not cover writing.",
        key: Key::ReadOnly,
        truth: &["key-lacks-permission"],
        expect: Expect::shortlist(&["key-lacks-permission"]),
        look_alikes: &["healthy", "i38-admins-only"],
        ..SOURCE
    },
    Row {
        id: "i30-preflight-refused",
        sentence: "The auth layer stands before the CORS layer and wants a key from preflights too.",
        truth: &["cors-preflight-unauthorized"],
        expect: Expect::shortlist(&[
            "cors-preflight-unauthorized",
            "cors-preflight-failing",
            "cors-preflight-redirected",
            "cors-header-not-allowed",
        ]),
        look_alikes: &["key-rejected", "cors-missing-on-errors-unknown-key"],
        ..proxied(Gateway {
            cors: Cors { preflight: Preflight::Ordinary, ..UNREADABLE },
            ..Source::WELL.proxy
        })
    },
    Row {
        id: "i33-host-check",
        sentence: "A newer MLflow behind the gateway does not know the public name, whoever asks.",
        expect: Expect::certain(&["mlflow-host-not-allowed"]),
        look_alikes: &["i24-read-only-key", "i38-admins-only"],
        ..proxied(Gateway { keeps_host: true, on_unlisted_address: true, ..Source::WELL.proxy })
    },
    Row {
        id: "i36-limit-as-401",
        sentence: "The auth service limits the gateway, which says so under the status of a bad key.",
        expect: Expect::certain(&["rate-limited", "outage-reported-as-401"]),
        look_alikes: &["key-rejected", "i09-auth-service-gone"],
        ..guarded(
            Guard {
                asks: Asks::Own(AuthService { condition: Condition::Limited, ..AuthService::UP }),
                outage: Outage::As401,
                ..Guard::USUAL
            },
            READABLE,
        )
    },
    Row {
        id: "i36-error-as-401",
        sentence: "The auth service fails inside, and the gateway reports it as a bad key.",
        auth: Some(Station::Auth(AuthService { condition: Condition::Failing(500), ..AuthService::UP })),
        expect: Expect::certain(&["auth-service-down", "outage-reported-as-401"]),
        look_alikes: &["key-rejected"],
        ..guarded(I09, READABLE)
    },
    Row {
        id: "i38-admins-only",
        sentence: "The registry is for admins, and this key's owner is none.",
        expect: Expect::certain(&["key-lacks-permission"]),
        look_alikes: &["i24-read-only-key", "i33-host-check"],
        ..guarded(I38, READABLE)
    },
    Row {
        id: "i38-admins-only-unread",
        sentence: "The registry is for admins, and nobody may read that it says so.",
        truth: &["key-lacks-permission", "cors-missing-on-errors"],
        expect: GOOD_KEY_REFUSED_UNREAD,
        look_alikes: &["i02-key-in-the-body-unread"],
        ..guarded(I38, UNREADABLE)
    },
    Row {
        id: "i39-no-balance",
        sentence: "The account behind the key cannot pay.",
        key: Key::Unpaid,
        expect: Expect::certain(&["balance-exhausted"]),
        look_alikes: &["key-rejected", "i38-admins-only"],
        ..SOURCE
    },
    Row {
        id: "i39-no-balance-unread",
        sentence: "The account behind the key cannot pay, which only the auth service says readably.",
        key: Key::Unpaid,
        truth: &["balance-exhausted", "cors-missing-on-errors"],
        expect: Expect::shortlist(&[
            "balance-exhausted",
            "cors-missing-on-errors",
            "key-lacks-permission",
            "auth-contract-mismatch",
        ]),
        look_alikes: &["i38-admins-only-unread"],
        ..guarded(Guard::USUAL, UNREADABLE)
    },
];

/// A healthy deployment but for its gateway's auth layer.
const fn guarded(guard: Guard, cors: Cors) -> Row {
    proxied(Gateway { auth: Some(guard), cors, ..Source::WELL.proxy })
}
