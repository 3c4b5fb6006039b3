//! The key and the auth service, over simulated worlds: each cause both ways, with refusals that may be read and
//! refusals that may not. The key is never blamed by an answer that was not about it.

#[expect(dead_code, reason = "the worlds are shared with tests/diagnosis.rs, which uses more of them")]
mod world;

use preflight::catalogue::Catalogue;
use preflight::checks::Status;
use preflight::deployment::AuthScheme;
use preflight::deployment::credential::Presented;
use preflight::diagnosis::other_ways;
use preflight::engine;
use preflight::probe::Probe;
use preflight::report::Report;
use world::{Fate, Outcome, Reply, World, healthy_auth, healthy_registry};

#[track_caller]
fn expect(world: &World, certain: &[&str], shortlist: &[&str]) -> Outcome {
    let outcome = world.run();
    // What was answered with anything but a refusal was no failed login.
    let keyed = outcome.run.observations.iter().filter(|seen| seen.probe.presented != Presented::Nothing);
    let logins = keyed.filter(|seen| matches!(seen.status(), Some(401 | 403) | None));
    assert!(logins.count() <= 5, "{:?}", outcome.probes);
    assert_eq!(
        (outcome.certain.as_slice(), outcome.shortlist.as_slice()),
        (strings(certain).as_slice(), strings(shortlist).as_slice()),
        "asked {:?}",
        outcome.probes
    );
    outcome
}

fn strings(list: &[&str]) -> Vec<String> {
    list.iter().map(|text| (*text).to_owned()).collect()
}

fn json(status: u16, text: &str) -> Fate {
    Fate::Reply(Reply::json(status, text))
}

/// The registry, except that the user's key gets this.
fn with_key(probe: &Probe, status: u16, text: &str) -> Fate {
    match (probe.target.path_only(), probe.presented) {
        ("/health", _) | (_, Presented::Nothing | Presented::Fake) => healthy_registry(probe),
        _ => json(status, text),
    }
}

/// The same, and what the auth layer says itself may not be read.
fn hidden(fate: Fate) -> Fate {
    match fate {
        Fate::Reply(reply) if reply.status >= 400 => Fate::Reply(reply.bare()),
        other => other,
    }
}

fn invalid(probe: &Probe) -> Fate {
    with_key(probe, 401, "{\"detail\":\"Invalid or expired API key\"}")
}

fn invalid_hidden(probe: &Probe) -> Fate {
    hidden(invalid(probe))
}

fn knows_no_key(probe: &Probe) -> Fate {
    match probe.target.path_only() {
        "/health" => healthy_auth(probe),
        _ => json(401, "{\"detail\":\"Invalid or expired API key\"}"),
    }
}

/// `{"alg":"HS256"}`, then `{"exp":1700000000,"sub":"hush-hush","iss":"issuer.example"}`: it ended in November 2023.
const OLD_TOKEN: &str = "eyJhbGciOiJIUzI1NiJ9.eyJleHAiOjE3MDAwMDAwMDAsInN1YiI6Imh1c2gtaHVzaCIsImlzcyI6Imlzc3Vlci5leGFtcGxlIn0.bWFkZS11cA";
/// The same with `exp` in the year 2100.
const GOOD_TOKEN: &str = "eyJhbGciOiJIUzI1NiJ9.eyJleHAiOjQxMDI0NDQ4MDAsInN1YiI6Imh1c2gtaHVzaCJ9.bWFkZS11cA";

