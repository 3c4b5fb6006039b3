//! Fix cards do what they say: a real nginx, Caddy, HAProxy or Starlette is set up wrongly, the diagnosis names the
//! cause; the card's own text is put in, and the cause is gone. The requests are real; what a browser shows a page of
//! them is worked out as the Fetch standard says (the engines themselves are driven by tests/browser.rs).
//!
//! A program that is not on this machine is left out, and with `CI` set that is a failure.

#[path = "cards/programs.rs"]
mod programs;
#[path = "cards/wire.rs"]
mod wire;
#[allow(dead_code, reason = "serves several test programs, and none needs all of it")]
mod world;

use preflight::catalogue::Catalogue;
use preflight::diagnosis::{causes, fix};
use preflight::engine;
use programs::Program;
use std::process::Command;
use world::{Outcome, World};

/// A fault and its card.
#[derive(Clone, Copy)]
struct Case {
    program: Program,
    /// The cause, whose card for this program is tried.
    code: &'static str,
    /// The configuration with the fault; `{up}` is what stands behind.
    broken: &'static str,
    /// The configuration after somebody followed the card; `{card}` is its text.
    mended: &'static str,
}

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
const NGINX_EVERYWHERE: &str = "add_header Access-Control-Allow-Origin https://page.example always;
    add_header Access-Control-Allow-Methods 'PUT, PATCH, DELETE' always;
    add_header Access-Control-Allow-Headers 'authorization, content-type' always;
    if ($request_method = OPTIONS) { return 204; }";

const NGINX: &[Case] = &[
    Case {
        program: Program::Nginx,
        code: "cors-not-allowed",
        broken: "location / { proxy_pass http://{up}; }",
        mended: "location / { {card} proxy_pass http://{up}; }",
    },
    Case {
        program: Program::Nginx,
        code: "cors-preflight-unauthorized",
        broken: "add_header Access-Control-Allow-Origin https://page.example always; location = /health { proxy_pass http://{up}; } location / { auth_request /validate; proxy_pass http://{up}; } location = /validate { internal; proxy_pass http://{up}; proxy_pass_request_body off; proxy_set_header Content-Length ''; }",
        mended: "add_header Access-Control-Allow-Origin https://page.example always; location = /health { {card} proxy_pass http://{up}; } location / { {card} auth_request /validate; proxy_pass http://{up}; } location = /validate { internal; proxy_pass http://{up}; proxy_pass_request_body off; proxy_set_header Content-Length ''; }",
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
    },
    Case {
        program: Program::Nginx,
        code: "auth-header-stripped",
        broken: "location / { {cors} proxy_set_header Authorization ''; proxy_pass http://{up}; }",
        mended: "location / { {cors} {card} proxy_pass http://{up}; }",
    },
    Case {
        program: Program::Nginx,
        code: "route-missing",
        broken: "{everywhere} location / { return 404; } location = /health { proxy_pass http://{up}; }",
        mended: "{everywhere} {card} location = /health { proxy_pass http://{up}; }",
    },
];

#[test]
fn nginx() {
    try_all(NGINX);
}

const CADDY: &[Case] = &[
    Case {
        program: Program::Caddy,
        code: "cors-not-allowed",
        broken: "reverse_proxy {up}",
        mended: "{card}\nreverse_proxy {up}",
    },
    Case {
        program: Program::Caddy,
        code: "cors-preflight-unauthorized",
        broken: "header Access-Control-Allow-Origin https://page.example\nroute /health {\nreverse_proxy {up}\n}\nroute {\nforward_auth {up} {\nuri /validate\n}\nreverse_proxy {up}\n}",
        mended: "header Access-Control-Allow-Origin https://page.example\nroute {\n{card}\n@guarded not path /health\nforward_auth @guarded {up} {\nuri /validate\n}\nreverse_proxy {up}\n}",
    },
    Case {
        program: Program::Caddy,
        code: "cors-missing-on-errors",
        broken: "{preflight}\nreverse_proxy {up} {\n@good status 2xx\nhandle_response @good {\nheader Access-Control-Allow-Origin https://page.example\ncopy_response\n}\n}",
        mended: "{preflight}\n{card}\nreverse_proxy {up}",
    },
    Case {
        program: Program::Caddy,
        code: "auth-header-stripped",
        broken: "{cors}\nreverse_proxy {up} {\nheader_up -Authorization\n}",
        mended: "{cors}\nreverse_proxy {up} {\n{card}\n}",
    },
    Case {
        program: Program::Caddy,
        code: "route-missing",
        broken: "{cors}\nreverse_proxy /health {up}\nrespond 404",
        mended: "route {\n{cors}\nreverse_proxy /health {up}\n{card}\n}",
    },
];

#[test]
fn caddy() {
    try_all(CADDY);
}

