//! Causes around CORS, clocks and who answers, over simulated answers: each both ways, with its look-alikes.

#[allow(dead_code, reason = "the worlds are shared with tests/diagnosis.rs, which uses more of them")]
mod world;

use preflight::deployment::AuthScheme;
use preflight::deployment::credential::Presented;
use preflight::engine;
use preflight::probe::{Method, Probe};
use world::{Fate, NOW, Outcome, Reply, World, healthy_auth, healthy_registry};

const SEARCH: &str = "/api/mlflow/api/2.0/mlflow/experiments/search";
const HOUR_AGO: &str = "Wed, 31 Dec 2025 23:00:00 GMT";

#[track_caller]
fn expect(world: &World, certain: &[&str], shortlist: &[&str]) -> Outcome {
    let outcome = world.run();
    let named = (outcome.certain.iter().map(String::as_str), outcome.shortlist.iter().map(String::as_str));
    let named: (Vec<_>, Vec<_>) = (named.0.collect(), named.1.collect());
    assert_eq!(named, (certain.to_vec(), shortlist.to_vec()), "asked {:?}", outcome.probes);
    outcome
}

fn status(outcome: &Outcome, id: &str) -> &'static str {
    let judged = engine::judge(&outcome.run);
    judged
        .checks
        .iter()
        .find(|(check, _)| check.id == id)
        .map_or("", |(_, judgement)| judgement.status.name())
}

fn dated(probe: &Probe, date: &'static str) -> Fate {
    match healthy_registry(probe) {
        Fate::Reply(reply) => Fate::Reply(reply.at(date)),
        other => other,
    }
}

#[test]
fn clocks_that_disagree() {
    // Nothing is said of a minute, and of caches nothing else is known.
    for near in [NOW, "Wed, 31 Dec 2025 23:59:30 GMT"] {
        assert_eq!(
            status(&expect(&World { page_date: near, ..World::default() }, &[], &[]), "browser-clock"),
            "pass"
        );
    }
    let warned = expect(&World { page_date: "Thu, 01 Jan 2026 00:03:00 GMT", ..World::default() }, &[], &[]);
    assert_eq!(status(&warned, "browser-clock"), "warn");
    // One server alone may be the one that is off.
    let one = expect(&World { page_date: HOUR_AGO, ..World::default() }, &[], &["clock-skew"]);
    assert_eq!(status(&one, "browser-clock"), "fail");
    let registry = World { registry: |probe| dated(probe, HOUR_AGO), ..World::default() };
    expect(&registry, &[], &["clock-skew"]);
    // Two that agree are right.
    expect(&World { page_date: HOUR_AGO, ..registry }, &["clock-skew"], &[]);
    // The page's server stands alone against the registry and this browser.
    let well = World { registry: |probe| dated(probe, NOW), page_date: HOUR_AGO, ..World::default() };
    expect(&well, &[], &["clock-skew"]);
    // No clock can be read.
    assert_eq!(status(&World { page_date: "", ..World::default() }.run(), "browser-clock"), "unknown");
}

fn wants_session(probe: &Probe) -> Fate {
    match probe.target.path_only() {
        "/health" => healthy_registry(probe),
        _ => Fate::Reply(Reply::json(401, "{\"detail\":\"Authentication required: please log in\"}")),
    }
}

#[test]
fn cookies_that_pages_may_not_send() {
    let open = World { auth: None, scheme: AuthScheme::None, key: "", ..World::default() };
    let refused = World { registry: wants_session, cookies: false, ..open };
    let outcome = refused.run();
    assert!(outcome.certain.contains(&"cors-credentials-wildcard".to_owned()), "{:?}", outcome.shortlist);
    // Without an oracle that sends cookies too, the cookies themselves may be what fails.
    let outcome = World { oracle: false, ..refused }.run();
    assert!(outcome.shortlist.contains(&"cors-credentials-wildcard".to_owned()), "{:?}", outcome.certain);
    // Cookies may be sent, or nobody asks for a session, or a key is in use: then none are.
    let open = || World { auth: None, scheme: AuthScheme::None, key: "", ..World::default() };
    let allowed = World { registry: wants_session, ..open() }.run();
    assert!(allowed.probes.contains(&"registry-open-cookies".to_owned()));
    for world in [
        World {
            cookies: false,
            registry: |probe| healthy_registry(&probe.clone().with(Presented::Key)),
            ..open()
        },
        World { cookies: false, registry: wants_session, ..World::default() },
    ] {
        let outcome = world.run();
        assert!(!outcome.probes.contains(&"registry-open-cookies".to_owned()));
        let all = [outcome.certain, outcome.shortlist].concat();
        assert!(!all.contains(&"cors-credentials-wildcard".to_owned()), "{all:?}");
    }
}

