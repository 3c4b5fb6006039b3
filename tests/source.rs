//! The deployment that this page was made for: its shipped entry is complete, and every question of the five scripts that
//! the page replaces is asked, or is left out for a reason that docs/five-scripts.md gives. Over a simulated world; the
//! double of that deployment in the lab is tested in real browsers.

#[expect(dead_code, reason = "the worlds are shared with tests/diagnosis.rs, which uses more of them")]
mod world;

#[path = "webdriver/questions.rs"]
mod questions;

mod native;

use native::parse_url;
use preflight::checks;
use preflight::deployment::credential::{KEY_PLACE, Presented};
use preflight::deployment::{AuthScheme, Deployment, Host, config, form, key};
use preflight::diagnosis::causes;
use preflight::probe::Probe;
use preflight::run::Run;
use questions::{Question, With, questions};
use serde_json::Value;
use world::{Fate, Reply, World, healthy_auth, healthy_registry};

const KEY: &str = "hk_live_MADEUPKEYFORTESTSMADEUPKEYFORTES";

fn shipped() -> config::Config {
    config::parse(include_str!("../docs/preflight.hokus.json"))
}

/// The deployment of an entry, as choosing it in the form makes it.
fn chosen(index: usize) -> Deployment {
    let config = shipped();
    let preset = &config.deployments[index];
    let understood = form::understand(&form::FormInput::from_preset(preset), Some(preset), parse_url);
    understood.deployment.expect("the entry can be used")
}

/// The entry of the deployment this page was made for ships, is complete, and says nothing that cannot be used.
#[test]
fn the_shipped_entry_is_complete() {
    let config = shipped();
    assert_eq!(config.problems, Vec::<String>::new());
    assert_eq!(config.deployments.len(), 2);
    for preset in &config.deployments {
        let understood = form::understand(&form::FormInput::from_preset(preset), Some(preset), parse_url);
        assert!(understood.notes.iter().all(|note| !note.blocks), "{:?}", understood.notes);
        let deployment = understood.deployment.expect("a deployment");
        let auth = deployment.auth.as_ref().expect("an auth service");
        assert_eq!(
            auth.base.join(&auth.validate_path).to_string(),
            "https://auth.hokus.ai/api/v1/keys/validate"
        );
        assert_eq!(auth.root_path.as_deref(), Some("/"));
        assert_eq!(deployment.service_id.as_deref(), Some("platform"));
        let read = |key: &str| form::read_key(key, deployment.key_shape.as_ref(), &deployment.scheme).1;
        for (key, environment) in [
            ("hk_live_MADEUPKEYFORTESTSMADEUPKEYFORTES", "production"),
            ("hk_test_MADEUPKEYFORTESTSMADEUPKEYFORTESTSMADEUP", "test"),
            ("hk_dev_MADEUPKEYFORTESTSMADEUPKEYFORTESTSMADEUP", "development"),
        ] {
            let reading = read(key);
            assert_eq!(reading.environment.as_deref(), Some(environment));
            assert!(reading.problems.is_empty() && reading.oddities.is_empty(), "{key}: {reading:?}");
        }
        assert!(!read("sk-another").problems.is_empty());
    }
    let main = &config.deployments[0];
    assert_eq!(main.auth_service_ids.len(), 10);
    assert!(main.health_paths.contains(&"/health?detailed=true".to_owned()));
    assert!(
        include_str!("../src/assets/preflight.json").trim() == "{}",
        "the file beside the page stays empty"
    );
}

/// A run over the entry in a world, with a press of *Try other ways* after it where that is offered; no question is left
/// out for want of a budget.
fn asked(entry: usize, world: &World, closer: bool) -> Vec<Probe> {
    let start = world.start();
    let deployment = chosen(entry);
    let reading = key::read(KEY, deployment.key_shape.as_ref(), false).1;
    let mut run = Run::new(deployment, start.environment, start.limits, reading);
    run.closer = closer;
    run.limits.failed_logins = usize::MAX;
    let mut run = world.go_on(run).run;
    if preflight::diagnosis::other_ways::offered(&run.facts()) {
        run.try_other_ways(false);
        run = world.go_on(run).run;
    }
    run.observations.into_iter().map(|seen| seen.probe).collect()
}

/// Everything that the page asks by both entries: where all is well, where the key is refused, and where MLflow is not
/// found.
fn everything() -> Vec<Probe> {
    let at_home = |probe: &Probe| match probe.target.path.strip_prefix("/mlflow/") {
        // The second entry's path is as good as the first one's.
        Some(rest) => {
            let mut probe = probe.clone();
            probe.target.path = ["/api/mlflow/", rest].concat();
            healthy_registry(&probe)
        }
        None => healthy_registry(probe),
    };
    let refused = |probe: &Probe| match (healthy_registry(probe), probe.presented) {
        (Fate::Reply(reply), Presented::Key)
            if reply.status == 200 && probe.target.path_only() != "/health" =>
        {
            Fate::Reply(Reply::json(401, "{\"detail\":\"Invalid or expired API key\"}"))
        }
        (fate, _) => fate,
    };
    let unknown = |probe: &Probe| match probe.presented {
        Presented::Key if probe.target.path_only() != "/health" => {
            healthy_auth(&probe.clone().with(Presented::Fake))
        }
        _ => healthy_auth(probe),
    };
    let good_elsewhere = |probe: &Probe| match probe.target.path_only() {
        "/health" | "/" => healthy_auth(probe),
        _ => healthy_auth(&probe.clone().with(probe.presented)),
    };
    let nowhere = |probe: &Probe| match probe.target.path_only() {
        "/health" => healthy_registry(probe),
        _ => Fate::Reply(Reply::json(404, "{\"detail\":\"Not Found\"}")),
    };
    let well = World { registry: at_home, ..World::default() };
    let dead_key = World { registry: refused, auth: Some(unknown), ..World::default() };
    let other_key = World { registry: refused, auth: Some(good_elsewhere), ..World::default() };
    let not_found = World { registry: nowhere, ..World::default() };
    let mut probes = Vec::new();
    for entry in [0, 1] {
        for world in [&well, &dead_key, &other_key, &not_found] {
            probes.extend(asked(entry, world, true));
        }
    }
    probes
}