#[test]
fn an_expired_token_is_named_when_a_server_refuses_it() {
    let date = "Thu, 01 Jan 2026 00:00:00 GMT";
    let world = World { key: OLD_TOKEN, registry: invalid, auth: None, ..World::default() };
    let outcome = expect(&World { page_date: date, ..world }, &["key-expired"], &[]);
    let report = Report::of(&outcome.run, &engine::judge(&outcome.run), &Catalogue::default());
    assert!(
        report.sentences[0].headline.contains("2023-11-14 22:13 UTC"),
        "{}",
        report.sentences[0].headline
    );
    let written = report.to_json();
    assert!(written.contains("issuer.example") && !written.contains("hush"), "{written}");
    // Only this browser's clock says so.
    let world = World { key: OLD_TOKEN, page_date: "", registry: invalid, auth: None, ..World::default() };
    expect(&world, &[], &["key-expired", "key-rejected", "service-id-mismatch", "auth-contract-mismatch"]);
    // By the server's clock it has not ended yet: this browser's is wrong.
    let early = World { page_date: "Wed, 01 Nov 2023 00:00:00 GMT", ..world };
    expect(&early, &[], &["key-rejected", "service-id-mismatch", "auth-contract-mismatch", "clock-skew"]);
    // It is accepted all the same, so it is no trouble.
    expect(&World { key: OLD_TOKEN, page_date: date, ..World::default() }, &[], &[]);
    // A token that has not ended is refused for something else.
    let good = World {
        key: GOOD_TOKEN,
        page_date: date,
        registry: invalid,
        auth: Some(knows_no_key),
        ..World::default()
    };
    expect(&good, &["key-rejected"], &[]);
    // The refusal may not be read, and the auth service refuses it readably.
    let unread = World {
        key: OLD_TOKEN,
        page_date: date,
        registry: invalid_hidden,
        auth: Some(knows_no_key),
        ..World::default()
    };
    expect(&unread, &["cors-missing-on-errors", "key-expired"], &[]);
}

#[test]
fn an_outage_is_no_reason_to_call_a_token_expired() {
    let outage = |probe: &Probe| with_key(probe, 503, "{\"detail\":\"Authentication service unavailable\"}");
    let world = World { key: OLD_TOKEN, registry: outage, auth: None, ..World::default() };
    expect(&world, &[], &["auth-service-down", "auth-service-unreachable"]);
}

#[test]
fn only_clear_words_make_another_key_expired() {
    let says = |probe: &Probe| with_key(probe, 401, "{\"detail\":\"API key has expired\"}");
    expect(&World { registry: says, auth: None, ..World::default() }, &["key-expired"], &[]);
    let auth = |probe: &Probe| match probe.target.path_only() {
        "/health" => healthy_auth(probe),
        _ => json(200, "{\"is_valid\":false,\"error\":\"Key expired\"}"),
    };
    expect(&World { registry: invalid, auth: Some(auth), ..World::default() }, &["key-expired"], &[]);
    let by_time = |probe: &Probe| match probe.target.path_only() {
        "/health" => healthy_auth(probe),
        _ => json(200, "{\"is_valid\":false,\"expires_at\":\"2025-06-30T00:00:00Z\"}"),
    };
    expect(&World { registry: invalid, auth: Some(by_time), ..World::default() }, &["key-expired"], &[]);
    // Every key is told so, a made-up one too.
    let everybody = |probe: &Probe| match (probe.target.path_only(), probe.presented) {
        ("/health", _) | (_, Presented::Nothing) => healthy_registry(probe),
        _ => json(401, "{\"detail\":\"Token expired\"}"),
    };
    let world = World { registry: everybody, auth: None, ..World::default() };
    expect(&world, &[], &["key-rejected", "key-expired", "auth-contract-mismatch"]);
    expect(
        &World { registry: invalid, auth: Some(knows_no_key), ..World::default() },
        &["key-rejected"],
        &[],
    );
}

#[test]
fn a_key_of_another_environment_is_named() {
    let test_key = "pf_test_MADEUPKEYFORTESTSMADEUPKEYFORTES";
    let world = || World { key: test_key, environment: Some("production"), ..World::default() };
    let refused = World { registry: invalid, auth: Some(knows_no_key), ..world() };
    expect(&refused, &["key-wrong-environment"], &[]);
    let unread = World { registry: invalid_hidden, auth: Some(knows_no_key), ..world() };
    expect(&unread, &["cors-missing-on-errors", "key-wrong-environment"], &[]);
    // Nobody but the gateway says so.
    let alone = World { registry: invalid, auth: None, ..world() };
    expect(
        &alone,
        &[],
        &["key-wrong-environment", "key-rejected", "service-id-mismatch", "auth-contract-mismatch"],
    );
    // It works here, or it is for the right one, or nobody said which is right.
    expect(&world(), &[], &[]);
    let right = World { environment: Some("test"), registry: invalid, auth: Some(knows_no_key), ..world() };
    expect(&right, &["key-rejected"], &[]);
    let unsaid = World { environment: None, registry: invalid, auth: Some(knows_no_key), ..world() };
    expect(&unsaid, &["key-rejected"], &[]);
}

