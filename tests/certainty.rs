//! What looks like a cause and is none: each of these deployments was once, or might have been, given a wrong certain
//! verdict. What they really have may be named among others; what they have not must never be certain.

#[path = "certainty/passwords.rs"]
mod passwords;
#[path = "certainty/weather.rs"]
mod weather;
#[expect(dead_code, reason = "the worlds are shared with tests/diagnosis.rs, which uses more of them")]
mod world;

use preflight::deployment::credential::Presented;
use preflight::deployment::{AuthScheme, Origin};
use preflight::diagnosis::{Confidence, other_ways};
use preflight::engine;
use preflight::probe::{Answer, Body, Method, Probe, Saw, Way};
use world::{Fate, Reply, World, healthy_auth, healthy_registry};

/// Runs it, and sees that a cause is not certain, and that another one is named.
#[track_caller]
fn not_certain(world: &World, wrong: &str, named: &str) {
    let outcome = world.run();
    let said = format!("certain {:?}, else {:?}", outcome.certain, outcome.shortlist);
    assert!(!outcome.certain.iter().any(|code| code == wrong), "{said}");
    let all = outcome.certain.iter().chain(&outcome.shortlist);
    assert!(all.into_iter().any(|code| code == named), "{named} is missing: {said}");
}

fn reply(status: u16, text: &str) -> Fate {
    Fate::Reply(if text.starts_with('<') { Reply::html(status, text) } else { Reply::json(status, text) })
}

/// Health answers as usual, all else what is given, whatever comes.
fn all(probe: &Probe, answer: Fate) -> Fate {
    if probe.target.path_only() == "/health" { healthy_registry(probe) } else { answer }
}

/// What is given for the user's key, and else as usual.
fn for_the_key(probe: &Probe, answer: Fate) -> Fate {
    match (probe.target.path_only(), probe.presented) {
        ("/health", _) | (_, Presented::Nothing | Presented::Fake) => healthy_registry(probe),
        _ => answer,
    }
}

const NGINX_500: &str = "<html><head><title>500 Internal Server Error</title></head><body><center><h1>500 Internal Server Error</h1></center><hr><center>nginx/1.22.1</center></body></html>";
const NGINX_503: &str = "<html><head><title>503 Service Temporarily Unavailable</title></head><body><center><h1>503 Service Temporarily Unavailable</h1></center><hr><center>nginx</center></body></html>";

#[test]
fn nobody_asked_for_a_key() {
    let no_key = || World { key: "", auth: None, ..World::default() };
    let lost = |probe: &Probe| all(probe, reply(404, "{\"detail\":\"Not Found\"}"));
    not_certain(&World { registry: lost, ..no_key() }, "key-missing", "route-missing");
    let dead = |probe: &Probe| all(probe, reply(502, "<html>502 Bad Gateway nginx"));
    not_certain(&World { registry: dead, ..no_key() }, "key-missing", "gateway-without-backend");
    // A list of addresses, or a firewall.
    let barred = |probe: &Probe| all(probe, reply(403, "<html><h1>403 Forbidden</h1>nginx"));
    not_certain(&World { registry: barred, ..no_key() }, "key-missing", "key-missing");
}

/// Envoy's `jwt_authn` lets what has no token through to the application, and answers a bad one itself, without CORS
/// headers, on every path.
#[test]
fn a_layer_that_refuses_tokens_unread() {
    let layer = |probe: &Probe| match (healthy_registry(probe), probe.presented) {
        (Fate::Reply(answer), Presented::Fake | Presented::Key) => Fate::Reply(answer.bare()),
        (fate, _) => fate,
    };
    not_certain(
        &World { registry: layer, auth: None, ..World::default() },
        "cors-header-not-allowed",
        "key-rejected",
    );
}

#[test]
fn a_key_of_a_new_shape() {
    let refusing = |probe: &Probe| match probe.presented {
        Presented::Key => healthy_registry(&probe.clone().with(Presented::Fake)),
        _ => healthy_registry(probe),
    };
    let world = World { registry: refusing, key: "hk_new_MADEUPKEYFORTESTS", ..World::default() };
    not_certain(&world, "key-malformed", "auth-contract-mismatch");
}

