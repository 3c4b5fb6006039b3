//! The deployment that this page was made for, behind the entry that ships for it: well, as it really is, and with those
//! of its incidents that lie in its infrastructure. The faults of its auth layer are in `incidents`.

use super::super::answers::Answer;
use super::super::auth_service::AuthService;
use super::super::cors::Cors;
use super::super::gateway::{Gateway, Upstream};
use super::super::keys::Key;
use super::super::misbehaving::Misbehaving;
use super::super::mlflow::Kind;
use super::super::source::{AS_IT_IS, Api, Health, Source};
use super::{Entry, Expect, Form, HEALTHY, Row, Station};

/// The source's deployment, well, as its users enter it: chosen from the list.
pub(super) const SOURCE: Row = Row {
    registry: Station::Source(Source::WELL),
    entry: Entry::Shipped("hokusai"),
    form: Form { header: "X-Hokusai-API-Key", ..HEALTHY.form },
    ..HEALTHY
};

/// The other entry of the file: MLflow past the proxy.
const DIRECT: Row = Row {
    entry: Entry::Shipped("hokusai-direct"),
    form: Form { mlflow_path: "/mlflow", header: "", ..SOURCE.form },
    ..SOURCE
};

/// The API's tasks are gone, and the load balancer says so.
const LOAD_BALANCER_504: Answer = Answer::html(
    504,
    "<html>\r\n<head><title>504 Gateway Time-out</title></head>\r\n<body>\r\n<center><h1>504 Gateway Time-out</h1>\
     </center>\r\n</body>\r\n</html>\r\n",
);
/// The load balancer's default action.
const NO_RULE: Answer =
    Answer { status: 404, content_type: "text/plain; charset=utf-8", body: "Not Found", location: None };

/// A whole host that answers only errors, none of them readable.
const UNREADABLE_ERRORS: Expect =
    Expect::shortlist(&["gateway-without-backend", "cors-missing-on-errors", "login-wall", "wrong-base-url"]);
const UNREADABLE_ERRORS_IN_FIREFOX: Option<Expect> = Some(Expect::shortlist(&[
    "gateway-without-backend",
    "cors-missing-on-errors",
    "login-wall",
    "cors-not-allowed",
]));

