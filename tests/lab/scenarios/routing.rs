//! MLflow servers of two generations, set up in many ways, and what lies between them and the page: prefixes, routes, lost
//! bodies, files. nginx is real, and so is every MLflow.

use super::super::answers::Answer;
use super::super::gateway::{Gateway, Upstream};
use super::super::keys::Key;
use super::super::mlflow::{Kind, PREFIX};
use super::super::nginx::{Behind, Nginx};
use super::{DIRECT, Expect, Form, Row, Station, gateway};

/// What MLflow's own 404 page may mean.
const MLFLOW_HAS_NO_ROUTE: Expect =
    Expect::shortlist(&["path-prefix-mismatch", "wrong-base-url", "route-missing", "not-mlflow"]);

/// The rows.
pub const ROWS: &[Row] = &[
    Row {
        id: "healthy-mlflow-2",
        sentence: "MLflow 2 knows no CORS; nginx answers preflights and adds the headers.",
        ..nginx(
            concat!(cors!(), "client_max_body_size 16m;\n", location!("/", "proxy_pass {behind};")),
            Kind::Old,
        )
    },
    Row {
        id: "healthy-gunicorn",
        sentence: "MLflow on gunicorn, told of this page by a variable.",
        ..mlflow(Kind::Gunicorn)
    },
    Row {
        id: "healthy-static-prefix",
        sentence: "MLflow runs with --static-prefix, and the path is in the form.",
        form: Form { mlflow_path: PREFIX, open_path: Some("/mlflow/health"), ..DIRECT.form },
        ..mlflow(Kind::Prefixed)
    },
    Row {
        id: "healthy-basic-auth",
        sentence: "MLflow asks for a user and a password, and gets the right ones.",
        form: Form { scheme: "basic", ..DIRECT.form },
        key: Key::Password,
        look_alikes: &["auth-not-enforced-direct"],
        ..mlflow(Kind::BasicAuth)
    },
    Row {
        id: "basic-auth-gets-a-key",
        sentence: "MLflow asks for a user and a password, gets a key as Bearer, and fails inside over it.",
        form: Form { scheme: "bearer", ..DIRECT.form },
        key: Key::Good,
        expect: Expect::certain(&["auth-scheme-mismatch"]),
        look_alikes: &["basic-auth-wrong-password", "server-error"],
        ..mlflow(Kind::BasicAuth)
    },
    Row {
        id: "basic-auth-wrong-password",
        sentence: "MLflow asks for a user and a password, and the password is wrong.",
        form: Form { scheme: "basic", ..DIRECT.form },
        key: Key::WrongPassword,
        truth: &["key-rejected"],
        expect: Expect::shortlist(&["key-rejected", "auth-header-stripped"]),
        look_alikes: &["healthy-basic-auth", "basic-auth-gets-a-key"],
        ..mlflow(Kind::BasicAuth)
    },
    Row {
        id: "mlflow-2-as-it-comes",
        sentence: "MLflow 2 without anything before it: it knows no CORS.",
        truth: &["cors-not-allowed"],
        expect: Expect::shortlist(&[
            "mlflow-origin-not-allowed",
            "cors-not-allowed",
            "redirect-without-cors",
        ]),
        look_alikes: &["mlflow-as-it-comes", "cors-not-allowed"],
        ..mlflow(Kind::Old)
    },
    Row {
        id: "mlflow-host-not-allowed-gunicorn",
        sentence: "MLflow on gunicorn is reached under a name that it does not allow, and its refusal may be read.",
        registry: Station::Gateway(Gateway {
            upstream: Upstream::Mlflow(Kind::Gunicorn),
            on_unlisted_address: true,
            ..Gateway::MLFLOW_ITSELF
        }),
        expect: Expect::certain(&["mlflow-host-not-allowed"]),
        look_alikes: &["mlflow-host-not-allowed-direct"],
        ..DIRECT
    },
    Row {
        id: "mlflow-origin-not-allowed-to-write",
        sentence: "nginx adds CORS and passes the page's origin on, and MLflow takes no changes from it.",
        expect: Expect::certain(&["mlflow-origin-not-allowed"]),
        look_alikes: &["healthy-mlflow-2", "i24-read-only-key", "request-body-dropped"],
        ..nginx(concat!(cors!(), location!("/", "proxy_pass {behind};")), Kind::DefaultSecurity)
    },
    Row {
        id: "path-prefix-cut-off",
        sentence: "nginx cuts the prefix off that MLflow runs with.",
        form: below(PREFIX),
        expect: Expect::certain(&["path-prefix-mismatch"]),
        look_alikes: &["path-prefix-passed-on", "route-missing-nginx"],
        ..nginx(concat!(cors!(), location!("/mlflow/", "proxy_pass {behind}/;")), Kind::Prefixed)
    },
    Row {
        id: "path-prefix-passed-on",
        sentence: "nginx passes a prefix on that MLflow does not know.",
        form: below(PREFIX),
        truth: &["path-prefix-mismatch"],
        expect: MLFLOW_HAS_NO_ROUTE,
        look_alikes: &["path-prefix-cut-off", "route-missing-nginx", "path-translation-missing"],
        ..nginx(concat!(cors!(), location!("/mlflow/", "proxy_pass {behind};")), Kind::Healthy)
    },
    Row {
        id: "static-prefix-not-typed",
        sentence: "MLflow runs with --static-prefix, and the address was typed without it.",
        expect: Expect::certain(&["wrong-base-url"]),
        look_alikes: &["path-prefix-passed-on"],
        ..mlflow(Kind::Prefixed)
    },
    Row {
        id: "wrong-base-url-nginx",
        sentence: "MLflow is below /mlflow, and another path was typed.",
        form: Form { listed_path: Some(PREFIX), ..below("/ml/registry") },
        expect: Expect::certain(&["wrong-base-url"]),
        look_alikes: &["route-missing-nginx"],
        ..nginx(concat!(cors!(), location!("/mlflow/", "proxy_pass {behind}/;")), Kind::Healthy)
    },
    Row {
        id: "route-missing-nginx",
        sentence: "nginx has no route to MLflow, and pages may read that.",
        form: below(PREFIX),
        truth: &["route-missing"],
        expect: Expect::shortlist(&["route-missing", "wrong-base-url"]),
        look_alikes: &["path-prefix-passed-on", "wrong-base-url-nginx"],
        ..nginx(concat!(cors!(), location!("/", "return 404;")), Kind::Healthy)
    },
    Row {
        id: "path-translation-missing",
        sentence: "MLflow 2 with --static-prefix: its web page is at work below it, and clients get 404.",
        form: below(PREFIX),
        expect: Expect::certain(&["path-translation-missing"]),
        look_alikes: &["path-prefix-passed-on", "route-missing-nginx"],
        ..nginx(concat!(cors!(), location!("/mlflow/", "proxy_pass {behind};")), Kind::OldPrefixed)
    },
    Row {
        id: "mlflow-down",
        sentence: "The gateway takes the key and cannot reach MLflow.",
        expect: Expect::certain(&["mlflow-down"]),
        look_alikes: &["backend-store-failing", "server-error", "nginx-upstream-down-health-up"],
        ..gateway(Gateway { upstream: Upstream::Dead, ..Gateway::HEALTHY })
    },
    Row {
        id: "server-error",
        sentence: "The gateway takes the key and fails inside.",
        expect: Expect::certain(&["server-error"]),
        look_alikes: &["mlflow-down", "backend-store-failing"],
        ..gateway(Gateway { upstream: Upstream::Says(Answer::CRASHED), ..Gateway::HEALTHY })
    },
    Row {
        id: "server-error-with-secrets",
        sentence: "The gateway fails inside and prints the secrets of others.",
        expect: Expect::certain(&["server-error"]),
        look_alikes: &["server-error"],
        ..gateway(Gateway { upstream: Upstream::Says(Answer::TALKATIVE), ..Gateway::HEALTHY })
    },
    Row {
        id: "backend-store-failing",
        sentence: "MLflow is up, and its database lost its tables.",
        expect: Expect::certain(&["backend-store-failing"]),
        look_alikes: &["mlflow-down", "server-error"],
        ..mlflow(Kind::StoreBroken)
    },
    Row {
        id: "artifacts-not-served",
        sentence: "MLflow tells clients to upload through it, and runs with --no-serve-artifacts.",
        expect: Expect::certain(&["artifacts-not-served"]),
        look_alikes: &["artifact-root-direct", "artifact-route-missing"],
        ..mlflow(Kind::ArtifactsOff)
    },
    Row {
        id: "artifact-root-direct",
        sentence: "MLflow runs with --no-serve-artifacts and tells clients to write to a folder.",
        truth: &["artifact-root-direct"],
        expect: Expect::shortlist(&["artifact-root-direct"]),
        look_alikes: &["artifacts-not-served"],
        ..mlflow(Kind::FolderRoot)
    },
    Row {
        id: "artifact-route-missing",
        sentence: "nginx passes MLflow's API on, and not its files.",
        expect: Expect::certain(&["route-missing"]),
        look_alikes: &["artifacts-not-served"],
        ..nginx(
            concat!(
                cors!(),
                location!("/", "proxy_pass {behind};"),
                location!("/api/2.0/mlflow-artifacts/", "return 404;")
            ),
            Kind::Healthy,
        )
    },
    Row {
        id: "request-body-dropped",
        sentence: "nginx passes requests on without their bodies.",
        expect: Expect::certain(&["request-body-dropped"]),
        look_alikes: &["mlflow-origin-not-allowed-to-write", "request-query-dropped"],
        ..nginx(
            concat!(
                cors!(),
                location!(
                    "/",
                    "proxy_pass_request_body off; proxy_set_header Content-Length \"\"; proxy_pass {behind};"
                )
            ),
            Kind::Healthy,
        )
    },
    Row {
        id: "request-query-dropped",
        sentence: "nginx passes requests on without their queries.",
        expect: Expect::certain(&["request-body-dropped"]),
        look_alikes: &["request-body-dropped"],
        ..nginx(concat!(cors!(), location!("/", "set $args \"\"; proxy_pass {behind};")), Kind::Healthy)
    },
    Row {
        id: "route-shadowed-by-page",
        sentence: "nginx answers every path with MLflow's web page, as people do for single-page apps.",
        expect: Expect::certain(&["route-shadowed"]),
        look_alikes: &["not-mlflow", "healthy-mlflow-2"],
        ..nginx(
            concat!(
                cors!(),
                "location = /health { proxy_pass {behind}; }\n",
                location!("/", "rewrite ^ / break; proxy_pass {behind};")
            ),
            Kind::Healthy,
        )
    },
    Row {
        id: "route-shadowed-health",
        sentence: "The gateway's route to MLflow takes its health path too, and MLflow has none there.",
        form: Form { open_path: Some("/api/mlflow/health/mlflow"), ..super::HEALTHY.form },
        truth: &["route-shadowed"],
        expect: Expect::shortlist(&["route-shadowed"]),
        look_alikes: &["healthy", "route-missing"],
        ..gateway(Gateway { open: &[], ..Gateway::HEALTHY })
    },
    Row {
        id: "health-check-misleading",
        sentence: "The health path says that all is broken, and MLflow works.",
        truth: &["health-check-misleading"],
        expect: Expect::shortlist(&["health-check-misleading"]),
        look_alikes: &["nginx-upstream-down"],
        ..nginx(
            concat!(
                cors!(),
                "location = /health { default_type application/json; return 503 '{\"status\":\"unhealthy\"}'; }\n",
                location!("/", "proxy_pass {behind};")
            ),
            Kind::Healthy,
        )
    },
    Row {
        id: "health-check-praises",
        sentence: "The health path says that MLflow is well, and the proxy cannot reach it.",
        registry: Station::Nginx(Nginx {
            lines: concat!(
                cors!(),
                "location = /health { default_type application/json; return 200 '{\"status\":\"healthy\",\"mlflow\":\"ok\"}'; }\n",
                location!("/", "proxy_pass {behind};")
            ),
            behind: Behind::Gateway(Gateway { upstream: Upstream::Dead, ..Gateway::MLFLOW_ITSELF }),
            tls: false,
        }),
        expect: Expect::certain(&["mlflow-down", "health-check-misleading"]),
        look_alikes: &["mlflow-down", "health-check-misleading"],
        ..DIRECT
    },
    Row {
        id: "malformed-response",
        sentence: "A filter of nginx rewrites quotes in what MLflow says, and its JSON is none any more.",
        expect: Expect::certain(&["malformed-response"]),
        look_alikes: &["not-mlflow", "healthy-mlflow-2"],
        ..nginx(
            concat!(
                cors!(),
                location!(
                    "/",
                    "sub_filter '\"' '&quot;'; sub_filter_types application/json; sub_filter_once off; \
                     proxy_set_header Accept-Encoding \"\"; proxy_pass {behind};"
                )
            ),
            Kind::Healthy,
        )
    },
];

/// MLflow itself.
pub(super) const fn mlflow(kind: Kind) -> Row {
    let itself = Gateway { upstream: Upstream::Mlflow(kind), ..Gateway::MLFLOW_ITSELF };
    Row { registry: Station::Gateway(itself), ..DIRECT }
}

/// MLflow behind nginx, which asks it by an address that it allows.
pub(super) const fn nginx(lines: &'static str, kind: Kind) -> Row {
    let itself = Gateway { upstream: Upstream::Mlflow(kind), keeps_host: false, ..Gateway::MLFLOW_ITSELF };
    Row { registry: Station::Nginx(Nginx { lines, behind: Behind::Gateway(itself), tls: false }), ..DIRECT }
}

/// The form of an open MLflow below a path.
const fn below(path: &'static str) -> Form {
    Form { mlflow_path: path, ..DIRECT.form }
}