#[test]
fn outages_and_limits_under_a_401_are_called_what_they_are() {
    let timeout = |probe: &Probe| with_key(probe, 401, "{\"detail\":\"Authentication service timeout\"}");
    // The auth service answers here: the gateway alone does not reach it (I08).
    expect(
        &World { registry: timeout, ..World::default() },
        &["auth-service-unreachable", "outage-reported-as-401"],
        &[],
    );
    let honest = |probe: &Probe| with_key(probe, 503, "{\"detail\":\"Authentication service timeout\"}");
    expect(&World { registry: honest, ..World::default() }, &["auth-service-unreachable"], &[]);
    // An "error" may also be an answer that the gateway could not read, and that took its time.
    let error = |probe: &Probe| with_key(probe, 503, "{\"detail\":\"Authentication service error\"}");
    for judging_ms in [5, 600] {
        expect(
            &World { registry: error, judging_ms, ..World::default() },
            &[],
            &["auth-service-unreachable", "auth-contract-mismatch"],
        );
    }
    let limit = |probe: &Probe| with_key(probe, 401, "{\"detail\":\"Rate limit exceeded\"}");
    expect(&World { registry: limit, ..World::default() }, &["rate-limited", "outage-reported-as-401"], &[]);
    // The words blame the key while the auth service is down: the key is not blamed.
    let down = |_: &Probe| Fate::Reply(Reply::html(503, "<html>503 Service Temporarily Unavailable"));
    expect(
        &World { registry: invalid, auth: Some(down), ..World::default() },
        &["auth-service-down"],
        &["outage-reported-as-401"],
    );
    // A bad key is a bad key.
    expect(
        &World { registry: invalid, auth: Some(knows_no_key), ..World::default() },
        &["key-rejected"],
        &[],
    );
}

#[test]
fn how_the_gateway_asks_is_narrowed_down() {
    // Header only, one service only: either may be what the gateway does differently (I02, I03).
    let strict = |probe: &Probe| match (probe.target.path_only(), probe.presented) {
        ("/health", _) => healthy_auth(probe),
        (_, Presented::KeyInBody | Presented::Nothing) => json(401, "{\"detail\":\"API key required\"}"),
        _ if probe.body.as_deref().is_some_and(|body| body.contains("\"platform\"")) => healthy_auth(probe),
        _ => json(401, "{\"detail\":\"API key does not have access to service\"}"),
    };
    let world = World { registry: invalid, auth: Some(strict), ..World::default() };
    expect(&world, &[], &["auth-contract-mismatch", "service-id-mismatch"]);
    // Any service will do, so the service id is not what it is.
    let header_only = |probe: &Probe| match (probe.target.path_only(), probe.presented) {
        ("/health", _) | (_, Presented::Key) => healthy_auth(probe),
        _ => json(401, "{\"detail\":\"API key required\"}"),
    };
    expect(&World { auth: Some(header_only), ..world }, &[], &["auth-contract-mismatch"]);
    // A key in the body is as good, so its place is not what it is.
    let either_place = |probe: &Probe| match (probe.target.path_only(), &probe.body) {
        ("/health", _) => healthy_auth(probe),
        (_, Some(body)) if body.contains("\"platform\"") => healthy_auth(&probe.clone().with(Presented::Key)),
        _ => json(401, "{\"detail\":\"API key does not have access to service\"}"),
    };
    let world = World { registry: invalid, auth: Some(either_place), ..World::default() };
    expect(&world, &[], &["service-id-mismatch", "auth-contract-mismatch"]);
    // The auth service wants the key in the body and says of the header that none came: the key is not blamed.
    let body_only = |probe: &Probe| match (probe.target.path_only(), probe.presented) {
        ("/health", _) => healthy_auth(probe),
        (_, Presented::KeyInBody) => healthy_auth(&probe.clone().with(Presented::Key)),
        _ => json(401, "{\"detail\":\"API key required\"}"),
    };
    expect(
        &World { registry: invalid, auth: Some(body_only), ..World::default() },
        &[],
        &["auth-contract-mismatch"],
    );
}

