//! The second opinion: what `curl` and DevTools really printed and saved (tests/fixtures/second), what is read of it,
//! and what it settles in a run.

#[path = "second/pasted.rs"]
mod pasted;
#[path = "second/properties.rs"]
mod properties;
#[allow(dead_code, reason = "the worlds serve several programs, and none needs all of them")]
mod world;

use preflight::catalogue::Catalogue;
use preflight::deployment::Origin;
use preflight::deployment::credential::Presented;
use preflight::diagnosis::{Confidence, Verdict, opinion};
use preflight::engine;
use preflight::probe::{Came, Probe};
use preflight::report::Report;
use preflight::run::Run;
use preflight::second::{self, Exchange, HAR_LIMIT, Reading, Unreadable};
use std::fs;
use std::time::Instant;
use world::{Fate, Reply, World, healthy_registry};

fn fixture(name: &str) -> String {
    let path = format!("{}/tests/fixtures/second/{name}", env!("CARGO_MANIFEST_DIR"));
    String::from_utf8_lossy(&fs::read(&path).unwrap_or_else(|error| panic!("{path}: {error}"))).into_owned()
}

fn exchanges(name: &str) -> Vec<Exchange> {
    second::read(&fixture(name)).unwrap_or_else(|error| panic!("{name}: {}", error.sentence()))
}

/// How far each exchange came, with its status.
fn came(name: &str) -> Vec<(Option<Came>, Option<u16>)> {
    let of = |seen: Exchange| (seen.came, seen.answer.map(|answer| answer.status));
    exchanges(name).into_iter().map(of).collect()
}

#[test]
fn every_capture_is_read_for_what_it_says() {
    let one = |came, status| vec![(Some(came), status)];
    let answered = |statuses: &[u16]| -> Vec<(Option<Came>, Option<u16>)> {
        statuses.iter().map(|status| (Some(Came::Answered), Some(*status))).collect()
    };
    for (name, expected) in [
        ("host-unreachable", one(Came::Refused, None)),
        ("name-unknown", one(Came::NameUnknown, None)),
        ("connection-reset", one(Came::Broken, None)),
        ("not-http", one(Came::NotHttp, None)),
        ("plain-on-tls-port", one(Came::NotHttp, None)),
        ("timeout", one(Came::Silent, None)),
        ("tls-self-signed", one(Came::CertificateSelfSigned, None)),
        ("tls-expired", one(Came::CertificateExpired, None)),
        ("tls-wrong-name", one(Came::CertificateName, None)),
        ("tls-on-plain-port", one(Came::Handshake, None)),
        ("gateway-without-backend-502-unreadable", answered(&[502, 502])),
        ("gateway-without-backend-503-unreadable", answered(&[503, 503])),
        ("cors-not-allowed", answered(&[200, 401])),
        ("cors-doubled", answered(&[200, 401])),
        ("cors-preflight-unauthorized", answered(&[401])),
        ("cors-preflight-redirected", answered(&[302])),
        ("cors-missing-on-errors-unknown-key-alone", answered(&[401])),
        ("mlflow-as-it-comes", answered(&[200, 403])),
        ("nginx-https-redirect", answered(&[301])),
        ("nginx-plain-on-tls-port", answered(&[400, 400])),
        ("auth-service-down-unreadable", answered(&[503, 503])),
        // In a terminal: colours, links, HTTP/2, redirects that are followed, headers twice, an answer of 1xx.
        ("h2-redirect-tty", answered(&[301, 200])),
        ("i-redirect-tty", answered(&[301, 200])),
        ("two-urls-tty", answered(&[200, 404])),
        ("verbose-and-headers-tty", answered(&[200])),
        ("continue", answered(&[502])),
    ] {
        assert_eq!(came(&format!("{name}.txt")), expected, "{name}");
    }
}

