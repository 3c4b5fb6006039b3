//! Healthy deployments, and faults of MLflow and of the way to it.

use super::super::answers::Answer;
use super::super::auth_service::AuthService;
use super::super::cors::Cors;
use super::super::gateway::{Gateway, Upstream};
use super::super::keys::Key;
use super::super::mlflow::Kind;
use super::{DIRECT, Expect, Form, HEALTHY, Row, SLOW_LINE, Station, by_curl, gateway};

/// The rows.
pub const ROWS: &[Row] = &[
    Row { id: "healthy", sentence: "Gateway, auth service and MLflow are all well.", ..HEALTHY },
    Row {
        id: SLOW_LINE,
        sentence: "All is well, and every reply takes 50 milliseconds.",
        auth: Some(Station::Auth(AuthService { delay_ms: 50, ..AuthService::UP })),
        ..gateway(Gateway { delay_ms: 50, ..Gateway::HEALTHY })
    },
    Row { id: "healthy-direct", sentence: "MLflow itself, open to this page and without a key.", ..DIRECT },
    Row {
        id: "route-missing",
        sentence: "The gateway takes the key but has no route to MLflow.",
        expect: Expect::certain(&["route-missing"]),
        look_alikes: &["not-mlflow", "key-rejected"],
        ..gateway(Gateway { upstream: Upstream::Says(Answer::NO_ROUTE), ..Gateway::HEALTHY })
    },
    Row {
        id: "not-mlflow",
        sentence: "A web site answers every path with its start page.",
        auth: None,
        form: Form { names_auth: false, open_path: None, ..HEALTHY.form },
        expect: Expect::certain(&["not-mlflow"]),
        look_alikes: &["route-missing", "not-mlflow-unreadable"],
        ..gateway(Gateway {
            upstream: Upstream::Says(Answer::WEBSITE),
            auth: None,
            open: &[],
            ..Gateway::HEALTHY
        })
    },
    Row {
        id: "not-mlflow-unreadable",
        sentence: "A web site answers every path with its start page and knows nothing of CORS.",
        auth: None,
        form: Form { names_auth: false, open_path: None, ..HEALTHY.form },
        expect: Expect::shortlist(&["cors-not-allowed", "login-wall", "redirect-without-cors", "not-mlflow"]),
        firefox: Some(Expect::shortlist(&[
            "cors-not-allowed",
            "login-wall",
            "not-mlflow",
            "connection-broken",
        ])),
        settled: by_curl(&["not-mlflow"]),
        look_alikes: &["not-mlflow", "cors-not-allowed"],
        ..gateway(Gateway {
            upstream: Upstream::Says(Answer::WEBSITE),
            auth: None,
            open: &[],
            cors: Cors::NOWHERE,
            ..Gateway::HEALTHY
        })
    },
    Row {
        id: "mlflow-host-not-allowed",
        sentence: "The gateway passes its public name on, and MLflow does not allow that name.",
        expect: Expect::certain(&["mlflow-host-not-allowed"]),
        look_alikes: &["mlflow-host-not-allowed-direct", "key-rejected"],
        ..gateway(Gateway { keeps_host: true, on_unlisted_address: true, ..Gateway::HEALTHY })
    },
    Row {
        id: "mlflow-host-not-allowed-direct",
        sentence: "MLflow itself, open to this page, but reached under a name that it does not allow.",
        registry: Station::Gateway(Gateway { on_unlisted_address: true, ..Gateway::MLFLOW_ITSELF }),
        expect: Expect::shortlist(&["mlflow-host-not-allowed", "cors-missing-on-errors"]),
        settled: by_curl(&["mlflow-host-not-allowed"]),
        look_alikes: &["mlflow-host-not-allowed", "cors-missing-on-errors"],
        ..DIRECT
    },
    Row {
        id: "mlflow-as-it-comes",
        sentence: "MLflow with its default security, reached from another machine's page.",
        registry: Station::Gateway(Gateway {
            upstream: Upstream::Mlflow(Kind::DefaultSecurity),
            on_unlisted_address: true,
            ..Gateway::MLFLOW_ITSELF
        }),
        // The host too, which only shows once the origin is allowed.
        truth: &["mlflow-origin-not-allowed"],
        expect: Expect::shortlist(&[
            "mlflow-host-not-allowed",
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
        settled: by_curl(&["mlflow-origin-not-allowed", "mlflow-host-not-allowed"]),
        look_alikes: &["cors-not-allowed", "mlflow-host-not-allowed-direct"],
        ..DIRECT
    },
    Row {
        id: "auth-not-enforced",
        sentence: "A key is configured, but everything answers without one.",
        expect: Expect::certain(&["auth-not-enforced"]),
        look_alikes: &["healthy"],
        ..gateway(Gateway { auth: None, ..Gateway::HEALTHY })
    },
    Row {
        id: "auth-not-enforced-direct",
        sentence: "MLflow itself, without any auth, while the form says that a key is needed.",
        form: Form { scheme: "bearer", ..DIRECT.form },
        key: Key::Good,
        expect: Expect::certain(&["auth-not-enforced"]),
        look_alikes: &["healthy-direct"],
        ..DIRECT
    },
];