/// The auth service, which answers this to whoever asks about a key, except where a case says otherwise.
fn refuses(probe: &Probe) -> Fate {
    match probe.target.path_only() {
        "/health" => healthy_auth(probe),
        _ => json(401, "{\"detail\":\"Invalid or expired API key\"}"),
    }
}

#[test]
fn a_key_is_called_unknown_only_where_it_was_read() {
    let asked = |outcome: &Outcome, id: &str| outcome.probes.contains(&id.to_owned());
    // Another word for no key at all: the key was read, and there is no need to show it in the body.
    let reads = |probe: &Probe| match probe.presented {
        Presented::Nothing if probe.target.path_only() != "/health" => {
            json(401, "{\"detail\":\"API key required\"}")
        }
        _ => refuses(probe),
    };
    let outcome =
        expect(&World { registry: invalid, auth: Some(reads), ..World::default() }, &["key-rejected"], &[]);
    assert!(!asked(&outcome, "auth-validate-body"), "{:?}", outcome.probes);
    // The same words for everybody: it is shown in the body too, and refused there as well.
    for registry in [invalid, invalid_hidden] {
        let outcome = World { registry, auth: Some(refuses), ..World::default() }.run();
        assert!(outcome.certain.contains(&"key-rejected".to_owned()), "{:?}", outcome.certain);
        assert!(asked(&outcome, "auth-validate-body"), "{:?}", outcome.probes);
    }
    // It looks for keys in the body alone, and calls what is not there invalid: the key is good.
    let body_only = |probe: &Probe| match probe.presented {
        Presented::KeyInBody => healthy_auth(&probe.clone().with(Presented::Key)),
        _ => refuses(probe),
    };
    let world = World { registry: invalid, auth: Some(body_only), ..World::default() };
    expect(&world, &[], &["auth-contract-mismatch"]);
    let hidden = World { registry: invalid_hidden, ..world }.run();
    assert!(!hidden.certain.contains(&"key-rejected".to_owned()), "{:?}", hidden.certain);
    // Nothing could be learnt of a request without a key.
    let silent = |probe: &Probe| match probe.presented {
        Presented::Nothing if probe.target.path_only() != "/health" => Fate::Silent,
        _ => refuses(probe),
    };
    let outcome = World { registry: invalid, auth: Some(silent), ..World::default() }.run();
    assert!(asked(&outcome, "auth-validate-body") && outcome.certain == ["key-rejected"], "{outcome:?}");
}

#[test]
fn a_key_of_another_service_is_not_called_unknown() {
    // It says so, and judges no key without a service.
    let says = |probe: &Probe| match (probe.target.path_only(), probe.presented, &probe.body) {
        ("/health", ..) => healthy_auth(probe),
        (_, Presented::Nothing, _) => json(401, "{\"detail\":\"API key required\"}"),
        (_, _, Some(body)) if body.contains("service_id") => json(
            401,
            "{\"detail\":\"API key does not have access to service 'platform'. It is registered for 'website'.\"}",
        ),
        _ => json(401, "{\"detail\":\"service_id is required\"}"),
    };
    let world = World { registry: invalid, auth: Some(says), ..World::default() };
    let outcome = expect(&world, &["service-id-mismatch"], &[]);
    let report = Report::of(&outcome.run, &engine::judge(&outcome.run), &Catalogue::default());
    assert!(report.sentences[0].headline.starts_with("Your key is fine"), "{}", report.sentences[0].headline);
    // It does not say so, and judges no key without a service: the key may be unknown, or another service's.
    for unsaid in [
        |probe: &Probe| wants_service(probe, 422, "{\"detail\":[{\"msg\":\"Field required\"}]}"),
        |probe: &Probe| wants_service(probe, 401, "{\"detail\":\"service_id is required\"}"),
    ] {
        let world = World { registry: invalid, auth: Some(unsaid), ..World::default() };
        expect(&world, &[], &["key-rejected", "service-id-mismatch"]);
    }
}

fn wants_service(probe: &Probe, status: u16, text: &str) -> Fate {
    match (probe.target.path_only(), probe.presented, &probe.body) {
        ("/health", ..) => healthy_auth(probe),
        (_, Presented::Nothing, _) => json(401, "{\"detail\":\"API key required\"}"),
        (_, _, Some(body)) if body.contains("service_id") => refuses(probe),
        _ => json(status, text),
    }
}

