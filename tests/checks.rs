//! Checks over simulated worlds: each passes on the healthy deployment, each is seen to come out otherwise, and on
//! an empty observation none claims to know what only the network can tell.

#[expect(dead_code, reason = "the worlds are shared with tests/diagnosis.rs, which uses more of them")]
mod world;

use preflight::checks::{self, Status, Suite};
use preflight::deployment::AuthScheme;
use preflight::deployment::credential::Presented;
use preflight::engine;
use preflight::probe::{Method, Probe, Way};
use std::collections::BTreeMap;
use world::{Fate, Reply, World, healthy_auth, healthy_registry};

fn judged(world: &World) -> BTreeMap<&'static str, Status> {
    let run = world.run().run;
    engine::judge(&run).checks.into_iter().map(|(check, judgement)| (check.id, judgement.status)).collect()
}

fn refused(_: &Probe) -> Fate {
    Fate::Refused
}

fn slow_open_and_bare(probe: &Probe) -> Fate {
    match healthy_registry(probe) {
        Fate::Reply(reply) if reply.status >= 400 => Fate::Reply(reply.bare()),
        other => other,
    }
}

fn cached(probe: &Probe) -> Fate {
    if probe.way == Way::Shared { bare(probe) } else { healthy_registry(probe) }
}

fn flapping(probe: &Probe) -> Fate {
    // Every third question meets the broken server.
    match probe.id.as_str() {
        "mlflow-search-none" | "registry-open-2" | "registry-open-5" | "registry-open-8" => down(probe),
        _ => healthy_registry(probe),
    }
}

fn down(_: &Probe) -> Fate {
    Fate::Reply(Reply::html(503, "<html>503 Service Unavailable"))
}

fn bare(probe: &Probe) -> Fate {
    match healthy_registry(probe) {
        Fate::Reply(reply) => Fate::Reply(reply.bare()),
        other => other,
    }
}

fn auth_bare(probe: &Probe) -> Fate {
    match healthy_auth(probe) {
        Fate::Reply(reply) => Fate::Reply(reply.bare()),
        other => other,
    }
}

fn open_to_all(probe: &Probe) -> Fate {
    healthy_registry(&probe.clone().with(Presented::Key))
}

fn refusing(probe: &Probe) -> Fate {
    let probe =
        if probe.presented == Presented::Key { probe.clone().with(Presented::Fake) } else { probe.clone() };
    healthy_registry(&probe)
}

fn knows_no_key(probe: &Probe) -> Fate {
    let probe =
        if probe.presented == Presented::Key { probe.clone().with(Presented::Fake) } else { probe.clone() };
    healthy_auth(&probe)
}

fn website(_: &Probe) -> Fate {
    Fate::Reply(Reply::html(200, "<!doctype html><title>Welcome</title>"))
}

/// MLflow's API answers below another path.
fn elsewhere(probe: &Probe) -> Fate {
    match probe.target.path_only() {
        "/mlflow/api/2.0/mlflow/experiments/search" => Fate::Reply(Reply::json(200, world::EXPERIMENTS)),
        _ => Fate::Reply(Reply::json(404, "{\"detail\":\"Not Found\"}")),
    }
}

/// Reading works; bodies and files do not get through.
fn reads_only(probe: &Probe) -> Fate {
    match (probe.target.path_only(), probe.method) {
        ("/api/mlflow/api/2.0/mlflow-artifacts/artifacts", _) => {
            Fate::Reply(Reply::html(404, "<html>404 nginx"))
        }
        (path, Method::Post) if path.ends_with("/search") => Fate::Reply(Reply::html(405, "<html>405 nginx")),
        _ => healthy_registry(probe),
    }
}

/// Experiments are listed and nothing else, and there is a way past the key.
fn lists_nothing(probe: &Probe) -> Fate {
    match probe.target.path_only() {
        "/api/2.0/mlflow/experiments/search" => Fate::Reply(Reply::json(200, world::EXPERIMENTS)),
        path if path.ends_with("experiments/search") => healthy_registry(probe),
        path if path.starts_with("/api/mlflow/") => {
            Fate::Reply(Reply::json(500, "{\"error_code\":\"INTERNAL_ERROR\",\"message\":\"m\"}"))
        }
        _ => healthy_registry(probe),
    }
}

