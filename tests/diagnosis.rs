//! From simulated answers to the verdict: each cause both ways, the deployment that has it and its look-alikes.

mod world;

use preflight::catalogue::Catalogue;
use preflight::deployment::credential::Presented;
use preflight::deployment::{AuthScheme, Origin};
use preflight::engine;
use preflight::probe::{Method, Probe, Way};
use preflight::report::Report;
use preflight::run::Phase;
use world::{Fate, Reply, World, healthy_auth, healthy_registry, origin};

#[track_caller]
fn expect(world: &World, certain: &[&str], shortlist: &[&str]) -> world::Outcome {
    let outcome = world.run();
    assert_eq!(
        (outcome.certain.as_slice(), outcome.shortlist.as_slice()),
        (strings(certain).as_slice(), strings(shortlist).as_slice()),
        "asked {:?}",
        outcome.probes
    );
    assert_eq!(
        outcome.overall,
        if certain.is_empty() && shortlist.is_empty() { "healthy" } else { "problems" }
    );
    outcome
}

fn strings(list: &[&str]) -> Vec<String> {
    list.iter().map(|text| (*text).to_owned()).collect()
}

fn reply(reply: Reply) -> Fate {
    Fate::Reply(reply)
}

/// The healthy registry, except that it refuses the user's key like a made-up one.
fn refusing(probe: &preflight::probe::Probe) -> Fate {
    if probe.presented == Presented::Key {
        healthy_registry(&probe.clone().with(Presented::Fake))
    } else {
        healthy_registry(probe)
    }
}

fn knows_no_key(probe: &preflight::probe::Probe) -> Fate {
    if probe.presented == Presented::Key {
        healthy_auth(&probe.clone().with(Presented::Fake))
    } else {
        healthy_auth(probe)
    }
}

/// Takes the CORS headers off 4xx and 5xx answers.
fn without_cors_on_errors(fate: Fate) -> Fate {
    match fate {
        Fate::Reply(answer) if answer.status >= 400 => reply(answer.bare()),
        other => other,
    }
}

#[test]
fn healthy_is_nothing_wrong_and_asks_little() {
    let outcome = expect(&World::default(), &[], &[]);
    assert_eq!(
        outcome.probes,
        [
            "page-control",
            "registry-open",
            "auth-health",
            "mlflow-search-key",
            "mlflow-search-none",
            "mlflow-search-fake",
            "auth-validate-key",
            "registry-random-put",
            "registry-random-patch",
            "registry-random-delete",
            "mlflow-version",
            "mlflow-search-post",
            "mlflow-artifacts",
            "registry-open-shared"
        ]
    );
    // The search with the key and its preflight, then the version with its own.
    assert_eq!(engine::longest_chain(&outcome.run), 4);
}

#[test]
fn healthy_without_a_key_scheme() {
    let registry = |probe: &preflight::probe::Probe| healthy_registry(&probe.clone().with(Presented::Key));
    expect(&World { registry, auth: None, scheme: AuthScheme::None, key: "", ..World::default() }, &[], &[]);
}

#[test]
fn offline() {
    expect(
        &World { registry: |_| Fate::Refused, auth: None, on_line: false, ..World::default() },
        &["offline"],
        &[],
    );
    // A browser that says it is offline and gets answers is not.
    expect(&World { auth: None, registry: healthy_registry, ..World::default() }, &[], &[]);
}

#[test]
fn mixed_content_is_known_without_traffic() {
    let registry_origin = Origin { secure: false, host: "registry.example".into(), port: 80 };
    let outcome = expect(&World { registry_origin, auth: None, ..World::default() }, &["mixed-content"], &[]);
    assert_eq!(outcome.probes, ["page-control"], "asks nobody but this page's own server");
    let local = Origin { secure: false, host: "127.0.0.1".into(), port: 5000 };
    expect(&World { registry_origin: local.clone(), auth: None, ..World::default() }, &[], &[]);
    let plain = Origin { secure: false, ..origin("registry.example") };
    expect(&World { registry_origin: plain, page_secure: false, auth: None, ..World::default() }, &[], &[]);
}

