//! Faults of nginx, each with its card.

use super::behind::Behind;
use super::programs::Program;
use super::{Case, USUAL, cached, open, open_below};

/// What nginx answers to permission questions, as far as the cases need it.
macro_rules! nginx_options {
    ($methods:expr, $headers:expr) => {
        concat!(
            "if ($request_method = OPTIONS) { add_header Access-Control-Allow-Origin https://page.example always;",
            $methods,
            $headers,
            "return 204; }"
        )
    };
}

/// Sound CORS for a whole `server` of nginx.
pub const EVERYWHERE: &str = "add_header Access-Control-Allow-Origin https://page.example always;
    add_header Access-Control-Allow-Methods 'PUT, PATCH, DELETE' always;
    add_header Access-Control-Allow-Headers 'authorization, content-type' always;
    if ($request_method = OPTIONS) { return 204; }";

/// Sound CORS for a location, and nothing else about permission.
pub const SOUND: (&str, &str) = (
    concat!(
        "add_header Access-Control-Allow-Origin https://page.example always;",
        nginx_options!(
            "add_header Access-Control-Allow-Methods 'PUT, PATCH, DELETE' always;",
            "add_header Access-Control-Allow-Headers 'authorization, content-type' always;"
        )
    ),
    "",
);

pub const CASES: &[Case] = &[
    Case {
        program: Program::Nginx,
        code: "cors-not-allowed",
        broken: "location / { proxy_pass http://{up}; }",
        mended: "location / { {card} proxy_pass http://{up}; }",
        ..USUAL
    },
    Case {
        program: Program::Nginx,
        code: "cors-preflight-unauthorized",
        broken: "add_header Access-Control-Allow-Origin https://page.example always; location = /health { proxy_pass http://{up}; } location / { auth_request /validate; proxy_pass http://{up}; } location = /validate { internal; proxy_pass http://{up}; proxy_pass_request_body off; proxy_set_header Content-Length ''; }",
        mended: "add_header Access-Control-Allow-Origin https://page.example always; location = /health { {card} proxy_pass http://{up}; } location / { {card} auth_request /validate; proxy_pass http://{up}; } location = /validate { internal; proxy_pass http://{up}; proxy_pass_request_body off; proxy_set_header Content-Length ''; }",
        ..USUAL
    },
    Case {
        program: Program::Nginx,
        code: "cors-missing-on-errors",
        broken: concat!(
            "location / { add_header Access-Control-Allow-Origin https://page.example;",
            nginx_options!(
                "add_header Access-Control-Allow-Methods 'PUT, PATCH, DELETE' always;",
                "add_header Access-Control-Allow-Headers 'authorization, content-type' always;"
            ),
            "proxy_pass http://{up}; }"
        ),
        mended: concat!(
            "location / { {card} ",
            nginx_options!(
                "add_header Access-Control-Allow-Methods 'PUT, PATCH, DELETE' always;",
                "add_header Access-Control-Allow-Headers 'authorization, content-type' always;"
            ),
            "proxy_pass http://{up}; }"
        ),
        ..USUAL
    },
    Case {
        program: Program::Nginx,
        code: "cors-header-not-allowed",
        broken: concat!(
            "location / { add_header Access-Control-Allow-Origin https://page.example always;",
            nginx_options!(
                "add_header Access-Control-Allow-Methods 'PUT, PATCH, DELETE' always;",
                "add_header Access-Control-Allow-Headers 'content-type' always;"
            ),
            "proxy_pass http://{up}; }"
        ),
        mended: concat!(
            "location / { add_header Access-Control-Allow-Origin https://page.example always;",
            nginx_options!("add_header Access-Control-Allow-Methods 'PUT, PATCH, DELETE' always;", "{card}"),
            "proxy_pass http://{up}; }"
        ),
        ..USUAL
    },
    Case {
        program: Program::Nginx,
        code: "cors-method-not-allowed",
        broken: concat!(
            "location / { add_header Access-Control-Allow-Origin https://page.example always;",
            nginx_options!(
                "",
                "add_header Access-Control-Allow-Headers 'authorization, content-type' always;"
            ),
            "proxy_pass http://{up}; }"
        ),
        mended: concat!(
            "location / { add_header Access-Control-Allow-Origin https://page.example always;",
            nginx_options!(
                "{card}",
                "add_header Access-Control-Allow-Headers 'authorization, content-type' always;"
            ),
            "proxy_pass http://{up}; }"
        ),
        ..USUAL
    },
    Case {
        program: Program::Nginx,
        code: "auth-header-stripped",
        broken: "location / { {cors} proxy_set_header Authorization ''; proxy_pass http://{up}; }",
        mended: "location / { {cors} {card} proxy_pass http://{up}; }",
        ..USUAL
    },
    Case {
        program: Program::Nginx,
        code: "route-missing",
        broken: "{everywhere} location / { return 404; } location = /health { proxy_pass http://{up}; }",
        mended: "{everywhere} {card} location = /health { proxy_pass http://{up}; }",
        ..USUAL
    },
    Case {
        program: Program::Nginx,
        code: "cors-cached-without-vary",
        broken: concat!(
            "location / { add_header Access-Control-Allow-Origin $http_origin always;",
            nginx_options!(
                "add_header Access-Control-Allow-Methods 'PUT, PATCH, DELETE' always;",
                "add_header Access-Control-Allow-Headers 'authorization, content-type' always;"
            ),
            "proxy_pass http://{up}; }"
        ),
        mended: concat!(
            "location / { add_header Access-Control-Allow-Origin $http_origin always; {card}",
            nginx_options!(
                "add_header Access-Control-Allow-Methods 'PUT, PATCH, DELETE' always;",
                "add_header Access-Control-Allow-Headers 'authorization, content-type' always;"
            ),
            "proxy_pass http://{up}; }"
        ),
        world: cached,
        ..USUAL
    },
    Case {
        program: Program::Nginx,
        code: "cors-credentials-wildcard",
        broken: concat!(
            "location / { add_header Access-Control-Allow-Origin * always;",
            nginx_options!(
                "add_header Access-Control-Allow-Methods 'PUT, PATCH, DELETE' always;",
                "add_header Access-Control-Allow-Headers 'authorization, content-type' always;"
            ),
            "proxy_pass http://{up}; }"
        ),
        mended: concat!(
            "location / { {card}",
            nginx_options!(
                "add_header Access-Control-Allow-Methods 'PUT, PATCH, DELETE' always;",
                "add_header Access-Control-Allow-Headers 'authorization, content-type' always;"
            ),
            "proxy_pass http://{up}; }"
        ),
        behind: Behind::Session,
        world: open,
        left: &["key-missing"],
        ..USUAL
    },
    Case {
        program: Program::Nginx,
        code: "cors-headers-not-exposed",
        broken: "location / { {cors} proxy_pass http://{up}; }",
        mended: "location / { {cors} {card} proxy_pass http://{up}; }",
        behind: Behind::Limited,
        left: &["rate-limited"],
        ..USUAL
    },
    Case {
        program: Program::Nginx,
        code: "method-blocked",
        broken: "location / { limit_except GET POST OPTIONS { deny all; } {cors} proxy_pass http://{up}; }",
        mended: "location / { {card} {cors} proxy_pass http://{up}; }",
        ..USUAL
    },
    Case {
        program: Program::Nginx,
        code: "mlflow-host-not-allowed",
        broken: "{everywhere} location = /health { proxy_pass http://{up}; } location /api/mlflow/ { proxy_pass http://{up}/; }",
        mended: "{everywhere} location = /health { proxy_pass http://{up}; } location /api/mlflow/ { proxy_pass http://{up}/; {card} }",
        behind: Behind::HostCheck,
        world: open,
        ..USUAL
    },
    Case {
        program: Program::Nginx,
        code: "path-prefix-mismatch",
        broken: "{everywhere} location = /health { proxy_pass http://{up}; } location /api/mlflow/ { proxy_pass http://{up}; }",
        mended: "{everywhere} location = /health { proxy_pass http://{up}; } {card}",
        behind: Behind::Mlflow,
        world: open,
        ..USUAL
    },
    Case {
        program: Program::Nginx,
        whom: Some("nginx, passing the prefix on"),
        code: "path-prefix-mismatch",
        broken: "{everywhere} location = /health { return 200 OK; } location /api/mlflow/ { proxy_pass http://{up}/; }",
        mended: "{everywhere} location = /health { return 200 OK; } {card}",
        behind: Behind::Prefixed,
        world: open,
        ..USUAL
    },
    Case {
        program: Program::Nginx,
        code: "path-translation-missing",
        broken: "{everywhere} location = /health { return 200 OK; } location /api/mlflow/ { proxy_pass http://{up}; }",
        mended: "{everywhere} location = /health { return 200 OK; } location /api/mlflow/ { proxy_pass http://{up}; } {card}",
        behind: Behind::PageOnly,
        world: open,
        ..USUAL
    },
    Case {
        program: Program::Nginx,
        code: "request-body-dropped",
        broken: "{everywhere} location = /health { return 200 OK; } location /api/mlflow/ { proxy_pass http://{up}/; proxy_pass_request_body off; proxy_set_header Content-Length ''; }",
        mended: "{everywhere} location = /health { return 200 OK; } location /api/mlflow/ { proxy_pass http://{up}/; {card} }",
        behind: Behind::Mlflow,
        world: open,
        ..USUAL
    },
    Case {
        program: Program::Nginx,
        code: "route-shadowed",
        broken: "{everywhere} location /api/mlflow/ { proxy_pass http://{up}/; }",
        mended: "{everywhere} {card}",
        behind: Behind::WithoutHealth,
        world: open_below,
        ..USUAL
    },
];

/// Uploads need a registration: here the request itself is looked at.
pub const UPLOADS: &[Case] = &[Case {
    program: Program::Nginx,
    code: "body-size-limit",
    broken: "location / { proxy_pass http://{up}; }",
    mended: "location / { {card} proxy_pass http://{up}; }",
    ..USUAL
}];