#[test]
fn addresses_headers_and_bodies_are_read() {
    let seen = &exchanges("mlflow-as-it-comes.txt");
    assert_eq!(seen[0].path.as_deref(), Some("/health"));
    assert_eq!(seen[0].secure, Some(false));
    let answer = seen[0].answer.as_ref().expect("an answer");
    assert_eq!(answer.body.text, "OK");
    assert_eq!(answer.header("access-control-allow-credentials"), Some("true"));
    let second = seen[1].answer.as_ref().expect("an answer");
    assert!(second.body.text.starts_with("Invalid Host header"), "{}", second.body.text);
    let doubled = exchanges("cors-doubled.txt")[0].answer.clone().expect("an answer");
    let twice = doubled.headers.iter().filter(|(name, _)| name == "access-control-allow-origin").count();
    assert_eq!(twice, 2);
    let h2 = &exchanges("h2-redirect-tty.txt")[1];
    assert_eq!((h2.secure, h2.host.as_deref(), h2.port), (Some(true), Some("127.0.0.1"), Some(39444)));
    assert_eq!(h2.origin.as_deref(), Some("https://page.example"));
    assert_eq!(h2.answer.as_ref().map(|answer| answer.body.text.as_str()), Some("{\"status\":\"healthy\"}"));
}

#[test]
fn keys_in_a_capture_are_nowhere_in_what_is_read() {
    for name in ["continue.txt", "i-redirect-tty.txt"] {
        assert!(fixture(name).contains("made_up_key"), "{name} plants nothing");
        assert!(!format!("{:?}", exchanges(name)).contains("made_up_key"), "{name}");
    }
    assert!(exchanges("continue.txt")[0].keyed);
}

/// A world at the addresses of a capture.
fn at(name: &str, world: World) -> World {
    let seen = exchanges(name).into_iter().next().expect("an exchange");
    let secure = seen.secure.unwrap_or(false);
    let default = if secure { 443 } else { 80 };
    let host = seen.host.expect("a host");
    let registry_origin = Origin { secure, host, port: seen.port.unwrap_or(default) };
    let page = exchanges(name).into_iter().find_map(|seen| seen.origin).and_then(|page| {
        let (host, port) = page.strip_prefix("http://")?.split_once(':')?;
        Some(Origin { secure: false, host: host.to_owned(), port: port.parse().expect("a number") })
    });
    let page = page.or(Some(Origin { secure: false, host: "127.0.0.1".into(), port: 1 }));
    World { registry_origin, page, ..world }
}

fn heard(run: &mut Run, text: &str) -> Reading {
    let reading = second::opinion(&run.facts(), text);
    run.hear(reading.sightings.clone());
    reading
}

fn codes(verdict: &Verdict, certain: bool) -> Vec<&str> {
    let chosen = verdict.causes.iter().filter(|named| (named.confidence == Confidence::Certain) == certain);
    chosen.map(|named| named.code.as_str()).collect()
}

/// Runs a world, adds a capture, and requires exactly these causes, with certainty.
#[track_caller]
fn settles(name: &str, world: World, code: &str) {
    let name = if name.contains('.') { name.to_owned() } else { format!("{name}.txt") };
    let run = at(&name, world).run().run;
    // Answers come in any order, which must decide nothing.
    let mut other_way_round = run.clone();
    other_way_round.observations.reverse();
    for mut run in [run, other_way_round] {
        let before = engine::judge(&run).verdict;
        assert!(codes(&before, true).is_empty(), "{name}: nothing to settle: {:?}", codes(&before, true));
        let reading = heard(&mut run, &fixture(&name));
        let after = engine::judge(&run).verdict;
        assert_eq!(
            (codes(&after, true), codes(&after, false)),
            (vec![code], vec![]),
            "{name}: {:?}",
            reading.said
        );
        let named = &after.causes[0];
        assert!(named.evidence.iter().any(|id| id.starts_with("second-opinion-")), "{name} is no evidence");
        let headline = named.headline(&run.facts());
        assert!(!headline.contains(" may "), "{headline}");
        assert!(opinion::disagreements(&run.facts()).is_empty());
        // Every other one that was named before is set aside.
        for other in before.causes.iter().filter(|other| other.code != code) {
            assert!(after.set_aside.iter().any(|aside| aside.code == other.code), "{name}: {}", other.code);
        }
    }
}