#[test]
fn an_auth_service_that_works() {
    // It has no health path there, and no page may read what it says; keys are taken.
    let hidden = |probe: &Probe| match (probe.target.path_only(), healthy_auth(probe)) {
        ("/health", _) => Fate::Reply(Reply::json(404, "{}").bare()),
        (_, Fate::Reply(answer)) => Fate::Reply(answer.bare()),
        (_, fate) => fate,
    };
    let outcome = World { auth: Some(hidden), ..World::default() }.run();
    assert_eq!((outcome.overall, outcome.certain.len(), outcome.shortlist.len()), ("healthy", 0, 0));
    // The same, and the gateway does not reach it (I08).
    let unreached =
        |probe: &Probe| for_the_key(probe, reply(401, "{\"detail\":\"Authentication service timeout\"}"));
    not_certain(
        &World { auth: Some(hidden), registry: unreached, ..World::default() },
        "auth-service-down",
        "auth-service-unreachable",
    );
    // It calls itself degraded, and takes the key.
    let degraded = |probe: &Probe| match probe.target.path_only() {
        "/health" => reply(503, "{\"status\":\"degraded\"}"),
        _ => healthy_auth(probe),
    };
    not_certain(
        &World { auth: Some(degraded), ..World::default() },
        "auth-service-down",
        "auth-service-down",
    );
    // Only the question about a key fails.
    let failing = |probe: &Probe| match probe.target.path_only() {
        "/health" => healthy_auth(probe),
        _ => reply(500, "{\"detail\":\"Internal Server Error\"}"),
    };
    let refusing =
        |probe: &Probe| for_the_key(probe, reply(401, "{\"detail\":\"Invalid or expired API key\"}"));
    not_certain(
        &World { auth: Some(failing), registry: refusing, ..World::default() },
        "auth-service-down",
        "auth-service-down",
    );
}

/// nginx (`auth_request`) and Traefik (`forwardAuth`) answer 500 of their own where who judges keys is gone.
#[test]
fn a_proxy_that_cannot_ask_who_judges_keys() {
    for answer in [
        |probe: &Probe| all(probe, reply(500, NGINX_500)),
        |probe: &Probe| all(probe, Fate::Reply(Reply::text(500, ""))),
    ] {
        not_certain(
            &World { registry: answer, auth: None, ..World::default() },
            "server-error",
            "auth-service-down",
        );
    }
    // What an application says of itself is certain.
    let broken = |probe: &Probe| for_the_key(probe, reply(500, "{\"detail\":\"Internal Server Error\"}"));
    assert_eq!(World { registry: broken, ..World::default() }.run().certain, ["server-error"]);
    // Cloudflare speaks of the server behind it.
    let cloudflare = |probe: &Probe| all(probe, reply(522, "<html>522: Connection timed out cloudflare"));
    not_certain(
        &World { registry: cloudflare, auth: None, ..World::default() },
        "server-error",
        "gateway-without-backend",
    );
}

/// What is refused for another reason than the want of a key is told, also where none was typed.
#[test]
fn no_key_and_another_reason() {
    let host_check = |probe: &Probe| {
        all(
            probe,
            Fate::Reply(Reply::text(403, "Invalid Host header - possible DNS rebinding attack detected")),
        )
    };
    let world = || World { key: "", auth: None, ..World::default() };
    assert_eq!(World { registry: host_check, ..world() }.run().certain, ["mlflow-host-not-allowed"]);
    let outage =
        |probe: &Probe| all(probe, reply(503, "{\"detail\":\"Authentication service unavailable\"}"));
    not_certain(&World { registry: outage, ..world() }, "key-missing", "auth-service-down");
    let limit = |probe: &Probe| all(probe, reply(429, "{\"detail\":\"Too many requests\"}"));
    assert!(World { registry: limit, ..world() }.run().certain.contains(&"rate-limited".to_owned()));
}

/// An application that fails without a word is no proxy that cannot ask, where keys are seen to be judged.
#[test]
fn a_bare_500_behind_a_key_check() {
    let bare = |probe: &Probe| for_the_key(probe, Fate::Reply(Reply::text(500, "")));
    assert_eq!(World { registry: bare, ..World::default() }.run().certain, ["server-error"]);
}

