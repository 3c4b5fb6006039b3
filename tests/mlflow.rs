//! MLflow's causes and the way to it, over simulated answers: each both ways, with its look-alikes.

#[expect(dead_code, reason = "the worlds are shared with tests/diagnosis.rs, which uses more of them")]
mod world;

use preflight::catalogue::Catalogue;
use preflight::deployment::{AuthScheme, Origin};
use preflight::engine;
use preflight::probe::{Method, Probe};
use preflight::report::Report;
use world::{EXPERIMENTS, Fate, Outcome, Reply, World, healthy_registry, origin};

const SEARCH: &str = "/api/mlflow/api/2.0/mlflow/experiments/search";
const FILES: &str = "/api/mlflow/api/2.0/mlflow-artifacts/artifacts";
const FLASK_404: &str = "<!doctype html>\n<html lang=en>\n<title>404 Not Found</title>\n<h1>Not Found</h1>\n<p>The requested URL was not found on the server. If you entered the URL manually please check your spelling and try again.</p>";
const NGINX_404: &str = "<html><head><title>404 Not Found</title></head><body><center><h1>404 Not Found</h1></center><hr><center>nginx/1.22.1</center></body></html>";

/// MLflow and what stands before it, without keys.
fn open(registry: fn(&Probe) -> Fate) -> World {
    World { registry, auth: None, scheme: AuthScheme::None, key: "", ..World::default() }
}

/// What an open MLflow says.
fn mlflow(probe: &Probe) -> Reply {
    match probe.target.path_only() {
        "/health" => Reply::text(200, "OK"),
        "/api/mlflow/version" => Reply::html(200, "3.17.2"),
        SEARCH => Reply::json(200, EXPERIMENTS),
        FILES => Reply::json(200, "{}"),
        _ => Reply::html(404, FLASK_404),
    }
}

#[track_caller]
fn expect(world: &World, certain: &[&str], shortlist: &[&str]) -> Outcome {
    let outcome = world.run();
    assert_eq!(
        (
            outcome.certain.iter().map(String::as_str).collect(),
            outcome.shortlist.iter().map(String::as_str).collect()
        ),
        (certain.to_vec(), shortlist.to_vec()),
        "asked {:?}",
        outcome.probes
    );
    outcome
}

fn headline(outcome: &Outcome) -> String {
    let report = Report::of(&outcome.run, &engine::judge(&outcome.run), &Catalogue::default());
    report.sentences[0].headline.clone()
}

fn json(status: u16, text: &str) -> Fate {
    Fate::Reply(Reply::json(status, text))
}

fn html(status: u16, text: &str) -> Fate {
    Fate::Reply(Reply::html(status, text))
}

#[test]
fn an_open_mlflow_is_healthy_and_asked_little() {
    let outcome = expect(&open(|probe| Fate::Reply(mlflow(probe))), &[], &[]);
    assert_eq!(outcome.overall, "healthy");
    assert!(outcome.probes.len() <= 11, "{:?}", outcome.probes);
    // A new server has no experiments; a long list is cut where this page stops reading.
    expect(
        &open(|probe| match probe.target.path_only() {
            SEARCH => json(200, "{}"),
            _ => Fate::Reply(mlflow(probe)),
        }),
        &[],
        &[],
    );
    let outcome = expect(
        &open(|probe| match probe.target.path_only() {
            SEARCH => json(200, &EXPERIMENTS.replace("Default", &"long ".repeat(1000))[..4096]),
            _ => Fate::Reply(mlflow(probe)),
        }),
        &[],
        &[],
    );
    assert_eq!(outcome.overall, "healthy");
}

#[test]
fn the_better_address_is_given_in_a_line_to_copy() {
    let at_root = |probe: &Probe| match probe.target.path_only() {
        "/api/2.0/mlflow/experiments/search" => json(200, EXPERIMENTS),
        "/health" => Fate::Reply(Reply::text(200, "OK")),
        _ => html(404, FLASK_404),
    };
    let outcome = expect(&open(at_root), &["wrong-base-url"], &[]);
    let report = Report::of(&outcome.run, &engine::judge(&outcome.run), &Catalogue::default());
    let uri = report.checks.iter().find(|check| check.id == "tracking-uri").expect("the check");
    assert_eq!(uri.actual, "export MLFLOW_TRACKING_URI=https://registry.example");
}