/// True when a probe asks what a question of the scripts asks: the same of the same address, with the key shown alike.
fn is_same(probe: &Probe, question: &Question) -> bool {
    let address = question.url.split('?').next().unwrap_or_default();
    let base = [probe.target.origin.to_string().as_str(), probe.target.path_only()].concat();
    if probe.method.name() != question.method.as_str() || base != address {
        return false;
    }
    let scheme = probe.presented_as.clone().unwrap_or(AuthScheme::Bearer);
    let shown = match (probe.presented, question.with) {
        // Behind a key check a refusal says nothing of a path, so paths are looked for with the key.
        (Presented::Key, With::Nothing) => address.contains("/ajax-api/"),
        (Presented::Nothing, With::Nothing) => true,
        (Presented::KeyInBody, With::Nothing) => {
            question.body.as_ref().is_some_and(|it| it["api_key"] == KEY)
        }
        (Presented::Key, With::Bearer) => scheme == AuthScheme::Bearer,
        (Presented::Key, With::Raw) => scheme == AuthScheme::Raw,
        (Presented::Key, With::Both) => scheme == AuthScheme::Both,
        (Presented::Key, With::Header("x-api-key")) => scheme == AuthScheme::XApiKey,
        (Presented::Key, With::Header(name)) => scheme == AuthScheme::Custom(name.to_owned()),
        _ => false,
    };
    if probe.host != Host::Auth || question.body.is_none() {
        return shown;
    }
    // At the auth service it depends on the body which question it is. An address of the client decides nothing there
    // unless it is all that is new.
    let asked: Value = serde_json::from_str(probe.body.as_deref().unwrap_or("{}")).expect("JSON");
    let wanted = question.body.clone().unwrap_or_default();
    let key = wanted["api_key"].is_string() == (asked["api_key"] == KEY_PLACE);
    shown && key && asked["service_id"] == wanted["service_id"]
}

/// Paths that no question goes to any more, and what of docs/five-scripts.md says why.
const LEFT_OUT: [(&str, &str); 8] = [
    ("/api/mlflow/health/mlflow", "a route that was never reached"),
    ("/api/health", "no such route was ever there"),
    ("/api/models", "a page of the application, not of MLflow"),
    ("/api/", "left out, as above"),
    ("/mlflow", "MLflow's web page"),
    ("/mlflow/", "MLflow's web page"),
    ("/api/mlflow", "MLflow's web page"),
    ("/api/mlflow/health", "without one it is refused like every path"),
];

#[test]
fn every_question_of_the_five_scripts_is_asked_or_left_out_for_a_reason() {
    let text = include_str!("../docs/five-scripts.md");
    let probes = everything();
    let questions = questions("https://registry.hokus.ai", "https://auth.hokus.ai", KEY);
    let (mut asked, mut unexplained) = (0, Vec::new());
    for question in &questions {
        let path = question.url.split("hokus.ai").nth(1).unwrap_or_default();
        let in_body = question.body.as_ref().is_some_and(|body| body["api_key"].is_string());
        let reason = match LEFT_OUT.iter().find(|(known, _)| *known == path) {
            // With the key it is asked.
            Some(_) if path == "/api/mlflow/health" && question.with != With::Nothing => None,
            Some((_, reason)) => Some(*reason),
            None if in_body => Some("each counts as a failed login"),
            None => None,
        };
        if probes.iter().any(|probe| is_same(probe, question)) {
            asked += 1;
        } else if !reason.is_some_and(|reason| text.contains(reason)) {
            unexplained.push(format!("{question:?}"));
        }
    }
    println!("{asked} of {} questions are asked, the rest is left out for a reason", questions.len());
    assert!(unexplained.is_empty(), "{unexplained:#?}");
    assert!(asked * 2 > questions.len(), "only {asked} of {} are asked", questions.len());
    // What is left out is really not asked.
    for (path, _) in LEFT_OUT.iter().filter(|(path, _)| *path != "/api/mlflow/health") {
        assert!(!probes.iter().any(|probe| probe.target.path_only() == *path), "{path} is asked");
    }
}

/// Names of checks and causes in that list are names.
#[test]
fn the_list_names_what_there_is() {
    let text = include_str!("../docs/five-scripts.md");
    let mut names = 0;
    for word in text.split('`').skip(1).step_by(2) {
        let is_name = word.contains('-')
            && word.chars().all(|c| c.is_ascii_lowercase() || c == '-' || c.is_ascii_digit());
        let known = checks::ALL.iter().any(|check| check.id == word) || causes::find(word).is_some();
        assert!(!is_name || known || word == "ajax-api", "{word}");
        names += usize::from(is_name);
    }
    assert!(names > 30, "{names}");
}
