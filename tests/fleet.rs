//! The fleet over simulated answers: what a run without a key says of a deployment in one line, and that it carries none.

#[allow(dead_code, reason = "serves several test programs, and none needs all of it")]
mod world;

use preflight::deployment::AuthScheme;
use preflight::deployment::config::Patience;
use preflight::deployment::credential::Presented;
use preflight::engine;
use preflight::fleet::{self, Line, Outcome};
use preflight::run::{Event, Phase, Run};
use world::{EXPERIMENTS, Fate, Reply, World, healthy_registry};

/// Runs as the fleet does.
fn run(world: &World) -> Run {
    let mut run = world.start();
    run.limits = fleet::limits(Patience::default());
    world.go_on(run).run
}

fn line(run: &Run) -> Line {
    fleet::line(run, &engine::judge(run))
}

fn keyless(world: World) -> World {
    World { key: "", ..world }
}

#[test]
fn a_deployment_that_only_wants_a_key_is_not_called_broken() {
    let run = run(&keyless(World::default()));
    let line = line(&run);
    assert_eq!(line.outcome, Outcome::WantsKey, "{line:?}");
    assert_eq!(line.ms, Some(5));
    assert!(line.says.ends_with("without one."));
}

#[test]
fn no_key_is_sent_not_even_a_made_up_one() {
    let worlds = [
        World::default(),
        World { preflight: |_| false, ..World::default() },
        World { registry: |_| Fate::Reply(Reply::json(401, "{}").bare()), ..World::default() },
        World { scheme: AuthScheme::Basic, ..World::default() },
    ];
    for world in worlds.map(keyless) {
        let run = run(&world);
        assert!(run.observations.len() > 3);
        let keyed = run.observations.iter().find(|seen| seen.probe.presented != Presented::Nothing);
        assert!(keyed.is_none(), "{keyed:?}");
        assert_eq!(engine::failed_logins(&run), 0);
    }
}

#[test]
fn what_is_broken_is_named_and_not_the_missing_key() {
    for (registry, cause) in [
        ((|_| Fate::Reply(Reply::html(502, "<h1>502 Bad Gateway</h1>"))) as fn(&_) -> Fate, "gateway"),
        (|_| Fate::Refused, "reach"),
        (|_| Fate::Silent, "answer"),
    ] {
        let run = run(&keyless(World { registry, ..World::default() }));
        let line = line(&run);
        assert_eq!(line.outcome, Outcome::Problems, "{line:?}");
        assert!(line.says.to_lowercase().contains(cause), "{line:?}");
    }
    // One that also lets everybody in is open, which is a fault of a deployment that wants a key.
    let open = World {
        registry: |probe| match probe.target.path_only() {
            "/api/mlflow/api/2.0/mlflow/experiments/search" => Fate::Reply(Reply::json(200, EXPERIMENTS)),
            _ => healthy_registry(probe),
        },
        ..World::default()
    };
    let run = run(&keyless(open));
    let line = line(&run);
    assert_eq!(line.outcome, Outcome::Problems, "{line:?}");
}

#[test]
fn a_deployment_without_keys_is_healthy() {
    let open = World {
        registry: |probe| healthy_registry(&probe.clone().with(Presented::Key)),
        auth: None,
        scheme: AuthScheme::None,
        service_id: None,
        ..World::default()
    };
    let line = line(&run(&keyless(open)));
    assert_eq!(line.outcome, Outcome::Healthy, "{line:?}");
}

#[test]
fn a_run_that_was_stopped_says_so_whatever_it_has_seen() {
    let mut run = keyless(World::default()).start();
    run.apply(Event::Ended(Phase::Stopped));
    assert_eq!(line(&run).outcome, Outcome::Stopped);
}

/// Several deployments can share a host, which never gets more requests at once than from one run.
#[test]
fn all_runs_together_keep_the_limit_of_a_host() {
    let usual = preflight::run::Limits::default();
    let limits = fleet::limits(Patience { probe_timeout_ms: Some(700), slow_ms: None });
    assert!(limits.per_host >= 1 && limits.per_host * fleet::AT_ONCE <= usual.per_host);
    assert_eq!((limits.probe_timeout_ms, limits.slow_ms), (700, usual.slow_ms));
}