#[test]
fn blocked_ports_are_known_without_traffic() {
    let registry_origin = Origin { secure: true, host: "registry.example".into(), port: 6000 };
    expect(&World { registry_origin, auth: None, ..World::default() }, &["port-blocked"], &[]);
}

#[test]
fn unreachable_hosts_share_a_shortlist() {
    let world = World { registry: |_| Fate::Refused, auth: None, ..World::default() };
    expect(&world, &[], &["host-unreachable", "tls-failure", "connection-broken", "extension-blocked"]);
    let registry_origin = Origin { secure: false, host: "127.0.0.1".into(), port: 5000 };
    expect(
        &World { registry_origin, ..world },
        &[],
        &["host-unreachable", "connection-broken", "extension-blocked", "redirect-without-cors"],
    );
}

#[test]
fn silence_is_a_timeout_and_costs_few_probes() {
    let outcome =
        expect(&World { registry: |_| Fate::Silent, auth: None, ..World::default() }, &["timeout"], &[]);
    assert!(outcome.probes.len() <= 9, "{:?}", outcome.probes);
}

#[test]
fn gateway_without_backend_readable_and_not() {
    let readable = |_: &preflight::probe::Probe| {
        reply(Reply::html(502, "<html><title>502 Bad Gateway</title><center>nginx</center></html>"))
    };
    expect(&World { registry: readable, auth: None, ..World::default() }, &["gateway-without-backend"], &[]);
    let bare = |_: &preflight::probe::Probe| {
        reply(Reply::html(503, "<html>503 Service Temporarily Unavailable").bare())
    };
    let world = World { registry: bare, auth: None, preflight: |_| false, ..World::default() };
    expect(
        &world,
        &[],
        &["gateway-without-backend", "cors-missing-on-errors", "login-wall", "wrong-base-url"],
    );
}

#[test]
fn no_cors_at_all() {
    let bare = |probe: &preflight::probe::Probe| match healthy_registry(probe) {
        Fate::Reply(answer) => reply(answer.bare()),
        other => other,
    };
    let world = World { registry: bare, auth: None, preflight: |_| false, ..World::default() };
    expect(&world, &[], &["cors-not-allowed", "redirect-without-cors"]);
    // Without an oracle less can be told apart, and all of it is named.
    expect(
        &World { oracle: false, ..world },
        &[],
        &["cors-not-allowed", "gateway-without-backend", "login-wall", "redirect-without-cors"],
    );
}

#[test]
fn preflight_refused() {
    let world = World { preflight: |_| false, auth: None, ..World::default() };
    expect(
        &world,
        &[],
        &["cors-preflight-unauthorized", "cors-preflight-failing", "cors-preflight-redirected"],
    );
    // Only the key's header is refused, and the refusals without it are readable.
    let world = World { preflight: without_the_keys_header, auth: None, ..World::default() };
    expect(&world, &["cors-header-not-allowed"], &[]);
}

/// Permission for everything but the header of the key, whatever is in it.
fn without_the_keys_header(probe: &Probe) -> bool {
    probe.presented == Presented::Nothing && probe.headers.iter().all(|(name, _)| name != "authorization")
}