/// The rows.
pub const ROWS: &[Row] = &[
    Row {
        id: "source-healthy",
        sentence: "The source's deployment, chosen from its shipped entry: all is well, and refusals may be read.",
        checks: &[
            ("key-shape", "pass"),
            ("health-endpoints", "pass"),
            ("auth-health", "pass"),
            ("key-validates", "pass"),
            ("key-accepted", "pass"),
            ("auth-enforced", "pass"),
        ],
        look_alikes: &["source-as-it-is"],
        ..SOURCE
    },
    Row {
        id: "source-as-it-is",
        sentence: "The same as it really is: refusals without CORS headers, and an MLflow that takes no changes from pages.",
        expect: Expect::certain(&["cors-missing-on-errors", "mlflow-origin-not-allowed"]),
        // Firefox cannot tell an error from a sign-in page that forbids being framed.
        firefox: Some(Expect {
            certain: &["mlflow-origin-not-allowed"],
            shortlist: &["cors-missing-on-errors"],
        }),
        checks: &[("health-endpoints", "pass"), ("key-validates", "pass"), ("key-accepted", "pass")],
        look_alikes: &["source-healthy"],
        ..proxied(Gateway {
            cors: AS_IT_IS,
            upstream: Upstream::Mlflow(Kind::DefaultSecurity),
            ..Source::WELL.proxy
        })
    },
    Row {
        id: "source-direct",
        sentence: "MLflow past the API proxy, through its own gateway for admins, by the second entry of the file.",
        checks: &[("key-accepted", "pass"), ("registry-health", "pass")],
        look_alikes: &["i05-static-prefix"],
        ..DIRECT
    },
    Row {
        id: "source-auth-unreadable",
        sentence: "All is well, but pages may not read what the auth service says.",
        auth: Some(Station::Auth(AuthService { cors: Cors::NOWHERE, ..AuthService::UP })),
        look_alikes: &["source-healthy", "i09-auth-service-gone-unread"],
        ..SOURCE
    },
    Row {
        id: "source-test-key",
        sentence: "A key that begins with hk_test_ at the addresses of production.",
        key: Key::Test,
        expect: Expect::certain(&["key-wrong-environment"]),
        look_alikes: &["source-unknown-key"],
        ..SOURCE
    },
    Row {
        id: "source-unknown-key",
        sentence: "A key of the right shape that nobody issued.",
        key: Key::Unknown,
        expect: Expect::certain(&["key-rejected"]),
        look_alikes: &["source-test-key", "i02-key-in-the-body", "i03-service-id"],
        ..SOURCE
    },
    Row {
        id: "i05-static-prefix",
        sentence: "MLflow 2 below /mlflow, past the proxy: its web page is at work there, open to all, and its API gives 404.",
        expect: Expect::certain(&["path-translation-missing"]),
        look_alikes: &["source-direct", "path-translation-missing"],
        ..direct(Gateway {
            prefix: "",
            auth: None,
            upstream: Upstream::Mlflow(Kind::OldPrefixed),
            ..Source::WELL.direct
        })
    },
    Row {
        id: "i07-mlflow-out-of-reach",
        sentence: "The proxy cannot connect to MLflow, whose load balancer has no listener, and the health paths say so.",
        expect: Expect::certain(&["mlflow-down"]),
        checks: &[("health-endpoints", "warn"), ("registry-health", "pass")],
        look_alikes: &["i21-api-does-not-start", "mlflow-down"],
        ..source(Source {
            proxy: Gateway { upstream: Upstream::Dead, ..Source::WELL.proxy },
            health: Health::WithoutMlflow,
            ..Source::WELL
        })
    },
    Row {
        id: "i10-artifacts-not-deployed",
        sentence: "Everything reads, and the MLflow that runs was never told to serve artifacts.",
        expect: Expect::certain(&["artifacts-not-served"]),
        look_alikes: &["artifact-route-missing", "source-healthy"],
        ..proxied(Gateway { upstream: Upstream::Mlflow(Kind::ArtifactsOff), ..Source::WELL.proxy })
    },
    Row {
        id: "i16-task-withdrawn",
        sentence: "The load balancer took the API's only task away, since its health path fails for a wrong database name.",
        expect: UNREADABLE_ERRORS,
        firefox: UNREADABLE_ERRORS_IN_FIREFOX,
        settled: Some(Expect::certain(&["gateway-without-backend"])),
        look_alikes: &["i21-api-does-not-start", "i09-auth-service-gone"],
        ..source(Source { api: Api::Replaced(Answer::AWS_503), ..Source::WELL })
    },
    Row {
        id: "i18-api-hangs",
        sentence: "The API hangs on a name that does not resolve, while MLflow beside it and the auth service answer.",
        truth: &["timeout"],
        expect: Expect::shortlist(&["timeout", "local-network-permission"]),
        firefox: Some(Expect::certain(&["timeout"])),
        webkit: Some(Expect::certain(&["timeout"])),
        look_alikes: &["timeout", "i16-task-withdrawn"],
        ..source(Source { api: Api::Silent, ..Source::WELL })
    },
    Row {
        id: "i21-api-does-not-start",
        sentence: "A syntax error keeps the API from starting: the load balancer answers 504, and MLflow beside it is well.",
        expect: UNREADABLE_ERRORS,
        firefox: UNREADABLE_ERRORS_IN_FIREFOX,
        settled: Some(Expect::certain(&["gateway-without-backend"])),
        look_alikes: &["i07-mlflow-out-of-reach", "i18-api-hangs"],
        ..source(Source { api: Api::Replaced(LOAD_BALANCER_504), ..Source::WELL })
    },
    Row {
        id: "i27-redis-unhealthy",
        sentence: "Redis has an address without a scheme: all works, less well, and only the detailed health path says so.",
        checks: &[("health-endpoints", "warn")],
        look_alikes: &["source-healthy", "i32-redis-blocked"],
        ..source(Source { health: Health::WithoutRedis, ..Source::WELL })
    },
    Row {
        id: "i29-listener-without-rules",
        sentence: "The load balancer's https listener has no rules: every path is its own 404 in plain text.",
        registry: Station::Misbehaving(Misbehaving::saying(NO_RULE)),
        expect: UNREADABLE_ERRORS,
        firefox: UNREADABLE_ERRORS_IN_FIREFOX,
        settled: Some(Expect::certain(&["route-missing"])),
        look_alikes: &["i15-after-the-migration", "i17-mount-deleted", "i16-task-withdrawn"],
        ..SOURCE
    },
    Row {
        id: "i32-redis-blocked",
        sentence: "A security group blocks Redis: every answer of the API waits two seconds for it.",
        truth: &["slow-dependency"],
        expect: Expect::shortlist(&["slow-dependency"]),
        checks: &[("health-endpoints", "warn"), ("response-time", "warn")],
        look_alikes: &["i27-redis-unhealthy", "auth-service-hangs"],
        ..source(Source {
            proxy: Gateway { delay_ms: 2_000, ..Source::WELL.proxy },
            health: Health::WithoutRedis,
            ..Source::WELL
        })
    },
];

/// The source's deployment but for its registry's host.
pub(super) const fn source(source: Source) -> Row {
    Row { registry: Station::Source(source), ..SOURCE }
}

/// The source's deployment but for its proxy.
pub(super) const fn proxied(proxy: Gateway) -> Row {
    source(Source { proxy, ..Source::WELL })
}

/// MLflow past the proxy, but for its own gateway.
const fn direct(direct: Gateway) -> Row {
    Row { registry: Station::Source(Source { direct, ..Source::WELL }), ..DIRECT }
}