#[test]
fn a_key_that_nobody_reads_is_not_called_bad() {
    for text in ["", "{\"detail\":\"Invalid credentials\"}", "{\"detail\":\"API key required\"}"] {
        let same = match text {
            "" => |probe: &Probe| everybody_gets(probe, ""),
            "{\"detail\":\"Invalid credentials\"}" => {
                |probe: &Probe| everybody_gets(probe, "{\"detail\":\"Invalid credentials\"}")
            }
            _ => |probe: &Probe| everybody_gets(probe, "{\"detail\":\"API key required\"}"),
        };
        let outcome = World { registry: same, auth: None, ..World::default() }.run();
        assert!(outcome.certain.is_empty(), "{text}: {:?}", outcome.certain);
        let first: Vec<&str> = outcome.shortlist.iter().take(2).map(String::as_str).collect();
        assert_eq!(first, ["auth-scheme-mismatch", "auth-header-stripped"], "{text}");
    }
}

fn everybody_gets(probe: &Probe, text: &str) -> Fate {
    match probe.target.path_only() {
        "/health" => healthy_registry(probe),
        _ => json(401, text),
    }
}

#[test]
fn a_key_lost_behind_the_first_check_is_said_so() {
    for status in [401, 500] {
        let wrapped = match status {
            401 => |probe: &Probe| with_key(probe, 401, "{\"detail\":\"API key required\"}"),
            _ => |probe: &Probe| with_key(probe, 500, "{\"detail\":\"MLflow: 401 API key required\"}"),
        };
        let outcome =
            expect(&World { registry: wrapped, ..World::default() }, &["auth-header-stripped"], &[]);
        let report = Report::of(&outcome.run, &engine::judge(&outcome.run), &Catalogue::default());
        assert!(report.sentences[0].headline.contains("lost behind"), "{}", report.sentences[0].headline);
    }
    // The first check's own refusals may not be read; the one behind it may.
    let outer_hidden = |probe: &Probe| match (probe.target.path_only(), probe.presented) {
        ("/health", _) => healthy_registry(probe),
        (_, Presented::Key) => json(401, "{\"detail\":\"API key required\"}"),
        _ => hidden(healthy_registry(probe)),
    };
    expect(
        &World { registry: outer_hidden, ..World::default() },
        &["auth-header-stripped"],
        &["cors-missing-on-errors"],
    );
    // Any other 500 is a defect of its own.
    let broken = |probe: &Probe| with_key(probe, 500, "{\"detail\":\"Internal server error\"}");
    expect(&World { registry: broken, ..World::default() }, &["server-error"], &[]);
}

#[test]
fn scopes_and_balance_are_read_where_the_refusal_is_hidden() {
    let reads_only = |probe: &Probe| match probe.target.path_only() {
        "/health" => healthy_auth(probe),
        _ => json(200, "{\"is_valid\":true,\"service_id\":\"platform\",\"scopes\":[\"model:read\"]}"),
    };
    expect(&World { auth: Some(reads_only), ..World::default() }, &[], &["key-lacks-permission"]);
    let may_write = |probe: &Probe| match probe.target.path_only() {
        "/health" => healthy_auth(probe),
        _ => json(200, "{\"is_valid\":true,\"scopes\":[\"model:read\",\"mlflow:write\"]}"),
    };
    expect(&World { auth: Some(may_write), ..World::default() }, &[], &[]);
    let unpaid = |probe: &Probe| hidden(with_key(probe, 402, "{\"detail\":\"Insufficient balance\"}"));
    let broke = |probe: &Probe| match probe.target.path_only() {
        "/health" => healthy_auth(probe),
        _ => json(200, "{\"is_valid\":true,\"has_sufficient_balance\":false}"),
    };
    let outcome = World { registry: unpaid, auth: Some(broke), ..World::default() }.run();
    assert_eq!(outcome.shortlist.first().map(String::as_str), Some("balance-exhausted"));
    // A healthy account is not called broke for the same refusal.
    let outcome = World { registry: unpaid, ..World::default() }.run();
    assert!(!outcome.shortlist.contains(&"balance-exhausted".to_owned()), "{:?}", outcome.shortlist);
    let limited = |probe: &Probe| match probe.target.path_only() {
        "/health" => healthy_auth(probe),
        _ => json(429, "{\"detail\":\"Rate limit exceeded\"}"),
    };
    let outcome = World { registry: invalid_hidden, auth: Some(limited), ..World::default() }.run();
    assert_eq!(outcome.shortlist.first().map(String::as_str), Some("rate-limited"));
}