const HAPROXY: &[Case] = &[
    Case {
        program: Program::HaProxy,
        code: "cors-not-allowed",
        broken: "default_backend up",
        mended: "{card}\ndefault_backend up",
    },
    Case {
        program: Program::HaProxy,
        code: "cors-preflight-unauthorized",
        broken: "http-after-response set-header Access-Control-Allow-Origin https://page.example\nhttp-request deny deny_status 401 if METH_OPTIONS !{ req.hdr(authorization) -m found }\ndefault_backend up",
        mended: "http-after-response set-header Access-Control-Allow-Origin https://page.example\n{card}\nhttp-request deny deny_status 401 if METH_OPTIONS !{ req.hdr(authorization) -m found }\ndefault_backend up",
    },
    Case {
        program: Program::HaProxy,
        code: "cors-missing-on-errors",
        broken: "{preflight}\nhttp-response set-header Access-Control-Allow-Origin https://page.example if { status lt 400 }\ndefault_backend up",
        mended: "{preflight}\n{card}\ndefault_backend up",
    },
    Case {
        program: Program::HaProxy,
        code: "route-missing",
        broken: "{cors}\nhttp-request return status 404 unless { path /health }\ndefault_backend up",
        mended: "{cors}\nuse_backend up if { path /health }\n{card}",
    },
];

#[test]
fn haproxy() {
    try_all(HAPROXY);
}

const STARLETTE: &[Case] = &[
    Case {
        program: Program::Starlette,
        code: "cors-not-allowed",
        broken: "app.add_middleware(Auth)",
        mended: "app.add_middleware(Auth)\n{card}",
    },
    Case {
        program: Program::Starlette,
        code: "cors-preflight-unauthorized",
        broken: "{cors}\napp.add_middleware(Auth)\napp.add_middleware(Readable)",
        mended: "app.add_middleware(Auth)\n{card}",
    },
    Case {
        program: Program::Starlette,
        code: "cors-missing-on-errors",
        broken: "{cors}\napp.add_middleware(Auth, but='OPTIONS')",
        mended: "app.add_middleware(Auth, but='OPTIONS')\n{card}",
    },
    Case {
        program: Program::Starlette,
        code: "cors-header-not-allowed",
        broken: "app.add_middleware(Auth)\napp.add_middleware(CORSMiddleware, allow_origins=['https://page.example'], allow_methods=['*'])",
        mended: "app.add_middleware(Auth)\napp.add_middleware(CORSMiddleware, allow_origins=['https://page.example'], allow_methods=['*'],\n{card}\n)",
    },
    Case {
        program: Program::Starlette,
        code: "cors-method-not-allowed",
        broken: "app.add_middleware(Auth)\napp.add_middleware(CORSMiddleware, allow_origins=['https://page.example'], allow_headers=['*'])",
        mended: "app.add_middleware(Auth)\napp.add_middleware(CORSMiddleware, allow_origins=['https://page.example'], allow_headers=['*'],\n{card}\n)",
    },
];

#[test]
fn starlette() {
    try_all(STARLETTE);
}

/// Sound CORS, for cases about something else, and only its answers to permission questions.
fn sound(program: Program) -> (&'static str, &'static str) {
    match program {
        Program::Nginx => (
            concat!(
                "add_header Access-Control-Allow-Origin https://page.example always;",
                nginx_options!(
                    "add_header Access-Control-Allow-Methods 'PUT, PATCH, DELETE' always;",
                    "add_header Access-Control-Allow-Headers 'authorization, content-type' always;"
                )
            ),
            "",
        ),
        Program::Caddy => (
            "header {\nAccess-Control-Allow-Origin https://page.example\nAccess-Control-Allow-Methods \"PUT, PATCH, DELETE\"\nAccess-Control-Allow-Headers \"authorization, content-type\"\n}\n@options method OPTIONS\nrespond @options 204",
            "@options method OPTIONS\nheader @options {\nAccess-Control-Allow-Origin https://page.example\nAccess-Control-Allow-Methods \"PUT, PATCH, DELETE\"\nAccess-Control-Allow-Headers \"authorization, content-type\"\n}\nrespond @options 204",
        ),
        Program::HaProxy => (
            "http-after-response set-header Access-Control-Allow-Origin https://page.example\nhttp-request return status 204 hdr Access-Control-Allow-Methods \"PUT, PATCH, DELETE\" hdr Access-Control-Allow-Headers \"authorization, content-type\" if METH_OPTIONS",
            "http-after-response set-header Access-Control-Allow-Origin https://page.example if METH_OPTIONS\nhttp-request return status 204 hdr Access-Control-Allow-Methods \"PUT, PATCH, DELETE\" hdr Access-Control-Allow-Headers \"authorization, content-type\" if METH_OPTIONS",
        ),
        Program::Starlette => (
            "app.add_middleware(CORSMiddleware, allow_origins=['https://page.example'], allow_methods=['*'], allow_headers=['*'])",
            "",
        ),
    }
}