/// The key is good for no such service, and the gateway calls that a permission.
#[test]
fn a_permission_that_is_another_service() {
    let other_service = |probe: &Probe| match (probe.presented, &probe.body) {
        (Presented::Key, Some(body)) if body.contains("platform") => {
            reply(401, "{\"detail\":\"Invalid or expired API key\"}")
        }
        _ => healthy_auth(probe),
    };
    let refusing = |probe: &Probe| {
        for_the_key(probe, reply(403, "{\"detail\":\"API key is not allowed to use this service\"}"))
    };
    let outcome = World { auth: Some(other_service), registry: refusing, ..World::default() }.run();
    assert_eq!(outcome.certain, ["service-id-mismatch"], "{:?}", outcome.shortlist);
}

/// AWS API Gateway says the same to no key, a bad one and a good one in the wrong header.
#[test]
fn forbidden_whatever_comes() {
    let forbidden = |probe: &Probe| all(probe, reply(403, "{\"message\":\"Forbidden\"}"));
    let world = World { registry: forbidden, auth: None, ..World::default() };
    not_certain(&world, "key-lacks-permission", "auth-scheme-mismatch");
    assert!(other_ways::offered(&world.run().run.facts()));
}

#[test]
fn a_list_of_hosts_that_is_not_mlflows() {
    let starlette = |_: &Probe| Fate::Reply(Reply::text(400, "Invalid host header"));
    let world = World { registry: starlette, auth: None, ..World::default() };
    not_certain(&world, "mlflow-host-not-allowed", "mlflow-host-not-allowed");
}

#[test]
fn refusals_that_are_not_about_the_key() {
    for (words, wrong) in [
        ("{\"detail\":\"X-Tenant-Id header required\"}", "auth-header-stripped"),
        ("{\"detail\":\"Two-factor authentication required\"}", "auth-header-stripped"),
        ("{\"detail\":\"Subscription expired\"}", "key-expired"),
        ("{\"message\":\"IP address not allowed: 192.0.2.1\"}", "key-lacks-permission"),
        ("{\"message\":\"Forbidden\"}", "key-lacks-permission"),
        ("RBAC: access denied", "key-lacks-permission"),
        // Not even a guess: these are no words about the key.
        ("RBAC: access denied", "key-rejected"),
    ] {
        let mut run = World { auth: None, ..World::default() }.run().run;
        for seen in &mut run.observations {
            if seen.probe.id == "mlflow-search-key" {
                seen.saw = Saw::Answer(Answer {
                    status: 403,
                    landed: None,
                    queued_ms: None,
                    headers: Vec::new(),
                    body: Body { text: words.into(), complete: true, ..Default::default() },
                });
            }
        }
        let verdict = engine::judge(&run).verdict;
        let named = verdict.causes.iter().find(|named| named.code == wrong).map(|named| named.confidence);
        let worst = if wrong == "key-rejected" { None } else { Some(Confidence::Likely) };
        assert!(named <= worst, "{words}: {wrong} is {named:?}");
    }
    // The same words where the key's permission is what they are about.
    let admins = |probe: &Probe| for_the_key(probe, reply(403, "{\"detail\":\"Admin access required\"}"));
    assert_eq!(
        World { registry: admins, auth: None, ..World::default() }.run().certain,
        ["key-lacks-permission"]
    );
    // Who must not come from there needs no key.
    let tenant = |probe: &Probe| all(probe, reply(403, "{\"message\":\"Missing Authentication Token\"}"));
    not_certain(
        &World { registry: tenant, auth: None, key: "", scheme: AuthScheme::None, ..World::default() },
        "key-missing",
        "key-missing",
    );
}

#[test]
fn a_path_that_leads_past_the_key() {
    // The load balancer has lost the path that was typed, and another one is open to everybody (I15, I29).
    let open = |probe: &Probe| match probe.target.path_only() {
        "/health" => healthy_registry(probe),
        "/mlflow/api/2.0/mlflow/experiments/search" => reply(200, "{\"experiments\":[]}"),
        _ => Fate::Reply(Reply::text(404, "404 page not found")),
    };
    not_certain(
        &World { registry: open, auth: None, ..World::default() },
        "wrong-base-url",
        "wrong-base-url",
    );
    // Where no key is needed, it is what was meant.
    let world = World { registry: open, auth: None, key: "", scheme: AuthScheme::None, ..World::default() };
    assert_eq!(world.run().certain, ["wrong-base-url"]);
}

