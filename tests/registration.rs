//! The registration and its clean-up over a simulated registry: whatever happens at whatever step, nothing is left that
//! the journal does not find, and nothing of others is touched.

#[path = "registration/causes.rs"]
mod causes;
#[path = "registry/mod.rs"]
mod registry;

use preflight::checks::{Status, Suite};
use preflight::deployment::{AuthScheme, Base, Deployment, Host, KeyReading, Origin};
use preflight::engine;
use preflight::probe::{Entry, Observation, Probe, Saw};
use preflight::registration::{self, Journal, cleanup};
use preflight::run::{Environment, Event, Limits, Mode, Phase, Registration, Run};
use registry::{Registry, answer, html, said};
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet};

const ID: &str = "abcdefgh2345";

fn run_of(registration: Registration) -> Run {
    let origin = Origin { secure: true, host: "registry.example".into(), port: 443 };
    let deployment = Deployment {
        mlflow: Base { origin: origin.clone(), path: String::new() },
        path_is_listed: false,
        auth: None,
        scheme: AuthScheme::None,
        own_header: None,
        service_id: None,
        open_path: "/health".into(),
        health_paths: Vec::new(),
        key_shape: None,
    };
    let environment = Environment {
        page_origin: Origin { host: "page.example".into(), ..origin },
        page_folder: "/".into(),
        on_line: true,
        local_network: None,
        user_agent: "test".into(),
        nonce: ID.into(),
        started_at: "2026-11-24T02:08:44.123Z".into(),
    };
    let mut run = Run::new(deployment, environment, Limits::default(), KeyReading::default());
    run.registration = Some(registration);
    run
}

fn registration(mode: Mode) -> Registration {
    Registration {
        id: ID.into(),
        made_at: "2026-11-24T02:08:44.123Z".into(),
        made_ms: 1_795_000_000_123,
        mode,
        refused: None,
    }
}

/// What befalls one step, counted from the first that writes.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Fate {
    /// The step arrives, its answer does not.
    Unanswered,
    /// The server fails.
    ServerError,
}

/// Runs to the end; gives the journal as it was kept.
fn drive(run: &mut Run, server: &mut Registry, fate: Option<(usize, Fate)>) -> String {
    drive_with(run, server, fate, &mut |_, _, _| None)
}

/// The same; `instead` sees each step before it arrives, and may answer in the server's place.
fn drive_with(
    run: &mut Run,
    server: &mut Registry,
    fate: Option<(usize, Fate)>,
    instead: &mut dyn FnMut(&Probe, &Registry, &Journal) -> Option<Saw>,
) -> String {
    let it = run.registration.clone().expect("a registration");
    let mut journal = Journal::of(&it, run.deployment.mlflow.to_string());
    let mut steps = 0;
    loop {
        // The whole engine has nothing else to ask once writing has begun; asked directly, the plan is ten times quicker.
        let wanted = if steps > 0 { registration::next(run) } else { engine::next(run) };
        for probe in wanted {
            if registration::is_write(&probe.id) {
                journal.steps.push(probe.id.clone());
            }
            run.apply(Event::Sent(probe));
        }
        let Some(probe) = run.in_flight.first().cloned() else {
            run.apply(Event::Ended(Phase::Finished));
            return journal.to_text();
        };
        let now = match fate {
            Some((at, fate)) if registration::is_write(&probe.id) && at == steps => Some(fate),
            _ => None,
        };
        steps += usize::from(registration::is_write(&probe.id));
        let saw = match now {
            Some(Fate::Unanswered) => {
                server.answer(&probe);
                Saw::NetworkError
            }
            Some(Fate::ServerError) => said(500, &json!({ "error_code": "INTERNAL_ERROR" })),
            None => match instead(&probe, server, &journal) {
                Some(saw) => saw,
                None => reply(server, &probe),
            },
        };
        run.apply(Event::Observed(Observation { probe, start_ms: 0, ms: 1, saw, entry: Entry::Unknown }));
    }
}