#[test]
fn caches_and_broken_replicas() {
    let cached = |probe: &preflight::probe::Probe| match healthy_registry(probe) {
        Fate::Reply(answer) if probe.way == Way::Shared => reply(answer.bare()),
        other => other,
    };
    expect(&World { registry: cached, ..World::default() }, &[], &["cors-cached-without-vary"]);
    // No answer at all is no sign of a cache.
    let silent = |probe: &preflight::probe::Probe| match probe.way {
        Way::Shared => Fate::Silent,
        _ => healthy_registry(probe),
    };
    expect(&World { registry: silent, ..World::default() }, &[], &[]);
    let flapping = |probe: &preflight::probe::Probe| match probe.id.as_str() {
        "mlflow-search-none" | "registry-open-2" | "registry-open-5" | "registry-open-8" => {
            reply(Reply::html(502, "<html>502 Bad Gateway nginx"))
        }
        _ => healthy_registry(probe),
    };
    let outcome =
        expect(&World { registry: flapping, ..World::default() }, &["gateway-without-backend"], &[]);
    let report = Report::of(&outcome.run, &engine::judge(&outcome.run), &Catalogue::default());
    // The page writes reports with code of its own.
    assert_eq!(report.to_json(), serde_json::to_string_pretty(&report).expect("JSON"));
    assert!(report.sentences[0].headline.contains("3 of 9"), "{}", report.sentences[0].headline);
    // The same, and nobody may read the gateway's page: by one question, or by another.
    for flapping in [
        |probe: &Probe| flaps(probe, &["mlflow-search-none", "registry-open-2", "registry-open-5"]),
        |probe: &Probe| flaps(probe, &["mlflow-search-key", "registry-open-2", "registry-open-5"]),
        |probe: &Probe| flaps(probe, &["mlflow-search-fake", "registry-open-2", "registry-open-5"]),
        |probe: &Probe| flaps(probe, &["registry-open", "registry-open-3", "mlflow-search-fake"]),
        |probe: &Probe| flaps(probe, &["registry-random-put", "registry-open-3", "registry-open-4"]),
    ] {
        let world = World { registry: flapping, ..World::default() };
        let outcome = expect(&world, &[], &["gateway-without-backend", "connection-broken"]);
        let report = Report::of(&outcome.run, &engine::judge(&outcome.run), &Catalogue::default());
        assert!(report.sentences[0].headline.contains("2 of 9"), "{}", report.sentences[0].headline);
    }
    // Failures that are always the same are none that come and go.
    let hidden = |probe: &Probe| match healthy_registry(probe) {
        Fate::Reply(answer) if answer.status == 401 => reply(answer.bare()),
        other => other,
    };
    expect(&World { registry: hidden, ..World::default() }, &["cors-missing-on-errors"], &[]);
}

fn flaps(probe: &Probe, bad: &[&str]) -> Fate {
    if bad.contains(&probe.id.as_str()) {
        return reply(Reply::html(502, "<html>502 Bad Gateway nginx").bare());
    }
    healthy_registry(probe)
}

#[test]
fn redirects_with_a_key() {
    let elsewhere = |probe: &preflight::probe::Probe| match probe.target.path_only() {
        "/health" => healthy_registry(probe),
        _ => Fate::Redirect(
            "https://other.example/login",
            Reply::html(200, "<title>Sign in</title><input type=password>"),
        ),
    };
    expect(&World { registry: elsewhere, auth: None, ..World::default() }, &["login-wall"], &[]);
    let other_host = |probe: &preflight::probe::Probe| match probe.target.path_only() {
        "/health" => healthy_registry(probe),
        _ => {
            Fate::Redirect("https://other.example/api", Reply::json(401, "{\"detail\":\"API key required\"}"))
        }
    };
    expect(&World { registry: other_host, auth: None, ..World::default() }, &["redirect-drops-key"], &[]);
    let same_host = |probe: &preflight::probe::Probe| match probe.target.path_only() {
        "/health" => healthy_registry(probe),
        _ => Fate::Redirect(
            "https://registry.example/other",
            Reply::json(401, "{\"detail\":\"API key required\"}"),
        ),
    };
    expect(&World { registry: same_host, auth: None, ..World::default() }, &[], &["wrong-base-url"]);
}

#[test]
fn a_refused_method_is_named() {
    let world = World { preflight: |probe| probe.method != Method::Delete, ..World::default() };
    // A gateway that refuses the method itself, without CORS headers, looks the same in Chromium.
    expect(&world, &[], &["cors-method-not-allowed", "method-blocked"]);
}

#[test]
fn errors_without_cors() {
    let good = |probe: &preflight::probe::Probe| without_cors_on_errors(healthy_registry(probe));
    expect(&World { registry: good, ..World::default() }, &["cors-missing-on-errors"], &[]);
    let bad = |probe: &preflight::probe::Probe| without_cors_on_errors(refusing(probe));
    // The auth service itself says that the key is bad.
    expect(
        &World { registry: bad, auth: Some(knows_no_key), ..World::default() },
        &["cors-missing-on-errors", "key-rejected"],
        &[],
    );
    // Nobody says so: the key is not blamed for certain.
    let world = World { registry: bad, auth: None, ..World::default() };
    expect(
        &world,
        &[],
        &["cors-missing-on-errors", "key-rejected", "auth-service-down", "cors-preflight-unauthorized"],
    );
}

