//! The box *Also register a model* is ticked: set-ups in which a model registers, and faults that only a registration
//! meets. nginx is real, and so is every MLflow.

use super::super::keys::Key;
use super::super::mlflow::{Kind, PREFIX};
use super::routing::{mlflow, nginx};
use super::{DIRECT, Expect, Form, HEALTHY, Row};

/// Uploads of 5 MiB pass.
macro_rules! large {
    () => {
        "client_max_body_size 16m;\n"
    };
}
/// The CORS header as nginx adds it by itself: to what went well.
macro_rules! sometimes {
    () => {
        "proxy_hide_header Access-Control-Allow-Origin;\nadd_header Access-Control-Allow-Origin \"{page}\";\n"
    };
}

/// Everything goes on, but for the bodies of one method.
macro_rules! bare {
    ($method:literal) => {
        concat!(
            location!(
                "/",
                concat!(
                    "error_page 418 = @bare; if ($request_method = ",
                    $method,
                    ") { return 418; } proxy_pass {behind};"
                )
            ),
            "location @bare { proxy_pass_request_body off; proxy_set_header Content-Length \"\"; proxy_pass {behind}; }\n"
        )
    };
}

/// The rows.
pub const ROWS: &[Row] = &[
    Row {
        id: "registers-through-gateway",
        sentence: "Gateway, auth service and MLflow are well, and a model registers with the key.",
        form: Form { registration: true, ..HEALTHY.form },
        look_alikes: &["key-lacks-permission-to-write"],
        ..HEALTHY
    },
    Row {
        id: "registers-static-prefix",
        sentence: "A model registers below --static-prefix.",
        form: Form { mlflow_path: PREFIX, open_path: Some("/mlflow/health"), ..WRITING.form },
        ..mlflow(Kind::Prefixed)
    },
    Row {
        id: "registers-basic-auth",
        sentence: "A model registers with a user and a password.",
        form: Form { scheme: "basic", ..WRITING.form },
        key: Key::Password,
        ..mlflow(Kind::BasicAuth)
    },
    writing(Row {
        id: "registers-gunicorn",
        sentence: "A model registers at MLflow on gunicorn.",
        ..mlflow(Kind::Gunicorn)
    }),
    writing(Row {
        id: "registers-below-6-mib",
        sentence: "nginx takes uploads up to 6 MiB, and no file of a registration is larger.",
        look_alikes: &["body-size-limit"],
        ..nginx(
            concat!(cors!(), "client_max_body_size 6m;\n", location!("/", "proxy_pass {behind};")),
            Kind::Healthy,
        )
    }),
    writing(Row {
        id: "body-size-limit",
        sentence: "nginx takes no uploads over its usual 1 MiB, and says so.",
        expect: Expect::certain(&["body-size-limit"]),
        look_alikes: &["healthy-mlflow-2", "body-size-limit-unread"],
        ..nginx(concat!(cors!(), location!("/", "proxy_pass {behind};")), Kind::Healthy)
    }),
    writing(Row {
        id: "body-size-limit-unread",
        sentence: "nginx takes no uploads over its usual 1 MiB, and pages may not read what it says.",
        truth: &["body-size-limit"],
        expect: Expect::shortlist(&[
            "body-size-limit",
            "cors-missing-on-errors",
            "artifact-store-failing",
            "connection-broken",
        ]),
        look_alikes: &["body-size-limit", "artifact-store-failing-unread"],
        ..nginx(
            concat!(
                cors!(),
                // Headers of its own, so none of the server's.
                "error_page 413 @large;\nlocation @large { add_header X-Large 1 always; return 413; }\n",
                location!("/", "proxy_pass {behind};")
            ),
            Kind::Healthy,
        )
    }),
    writing(Row {
        id: "request-body-dropped-on-delete",
        sentence: "nginx passes DELETE on without its body.",
        expect: Expect::certain(&["request-body-dropped"]),
        look_alikes: &["request-body-dropped", "method-blocked-delete"],
        ..nginx(concat!(cors!(), large!(), bare!("DELETE")), Kind::Healthy)
    }),
    writing(Row {
        id: "request-body-dropped-on-patch",
        sentence: "nginx passes PATCH on without its body.",
        expect: Expect::certain(&["request-body-dropped"]),
        look_alikes: &["request-body-dropped", "method-blocked"],
        ..nginx(concat!(cors!(), large!(), bare!("PATCH")), Kind::Healthy)
    }),
    writing(Row {
        id: "method-blocked-delete",
        sentence: "nginx answers DELETE to MLflow's API with 405, and to other paths not.",
        expect: Expect::certain(&["method-blocked"]),
        look_alikes: &["request-body-dropped-on-delete"],
        ..nginx(
            concat!(
                cors!(),
                large!(),
                location!("/", "proxy_pass {behind};"),
                location!(
                    "/api/2.0/mlflow/",
                    "if ($request_method = DELETE) { return 405; } proxy_pass {behind};"
                )
            ),
            Kind::Healthy,
        )
    }),
    writing(Row {
        id: "method-blocked-uploads",
        sentence: "nginx lets nobody change what lies below MLflow's files.",
        truth: &["method-blocked"],
        expect: Expect::shortlist(&["method-blocked"]),
        look_alikes: &["artifact-store-failing", "key-lacks-permission-to-write"],
        ..nginx(
            concat!(
                cors!(),
                large!(),
                location!("/", "proxy_pass {behind};"),
                location!(
                    "/api/2.0/mlflow-artifacts/",
                    "limit_except GET OPTIONS { deny all; } proxy_pass {behind};"
                )
            ),
            Kind::Healthy,
        )
    }),
    writing(Row {
        id: "backend-store-read-only",
        sentence: "MLflow's database can be read and not written.",
        expect: Expect::certain(&["backend-store-failing"]),
        look_alikes: &["server-error-on-create", "key-lacks-permission-to-write"],
        ..mlflow(Kind::StoreReadOnly)
    }),
    writing(Row {
        id: "artifact-store-failing",
        sentence: "MLflow cannot write files, and nginx lets pages read its error.",
        truth: &["artifact-store-failing"],
        expect: Expect::shortlist(&["artifact-store-failing", "server-error"]),
        look_alikes: &[
            "artifact-store-failing-unread",
            "method-blocked-uploads",
            "artifacts-not-served-writing",
        ],
        ..nginx(concat!(cors!(), large!(), location!("/", "proxy_pass {behind};")), Kind::FilesFail)
    }),
    writing(Row {
        id: "artifact-store-failing-unread",
        sentence: "MLflow cannot write files, and its error has no CORS header.",
        truth: &["artifact-store-failing"],
        expect: Expect::shortlist(&["artifact-store-failing", "cors-missing-on-errors", "connection-broken"]),
        look_alikes: &["artifact-store-failing", "body-size-limit-unread"],
        ..mlflow(Kind::FilesFail)
    }),
    Row {
        id: "artifact-store-without-library",
        sentence: "MLflow's files belong into a bucket, and the library for it is not installed.",
        truth: &["artifact-store-failing"],
        expect: Expect::shortlist(&["artifact-store-failing", "server-error"]),
        look_alikes: &["artifacts-not-served", "server-error"],
        ..mlflow(Kind::BucketFails)
    },
    writing(Row {
        id: "artifact-store-without-library-writing",
        sentence: "MLflow's files belong into a bucket, the library for it is not installed, and a model is registered.",
        truth: &["artifact-store-failing"],
        expect: Expect::shortlist(&["artifact-store-failing", "server-error"]),
        look_alikes: &["artifacts-not-served-writing"],
        ..mlflow(Kind::BucketFails)
    }),
    writing(Row {
        id: "artifacts-not-served-writing",
        sentence: "MLflow runs with --no-serve-artifacts, and a model is registered.",
        expect: Expect::certain(&["artifacts-not-served"]),
        look_alikes: &["artifact-store-failing", "artifact-root-direct-writing"],
        ..mlflow(Kind::ArtifactsOff)
    }),
    writing(Row {
        id: "artifact-root-direct-writing",
        sentence: "MLflow tells clients to write to a folder, and a model is registered.",
        truth: &["artifact-root-direct"],
        expect: Expect::shortlist(&["artifact-root-direct"]),
        look_alikes: &["artifacts-not-served-writing"],
        ..mlflow(Kind::FolderRoot)
    }),
    writing(Row {
        id: "artifact-root-direct-bucket",
        sentence: "MLflow tells clients to write to a bucket themselves.",
        truth: &["artifact-root-direct"],
        expect: Expect::shortlist(&["artifact-root-direct"]),
        look_alikes: &["artifact-store-without-library-writing"],
        ..mlflow(Kind::BucketRoot)
    }),
    Row {
        id: "key-lacks-permission-to-write",
        sentence: "The key may only read, and a model is registered with it.",
        form: Form { registration: true, ..HEALTHY.form },
        key: Key::ReadOnly,
        expect: Expect::certain(&["key-lacks-permission"]),
        look_alikes: &["registers-through-gateway", "i24-read-only-key", "method-blocked-uploads"],
        ..HEALTHY
    },
    writing(Row {
        id: "registration-rate-limited",
        sentence: "nginx lets only some requests a second through, and a registration is too fast for it.",
        expect: Expect { certain: &["rate-limited"], shortlist: &["cors-headers-not-exposed"] },
        look_alikes: &["registration-rate-limited-503", "method-blocked-uploads"],
        ..nginx(
            concat!(
                cors!(),
                large!(),
                "limit_req zone=slowly burst=40 nodelay;\nlimit_req_status 429;\n",
                location!("/", "proxy_pass {behind};")
            ),
            Kind::Healthy,
        )
    }),
    writing(Row {
        id: "registration-rate-limited-503",
        sentence: "The same, with the status that nginx uses by itself.",
        truth: &["rate-limited"],
        expect: Expect::shortlist(&["rate-limited", "mlflow-down", "server-error"]),
        look_alikes: &["registration-rate-limited", "writes-go-nowhere"],
        ..nginx(
            concat!(
                cors!(),
                large!(),
                "limit_req zone=slowly burst=40 nodelay;\n",
                location!("/", "proxy_pass {behind};")
            ),
            Kind::Healthy,
        )
    }),
    writing(Row {
        id: "registers-within-a-limit",
        sentence: "nginx lets only some requests a second through, and a burst that is large enough.",
        look_alikes: &["registration-rate-limited"],
        ..nginx(
            concat!(
                cors!(),
                large!(),
                "limit_req zone=slowly burst=200 nodelay;\n",
                location!("/", "proxy_pass {behind};")
            ),
            Kind::Healthy,
        )
    }),
    Row {
        id: "rate-limited-by-nginx",
        sentence: "nginx lets only a few requests a second through, with the status that it uses by itself.",
        truth: &["rate-limited"],
        expect: Expect::shortlist(&["gateway-without-backend", "rate-limited"]),
        look_alikes: &["nginx-one-bad-replica", "registration-rate-limited-503"],
        ..nginx(
            concat!(
                cors!(),
                "limit_req zone=rarely burst=6 nodelay;\n",
                location!("/", "proxy_pass {behind};")
            ),
            Kind::Healthy,
        )
    },
    writing(Row {
        id: "server-error-on-create",
        sentence: "What stands before MLflow fails over one path: creating a registered model.",
        truth: &["server-error"],
        expect: Expect::shortlist(&["server-error"]),
        look_alikes: &["backend-store-read-only", "writes-go-nowhere"],
        ..nginx(
            concat!(
                cors!(),
                large!(),
                location!("/", "proxy_pass {behind};"),
                location!("/api/2.0/mlflow/registered-models/create", "return 500;")
            ),
            Kind::Healthy,
        )
    }),
    writing(Row {
        id: "writes-go-nowhere",
        sentence: "nginx reads from one MLflow, and the one that it sends changes to is down.",
        truth: &["mlflow-down"],
        expect: Expect::shortlist(&["mlflow-down", "server-error"]),
        look_alikes: &["server-error-on-create", "mlflow-down"],
        ..nginx(
            concat!(
                cors!(),
                large!(),
                location!(
                    "/",
                    "if ($request_method !~ ^(GET|POST)$) { proxy_pass {dead}; } proxy_pass {behind};"
                ),
                location!("~ /(create|delete|update)$", "proxy_pass {dead};")
            ),
            Kind::Healthy,
        )
    }),
    writing(Row {
        id: "route-missing-logged-models",
        sentence: "nginx knows the paths of MLflow 2, and not those that came with MLflow 3.",
        expect: Expect::certain(&["route-missing"]),
        look_alikes: &["healthy-mlflow-2", "artifact-route-missing", "errors-replaced"],
        ..nginx(
            concat!(
                cors!(),
                large!(),
                location!("/", "proxy_pass {behind};"),
                location!("/api/2.0/mlflow/logged-models", "return 404;")
            ),
            Kind::Healthy,
        )
    }),
    writing(Row {
        id: "errors-replaced",
        sentence: "nginx puts its own page in the place of every 404, also of those that MLflow says in JSON.",
        truth: &["route-missing"],
        expect: Expect::shortlist(&["route-missing"]),
        look_alikes: &["route-missing-logged-models"],
        ..nginx(
            concat!(
                cors!(),
                large!(),
                "proxy_intercept_errors on;\nerror_page 404 @nothing;\nlocation @nothing { return 404; }\n",
                location!("/", "proxy_pass {behind};")
            ),
            Kind::Healthy,
        )
    }),
    Row {
        id: "cors-missing-on-errors-open",
        sentence: "nginx adds the CORS header without “always”, and no key is needed: nothing fails until something is missing.",
        expect: Expect::certain(&["cors-missing-on-errors"]),
        look_alikes: &["cors-methods-nowhere-open", "nginx-cors-without-always"],
        ..nginx(concat!(sometimes!(), large!(), location!("/", "proxy_pass {behind};")), Kind::Healthy)
    },
    writing(Row {
        id: "cors-missing-on-errors-writing",
        sentence: "The same, and a model is registered.",
        expect: Expect::certain(&["cors-missing-on-errors"]),
        look_alikes: &["body-size-limit-unread"],
        ..nginx(concat!(sometimes!(), large!(), location!("/", "proxy_pass {behind};")), Kind::Healthy)
    }),
    Row {
        id: "cors-methods-nowhere-open",
        sentence: "nginx lets pages read everything and use no method but GET and POST, and no key is needed.",
        truth: &["cors-method-not-allowed"],
        expect: Expect::shortlist(&["cors-method-not-allowed", "method-blocked"]),
        firefox: Some(Expect::shortlist(&["cors-method-not-allowed"])),
        look_alikes: &["cors-missing-on-errors-open", "registers-gunicorn"],
        ..nginx(
            concat!(
                cors!(),
                large!(),
                "location / {\nif ($request_method = OPTIONS) {\n\
                 add_header Access-Control-Allow-Origin \"{page}\" always;\n\
                 add_header Access-Control-Allow-Methods \"GET, POST\" always;\n\
                 add_header Access-Control-Allow-Headers \"authorization, content-type\" always;\n\
                 return 204;\n}\nproxy_pass {behind};\n}\n"
            ),
            Kind::Healthy,
        )
    },
];

/// MLflow without gateway or auth, with the box ticked.
const WRITING: Row = Row { form: Form { registration: true, ..DIRECT.form }, ..DIRECT };

/// A row of an open MLflow, with the box ticked.
const fn writing(row: Row) -> Row {
    Row { form: WRITING.form, ..row }
}