#[test]
fn prefixes_that_differ_are_told_from_missing_routes() {
    // The proxy cuts the prefix off that MLflow wants.
    let doubled = |probe: &Probe| match probe.target.path_only() {
        "/api/mlflow/api/mlflow/api/2.0/mlflow/experiments/search" => json(200, EXPERIMENTS),
        path if path.starts_with("/api/mlflow/") => html(404, FLASK_404),
        _ => html(404, NGINX_404),
    };
    expect(&open(doubled), &["path-prefix-mismatch"], &[]);
    // The proxy passes a prefix on that MLflow does not know: MLflow's own page says so, and so does any Flask's.
    let passed_on = |probe: &Probe| match probe.target.path_only() {
        path if path.starts_with("/api/mlflow/") => html(404, FLASK_404),
        _ => html(404, NGINX_404),
    };
    expect(&open(passed_on), &[], &["path-prefix-mismatch", "wrong-base-url", "route-missing", "not-mlflow"]);
    // A proxy application turns that page into JSON, behind its key check.
    let rewritten = |probe: &Probe| match (healthy_registry(probe), probe.target.path_only()) {
        (Fate::Reply(reply), "/health") => Fate::Reply(reply),
        (Fate::Reply(reply), _) if reply.status == 401 => Fate::Reply(reply),
        _ => json(
            404,
            "{\"error_code\":\"RESOURCE_NOT_FOUND\",\"message\":\"The requested resource was not found\"}",
        ),
    };
    let world = World { registry: rewritten, auth: None, ..World::default() };
    expect(&world, &[], &["path-prefix-mismatch", "wrong-base-url", "route-missing", "not-mlflow"]);
    // The same under the path that the page's configuration names, and past it MLflow answers.
    let past_it = |probe: &Probe| match probe.target.path_only() {
        "/mlflow/api/2.0/mlflow/experiments/search" => json(200, EXPERIMENTS),
        path if path.starts_with("/api/mlflow/") => html(404, FLASK_404),
        _ => html(404, NGINX_404),
    };
    let listed = World { path_is_listed: true, ..open(past_it) };
    expect(&listed, &[], &["path-prefix-mismatch", "wrong-base-url", "route-missing"]);
    expect(&open(past_it), &["wrong-base-url"], &[]);
    // The gateway's own page: no route.
    expect(&open(|_| html(404, NGINX_404)), &[], &["route-missing", "wrong-base-url"]);
}

#[test]
fn an_api_that_only_the_web_page_reaches_is_named() {
    let page_only = |probe: &Probe| match probe.target.path_only() {
        "/api/mlflow/ajax-api/2.0/mlflow/experiments/search" => json(200, EXPERIMENTS),
        path if path.starts_with("/api/mlflow/") => html(404, FLASK_404),
        _ => html(404, NGINX_404),
    };
    expect(&open(page_only), &["path-translation-missing"], &[]);
    let elsewhere = |probe: &Probe| match probe.target.path_only() {
        "/mlflow/ajax-api/2.0/mlflow/experiments/search" => json(200, EXPERIMENTS),
        _ => html(404, NGINX_404),
    };
    let outcome = expect(&open(elsewhere), &["path-translation-missing"], &[]);
    assert!(headline(&outcome).contains("Below /mlflow"), "{}", headline(&outcome));
    // Both paths answer there: it is the address.
    let both = |probe: &Probe| match probe.target.path_only() {
        "/mlflow/ajax-api/2.0/mlflow/experiments/search" | "/mlflow/api/2.0/mlflow/experiments/search" => {
            json(200, EXPERIMENTS)
        }
        _ => html(404, NGINX_404),
    };
    expect(&open(both), &["wrong-base-url"], &[]);
    // The path of the configuration is the one that only the web page reaches, whatever else leads to MLflow (I05).
    let here = |probe: &Probe| match probe.target.path_only() {
        "/mlflow/api/2.0/mlflow/experiments/search" => json(200, EXPERIMENTS),
        "/api/mlflow/ajax-api/2.0/mlflow/experiments/search" => json(200, EXPERIMENTS),
        path if path.starts_with("/api/mlflow/") => html(404, FLASK_404),
        _ => html(404, NGINX_404),
    };
    expect(&World { path_is_listed: true, ..open(here) }, &["path-translation-missing"], &[]);
    expect(&open(here), &["wrong-base-url", "path-translation-missing"], &[]);
}