#[test]
fn a_health_check_that_is_right() {
    // MLflow is well, and says so; the key could not be judged.
    let outage = |probe: &Probe| match probe.target.path_only() {
        "/health" => reply(200, "{\"status\":\"healthy\",\"services\":{\"mlflow\":\"healthy\"}}"),
        _ if probe.presented == Presented::Nothing => healthy_registry(probe),
        _ => reply(503, "{\"detail\":\"Authentication service unavailable\"}"),
    };
    not_certain(
        &World { registry: outage, auth: None, ..World::default() },
        "health-check-misleading",
        "auth-service-down",
    );
    let crash = |probe: &Probe| match probe.target.path_only() {
        "/health" => reply(200, "{\"status\":\"healthy\",\"services\":{\"mlflow\":\"healthy\"}}"),
        _ => for_the_key(probe, reply(500, "{\"detail\":\"Internal Server Error\"}")),
    };
    not_certain(
        &World { registry: crash, auth: None, ..World::default() },
        "health-check-misleading",
        "server-error",
    );
}

#[test]
fn a_gateway_that_limits() {
    let limited = |_: &Probe| reply(503, NGINX_503);
    let world = World { registry: limited, auth: None, ..World::default() };
    not_certain(&world, "gateway-without-backend", "rate-limited");
    // Somebody behind it answers other questions.
    let half = |probe: &Probe| match (probe.target.path_only(), probe.presented) {
        ("/health", _) => reply(404, "{\"detail\":\"Not Found\"}"),
        (_, Presented::Nothing) => healthy_registry(probe),
        _ => reply(502, "<html>502 Bad Gateway nginx"),
    };
    let world = World { registry: half, auth: None, ..World::default() };
    not_certain(&world, "gateway-without-backend", "gateway-without-backend");
}

#[test]
fn a_place_that_nobody_pays_for() {
    let plan = |probe: &Probe| all(probe, reply(402, "{\"detail\":\"This project is disabled\"}"));
    let world = World { registry: plan, auth: None, ..World::default() };
    not_certain(&world, "balance-exhausted", "balance-exhausted");
    let account = |probe: &Probe| for_the_key(probe, reply(402, "{\"detail\":\"Insufficient balance\"}"));
    assert_eq!(
        World { registry: account, auth: None, ..World::default() }.run().certain,
        ["balance-exhausted"]
    );
}

#[test]
fn a_proxy_that_waited_too_long_for_mlflow() {
    let slow =
        |probe: &Probe| for_the_key(probe, reply(504, "{\"detail\":\"MLflow server request timeout\"}"));
    not_certain(&World { registry: slow, auth: None, ..World::default() }, "mlflow-down", "mlflow-down");
}

/// What is refused to a service that is not the form's, and what is refused for another reason.
#[test]
fn a_service_that_is_not_what_it_was_refused_for() {
    let registered = |probe: &Probe| match (probe.method, probe.presented) {
        (Method::Post, Presented::Key) => {
            reply(401, "{\"detail\":\"Invalid key: it is registered for website\"}")
        }
        _ => healthy_auth(probe),
    };
    let host_check = |probe: &Probe| {
        for_the_key(
            probe,
            Fate::Reply(Reply::text(403, "Invalid Host header - possible DNS rebinding attack detected")),
        )
    };
    let world = World { auth: Some(registered), registry: host_check, ..World::default() };
    let outcome = world.run();
    assert_eq!(outcome.certain, ["mlflow-host-not-allowed"], "{:?}", outcome.shortlist);
}