#[test]
fn answers_of_the_auth_service_that_are_not_about_the_key_do_not_blame_it() {
    type Answer = fn(&Probe) -> Fate;
    let cases: [Answer; 6] = [
        |_| Fate::Reply(Reply::html(200, "<!doctype html><title>Sign in</title>")),
        |_| json(200, "{\"error\":\"database is locked\"}"),
        |_| json(401, ""),
        |_| json(401, "{\"detail\":\"Authentication service unavailable\"}"),
        |_| json(404, "{\"detail\":\"Not Found\"}"),
        |_| json(422, "{\"detail\":[{\"loc\":[\"body\",\"api_key\"],\"msg\":\"field required\"}]}"),
    ];
    for auth in cases {
        let outcome = World { registry: invalid, auth: Some(auth), ..World::default() }.run();
        assert!(!outcome.certain.contains(&"key-rejected".to_owned()), "{:?}", outcome.certain);
    }
}

/// Takes the key only as `X-API-Key`.
fn reads_x_api_key(probe: &Probe) -> Fate {
    let is_there =
        |scheme: &AuthScheme| probe.presented != Presented::Nothing && *scheme == AuthScheme::XApiKey;
    match probe.presented_as.as_ref().is_some_and(is_there) {
        true => healthy_registry(probe),
        false => healthy_registry(&Probe { presented: Presented::Nothing, ..probe.clone() }),
    }
}

/// The same, and what the auth layer says may not be read.
fn reads_x_api_key_hidden(probe: &Probe) -> Fate {
    hidden(reads_x_api_key(probe))
}

fn reads_no_key(probe: &Probe) -> Fate {
    healthy_registry(&Probe { presented: Presented::Nothing, ..probe.clone() })
}

fn reads_cookies(probe: &Probe) -> Fate {
    match probe.has_cookies() {
        true => healthy_registry(&probe.clone().with(Presented::Key)),
        false => healthy_registry(&Probe { presented: Presented::Nothing, ..probe.clone() }),
    }
}

#[track_caller]
fn then_other_ways(world: &World, cookies: bool) -> Outcome {
    let mut run = world.run().run;
    assert!(other_ways::offered(&run.facts()));
    run.try_other_ways(cookies);
    let outcome = world.go_on(run);
    assert!(!other_ways::offered(&outcome.run.facts()), "once is enough");
    let logins = outcome
        .run
        .observations
        .iter()
        .filter(|seen| seen.probe.id.starts_with("other-") && seen.probe.presented != Presented::Nothing);
    assert!(logins.count() <= 5, "{:?}", outcome.probes);
    outcome
}

#[test]
fn other_ways_find_the_scheme_that_works_and_stop_there() {
    for registry in [reads_x_api_key, reads_x_api_key_hidden] {
        let outcome = then_other_ways(&World { registry, auth: None, ..World::default() }, false);
        assert_eq!(outcome.probes, ["other-scheme-x-api-key"]);
        // A proxy that drops the other header looks the same.
        assert!(outcome.certain.is_empty(), "{:?}", outcome.certain);
        assert_eq!(outcome.shortlist.first().map(String::as_str), Some("auth-scheme-mismatch"));
        assert!(outcome.shortlist.contains(&"auth-header-stripped".to_owned()), "{:?}", outcome.shortlist);
        assert!(!outcome.shortlist.contains(&"key-rejected".to_owned()), "{:?}", outcome.shortlist);
        let report = Report::of(&outcome.run, &engine::judge(&outcome.run), &Catalogue::default());
        let sentence =
            report.sentences.iter().find(|said| said.code == "auth-scheme-mismatch").expect("named");
        assert!(sentence.headline.contains("X-API-Key: …"), "{}", sentence.headline);
        assert!(sentence.fixes.join("\n").contains("{\"x-api-key\": key}"), "{:?}", sentence.fixes);
    }
}

