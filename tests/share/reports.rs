//! The reports that links are made of here: deployments that are broken in different layers, runs that register, and
//! runs with a second opinion.

use super::registry::{self, Registry};
use super::world::{Fate, Reply, World, healthy_auth, healthy_registry};
use preflight::catalogue::Catalogue;
use preflight::deployment::AuthScheme;
use preflight::deployment::credential::Presented;
use preflight::deployment::key;
use preflight::probe::{Entry, Observation, Probe, Saw};
use preflight::report::Report;
use preflight::run::{Event, Mode, Phase, Registration, Run};
use preflight::{engine, registration, second};

/// Reports of deployments that are broken in different layers.
pub fn reports() -> Vec<(&'static str, Report)> {
    let worlds = [
        ("healthy", World::default()),
        ("no key", World { key: "", ..World::default() }),
        ("masked key", World { key: "pf_live_ABC***", ..World::default() }),
        ("another product's key", World { key: "sk-ABC", ..World::default() }),
        ("quoted key", World { key: "export PF_KEY='Bearer pf_live_ABC'", ..World::default() }),
        (
            "token",
            World { key: "eyJhbGciOiJIUzI1NiJ9.eyJleHAiOjE3MDAwMDAwMDB9.bWFkZS11cA", ..World::default() },
        ),
        ("no password", World { key: "admin", scheme: AuthScheme::Basic, ..World::default() }),
        ("refused", World { registry: |_| Fate::Refused, ..World::default() }),
        ("silent", World { registry: |_| Fate::Silent, ..World::default() }),
        ("no preflight", World { preflight: |_| false, ..World::default() }),
        ("offline", World { on_line: false, registry: |_| Fate::Refused, ..World::default() }),
        ("slow", World { slow: true, ..World::default() }),
        ("no oracle", World { oracle: false, registry: |_| Fate::Refused, ..World::default() }),
        ("no CORS", World { registry: |_| Fate::Reply(Reply::json(200, "{}").bare()), ..World::default() }),
        (
            "outage",
            World {
                registry: |probe| match probe.presented {
                    Presented::Nothing => healthy_registry(probe),
                    _ => Fate::Reply(Reply::json(401, "{\"detail\":\"Authentication service timeout\"}")),
                },
                auth: Some(|_| Fate::Silent),
                ..World::default()
            },
        ),
        (
            "bad gateway",
            World {
                registry: |_| {
                    Fate::Reply(Reply::html(502, "<html>\n<h1>502 Bad Gateway</h1>\\ nginx\n</html>"))
                },
                ..World::default()
            },
        ),
        (
            "key rejected",
            World {
                registry: |probe| match probe.presented {
                    Presented::Nothing => healthy_registry(probe),
                    _ => Fate::Reply(Reply::json(401, "{\"detail\":\"Invalid or expired API key\"}")),
                },
                auth: Some(|probe| match probe.presented {
                    Presented::Nothing => healthy_auth(probe),
                    _ => Fate::Reply(Reply::json(401, "{\"detail\":\"API key not found\"}")),
                }),
                ..World::default()
            },
        ),
        (
            "redirect",
            World {
                registry: |_| Fate::Redirect("https://login.example/", Reply::html(200, "<html>Sign in")),
                ..World::default()
            },
        ),
    ];
    let plain = worlds.iter().map(|(name, world)| (*name, report(&world.run().run)));
    let more = [
        ("odd key", report(&odd_key())),
        ("second opinion", report(&second_opinion())),
        ("registration", report(&registered(|_| None))),
        ("registration fails", report(&registered(too_large))),
        ("registration after a second opinion", report(&all_at_once())),
    ];
    plain.chain(more).collect()
}

/// A key that was cut while it was copied, in another alphabet.
fn odd_key() -> Run {
    let mut run = World { key: "pf_live_ABC-", ..World::default() }.run().run;
    let shape = run.deployment.key_shape.as_mut().expect("the world has one");
    (shape.lengths, shape.alphanumeric) = (vec![32, 40], true);
    (_, run.key) = key::read("pf_live_ABC-", Some(shape), false);
    assert_eq!(run.key.oddities.len(), 2, "{:?}", run.key);
    run
}