fn catalogue() -> Catalogue {
    let made = Command::new("tools/catalogue.sh").env_remove("TRUNK_STAGING_DIR").output().expect("bash");
    let text = String::from_utf8(made.stdout).expect("the catalogue is UTF-8");
    Catalogue::read(text).expect("a catalogue")
}

/// A run against a real program; `None` when that is not on this machine.
fn run(program: Program, lines: &str, up: &str) -> Option<Outcome> {
    let (cors, preflight) = sound(program);
    let lines = lines.replace("{cors}", cors).replace("{preflight}", preflight);
    let lines = lines.replace("{everywhere}", NGINX_EVERYWHERE);
    let running = program.start(&lines, up)?;
    wire::PORT.set(running.port);
    Some(World { registry: wire::ask, preflight: wire::permits, auth: None, ..World::default() }.run())
}

fn try_all(cases: &[Case]) {
    let (catalogue, up) = (catalogue(), wire::upstream());
    for case in cases {
        let whom = case.program.whom();
        let Some(before) = run(case.program, case.broken, &up) else { return };
        let verdict = engine::judge(&before.run).verdict;
        let named = verdict.causes.into_iter().find(|named| named.code == case.code);
        let named = named.unwrap_or_else(|| {
            panic!("{whom}: {} is not named, but {:?} {:?}", case.code, before.certain, before.shortlist)
        });
        let fixes = fix::all(&before.run.facts(), &named, &catalogue);
        let card = fixes.into_iter().find(|fix| fix.whom == whom).expect("the card");
        assert!(card.tried, "{whom}, {}: the card says that it was not tried", case.code);
        // Cards name a port of this machine where MLflow may listen.
        let text = card.code.expect("something to copy").replace("127.0.0.1:5000", &up);
        let after = run(case.program, &case.mended.replace("{card}", &text), &up).expect("the same program");
        let left = [after.certain, after.shortlist].concat();
        assert!(left.is_empty(), "{whom}, {}: after the card there is still {left:?}", case.code);
        assert_eq!(after.overall, "healthy", "{whom}, {}", case.code);
    }
}

/// Uploads need a registration, so here the request itself is looked at.
#[test]
fn large_uploads() {
    let (catalogue, up) = (catalogue(), wire::upstream());
    for case in UPLOADS {
        let words = catalogue.cause(case.code).expect("words");
        let card = words.cards.into_iter().find(|card| card.whom == case.program.whom()).expect("the card");
        let (_, text) = card.code.expect("something to copy");
        for (lines, is_refused) in [(case.broken, true), (&*case.mended.replace("{card}", &text), false)] {
            let Some(running) = case.program.start(lines, &up) else { return };
            wire::PORT.set(running.port);
            let status = wire::upload(3 << 20);
            // Caddy says 502 when it stops reading.
            assert_eq!(matches!(status, Some(413 | 502)), is_refused, "{}: {status:?}", case.program.whom());
            assert!(is_refused || status.is_some(), "{}: no answer", case.program.whom());
        }
    }
}

const UPLOADS: &[Case] = &[
    Case {
        program: Program::Nginx,
        code: "body-size-limit",
        broken: "location / { proxy_pass http://{up}; }",
        mended: "location / { {card} proxy_pass http://{up}; }",
    },
    Case {
        program: Program::Caddy,
        code: "body-size-limit",
        broken: "request_body {\nmax_size 1MB\n}\nreverse_proxy {up}",
        mended: "{card}\nreverse_proxy {up}",
    },
];

#[test]
fn a_card_that_was_not_tried_says_so() {
    let catalogue = catalogue();
    let mut wrong = Vec::new();
    let cases = [NGINX, CADDY, HAPROXY, STARLETTE, UPLOADS].concat();
    for cause in causes::ALL {
        for card in catalogue.cause(cause.code).expect("words").cards {
            let heading = format!("## {}\n", card.whom);
            let is_own = std::fs::read_to_string(format!("src/catalogue/causes/{}.md", cause.code))
                .is_ok_and(|text| text.contains(&heading));
            let tried = cases.iter().any(|case| case.code == cause.code && case.program.whom() == card.whom);
            // A card of another cause is tried there.
            let is_configuration = card.code.as_ref().is_some_and(|(language, _)| {
                ["apache", "caddy", "haproxy", "nginx", "python", "yaml"].contains(language)
            });
            if is_own && is_configuration && card.tried != tried {
                wrong.push([cause.code, ": ", card.whom].concat());
            }
        }
    }
    assert!(wrong.is_empty(), "These cards say the contrary of whether a case here tries them: {wrong:#?}");
}