/// Whether Retry-After was sent at all, only the other program sees; that too many came is certain without it.
#[test]
fn a_hidden_header_is_found_or_was_never_sent() {
    let limited = |probe: &Probe| match probe.presented {
        Presented::Nothing => healthy_registry(probe),
        _ => Fate::Reply(Reply::json(429, r#"{"detail":"Rate limit exceeded"}"#)),
    };
    for (name, certain) in [
        ("rate-limited.txt", &["rate-limited", "cors-headers-not-exposed"][..]),
        ("nginx-limit-without-retry-after.txt", &["rate-limited"]),
    ] {
        let run = at(name, says(limited)).run().run;
        let mut other_way_round = run.clone();
        other_way_round.observations.reverse();
        for mut run in [run, other_way_round] {
            let before = engine::judge(&run).verdict;
            let named = (codes(&before, true), codes(&before, false));
            assert_eq!(named, (vec!["rate-limited"], vec!["cors-headers-not-exposed"]), "{name}");
            let reading = heard(&mut run, &fixture(name));
            let after = engine::judge(&run).verdict;
            assert_eq!(
                (codes(&after, true), codes(&after, false)),
                (certain.to_vec(), vec![]),
                "{name}: {:?}",
                reading.said
            );
        }
    }
}

fn refused() -> World {
    World { registry: |_| Fate::Refused, auth: None, ..World::default() }
}

fn says(registry: fn(&Probe) -> Fate) -> World {
    World { registry, auth: None, ..World::default() }
}

#[test]
fn nothing_came_back() {
    settles("host-unreachable", refused(), "host-unreachable");
    settles("name-unknown", refused(), "host-unreachable");
    settles("connection-reset", refused(), "connection-broken");
    settles("not-http", refused(), "connection-broken");
    settles("tls-self-signed", refused(), "tls-failure");
    settles("tls-expired", refused(), "tls-failure");
    settles("tls-wrong-name", refused(), "tls-failure");
    settles("tls-on-plain-port", refused(), "tls-failure");
    settles("nginx-https-redirect", refused(), "redirect-without-cors");
    settles("cors-resource-policy", refused(), "cors-not-allowed");
}

#[test]
fn nothing_is_readable() {
    let page = |_: &Probe| Fate::Reply(Reply::html(502, "<h1>502 Bad Gateway</h1>").bare());
    settles("gateway-without-backend-502-unreadable", says(page), "gateway-without-backend");
    settles("nginx-plain-on-tls-port", says(page), "wrong-base-url");
    let bare = |probe: &Probe| match healthy_registry(probe) {
        Fate::Reply(reply) => Fate::Reply(reply.bare()),
        other => other,
    };
    settles("cors-not-allowed", says(bare), "cors-not-allowed");
    settles("cors-wrong-origin", says(bare), "cors-not-allowed");
    settles("cors-doubled", says(bare), "cors-not-allowed");
    settles("nginx-sign-in", says(|_| Fate::Reply(Reply::html(200, "<form>").bare())), "login-wall");
}

#[test]
fn preflights_fail() {
    for (name, code) in [
        ("cors-preflight-unauthorized", "cors-preflight-unauthorized"),
        ("cors-preflight-redirected", "cors-preflight-redirected"),
        ("cors-preflight-failing", "cors-preflight-failing"),
        ("cors-preflight-forbidden", "cors-preflight-failing"),
        ("cors-preflight-bare", "cors-preflight-failing"),
    ] {
        settles(name, World { preflight: |_| false, auth: None, ..World::default() }, code);
    }
}

#[test]
fn har_files_of_devtools_settle_too() {
    settles("chromium-host-unreachable.har", refused(), "host-unreachable");
    settles("chromium-connection-reset.har", refused(), "connection-broken");
    settles("chromium-tls-expired.har", refused(), "tls-failure");
    settles("firefox-tls-expired.har", refused(), "tls-failure");
    settles("chromium-nginx-https-redirect.har", refused(), "redirect-without-cors");
    let bare = |probe: &Probe| match healthy_registry(probe) {
        Fate::Reply(reply) => Fate::Reply(reply.bare()),
        other => other,
    };
    settles("chromium-cors-not-allowed.har", says(bare), "cors-not-allowed");
    settles("firefox-cors-not-allowed.har", says(bare), "cors-not-allowed");
    let wall = |_: &Probe| Fate::Reply(Reply::html(200, "<form>").bare());
    settles("chromium-nginx-sign-in.har", says(wall), "login-wall");
    settles("firefox-nginx-sign-in.har", says(wall), "login-wall");
    for engine in ["chromium", "firefox"] {
        let world = World { preflight: |_| false, auth: None, ..World::default() };
        settles(&format!("{engine}-cors-preflight-unauthorized.har"), world, "cors-preflight-unauthorized");
    }
}

#[test]
fn a_har_file_that_does_not_show_the_text_is_believed_as_far_as_it_goes() {
    // Chromium keeps the text of what a page may not read from DevTools too: 502 and HTML, and no word of whose.
    let page = |_: &Probe| Fate::Reply(Reply::html(502, "<h1>502 Bad Gateway</h1>").bare());
    let name = "chromium-gateway-without-backend-502-unreadable.har";
    let mut run = at(name, says(page)).run().run;
    heard(&mut run, &fixture(name));
    let verdict = engine::judge(&run).verdict;
    assert_eq!((codes(&verdict, true), codes(&verdict, false)), (vec![], vec!["gateway-without-backend"]));
}

#[test]
fn keys_in_a_har_file_are_nowhere_in_what_is_read() {
    let name = "firefox-cors-preflight-unauthorized.har";
    assert!(fixture(name).contains("pf_live_MadeUpKeyThatWorks"), "Firefox saves keys");
    let world = World { preflight: |_| false, ..World::default() };
    let run = at(name, world).run().run;
    let reading = second::opinion(&run.facts(), &fixture(name));
    assert!(!reading.sightings.is_empty());
    assert!(!format!("{reading:?}").contains("MadeUpKey"));
}

#[test]
fn what_an_answer_says_is_judged_by_the_causes_own_rules() {
    // The key is refused unread; curl shows the refusal, and that it lacks the headers. Whether it is the key or the
    // service it is asked about, only the auth service could say.
    let registry = |probe: &Probe| match healthy_registry(probe) {
        Fate::Reply(reply) if probe.target.path_only() != "/health" => {
            Fate::Reply(Reply { status: 401, ..reply }.bare())
        }
        other => other,
    };
    let name = "cors-missing-on-errors-unknown-key-alone.txt";
    let mut run = at(name, says(registry)).run().run;
    heard(&mut run, &fixture(name));
    let verdict = engine::judge(&run).verdict;
    assert_eq!(codes(&verdict, true), ["cors-missing-on-errors"]);
    assert!(codes(&verdict, false).contains(&"key-rejected"), "{:?}", codes(&verdict, false));
}

/// The page hears of a second opinion only through the desk.
#[test]
fn the_desk_passes_it_on() {
    let run = at("host-unreachable.txt", refused()).run().run;
    let report = Report::of(&run, &engine::judge(&run), &Catalogue::default());
    let request = serde_json::json!({ "task": "second-opinion", "report": report, "text": fixture("host-unreachable.txt") });
    let answer = preflight::desk::answer(&request.to_string()).expect("a reading");
    let answer: serde_json::Value = serde_json::from_str(&answer).expect("JSON");
    assert_eq!(answer["sightings"].as_array().map(Vec::len), Some(1), "{answer}");
}