fn reply(server: &mut Registry, probe: &Probe) -> Saw {
    match (probe.host, probe.target.path_only()) {
        (Host::Registry, "/health") => answer(200, "text/plain", "OK"),
        (Host::Registry, "/version") => {
            answer(200, "text/html", if server.is_two { "2.14.3" } else { "3.17.2" })
        }
        (Host::Registry, path) if path.starts_with("/api/") => server.answer(probe),
        _ => html(404),
    }
}

fn cleaned(journal: &str, server: &mut Registry) -> Run {
    let journal = Journal::parse(journal).expect("a journal");
    let mut run = run_of(journal.clean_up());
    drive(&mut run, server, None);
    run
}

#[test]
fn a_registration_passes_and_leaves_the_server_as_it_was() {
    for is_two in [false, true] {
        let before = Registry::of_others(is_two);
        let mut server = before.clone();
        let mut run = run_of(registration(Mode::Register));
        drive(&mut run, &mut server, None);
        let facts = run.facts();
        let failed: Vec<&str> =
            registration::failures(&facts).iter().map(|seen| seen.probe.id.as_str()).collect();
        assert_eq!(failed, [""; 0], "MLflow 2: {is_two}");
        for (id, status) in statuses(&run) {
            let skipped = id == "write-sizes" || is_two && id == "write-mlflow-3";
            assert_eq!(status, if skipped { Status::Skipped } else { Status::Pass }, "{id}");
        }
        let cleaning = cleanup::look(&facts);
        assert!(cleaning.is_clean(), "{:?}", cleaning.left);
        assert_eq!(server.visible(), before);
        assert_eq!(server.experiments.len(), 2, "the experiment is marked as deleted");
        assert_eq!(cleaning.kept.len(), 1, "and that is said");
        let versions = run
            .observations
            .iter()
            .filter(|seen| seen.probe.id.starts_with("write-t") && seen.probe.id.ends_with("-version"))
            .count();
        assert_eq!(versions, if is_two { 4 } else { 8 });
        let steps = run.observations.iter().filter(|seen| Registration::owns(&seen.probe.id)).count();
        assert!(steps < registration::REQUESTS, "{steps}");
        println!("MLflow {}: {steps} steps", if is_two { 2 } else { 3 });
    }
}

/// Whoever closes the tab while a step is under way finds everything later, whether or not it arrived.
#[test]
fn closing_the_tab_at_any_step_leaves_nothing_that_the_journal_does_not_find() {
    for is_two in [false, true] {
        let before = Registry::of_others(is_two);
        let mut server = before.clone();
        let mut run = run_of(registration(Mode::Register));
        let mut steps = 0;
        drive_with(&mut run, &mut server, None, &mut |probe, so_far, journal| {
            if Registration::owns(&probe.id) {
                steps += 1;
                let mut arrived = so_far.clone();
                arrived.answer(probe);
                for mut server in [so_far.clone(), arrived] {
                    let run = cleaned(&journal.to_text(), &mut server);
                    assert!(cleanup::look(&run.facts()).is_clean(), "{}", probe.id);
                    assert_eq!(server.visible(), before, "closed at {}", probe.id);
                }
            }
            None
        });
        assert!(steps > 70, "only {steps} steps were tried");
    }
}

#[test]
fn a_server_that_fails_or_falls_silent_at_a_step_is_cleaned_up_all_the_same() {
    for (fate, first) in [(Fate::Unanswered, 2), (Fate::ServerError, 5)] {
        let before = Registry::of_others(false);
        for step in (first..100).step_by(9) {
            let mut server = before.clone();
            let mut run = run_of(registration(Mode::Register));
            drive(&mut run, &mut server, Some((step, fate)));
            let cleaning = cleanup::look(&run.facts());
            assert!(cleaning.is_clean(), "{fate:?} at {step}: {:?}", cleaning.left);
            assert_eq!(server.visible(), before, "{fate:?} at step {step}");
        }
    }
}

fn statuses(run: &Run) -> BTreeMap<&'static str, Status> {
    let judged = engine::judge(run).checks.into_iter();
    let ours = judged.filter(|(check, _)| check.suite == Suite::Registration);
    ours.map(|(check, judgement)| (check.id, judgement.status)).collect()
}