#[test]
fn keys() {
    expect(&World { key: "", ..World::default() }, &["key-missing"], &[]);
    expect(&World { key: "pf_live_cut in two", ..World::default() }, &["key-malformed"], &[]);
    expect(
        &World {
            key: "sk-of-another-product",
            registry: refusing,
            auth: Some(knows_no_key),
            ..World::default()
        },
        &["key-malformed"],
        &[],
    );
    // A key of unknown shape that works is a good key.
    expect(&World { key: "sk-of-another-product", ..World::default() }, &[], &[]);
    expect(
        &World { registry: refusing, auth: Some(knows_no_key), ..World::default() },
        &["key-rejected"],
        &[],
    );
    expect(
        &World { registry: refusing, auth: None, ..World::default() },
        &[],
        &["key-rejected", "service-id-mismatch", "auth-contract-mismatch"],
    );
}

#[test]
fn a_good_key_is_not_blamed() {
    let other_service = |probe: &preflight::probe::Probe| match &probe.body {
        Some(body) if body.contains("platform") => knows_no_key(probe),
        _ => healthy_auth(probe),
    };
    expect(
        &World { registry: refusing, auth: Some(other_service), ..World::default() },
        &["service-id-mismatch"],
        &[],
    );
    expect(&World { registry: refusing, ..World::default() }, &[], &["auth-contract-mismatch"]);
    let lost = |probe: &preflight::probe::Probe| {
        if probe.presented == Presented::Key && probe.target.path_only() != "/health" {
            reply(Reply::json(401, "{\"detail\":\"API key required\"}"))
        } else {
            healthy_registry(probe)
        }
    };
    expect(&World { registry: lost, ..World::default() }, &["auth-header-stripped"], &[]);
}

#[test]
fn outages_are_not_the_keys_fault() {
    let outage = |probe: &preflight::probe::Probe| match probe.presented {
        Presented::Nothing => healthy_registry(probe),
        _ => reply(Reply::json(401, "{\"detail\":\"Authentication service unavailable\"}")),
    };
    // Down, or out of the gateway's reach: nobody here knows. That it is reported as a bad key is certain.
    expect(
        &World { registry: outage, auth: None, ..World::default() },
        &["outage-reported-as-401"],
        &["auth-service-down", "auth-service-unreachable"],
    );
    let down =
        |_: &preflight::probe::Probe| reply(Reply::html(503, "<html>503 Service Temporarily Unavailable"));
    expect(
        &World { registry: outage, auth: Some(down), ..World::default() },
        &["auth-service-down", "outage-reported-as-401"],
        &[],
    );
    let down_bare = |_: &preflight::probe::Probe| reply(Reply::html(503, "<html>503").bare());
    let outage_bare = |probe: &preflight::probe::Probe| {
        without_cors_on_errors(match (probe.target.path_only(), probe.presented) {
            ("/health", _) | (_, Presented::Nothing) => healthy_registry(probe),
            _ => reply(Reply::json(503, "{\"detail\":\"Authentication service unavailable\"}")),
        })
    };
    expect(
        &World { registry: outage_bare, auth: Some(down_bare), ..World::default() },
        &[],
        &["auth-service-down", "wrong-base-url", "cors-missing-on-errors", "key-rejected"],
    );
}

#[test]
fn an_auth_service_that_hangs_is_no_fault_of_key_or_cors() {
    let hangs = |probe: &preflight::probe::Probe| match (probe.target.path_only(), probe.presented) {
        ("/health", _) | (_, Presented::Nothing) => healthy_registry(probe),
        _ => Fate::Silent,
    };
    expect(
        &World { registry: hangs, auth: None, ..World::default() },
        &[],
        &["slow-dependency", "auth-service-down", "auth-service-unreachable"],
    );
}

#[test]
fn open_registries_are_said_so() {
    let open = |probe: &preflight::probe::Probe| healthy_registry(&probe.clone().with(Presented::Key));
    expect(&World { registry: open, ..World::default() }, &["auth-not-enforced"], &[]);
    expect(&World { registry: open, key: "", ..World::default() }, &["auth-not-enforced"], &[]);
}