#[test]
fn a_database_that_fails_is_no_dead_mlflow() {
    let gone = |probe: &Probe| match probe.target.path_only() {
        SEARCH => json(
            503,
            "{\"error_code\":\"TEMPORARILY_UNAVAILABLE\",\"message\":\"(sqlite3.OperationalError) no such table: experiments\\n[SQL: SELECT experiments.name FROM experiments]\"}",
        ),
        _ => Fate::Reply(mlflow(probe)),
    };
    let outcome = expect(&open(gone), &["backend-store-failing"], &[]);
    // The statement is nobody's business.
    assert!(headline(&outcome).contains("no such table") && !headline(&outcome).contains("SELECT"));
    // Some database errors come as the client's fault.
    let garbled = |probe: &Probe| match probe.target.path_only() {
        SEARCH => json(
            400,
            "{\"error_code\":\"BAD_REQUEST\",\"message\":\"(sqlite3.DatabaseError) file is not a database\\n(Background on this error at: https://sqlalche.me/e/21/4xp6)\"}",
        ),
        _ => Fate::Reply(mlflow(probe)),
    };
    expect(&open(garbled), &["backend-store-failing"], &[]);
    // MLflow's words for anything else.
    let other = |probe: &Probe| match probe.target.path_only() {
        SEARCH => {
            json(500, "{\"error_code\":\"INTERNAL_ERROR\",\"message\":\"'NoneType' object is not iterable\"}")
        }
        _ => Fate::Reply(mlflow(probe)),
    };
    expect(&open(other), &[], &["server-error", "backend-store-failing"]);
    // The proxy has no MLflow.
    let down = |probe: &Probe| match probe.target.path_only() {
        SEARCH => json(503, "{\"detail\":\"MLflow is not reachable\"}"),
        "/health" => Fate::Reply(Reply::json(200, "{\"status\":\"ok\"}")),
        _ => html(404, NGINX_404),
    };
    expect(&open(down), &["mlflow-down"], &[]);
}

#[test]
fn files_that_mlflow_does_not_serve() {
    let off = |probe: &Probe| match probe.target.path_only() {
        FILES => html(
            503,
            "Endpoint: /api/2.0/mlflow-artifacts/artifacts disabled due to the mlflow server running with `--no-serve-artifacts`.",
        ),
        _ => Fate::Reply(mlflow(probe)),
    };
    expect(&open(off), &["artifacts-not-served"], &[]);
    // Nothing says where files go.
    let off_and_empty = |probe: &Probe| match probe.target.path_only() {
        FILES => html(
            503,
            "Endpoint: /api/2.0/mlflow-artifacts/artifacts disabled due to the mlflow server running with `--no-serve-artifacts`.",
        ),
        SEARCH => json(200, "{}"),
        _ => Fate::Reply(mlflow(probe)),
    };
    expect(&open(off_and_empty), &[], &["artifacts-not-served"]);
    // The gateway has no route for files.
    let no_route = |probe: &Probe| match probe.target.path_only() {
        FILES => html(404, NGINX_404),
        _ => Fate::Reply(mlflow(probe)),
    };
    expect(&open(no_route), &["route-missing"], &[]);
    let too_old = |probe: &Probe| match probe.target.path_only() {
        FILES => html(404, FLASK_404),
        _ => Fate::Reply(mlflow(probe)),
    };
    expect(&open(too_old), &[], &["route-missing", "artifacts-not-served"]);
    // The store behind fails.
    let store = |probe: &Probe| match probe.target.path_only() {
        FILES => json(
            500,
            "{\"error_code\":\"INTERNAL_ERROR\",\"message\":\"An error occurred (AccessDenied) when calling the ListObjectsV2 operation\"}",
        ),
        _ => Fate::Reply(mlflow(probe)),
    };
    expect(&open(store), &[], &["artifact-store-failing", "server-error"]);
    // What is not MLflow's own error may be anybody's.
    let proxy = |probe: &Probe| match probe.target.path_only() {
        FILES => {
            html(502, "<html><center><h1>502 Bad Gateway</h1></center><hr><center>nginx</center></html>")
        }
        _ => Fate::Reply(mlflow(probe)),
    };
    expect(&open(proxy), &[], &["server-error"]);
}