fn worlds() -> Vec<World> {
    let base = World::default;
    vec![
        base(),
        World { registry: refused, auth: Some(refused), on_line: false, ..base() },
        World { registry: refused, auth: Some(refused), ..base() },
        World { registry: down, auth: Some(down), ..base() },
        World { registry: slow_open_and_bare, ..base() },
        World { registry: bare, auth: Some(auth_bare), preflight: |_| false, ..base() },
        World { preflight: |_| false, ..base() },
        World { preflight: |probe| probe.method != Method::Delete, ..base() },
        World { registry: open_to_all, ..base() },
        World { registry: refusing, auth: Some(knows_no_key), ..base() },
        World { registry: website, auth: None, ..base() },
        World { registry: elsewhere, auth: None, ..base() },
        World { registry: reads_only, ..base() },
        World { registry: lists_nothing, closer: true, ..base() },
        World { key: "", auth: None, ..base() },
        World { key: "pf_live_cut in two", ..base() },
        World { scheme: AuthScheme::None, registry: open_to_all, key: "", auth: None, ..base() },
        World {
            registry_origin: preflight::deployment::Origin { secure: false, ..world::origin("r.example") },
            ..base()
        },
        World { slow: true, ..base() },
        World { health_paths: &["/ready"], ..base() },
        World { page_date: "Thu, 01 Jan 2026 01:00:00 GMT", ..base() },
        World { registry: cached, ..base() },
        World { registry: flapping, ..base() },
    ]
}

#[test]
fn every_check_passes_on_the_healthy_deployment() {
    for (id, status) in judged(&World { closer: true, ..World::default() }) {
        // No health paths are configured (tests/auth.rs); what writes is off, and tested in tests/registration.rs.
        let expected =
            if id.starts_with("write-") || id == "health-endpoints" { Status::Skipped } else { Status::Pass };
        assert_eq!(status, expected, "{id}");
    }
}

#[test]
fn every_check_is_seen_to_come_out_otherwise() {
    let mut seen: BTreeMap<&str, Vec<Status>> = BTreeMap::new();
    for world in worlds() {
        for (id, status) in judged(&world) {
            seen.entry(id).or_default().push(status);
        }
    }
    for check in checks::ALL.iter().filter(|check| check.suite != Suite::Registration) {
        let statuses = &seen[check.id];
        let bad = statuses.iter().any(|status| matches!(status, Status::Fail | Status::Warn));
        // A version that is hidden harms nobody: its check can only be skipped.
        assert!(bad || check.id == "mlflow-version", "{} never fails: {statuses:?}", check.id);
    }
}

#[test]
fn nothing_asked_is_nothing_known() {
    let run = World::default().start();
    for (check, judgement) in engine::judge(&run).checks {
        let local = check.suite == Suite::Browser || matches!(check.id, "key-present" | "key-shape");
        let modest = matches!(judgement.status, Status::Unknown | Status::Skipped);
        assert!(local || modest, "{} says {:?} of nothing", check.id, judgement.status);
        assert!(!judgement.actual.is_empty(), "{} gives no reason", check.id);
    }
}