#[test]
fn routes() {
    let no_route = |probe: &preflight::probe::Probe| match (probe.target.path_only(), probe.presented) {
        ("/health", _) | (_, Presented::Nothing | Presented::Fake) => healthy_registry(probe),
        _ => reply(Reply::json(404, "{\"detail\":\"Not Found\"}")),
    };
    expect(&World { registry: no_route, path_is_listed: true, ..World::default() }, &["route-missing"], &[]);
    // A path that somebody typed may never have been one.
    expect(&World { registry: no_route, ..World::default() }, &[], &["route-missing", "wrong-base-url"]);
    let elsewhere = |probe: &preflight::probe::Probe| match (probe.target.path_only(), probe.presented) {
        ("/mlflow/api/2.0/mlflow/experiments/search", Presented::Key) => {
            reply(Reply::json(200, "{\"experiments\":[]}"))
        }
        ("/api/mlflow/api/2.0/mlflow/experiments/search", Presented::Key) => {
            reply(Reply::json(404, "{\"detail\":\"Not Found\"}"))
        }
        _ => healthy_registry(probe),
    };
    // Behind the key check an application has no such route, and another way to MLflow is past it: the path may be
    // mistyped, or its route is gone.
    let world = World { registry: elsewhere, ..World::default() };
    expect(&world, &[], &["wrong-base-url", "route-missing"]);
    // The page's own configuration names this path, so it is no mistake: the route is gone (I17).
    expect(&World { path_is_listed: true, ..world }, &["route-missing"], &[]);
    let website =
        |_: &preflight::probe::Probe| reply(Reply::html(200, "<!doctype html><title>Welcome</title>"));
    expect(&World { registry: website, auth: None, ..World::default() }, &["not-mlflow"], &[]);
    // A refusal inside a 200 is read as one. Of another error in there, or a maintenance page of the application's own,
    // nothing certain is said.
    let error_inside =
        |_: &preflight::probe::Probe| reply(Reply::json(200, "{\"detail\":\"API key required\"}"));
    expect(
        &World { registry: error_inside, auth: None, ..World::default() },
        &[],
        &["auth-scheme-mismatch", "auth-header-stripped"],
    );
    let maintenance =
        |_: &preflight::probe::Probe| reply(Reply::html(503, "<!doctype html><title>Back soon</title>"));
    expect(
        &World { registry: maintenance, auth: None, ..World::default() },
        &[],
        &["gateway-without-backend"],
    );
    let sign_in = |_: &preflight::probe::Probe| {
        reply(Reply::html(200, "<!doctype html><title>Sign in</title><input type=password>"))
    };
    expect(&World { registry: sign_in, auth: None, ..World::default() }, &[], &["login-wall", "not-mlflow"]);
}

#[test]
fn mlflows_host_check_readable_and_not() {
    let text = |probe: &preflight::probe::Probe| match (probe.target.path_only(), probe.presented) {
        ("/health", _) | (_, Presented::Nothing | Presented::Fake) => healthy_registry(probe),
        _ => reply(Reply::text(403, "Invalid Host header - possible DNS rebinding attack detected")),
    };
    expect(&World { registry: text, ..World::default() }, &["mlflow-host-not-allowed"], &[]);
    let direct = |probe: &preflight::probe::Probe| match probe.target.path_only() {
        "/health" => reply(Reply::text(200, "OK")),
        "/api/mlflow/version" => reply(Reply::html(200, "3.17.2")),
        _ => reply(Reply::text(403, "Invalid Host header - possible DNS rebinding attack detected").bare()),
    };
    let world = World { registry: direct, auth: None, scheme: AuthScheme::None, key: "", ..World::default() };
    expect(&world, &[], &["mlflow-host-not-allowed", "cors-missing-on-errors"]);
}