#[test]
fn errors_that_nobody_may_read_are_found_without_a_key() {
    let missing = |probe: &Probe| probe.target.path_only().ends_with("/registered-models/get");
    fn reply(probe: &Probe) -> Reply {
        match probe.target.path_only().ends_with("/registered-models/get") {
            true => Reply::json(404, "{\"error_code\":\"RESOURCE_DOES_NOT_EXIST\",\"message\":\"\"}"),
            false => mlflow(probe),
        }
    }
    let bare = |probe: &Probe| match reply(probe) {
        Reply { status: 400.., .. } => Fate::Reply(reply(probe).bare()),
        _ => Fate::Reply(reply(probe)),
    };
    let outcome = expect(&open(bare), &["cors-missing-on-errors"], &[]);
    assert!(outcome.run.observations.iter().any(|seen| missing(&seen.probe)));
    // Only what is outside MLflow's API has no headers, and nobody needs it.
    let elsewhere = |probe: &Probe| match probe.target.path_only().contains("/api/2.0/") {
        false if reply(probe).status >= 400 => Fate::Reply(reply(probe).bare()),
        _ => Fate::Reply(reply(probe)),
    };
    expect(&open(elsewhere), &[], &[]);
    // No method but GET and POST is allowed: that is another cause.
    let only_get = World {
        preflight: |probe| ["GET", "POST"].contains(&probe.method.name()),
        ..open(|probe| Fate::Reply(reply(probe)))
    };
    assert_eq!(only_get.run().shortlist.first().map(String::as_str), Some("cors-method-not-allowed"));
}

#[test]
fn files_that_go_past_mlflow_are_said_so_with_doubt() {
    fn located(probe: &Probe, place: &str) -> Fate {
        match probe.target.path_only() {
            SEARCH => json(200, &EXPERIMENTS.replace("mlflow-artifacts:/0", place)),
            FILES => html(
                503,
                "Endpoint: /api/2.0/mlflow-artifacts/artifacts disabled due to the mlflow server running with `--no-serve-artifacts`.",
            ),
            _ => Fate::Reply(mlflow(probe)),
        }
    }
    for registry in [
        (|probe: &Probe| located(probe, "s3://bucket/models")) as fn(&Probe) -> Fate,
        |probe: &Probe| located(probe, "/srv/mlruns/0"),
        |probe: &Probe| located(probe, "file:///srv/mlruns/0"),
        |probe: &Probe| located(probe, "C:\\\\mlruns\\\\0"),
    ] {
        expect(&open(registry), &[], &["artifact-root-direct"]);
    }
    for registry in [
        (|probe: &Probe| located(probe, "mlflow-artifacts://host:5000/0")) as fn(&Probe) -> Fate,
        |probe: &Probe| located(probe, "https://host/api/2.0/mlflow-artifacts/artifacts/0"),
        |probe: &Probe| located(probe, "mlflow-artifacts:/workspaces/default/0"),
    ] {
        expect(&open(registry), &["artifacts-not-served"], &[]);
    }
}

#[test]
fn a_post_that_does_not_arrive_whole() {
    let lost = |probe: &Probe| match (probe.target.path_only(), probe.method) {
        (SEARCH, Method::Post) => json(
            400,
            "{\"error_code\":\"INVALID_PARAMETER_VALUE\",\"message\":\"Invalid value 0 for parameter 'max_results' supplied. It must be a positive integer\"}",
        ),
        _ => Fate::Reply(mlflow(probe)),
    };
    expect(&open(lost), &["request-body-dropped"], &[]);
    let untyped = |probe: &Probe| match (probe.target.path_only(), probe.method) {
        (SEARCH, Method::Post) => json(
            400,
            "{\"error_code\":\"INVALID_PARAMETER_VALUE\",\"message\":\"Bad Request. Content-Type header is missing.\"}",
        ),
        _ => Fate::Reply(mlflow(probe)),
    };
    expect(&open(untyped), &["request-body-dropped"], &[]);
    let origin_check = |probe: &Probe| match (probe.target.path_only(), probe.method) {
        (SEARCH, Method::Post) => Fate::Reply(Reply::text(403, "Cross-origin request blocked")),
        _ => Fate::Reply(mlflow(probe)),
    };
    expect(&open(origin_check), &["mlflow-origin-not-allowed"], &[]);
    let hidden = |probe: &Probe| match (probe.target.path_only(), probe.method) {
        (SEARCH, Method::Post) => Fate::Reply(Reply::text(403, "Cross-origin request blocked").bare()),
        _ => Fate::Reply(mlflow(probe)),
    };
    let outcome = open(hidden).run();
    assert!(outcome.certain.is_empty(), "{:?}", outcome.certain);
    assert_eq!(outcome.shortlist[0], "mlflow-origin-not-allowed");
    // The query of a GET gets lost: not one answer is an experiment.
    let no_query = |probe: &Probe| match probe.target.path_only() {
        SEARCH => json(
            400,
            "{\"error_code\":\"INVALID_PARAMETER_VALUE\",\"message\":\"Invalid value 0 for parameter 'max_results' supplied. It must be a positive integer\"}",
        ),
        _ => Fate::Reply(mlflow(probe)),
    };
    expect(&open(no_query), &["request-body-dropped"], &[]);
}