#[test]
fn a_limit_that_does_not_say_when() {
    fn limited(probe: &Probe, date: &'static str) -> Fate {
        match (probe.target.path_only(), probe.presented) {
            (SEARCH, Presented::Key) => {
                Fate::Reply(Reply::json(429, "{\"detail\":\"Rate limit exceeded\"}").at(date))
            }
            _ => healthy_registry(probe),
        }
    }
    let hidden = World { registry: |probe| limited(probe, ""), ..World::default() };
    expect(&hidden, &["rate-limited"], &["cors-headers-not-exposed"]);
    // Every header shows, and none says when: there was nothing to expose.
    expect(&World { registry: |probe| limited(probe, NOW), ..World::default() }, &["rate-limited"], &[]);
}

#[test]
fn methods_that_are_refused() {
    const NGINX: &str =
        "<html><head><title>405 Not Allowed</title></head><body><hr><center>nginx</center></body></html>";
    fn puts(probe: &Probe, reply: fn() -> Reply) -> Fate {
        if probe.method == Method::Put { Fate::Reply(reply()) } else { healthy_registry(probe) }
    }
    let by_proxy = World { registry: |probe| puts(probe, || Reply::html(405, NGINX)), ..World::default() };
    expect(&by_proxy, &[], &["method-blocked"]);
    let by_app = |probe: &Probe| puts(probe, || Reply::json(405, "{\"detail\":\"Method Not Allowed\"}"));
    expect(&World { registry: by_app, ..World::default() }, &[], &["method-blocked"]);
    // The refusal may not be read: Chromium shows what it shows when permission is missing.
    let unread =
        World { registry: |probe| puts(probe, || Reply::html(405, NGINX).bare()), ..World::default() };
    expect(&unread, &[], &["cors-method-not-allowed", "method-blocked"]);
    // All methods alike are refused for want of a key, or not at all.
    expect(&World::default(), &[], &[]);
}

#[test]
fn a_network_that_wants_a_sign_in() {
    fn portal(status: u16, text: &str) -> Fate {
        Fate::Reply(Reply::html(status, text))
    }
    let strict = |_: &Probe| portal(511, "<html><title>Network Authentication Required</title></html>");
    let outcome = expect(&World { registry: strict, auth: None, ..World::default() }, &["login-wall"], &[]);
    assert_eq!(status(&outcome, "who-answers"), "fail");
    let lax = |_: &Probe| portal(200, "<html><title>Hotel captive portal</title>Welcome</html>");
    let outcome = World { registry: lax, auth: None, ..World::default() }.run();
    assert!(outcome.certain.is_empty(), "{:?}", outcome.certain);
    assert_eq!(outcome.shortlist.first().map(String::as_str), Some("login-wall"), "{:?}", outcome.shortlist);
    assert_eq!(status(&expect(&World::default(), &[], &[]), "who-answers"), "pass");
}

#[test]
fn the_health_path_at_the_root() {
    fn only_root(probe: &Probe) -> Fate {
        match (probe.target.path_only(), probe.presented) {
            ("/health", _) => healthy_registry(probe),
            ("/api/mlflow/health", _) => {
                Fate::Reply(Reply::json(401, "{\"detail\":\"API key required\"}").bare())
            }
            _ => match healthy_registry(&probe.clone().with(match probe.presented {
                Presented::Key => Presented::Fake,
                other => other,
            })) {
                Fate::Reply(reply) if reply.status >= 400 => Fate::Reply(reply.bare()),
                other => other,
            },
        }
    }
    let knows_none = |probe: &Probe| match probe.target.path_only() {
        "/health" => healthy_auth(probe),
        _ => healthy_auth(&probe.clone().with(match probe.presented {
            Presented::Key => Presented::Fake,
            other => other,
        })),
    };
    let world = World {
        registry: only_root,
        auth: Some(knows_none),
        open_path: "/api/mlflow/health",
        ..World::default()
    };
    let outcome = expect(&world, &["cors-missing-on-errors", "key-rejected"], &[]);
    assert!(outcome.probes.contains(&"registry-root-health".to_owned()));
    // A path that answers is not doubted.
    assert!(!World::default().run().probes.contains(&"registry-root-health".to_owned()));
}
