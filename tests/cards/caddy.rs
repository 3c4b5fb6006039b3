//! Faults of Caddy, each with its card.

use super::behind::Behind;
use super::programs::Program;
use super::{Case, USUAL, cached, open};

/// Sound CORS, and only its answers to permission questions.
pub const SOUND: (&str, &str) = (
    "header {\nAccess-Control-Allow-Origin https://page.example\nAccess-Control-Allow-Methods \"PUT, PATCH, DELETE\"\nAccess-Control-Allow-Headers \"authorization, content-type\"\n}\n@options method OPTIONS\nrespond @options 204",
    "@options method OPTIONS\nheader @options {\nAccess-Control-Allow-Origin https://page.example\nAccess-Control-Allow-Methods \"PUT, PATCH, DELETE\"\nAccess-Control-Allow-Headers \"authorization, content-type\"\n}\nrespond @options 204",
);

pub const CASES: &[Case] = &[
    Case {
        program: Program::Caddy,
        code: "cors-not-allowed",
        broken: "reverse_proxy {up}",
        mended: "{card}\nreverse_proxy {up}",
        ..USUAL
    },
    Case {
        program: Program::Caddy,
        code: "cors-preflight-unauthorized",
        broken: "header Access-Control-Allow-Origin https://page.example\nroute /health {\nreverse_proxy {up}\n}\nroute {\nforward_auth {up} {\nuri /validate\n}\nreverse_proxy {up}\n}",
        mended: "header Access-Control-Allow-Origin https://page.example\nroute {\n{card}\n@guarded not path /health\nforward_auth @guarded {up} {\nuri /validate\n}\nreverse_proxy {up}\n}",
        ..USUAL
    },
    Case {
        program: Program::Caddy,
        code: "cors-missing-on-errors",
        broken: "{preflight}\nreverse_proxy {up} {\n@good status 2xx\nhandle_response @good {\nheader Access-Control-Allow-Origin https://page.example\ncopy_response\n}\n}",
        mended: "{preflight}\n{card}\nreverse_proxy {up}",
        ..USUAL
    },
    Case {
        program: Program::Caddy,
        code: "auth-header-stripped",
        broken: "{cors}\nreverse_proxy {up} {\nheader_up -Authorization\n}",
        mended: "{cors}\nreverse_proxy {up} {\n{card}\n}",
        ..USUAL
    },
    Case {
        program: Program::Caddy,
        code: "route-missing",
        broken: "{cors}\nreverse_proxy /health {up}\nrespond 404",
        mended: "route {\n{cors}\nreverse_proxy /health {up}\n{card}\n}",
        ..USUAL
    },
    Case {
        program: Program::Caddy,
        code: "cors-cached-without-vary",
        broken: "{preflight}\nheader Access-Control-Allow-Origin {http.request.header.Origin}\nreverse_proxy {up}",
        mended: "{preflight}\nheader Access-Control-Allow-Origin {http.request.header.Origin}\n{card}\nreverse_proxy {up}",
        world: cached,
        ..USUAL
    },
    Case {
        program: Program::Caddy,
        code: "cors-header-not-allowed",
        broken: "header Access-Control-Allow-Origin https://page.example\n@options method OPTIONS\nhandle @options {\nheader Access-Control-Allow-Methods \"PUT, PATCH, DELETE\"\nheader Access-Control-Allow-Headers content-type\nrespond 204\n}\nreverse_proxy {up}",
        mended: "header Access-Control-Allow-Origin https://page.example\n@options method OPTIONS\nhandle @options {\nheader Access-Control-Allow-Methods \"PUT, PATCH, DELETE\"\n{card}\nrespond 204\n}\nreverse_proxy {up}",
        ..USUAL
    },
    Case {
        program: Program::Caddy,
        code: "cors-method-not-allowed",
        broken: "header Access-Control-Allow-Origin https://page.example\n@options method OPTIONS\nhandle @options {\nheader Access-Control-Allow-Headers \"authorization, content-type\"\nrespond 204\n}\nreverse_proxy {up}",
        mended: "header Access-Control-Allow-Origin https://page.example\n@options method OPTIONS\nhandle @options {\nheader Access-Control-Allow-Headers \"authorization, content-type\"\n{card}\nrespond 204\n}\nreverse_proxy {up}",
        ..USUAL
    },
    Case {
        program: Program::Caddy,
        code: "mlflow-host-not-allowed",
        broken: "{cors}\nreverse_proxy /health {up}\nhandle_path /api/mlflow/* {\nreverse_proxy {up} {\nheader_up Host mlflow.internal\n}\n}",
        mended: "{cors}\nreverse_proxy /health {up}\nhandle_path /api/mlflow/* {\nreverse_proxy {up} {\n{card}\n}\n}",
        behind: Behind::HostCheck,
        world: open,
        ..USUAL
    },
];

/// Uploads need a registration: here the request itself is looked at.
pub const UPLOADS: &[Case] = &[Case {
    program: Program::Caddy,
    code: "body-size-limit",
    broken: "request_body {\nmax_size 1MB\n}\nreverse_proxy {up}",
    mended: "{card}\nreverse_proxy {up}",
    ..USUAL
}];