#[test]
fn health_paths_that_mislead() {
    let sick = |probe: &Probe| match probe.target.path_only() {
        "/health" => json(503, "{\"status\":\"unhealthy\"}"),
        _ => Fate::Reply(mlflow(probe)),
    };
    expect(&open(sick), &[], &["health-check-misleading"]);
    let praise = |probe: &Probe| match probe.target.path_only() {
        "/health" => json(
            200,
            "{\"status\":\"healthy\",\"services\":{\"api\":\"healthy\",\"mlflow\":{\"status\":\"healthy\"}}}",
        ),
        _ => json(502, "{\"detail\":\"Failed to connect to MLflow server at http://mlflow:5000\"}"),
    };
    expect(&open(praise), &["mlflow-down", "health-check-misleading"], &[]);
    // It speaks of itself alone: that is true.
    let modest = |probe: &Probe| match probe.target.path_only() {
        "/health" => json(200, "{\"status\":\"healthy\",\"services\":{\"api\":\"healthy\"}}"),
        _ => json(502, "{\"detail\":\"Failed to connect to MLflow server at http://mlflow:5000\"}"),
    };
    expect(&open(modest), &["mlflow-down"], &[]);
    // Another dependency is ill, and the path says so.
    let degraded = |probe: &Probe| match probe.target.path_only() {
        "/health" => json(200, "{\"status\":\"degraded\",\"services\":{\"redis\":\"unhealthy\"}}"),
        _ => Fate::Reply(mlflow(probe)),
    };
    expect(&open(degraded), &[], &[]);
}

#[test]
fn routes_that_shadow_others() {
    let page = |probe: &Probe| match probe.target.path_only() {
        "/health" => Fate::Reply(Reply::text(200, "OK")),
        _ => html(200, "<!doctype html><html><head><title>MLflow</title></head></html>"),
    };
    expect(&open(page), &["route-shadowed"], &[]);
    let website = |probe: &Probe| match probe.target.path_only() {
        "/health" => Fate::Reply(Reply::text(200, "OK")),
        _ => html(200, "<!doctype html><html><head><title>Welcome</title></head></html>"),
    };
    expect(&open(website), &["not-mlflow"], &[]);
}

#[test]
fn answers_that_are_not_what_they_say() {
    for registry in [
        (|probe: &Probe| broken(probe, "{\"experiments\": [{\"experiment_id\": \"0\", \"name"))
            as fn(&Probe) -> Fate,
        |probe: &Probe| broken(probe, "\u{1f}\u{fffd}\u{8}\u{0}\u{0}\u{fffd}"),
        |probe: &Probe| broken(probe, "<!doctype html><title>Welcome</title>"),
    ] {
        expect(&open(registry), &["malformed-response"], &[]);
    }
    fn broken(probe: &Probe, text: &str) -> Fate {
        match probe.target.path_only() {
            SEARCH => json(200, text),
            _ => Fate::Reply(mlflow(probe)),
        }
    }
    // Another service's JSON is well formed.
    let other = |probe: &Probe| match probe.target.path_only() {
        SEARCH => json(200, "{\"items\":[]}"),
        _ => Fate::Reply(mlflow(probe)),
    };
    expect(&open(other), &["not-mlflow"], &[]);
}