#[test]
fn limits_permissions_and_money() {
    // A closure that captures is no `fn`, so each answer has its own.
    type Case = (fn(&preflight::probe::Probe) -> Fate, &'static str);
    let cases: [Case; 5] = [
        (|probe| by_key(probe, 429, "{\"detail\":\"Rate limit exceeded\"}"), "rate-limited"),
        (|probe| by_key(probe, 402, "{\"detail\":\"Insufficient balance\"}"), "balance-exhausted"),
        (
            |probe| by_key(probe, 403, "{\"detail\":\"Admin access required for the model registry\"}"),
            "key-lacks-permission",
        ),
        (
            |probe| {
                by_key(
                    probe,
                    502,
                    "{\"detail\":\"Failed to connect to MLflow server at http://mlflow:5000\"}",
                )
            },
            "mlflow-down",
        ),
        (|probe| by_key(probe, 500, "{\"detail\":\"Internal server error\"}"), "server-error"),
    ];
    for (registry, code) in cases {
        // That a limit does not show when to come back is a trouble of its own.
        let hidden: &[&str] = if code == "rate-limited" { &["cors-headers-not-exposed"] } else { &[] };
        expect(&World { registry, ..World::default() }, &[code], hidden);
    }
}

fn by_key(probe: &preflight::probe::Probe, status: u16, text: &str) -> Fate {
    match (probe.target.path_only(), probe.presented) {
        ("/health", _) | (_, Presented::Nothing | Presented::Fake) => healthy_registry(probe),
        _ => reply(Reply::json(status, text)),
    }
}

#[test]
fn at_most_five_requests_can_count_as_failed_logins() {
    for registry in [healthy_registry, refusing] {
        let outcome = World { registry, auth: Some(knows_no_key), ..World::default() }.run();
        let keyed = outcome.run.observations.iter().filter(|seen| seen.probe.presented != Presented::Nothing);
        let logins = keyed.filter(|seen| matches!(seen.status(), Some(401 | 403) | None)).count();
        assert!(logins <= 5, "{:?}", outcome.probes);
    }
}

#[test]
fn a_report_judges_the_same_when_it_is_read_back() {
    for key in [world::KEY, "", "pf_live_cut in two"] {
        let run = World { key, ..World::default() }.run().run;
        let judged = engine::judge(&run);
        let report = Report::of(&run, &judged, &Catalogue::default());
        let json = report.to_json();
        let read: Report = serde_json::from_str(&json).expect("our own JSON");
        assert_eq!(read, report);
        let again = read.into_run();
        assert_eq!(again.phase, Phase::Finished);
        assert_eq!(engine::judge(&again).verdict, judged.verdict);
        assert!(!json.contains(world::KEY));
    }
}

/// What goes first brings the next questions, without waiting for the others.
#[test]
fn the_first_questions_bring_the_next_ones() {
    let run = World::default().run().run;
    let mut run_so_far = World::default().start();
    let first = engine::next(&run_so_far);
    let (lead, rest): (Vec<_>, Vec<_>) = first.into_iter().partition(engine::leads);
    let ids: Vec<&str> = lead.iter().map(|probe| probe.id.as_str()).collect();
    assert_eq!(ids, ["registry-open", "mlflow-search-key", "mlflow-search-fake"]);
    run_so_far.in_flight.extend(rest);
    let is_leading = |id: &str| ids.contains(&id);
    run_so_far
        .observations
        .extend(run.observations.iter().filter(|seen| is_leading(&seen.probe.id)).cloned());
    let next = engine::next(&run_so_far);
    for id in ["registry-random-delete", "mlflow-search-post", "mlflow-version"] {
        assert!(next.iter().any(|probe| probe.id == id), "{id} waits for something else");
    }
}

/// A rehearsal goes through what a run would ask, and comes to its end.
#[test]
fn a_rehearsal_comes_to_its_end() {
    for world in [World::default(), World { key: "", ..World::default() }] {
        let mut run = world.start();
        let mut steps = 0;
        while engine::rehearse(&mut run) {
            steps += 1;
            assert!(steps < 20, "a rehearsal without an end");
        }
        assert_eq!(run.phase, Phase::Finished);
        assert!(run.in_flight.is_empty());
        let asked: Vec<&str> = run.observations.iter().map(|seen| seen.probe.id.as_str()).collect();
        assert!(asked.contains(&"registry-open") && asked.contains(&"registry-random-delete"), "{asked:?}");
        assert!(steps > 1 && engine::next(&run).is_empty());
    }
}