/// *Check again* asks what a cause rests on, and nothing else; what comes out the same leaves the verdict as it was.
#[test]
fn what_a_cause_rests_on_is_asked_again_and_nothing_else() {
    let worlds = [
        World { registry: |_| Fate::Refused, ..World::default() },
        World { registry: |_| Fate::Silent, ..World::default() },
        World { preflight: |_| false, ..World::default() },
        World { registry: |_| Fate::Reply(Reply::html(502, "<h1>502 Bad Gateway</h1>")), ..World::default() },
        World {
            registry: |probe| match probe.presented {
                Presented::Nothing => healthy_registry(probe),
                _ => Fate::Reply(Reply::json(401, "{\"detail\":\"Invalid or expired API key\"}")),
            },
            ..World::default()
        },
        World { on_line: false, registry: |_| Fate::Refused, ..World::default() },
    ];
    let mut asked = 0;
    for world in worlds {
        let first = world.run();
        let before = engine::judge(&first.run).verdict;
        assert!(!before.causes.is_empty());
        for named in &before.causes {
            let mut run = first.run.clone();
            let environment = run.environment.clone();
            assert!(run.ask_again(&named.evidence, environment), "{}", named.code);
            let again = world.go_on(run);
            let mut probes = again.probes.clone();
            probes.sort();
            let mut wanted = named.evidence.clone();
            wanted.sort();
            wanted.dedup();
            assert_eq!(probes, wanted, "{}", named.code);
            assert_eq!(again.run.observations.len(), first.run.observations.len());
            assert!(engine::judge(&again.run).verdict.is_as(&before), "{}", named.code);
            asked += 1;
            // Once it is mended, something else comes out: then the page asks everything anew.
            let mut run = first.run.clone();
            let environment = run.environment.clone();
            run.ask_again(&named.evidence, environment);
            let mended = World::default().go_on(run);
            assert!(!engine::judge(&mended.run).verdict.is_as(&before), "{}", named.code);
        }
    }
    assert!(asked >= 10, "{asked}");
}

/// What writes is never asked again by itself, and what other programs saw was before.
#[test]
fn nothing_that_writes_is_asked_again() {
    let mut run = World::default().run().run;
    let environment = run.environment.clone();
    let ids = ["write-run-experiment".to_owned()];
    let mut seen = run.observations[0].clone();
    seen.probe.id.clone_from(&ids[0]);
    run.observations.push(seen);
    assert!(!run.ask_again(&ids, environment));
    assert!(engine::next(&run).iter().all(|probe| !probe.id.starts_with("write-")));
}

#[test]
fn a_deployment_says_itself_what_is_slow() {
    let status = |slow_ms: u32| {
        let mut run = World { slow: true, ..World::default() }.run().run;
        run.limits.slow_ms = slow_ms;
        let judged = engine::judge(&run).checks;
        judged
            .into_iter()
            .find(|(check, _)| check.id == "response-time")
            .map(|(_, judgement)| judgement.status)
    };
    // Every answer takes 2000 ms there.
    assert_eq!(status(2_000), Some(Status::Pass));
    assert_eq!(status(1_999), Some(Status::Warn));
}

/// The permission alone says nothing: it is about private addresses, and about those that do not answer.
#[test]
fn a_denied_local_network_closes_the_way_to_private_addresses() {
    let dead = World { registry: refused, ..World::default() };
    for (world, state, host, status) in [
        (&dead, "denied", "10.0.0.7", Status::Fail),
        (&dead, "prompt", "10.0.0.7", Status::Pass),
        (&dead, "denied", "registry.example.com", Status::Pass),
        (&World::default(), "denied", "10.0.0.7", Status::Pass),
    ] {
        let mut run = world.run().run;
        run.environment.local_network = Some(state.to_owned());
        run.deployment.mlflow.origin.host = host.to_owned();
        let checks = engine::judge(&run).checks;
        let (_, judged) = checks.iter().find(|(check, _)| check.id == "address-allowed").expect("the check");
        assert_eq!(judged.status, status, "{state} {host}: {}", judged.actual);
    }
}

fn auth_with_terms(probe: &Probe) -> Fate {
    let terms = r#"{"is_valid":true,"service_id":"platform","scopes":["model:read","model:write"],"rate_limit_per_hour":1000,"expires_at":"2031-01-01T00:00:00Z"}"#;
    if probe.id == "auth-validate-key" { Fate::Reply(Reply::json(200, terms)) } else { healthy_auth(probe) }
}

/// Who has a good key sees what it is for.
#[test]
fn a_good_key_says_what_it_is_for() {
    let run = World { auth: Some(auth_with_terms), ..World::default() }.run().run;
    let checks = engine::judge(&run).checks;
    let (_, judged) = checks.iter().find(|(check, _)| check.id == "key-validates").expect("the check");
    let terms = "Service: platform. Scopes: model:read, model:write. Requests an hour: 1000. Expires: 2031-01-01T00:00:00Z.";
    assert!(judged.actual.ends_with(terms), "{}", judged.actual);
}