/// One of them.
pub fn named(wanted: &str) -> Report {
    let found = reports().into_iter().find(|(name, _)| *name == wanted);
    found.unwrap_or_else(|| panic!("there is no report {wanted}")).1
}

/// The report of a run.
pub fn report(run: &Run) -> Report {
    Report::of(run, &engine::judge(run), &Catalogue::default())
}

/// Two programs saw what the browser could not.
pub fn second_opinion() -> Run {
    let bare = |probe: &Probe| match healthy_registry(probe) {
        Fate::Reply(reply) => Fate::Reply(reply.bare()),
        other => other,
    };
    let mut run = World { registry: bare, ..World::default() }.run().run;
    hear(&mut run);
    run
}

/// What curl prints of a registry that allows nobody to read.
fn hear(run: &mut Run) {
    let exchange = |path: &str, status: &str, body: &str| {
        format!(
            "* Connected to registry.example (192.0.2.1) port 443\n* SSL connection using TLSv1.3\n> GET {path} HTTP/2\n> Host: registry.example\n> Origin: https://page.example\n> \n< HTTP/2 {status}\n< content-type: application/json\n< server: awselb/2.0\n< \n{body}\n"
        )
    };
    let text = [
        exchange("/health", "200", "{\"status\":\"healthy\"}"),
        exchange(
            "/api/mlflow/api/2.0/mlflow/experiments/search?max_results=1",
            "401",
            "{\"detail\":\"API key required\"}",
        ),
    ];
    let reading = second::opinion(&run.facts(), &text.concat());
    assert_eq!(reading.sightings.len(), 2, "{:?}", reading.said);
    run.hear(reading.sightings);
}

/// Every file is too large.
pub fn too_large(probe: &Probe) -> Option<Saw> {
    let page = "<html><h1>413 Request Entity Too Large</h1><center>nginx</center></html>";
    (probe.id.contains("-put-") && !probe.id.contains("rehearse"))
        .then(|| registry::answer(413, "text/html", page))
}

/// A healthy run that registers, too; `instead` may answer in the server's place.
pub fn registered(instead: fn(&Probe) -> Option<Saw>) -> Run {
    let mut run = World::default().run().run;
    register(&mut run, instead);
    run
}

fn register(run: &mut Run, instead: fn(&Probe) -> Option<Saw>) {
    run.registration = Some(Registration {
        id: "abcdefgh2345".into(),
        made_at: "2026-01-01T00:00:00.123Z".into(),
        made_ms: 1_767_225_600_123,
        mode: Mode::Register,
        refused: None,
    });
    run.phase = Phase::Running;
    let mut server = Registry::of_others(false);
    loop {
        let wanted = registration::next(run);
        if wanted.is_empty() {
            break run.apply(Event::Ended(Phase::Finished));
        }
        for probe in wanted {
            run.apply(Event::Sent(probe.clone()));
            let mut below = probe.clone();
            below.target.path = probe.target.path.replacen("/api/mlflow", "", 1);
            let saw = instead(&probe).unwrap_or_else(|| server.answer(&below));
            run.apply(Event::Observed(Observation { probe, start_ms: 0, ms: 7, saw, entry: Entry::Unknown }));
        }
    }
}

/// A registration fails, and another program saw of the auth service what this browser could not read.
pub fn all_at_once() -> Run {
    let broken = |_: &Probe| Fate::Reply(Reply::json(503, "{\"detail\":\"database\"}").bare());
    let mut run = World { auth: Some(broken), ..World::default() }.run().run;
    register(&mut run, too_large);
    let text = "* Connected to auth.example (192.0.2.1) port 443\n* SSL connection using TLSv1.3\n> GET /health HTTP/2\n> Host: auth.example\n> Origin: https://page.example\n> \n< HTTP/2 503\n< content-type: application/json\n< \n{\"detail\":\"database\"}\n";
    let reading = second::opinion(&run.facts(), text);
    assert_eq!(reading.sightings.len(), 1, "{:?}", reading.said);
    run.hear(reading.sightings);
    run
}