/// Chromium lets an https page ask plain http addresses of a private network, once its user has allowed it.
#[test]
fn plain_http_in_a_private_network() {
    let registry_origin = Origin { secure: false, host: "192.168.1.5".into(), port: 5000 };
    let world = || World {
        registry_origin: registry_origin.clone(),
        local_network: Some("granted"),
        auth: None,
        ..World::default()
    };
    assert_eq!(world().run().overall, "healthy");
    not_certain(&World { registry: |_| Fate::Refused, ..world() }, "mixed-content", "mixed-content");
    // Of a name nobody knows beforehand where it leads, so it is none of those.
    let named = Origin { host: "mlflow.internal".into(), ..registry_origin.clone() };
    assert_eq!(World { registry_origin: named, ..world() }.run().certain, ["mixed-content"]);
    // Where it is not allowed, or no browser asks, nothing is sent.
    for local_network in [None, Some("denied")] {
        let outcome = World { local_network, ..world() }.run();
        assert_eq!(
            (outcome.certain, outcome.probes),
            (vec!["mixed-content".to_owned()], vec!["page-control".to_owned()])
        );
    }
}

/// Behind a virtual network some browsers call themselves offline, and this page's own server answers.
#[test]
fn a_browser_that_only_calls_itself_offline() {
    let mut run = World { registry: |_| Fate::Refused, auth: None, ..World::default() }.run().run;
    run.environment.on_line = false;
    assert!(run.facts().control_works() == Some(true));
    let causes = engine::judge(&run).verdict.causes;
    assert!(causes.iter().all(|named| named.code != "offline"), "{causes:?}");
}

#[test]
fn a_hosted_service_that_is_busy() {
    let busy = |probe: &Probe| {
        for_the_key(
            probe,
            reply(503, "{\"error_code\":\"TEMPORARILY_UNAVAILABLE\",\"message\":\"The service is busy\"}"),
        )
    };
    let world = World { registry: busy, auth: None, ..World::default() };
    not_certain(&world, "backend-store-failing", "backend-store-failing");
}

/// A gateway with an `error_code` of its own is not MLflow, on whatever path it says so.
#[test]
fn an_error_code_that_is_not_mlflows() {
    let own = |probe: &Probe| {
        for_the_key(probe, reply(404, "{\"error_code\":\"NOT_FOUND\",\"message\":\"Route not found\"}"))
    };
    for path_is_listed in [false, true] {
        let outcome = World { registry: own, auth: None, path_is_listed, ..World::default() }.run();
        let wrong = ["path-translation-missing", "wrong-base-url", "path-prefix-mismatch"];
        assert!(!outcome.certain.iter().any(|code| wrong.contains(&code.as_str())), "{:?}", outcome.certain);
    }
}

/// The proxy in front hands on what MLflow answered.
#[test]
fn a_gateway_that_tells_what_mlflow_said() {
    let told = |probe: &Probe| {
        for_the_key(
            probe,
            reply(502, "{\"detail\":\"403 Client Error: Forbidden for url: http://mlflow:5000/api/2.0\"}"),
        )
    };
    not_certain(&World { registry: told, auth: None, ..World::default() }, "mlflow-down", "mlflow-down");
    let down =
        |probe: &Probe| for_the_key(probe, reply(502, "{\"detail\":\"MLflow unreachable: connect error\"}"));
    assert_eq!(World { registry: down, auth: None, ..World::default() }.run().certain, ["mlflow-down"]);
}

/// What it calls an error of the auth service is that service's judgement.
#[test]
fn a_refusal_that_is_wrapped_as_an_outage() {
    let wrapped = |probe: &Probe| {
        for_the_key(
            probe,
            reply(
                401,
                "{\"detail\":\"Authentication service error: 401 Client Error: Unauthorized for url\"}",
            ),
        )
    };
    let outcome = World { registry: wrapped, auth: None, ..World::default() }.run();
    assert!(outcome.certain.is_empty(), "{:?}", outcome.certain);
    assert!(outcome.shortlist.iter().any(|code| code == "key-rejected"), "{:?}", outcome.shortlist);
}