#[test]
fn every_check_of_what_is_written_is_seen_to_fail() {
    let mut failed = BTreeSet::new();
    let all = [
        "write-rehearse-delete",
        "write-run-create",
        "write-files-put-text",
        "write-two-sklearn-log",
        "write-three-sklearn-create",
        "write-labels-alias",
        "write-search-uri",
        "write-size-2",
    ];
    for step in all {
        let mode = if step.starts_with("write-size") { Mode::Sizes(2) } else { Mode::Register };
        let mut run = run_of(registration(mode));
        let error = said(500, &json!({ "error_code": "INTERNAL_ERROR" }));
        drive_with(&mut run, &mut Registry::of_others(false), None, &mut |probe, _, _| {
            (probe.id == step).then(|| error.clone())
        });
        failed.extend(
            statuses(&run).into_iter().filter(|(_, status)| *status == Status::Fail).map(|(id, _)| id),
        );
    }
    // Clean-up that fails: the registered model stays, whatever is asked.
    let mut server = Registry::of_others(false);
    server.keeps_models = true;
    let mut run = run_of(registration(Mode::Register));
    drive(&mut run, &mut server, None);
    assert_eq!(statuses(&run)["write-cleanup"], Status::Fail);
    let cleaning = cleanup::look(&run.facts());
    assert!(cleaning.left.iter().any(|left| left.command.contains("-X DELETE")), "{:?}", cleaning.left);
    failed.insert("write-cleanup");
    let all = engine::judge(&run).checks.into_iter().filter(|(check, _)| check.suite == Suite::Registration);
    let all: BTreeSet<&str> = all.map(|(check, _)| check.id).collect();
    assert_eq!(failed, all);
}

#[test]
fn nothing_is_created_that_could_not_be_removed() {
    let before = Registry::of_others(false);
    let mut server = before.clone();
    let mut run = run_of(registration(Mode::Register));
    drive(&mut run, &mut server, Some((0, Fate::ServerError)));
    assert!(!run.facts().has_created());
    assert_eq!(server, before);
}

#[test]
fn what_does_not_carry_the_tag_is_left_alone() {
    let mut server = Registry::of_others(false);
    let it = registration(Mode::CleanUp);
    let theirs = json!([{ "key": Registration::TAG, "value": "somebodyelse" }]);
    server.models.insert(it.name(), json!({ "name": it.name(), "tags": theirs }));
    server.experiments.push(
        json!({ "experiment_id": "1", "name": it.name(), "tags": theirs, "lifecycle_stage": "active" }),
    );
    let before = server.clone();
    let mut run = run_of(it);
    drive(&mut run, &mut server, None);
    assert_eq!(server, before);
    let cleaning = cleanup::look(&run.facts());
    assert_eq!(cleaning.left.len(), 2, "{:?}", cleaning.left);
    assert!(run.observations.iter().all(|seen| seen.probe.method.name() == "GET"));
}

#[test]
fn the_largest_upload_is_found_by_doubling() {
    let before = Registry::of_others(false);
    let mut server = before.clone();
    let mut run = run_of(registration(Mode::Sizes(64)));
    // Two rehearsals, experiment, its reading, run; then 1, 2, 4 and 8 MiB, which fails.
    drive(&mut run, &mut server, Some((8, Fate::ServerError)));
    let sizes: Vec<&str> =
        run.observations.iter().filter_map(|seen| seen.probe.id.strip_prefix("write-size-")).collect();
    assert_eq!(sizes, ["1", "2", "4", "8"]);
    assert_eq!(server.visible(), before);
}

#[test]
fn without_a_journal_or_beside_another_tab_nothing_is_written() {
    let before = Registry::of_others(false);
    let mut server = before.clone();
    let refused = Some("Another tab is at it.".to_owned());
    let mut run = run_of(Registration { refused, ..registration(Mode::Register) });
    drive(&mut run, &mut server, None);
    assert!(run.observations.iter().all(|seen| !Registration::owns(&seen.probe.id)));
    assert_eq!(server, before);
}
