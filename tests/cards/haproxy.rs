//! Faults of HAProxy, each with its card.

use super::behind::Behind;
use super::programs::Program;
use super::{Case, USUAL, cached, open};

/// Sound CORS, and only its answers to permission questions.
pub const SOUND: (&str, &str) = (
    "http-after-response set-header Access-Control-Allow-Origin https://page.example\nhttp-request return status 204 hdr Access-Control-Allow-Methods \"PUT, PATCH, DELETE\" hdr Access-Control-Allow-Headers \"authorization, content-type\" if METH_OPTIONS",
    "http-after-response set-header Access-Control-Allow-Origin https://page.example if METH_OPTIONS\nhttp-request return status 204 hdr Access-Control-Allow-Methods \"PUT, PATCH, DELETE\" hdr Access-Control-Allow-Headers \"authorization, content-type\" if METH_OPTIONS",
);

pub const CASES: &[Case] = &[
    Case {
        program: Program::HaProxy,
        code: "cors-not-allowed",
        broken: "default_backend up",
        mended: "{card}\ndefault_backend up",
        ..USUAL
    },
    Case {
        program: Program::HaProxy,
        code: "cors-preflight-unauthorized",
        broken: "http-after-response set-header Access-Control-Allow-Origin https://page.example\nhttp-request deny deny_status 401 if METH_OPTIONS !{ req.hdr(authorization) -m found }\ndefault_backend up",
        mended: "http-after-response set-header Access-Control-Allow-Origin https://page.example\n{card}\nhttp-request deny deny_status 401 if METH_OPTIONS !{ req.hdr(authorization) -m found }\ndefault_backend up",
        ..USUAL
    },
    Case {
        program: Program::HaProxy,
        code: "cors-missing-on-errors",
        broken: "{preflight}\nhttp-response set-header Access-Control-Allow-Origin https://page.example if { status lt 400 }\ndefault_backend up",
        mended: "{preflight}\n{card}\ndefault_backend up",
        ..USUAL
    },
    Case {
        program: Program::HaProxy,
        code: "route-missing",
        broken: "{cors}\nhttp-request return status 404 unless { path /health }\ndefault_backend up",
        mended: "{cors}\nuse_backend up if { path /health }\n{card}",
        ..USUAL
    },
    Case {
        program: Program::HaProxy,
        // The card has nothing to copy: a line goes.
        code: "auth-header-stripped",
        broken: "{cors}\nhttp-request del-header Authorization\ndefault_backend up",
        mended: "{cors}\ndefault_backend up",
        ..USUAL
    },
    Case {
        program: Program::HaProxy,
        code: "cors-cached-without-vary",
        broken: "http-request set-var(txn.origin) req.hdr(origin)\nhttp-request return status 204 hdr Access-Control-Allow-Methods \"PUT, PATCH, DELETE\" hdr Access-Control-Allow-Headers \"authorization, content-type\" if METH_OPTIONS\nhttp-after-response set-header Access-Control-Allow-Origin %[var(txn.origin)]\ndefault_backend up",
        mended: "http-request set-var(txn.origin) req.hdr(origin)\nhttp-request return status 204 hdr Access-Control-Allow-Methods \"PUT, PATCH, DELETE\" hdr Access-Control-Allow-Headers \"authorization, content-type\" if METH_OPTIONS\nhttp-after-response set-header Access-Control-Allow-Origin %[var(txn.origin)]\n{card}\ndefault_backend up",
        world: cached,
        ..USUAL
    },
    Case {
        program: Program::HaProxy,
        code: "cors-header-not-allowed",
        broken: "http-after-response set-header Access-Control-Allow-Origin https://page.example\nhttp-request return status 204 hdr Access-Control-Allow-Methods \"PUT, PATCH, DELETE\" if METH_OPTIONS\ndefault_backend up",
        mended: "http-after-response set-header Access-Control-Allow-Origin https://page.example\nhttp-request return status 204 hdr Access-Control-Allow-Methods \"PUT, PATCH, DELETE\" if METH_OPTIONS\n{card}\ndefault_backend up",
        ..USUAL
    },
    Case {
        program: Program::HaProxy,
        code: "cors-method-not-allowed",
        broken: "http-after-response set-header Access-Control-Allow-Origin https://page.example\nhttp-request return status 204 hdr Access-Control-Allow-Headers \"authorization, content-type\" if METH_OPTIONS\ndefault_backend up",
        mended: "http-after-response set-header Access-Control-Allow-Origin https://page.example\nhttp-request return status 204 hdr Access-Control-Allow-Headers \"authorization, content-type\" if METH_OPTIONS\n{card}\ndefault_backend up",
        ..USUAL
    },
    Case {
        program: Program::HaProxy,
        code: "mlflow-host-not-allowed",
        broken: "{cors}\nhttp-request replace-path /api/mlflow(/.*) \\1\nhttp-request set-header Host mlflow.internal\ndefault_backend up",
        mended: "{cors}\nhttp-request replace-path /api/mlflow(/.*) \\1\n{card}\ndefault_backend up",
        behind: Behind::HostCheck,
        world: open,
        ..USUAL
    },
];