#[test]
fn a_key_that_lacks_a_right_was_read() {
    for words in [
        "{\"detail\":\"Admin API key required\"}",
        "{\"detail\":\"Token is missing required scope\"}",
        "{\"detail\":\"Token is missing the \\\"aud\\\" claim\"}",
    ] {
        let mut run = World { auth: None, ..World::default() }.run().run;
        for seen in run.observations.iter_mut().filter(|seen| seen.probe.id == "mlflow-search-key") {
            seen.saw = Saw::Answer(Answer {
                status: 401,
                landed: None,
                queued_ms: None,
                headers: vec![("content-type".into(), "application/json".into())],
                body: Body { text: words.into(), complete: true, ..Default::default() },
            });
        }
        let certain: Vec<_> = engine::judge(&run).verdict.causes;
        let certain: Vec<_> =
            certain.iter().filter(|named| named.confidence == Confidence::Certain).collect();
        assert!(certain.is_empty(), "{words}: {certain:?}");
    }
}

/// What fails without an answer is not healthy: a proxy that keeps a body back, a store that MLflow does not reach.
#[test]
fn silence_to_one_question() {
    let post = |probe: &Probe| match (probe.method, probe.presented) {
        (Method::Post, Presented::Key) => Fate::Silent,
        _ => healthy_registry(probe),
    };
    let outcome = World { registry: post, auth: None, ..World::default() }.run();
    assert_eq!((outcome.overall, outcome.certain.len()), ("problems", 0), "{:?}", outcome.shortlist);
    assert_eq!(outcome.shortlist, ["request-body-dropped", "slow-dependency"]);
    let told = |outcome: &world::Outcome| {
        let facts = outcome.run.facts();
        let causes = engine::judge(&outcome.run).verdict.causes;
        causes.iter().map(|named| named.headline(&facts)).collect::<Vec<_>>()
    };
    for headline in told(&outcome) {
        assert!(
            headline.contains("no answer within") && !headline.contains("without its query"),
            "{headline}"
        );
    }
    let files = |probe: &Probe| match probe.target.path_only() {
        path if path.contains("mlflow-artifacts") => Fate::Silent,
        _ => healthy_registry(probe),
    };
    let outcome = World { registry: files, auth: None, ..World::default() }.run();
    assert_eq!((outcome.overall, outcome.certain.len()), ("problems", 0));
    assert_eq!(outcome.shortlist, ["artifact-store-failing", "slow-dependency"]);
    for headline in told(&outcome) {
        assert!(
            headline.contains("no answer within") && !headline.contains("without its query"),
            "{headline}"
        );
    }
}

/// Fastly and Varnish say what time it is now, of a copy that is ten minutes old.
#[test]
fn a_cache_that_tells_its_own_time() {
    let mut run = World { page_date: world::NOW, ..World::default() }.run().run;
    for seen in run.observations.iter_mut().filter(|seen| seen.probe.id == "page-control") {
        if let Saw::Answer(answer) = &mut seen.saw {
            answer.headers.push(("age".into(), "600".into()));
        }
    }
    assert_eq!(engine::judge(&run).verdict.overall.name(), "healthy");
}

/// A long list is cut where it is kept, not where it came from.
#[test]
fn a_list_that_is_longer_than_what_is_kept() {
    let mut run = World { closer: true, auth: None, ..World::default() }.run().run;
    for seen in run.observations.iter_mut().filter(|seen| seen.probe.id == "mlflow-runs") {
        if let Saw::Answer(answer) = &mut seen.saw {
            answer.body.text = "{\"runs\":[{\"info\":{\"run_id\":\"1".into();
            answer.body.complete = false;
        }
    }
    assert!(run.observations.iter().any(|seen| seen.probe.id == "mlflow-runs"));
    assert_eq!(engine::judge(&run).verdict.overall.name(), "healthy");
}

/// Some answer every refusal with a 200.
#[test]
fn a_refusal_inside_a_success() {
    let envelope = |probe: &Probe| for_the_key(probe, reply(200, "{\"code\":401,\"msg\":\"token invalid\"}"));
    not_certain(&World { registry: envelope, auth: None, ..World::default() }, "not-mlflow", "key-rejected");
    let other = |probe: &Probe| for_the_key(probe, reply(200, "{\"code\":7,\"msg\":\"try later\"}"));
    not_certain(&World { registry: other, auth: None, ..World::default() }, "not-mlflow", "not-mlflow");
    let page = |probe: &Probe| for_the_key(probe, reply(200, "<html><title>Shop</title></html>"));
    not_certain(&World { registry: page, auth: None, ..World::default() }, "not-mlflow", "not-mlflow");
}
