//! MLflow's basic-auth app: it wants a user and a password, and says the same to nobody and to a wrong one.

use super::*;

/// What MLflow's basic-auth app says to nobody, and to a wrong password.
fn not_authenticated() -> Fate {
    Fate::Reply(Reply::html(
        401,
        "You are not authenticated. Please see https://www.mlflow.org/docs/latest/auth/index.html",
    ))
}

const FLASK_500: &str = "<!doctype html>\n<html lang=en>\n<title>500 Internal Server Error</title>\n<h1>Internal Server Error</h1>\n<p>The server encountered an internal error and was unable to complete your request. Either the server is overloaded or there is an error in the application.</p>\n";

/// MLflow 3's basic-auth app fails inside over a key (measured, 3.17.2); a server that fails over every question does not.
#[test]
fn basic_auth_fails_over_a_key() {
    let bearer = |probe: &Probe| match probe.presented {
        Presented::Nothing => all(probe, not_authenticated()),
        _ => all(probe, reply(500, FLASK_500)),
    };
    let outcome = World { registry: bearer, auth: None, ..World::default() }.run();
    assert_eq!(outcome.certain, ["auth-scheme-mismatch"], "{:?}", outcome.shortlist);
    let broken = |probe: &Probe| all(probe, reply(500, FLASK_500));
    not_certain(
        &World { registry: broken, auth: None, ..World::default() },
        "auth-scheme-mismatch",
        "server-error",
    );
    // A gateway that reads keys, and asks MLflow with a user of its own: a made-up key is refused there.
    let gateway = |probe: &Probe| match probe.presented {
        Presented::Nothing => all(probe, not_authenticated()),
        Presented::Fake => all(probe, reply(401, "{\"detail\":\"Invalid or expired API key\"}")),
        _ => all(probe, reply(500, FLASK_500)),
    };
    not_certain(
        &World { registry: gateway, auth: None, ..World::default() },
        "auth-scheme-mismatch",
        "server-error",
    );
    // With a password it is the server's own error.
    let world = World {
        registry: gateway,
        auth: None,
        scheme: AuthScheme::Basic,
        key: "admin:abc",
        ..World::default()
    };
    not_certain(&world, "auth-scheme-mismatch", "server-error");
}

#[test]
fn a_wrong_password_is_among_what_it_may_be() {
    let refuses = |probe: &Probe| all(probe, not_authenticated());
    let world = World {
        registry: refuses,
        auth: None,
        key: "admin:wrong",
        scheme: AuthScheme::Basic,
        ..World::default()
    };
    let outcome = world.run();
    assert_eq!(outcome.shortlist, ["key-rejected", "auth-header-stripped"], "{:?}", outcome.certain);
}

/// MLflow's own users have passwords: no key can help.
#[test]
fn basic_auth_wants_a_password() {
    let basic = |probe: &Probe| all(probe, not_authenticated());
    for (scheme, says) in
        [(AuthScheme::Bearer, "choose Basic"), (AuthScheme::Basic, "Type your MLflow user name")]
    {
        let outcome = World { registry: basic, auth: None, key: "", scheme, ..World::default() }.run();
        let facts = outcome.run.facts();
        let verdict = engine::judge(&outcome.run).verdict;
        let named = verdict.causes.iter().find(|named| named.code == "key-missing").expect("it is named");
        let first = (named.cause().expect("it is known").fixes)(&facts, named.host)[0].lines();
        assert!(first.contains(says), "{first}");
    }
}