#[test]
fn on_the_same_machine_a_folder_may_be_shared() {
    let world = World {
        registry_origin: Origin { secure: false, host: "127.0.0.1".into(), port: 5000 },
        page_secure: false,
        ..open(|probe| match probe.target.path_only() {
            SEARCH => json(200, &EXPERIMENTS.replace("mlflow-artifacts:/0", "/srv/mlruns/0")),
            _ => Fate::Reply(mlflow(probe)),
        })
    };
    let here = world.run();
    let there = World { registry_origin: origin("registry.example"), ..world }.run();
    let sure = |outcome: &Outcome| engine::judge(&outcome.run).verdict.causes[0].confidence;
    assert!(sure(&here) < sure(&there));
}

#[test]
fn looking_closer_reads_every_list_and_costs_no_login() {
    let closer = |registry: fn(&Probe) -> Fate| World { registry, closer: true, ..World::default() };
    let outcome = expect(&closer(healthy_registry), &[], &[]);
    let usual = World::default().run().probes.len();
    assert_eq!((outcome.overall, outcome.probes.len()), ("healthy", usual + 9), "{:?}", outcome.probes);
    assert!(engine::failed_logins(&outcome.run) <= 5);
    // Where it was not wanted, none of it is asked.
    assert!(!World::default().run().probes.contains(&"mlflow-models".to_owned()));
    // MLflow 2 has no logged models and no server-info: no fault.
    let old = |probe: &Probe| match probe.target.path_only() {
        "/api/mlflow/version" => Fate::Reply(Reply::html(200, "2.14.3")),
        "/api/mlflow/api/2.0/mlflow/logged-models/search" | "/api/mlflow/api/3.0/mlflow/server-info" => {
            html(404, FLASK_404)
        }
        path if path.starts_with("/api/mlflow/") => Fate::Reply(mlflow_lists(probe)),
        _ => Fate::Reply(mlflow(probe)),
    };
    let outcome = expect(&World { closer: true, ..open(old) }, &[], &[]);
    assert_eq!(outcome.overall, "healthy");
    assert_eq!(outcome.run.facts().is_third_generation(), Some(false));
}

/// What an open MLflow with empty lists says.
fn mlflow_lists(probe: &Probe) -> Reply {
    match mlflow(probe) {
        reply if reply.status == 404 => Reply::json(200, "{}"),
        reply => reply,
    }
}

#[test]
fn lists_that_are_refused_or_fail_are_named() {
    fn models(probe: &Probe, status: u16, text: &str) -> Fate {
        match probe.target.path_only() {
            "/api/mlflow/api/2.0/mlflow/registered-models/search" => json(status, text),
            path if path.starts_with("/api/mlflow/") => Fate::Reply(mlflow_lists(probe)),
            _ => Fate::Reply(mlflow(probe)),
        }
    }
    let closer = |registry: fn(&Probe) -> Fate| World { closer: true, ..open(registry) };
    let admins =
        |probe: &Probe| models(probe, 403, "{\"detail\":\"Admin access required for the model registry\"}");
    expect(&closer(admins), &[], &["key-lacks-permission"]);
    let store = |probe: &Probe| {
        models(
            probe,
            503,
            "{\"error_code\":\"TEMPORARILY_UNAVAILABLE\",\"message\":\"(sqlite3.OperationalError) no such table: registered_models\"}",
        )
    };
    expect(&closer(store), &["backend-store-failing"], &[]);
    let route = |probe: &Probe| models(probe, 404, "{\"detail\":\"Not Found\"}");
    expect(&closer(route), &["route-missing"], &[]);
    let crash = |probe: &Probe| models(probe, 500, "{\"error_code\":\"INTERNAL_ERROR\",\"message\":\"m\"}");
    expect(&closer(crash), &[], &["server-error"]);
}

#[test]
fn a_way_past_the_key_is_named() {
    let past = |probe: &Probe| match probe.target.path_only() {
        "/mlflow/api/2.0/mlflow/experiments/search" => json(200, EXPERIMENTS),
        _ => healthy_registry(probe),
    };
    let outcome =
        expect(&World { registry: past, closer: true, ..World::default() }, &["auth-not-enforced"], &[]);
    assert!(
        headline(&outcome).contains("past it at https://registry.example/mlflow"),
        "{}",
        headline(&outcome)
    );
    expect(&World { registry: past, ..World::default() }, &[], &[]);
}