#[test]
fn other_ways_say_what_they_did_not_try() {
    let outcome = then_other_ways(&World { registry: reads_no_key, auth: None, ..World::default() }, false);
    assert!(outcome.certain.is_empty(), "{:?}", outcome.certain);
    assert_eq!(
        outcome.probes,
        [
            "other-scheme-x-api-key",
            "other-scheme-apikey",
            "other-scheme-raw",
            "other-scheme-both",
            "other-scheme-basic"
        ]
    );
    let with_more = World { registry: invalid, auth: Some(knows_no_key), ..World::default() };
    let outcome = then_other_ways(&with_more, true);
    // The auth service first, since the key was read; and the cookies cost no login.
    assert_eq!(outcome.probes.first().map(String::as_str), Some("other-client-address"));
    assert_eq!(outcome.probes.last().map(String::as_str), Some("other-scheme-cookies"));
    assert_eq!(other_ways::untried(&outcome.run.facts(), true), ["Basic (user:password)"]);
    assert_eq!(other_ways::tried(&outcome.run.facts()).len(), 6);
}

#[test]
fn cookies_that_open_the_door_mean_a_sign_in_page() {
    let outcome = then_other_ways(&World { registry: reads_cookies, auth: None, ..World::default() }, true);
    assert_eq!(outcome.certain, ["login-wall"]);
    let outcome = then_other_ways(&World { registry: reads_cookies, auth: None, ..World::default() }, false);
    assert!(!outcome.probes.contains(&"other-scheme-cookies".to_owned()), "nobody allowed cookies");
}

#[test]
fn other_ways_are_not_offered_where_they_cannot_help() {
    let forbidden = |probe: &Probe| with_key(probe, 403, "{\"detail\":\"Admin access required\"}");
    let outage = |probe: &Probe| with_key(probe, 503, "{\"detail\":\"Authentication service unavailable\"}");
    for world in [
        World::default(),
        World { registry: forbidden, ..World::default() },
        World { registry: outage, ..World::default() },
        World { registry: |_| Fate::Refused, auth: None, ..World::default() },
        World { key: "", ..World::default() },
    ] {
        let run = world.run().run;
        assert!(!other_ways::offered(&run.facts()));
    }
}

#[test]
fn health_paths_are_asked_and_read() {
    let paths = &["/ready", "/health?detailed=true"];
    let world = World { health_paths: paths, ..World::default() };
    let judged = |world: &World| {
        let run = world.run().run;
        let found = engine::judge(&run).checks.into_iter().find(|(check, _)| check.id == "health-endpoints");
        found.map(|(_, judgement)| (judgement.status, judgement.actual)).expect("the check")
    };
    let well = |probe: &Probe| match probe.target.path_only() {
        "/ready" => json(200, "{\"ready\":true}"),
        _ => healthy_registry(probe),
    };
    assert_eq!(judged(&World { registry: well, ..world }).0, Status::Pass);
    let degraded = |probe: &Probe| match probe.target.path.as_str() {
        "/ready" => json(200, "{\"ready\":true}"),
        "/health?detailed=true" => json(
            200,
            "{\"status\":\"degraded\",\"services\":{\"mlflow\":\"healthy\",\"redis\":\"unhealthy\"}}",
        ),
        _ => healthy_registry(probe),
    };
    let (status, said) = judged(&World { registry: degraded, health_paths: paths, ..World::default() });
    assert_eq!(
        (status, said.as_str()),
        (Status::Warn, "/health?detailed=true says status degraded (redis).")
    );
    // All is slow, and a part that everything needs is not well: one explains the other. Slow alone may be the line.
    let slow = World { registry: degraded, health_paths: paths, slow: true, ..World::default() };
    expect(&slow, &[], &["slow-dependency"]);
    expect(&World { slow: true, ..World::default() }, &[], &[]);
    expect(&World { slow: false, ..slow }, &[], &[]);
    // A host that answers nothing is not asked for each of them.
    let silent = World { registry: |_| Fate::Silent, health_paths: paths, ..World::default() };
    assert!(!silent.run().probes.iter().any(|id| id.starts_with("registry-health-path-")));
    let missing = World { health_paths: paths, ..World::default() };
    assert_eq!(judged(&missing).0, Status::Warn);
    assert_eq!(judged(&World::default()).0, Status::Skipped);
}
