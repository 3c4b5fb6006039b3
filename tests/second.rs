//! The second opinion: what `curl` and DevTools really printed and saved (tests/fixtures/second), what is read of it,
//! and what it settles in a run.

#[path = "second/properties.rs"]
mod properties;
#[allow(dead_code, reason = "the worlds serve several programs, and none needs all of them")]
mod world;

use preflight::deployment::Origin;
use preflight::diagnosis::{Confidence, Verdict, opinion};
use preflight::engine;
use preflight::probe::{Came, Probe};
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
    let text = fixture(name);
    let page = text.lines().find_map(|line| line.strip_prefix("> Origin: http://")).map(|page| {
        let (host, port) = page.trim().split_once(':').expect("a port");
        Origin { secure: false, host: host.to_owned(), port: port.parse().expect("a number") }
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
    let name = format!("{name}.txt");
    let mut run = at(&name, world).run().run;
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

/// A host that refuses, asked from `https://page.example`.
fn run_refused() -> Run {
    World { registry: |_| Fate::Refused, auth: None, ..World::default() }.run().run
}

const ASKED: &str = "$ curl -v https://registry.example/health -H 'Origin: https://page.example'\n";

/// An answer as curl prints it with `-v`.
fn verbose(host: &str, headers: &str, status: &str) -> String {
    format!(
        "*   Trying 192.0.2.1:443...\n* Connected to {host} (192.0.2.1) port 443\n* SSL connection using TLSv1.3\n> GET /health HTTP/2\n> Host: {host}\n{headers}> \n< HTTP/2 {status}\n< content-type: application/json\n< access-control-allow-origin: https://page.example\n< \n{{\"status\":\"healthy\"}}\n"
    )
}

#[test]
fn a_good_answer_where_the_browser_gets_none_contradicts_it() {
    let mut run = run_refused();
    let reading = heard(&mut run, &verbose("registry.example", "> Origin: https://page.example\n", "200"));
    assert_eq!(reading.sightings.len(), 1, "{:?}", reading.said);
    let verdict = engine::judge(&run).verdict;
    assert!(codes(&verdict, true).is_empty(), "nothing is certain then");
    assert_eq!(codes(&verdict, false), ["extension-blocked", "tls-failure"]);
    let said = opinion::disagreements(&run.facts());
    assert!(said.len() == 1 && said[0].contains("this browser gets no answer"), "{said:?}");
}

#[test]
fn a_healthy_run_that_curl_cannot_repeat_is_told_of() {
    let mut run = World { auth: None, ..World::default() }.run().run;
    heard(
        &mut run,
        &format!(
            "{ASKED}* Could not resolve host: registry.example\ncurl: (6) Could not resolve host: registry.example\n"
        ),
    );
    assert_eq!(engine::judge(&run).verdict.overall.name(), "healthy");
    let said = opinion::disagreements(&run.facts());
    assert!(said.len() == 1 && said[0].contains("This browser reaches"), "{said:?}");
}

#[test]
fn an_unknown_issuer_is_likely_and_not_certain() {
    let mut run = run_refused();
    heard(
        &mut run,
        &format!("{ASKED}curl: (60) SSL certificate problem: unable to get local issuer certificate\n"),
    );
    let verdict = engine::judge(&run).verdict;
    assert!(codes(&verdict, true).is_empty());
    assert_eq!(codes(&verdict, false), ["tls-failure", "extension-blocked"]);
}

#[test]
fn what_does_not_belong_to_the_run_is_named() {
    let good = "> Origin: https://page.example\n";
    for (text, says) in [
        (verbose("other.example", good, "200"), "another host"),
        (verbose("registry.example:8443", good, "200"), "another port"),
        (
            verbose("registry.example", good, "200").replace("SSL connection using TLSv1.3", "no"),
            "another scheme",
        ),
        (
            verbose("registry.example", "> Origin: https://app.example\n", "200"),
            "as a page of https://app.example",
        ),
        (verbose("registry.example", "", "200"), "no Origin header"),
        (verbose("registry.example", good, "200").replace("/health", "/other"), "did not ask"),
        ("HTTP/2 200\ncontent-type: text/plain\n\nOK\n".to_owned(), "which address"),
        (
            verbose("registry.example", good, "200").split("< HTTP").next().expect("text").to_owned(),
            "ends before an answer",
        ),
        (
            format!(
                "* Uses proxy env variable https_proxy == 'http://proxy:3128'\n{}",
                verbose("registry.example", good, "200")
            ),
            "through a proxy",
        ),
        (
            format!("{}{}", ASKED.replace("-v", "-kv"), verbose("registry.example", good, "200")),
            "any certificate",
        ),
    ] {
        let run = run_refused();
        let reading = second::opinion(&run.facts(), &text);
        assert!(reading.sightings.is_empty(), "{text}");
        assert!(reading.said.iter().any(|line| line.contains(says)), "{says}: {:?}", reading.said);
        let again = reading.again.expect("the command once more");
        assert!(again.starts_with("curl -v ") && again.contains("registry.example/health"), "{again}");
    }
}

#[test]
fn runs_of_several_kinds_in_one_paste_are_told_apart() {
    let windows =
        verbose("registry.example", "> Origin: https://page.example\n", "503").replace('\n', "\r\n");
    let text = format!(
        "Windows PowerShell\r\nCopyright (C) Microsoft Corporation. Alle Rechte vorbehalten.\r\n\r\nPS C:\\Users\\me> curl.exe -v https://elsewhere.example/ \r\n* Could not resolve host: elsewhere.example\r\ncurl: (6) Could not resolve host: elsewhere.example\r\nPS C:\\Users\\me> curl.exe -v https://registry.example/health -H \"Origin: https://page.example\"\r\n{windows}PS C:\\Users\\me> "
    );
    let seen = second::read(&text).expect("curl");
    let came: Vec<_> = seen.iter().map(|seen| (seen.host.as_deref(), seen.came)).collect();
    assert_eq!(
        came,
        [
            (Some("elsewhere.example"), Some(Came::NameUnknown)),
            (Some("registry.example"), Some(Came::Answered)),
        ]
    );
    assert_eq!(
        seen[1].answer.as_ref().map(|answer| answer.body.text.as_str()),
        Some("{\"status\":\"healthy\"}")
    );
}

#[test]
fn a_name_with_two_addresses_is_one_question() {
    let text = "* Host localhost:5000 was resolved.\n* IPv6: ::1\n* IPv4: 127.0.0.1\n*   Trying [::1]:5000...\n* connect to ::1 port 5000 from ::1 port 39120 failed: Connection refused\n*   Trying 127.0.0.1:5000...\n* Connected to localhost (127.0.0.1) port 5000\n> GET /health HTTP/1.1\n> Host: localhost:5000\n> \n< HTTP/1.1 200 OK\n< \nOK\n";
    let seen = second::read(text).expect("curl");
    assert_eq!(seen.len(), 1);
    assert_eq!(seen[0].came, Some(Came::Answered));
}

#[test]
fn bad_input_gets_a_sentence() {
    let report =
        preflight::report::Report::of(&run_refused(), &engine::judge(&run_refused()), &Default::default())
            .to_json();
    for (text, expected) in [
        ("", Unreadable::Empty),
        (" \r\n\t", Unreadable::Empty),
        ("\u{7f}ELF\u{1}\u{2}\u{3}\u{fffd}\u{fffd}", Unreadable::Binary),
        ("{\"a\":1}", Unreadable::OtherJson),
        ("{\"log\":{\"entries\":[]}}", Unreadable::EmptyHar),
        ("{\"log\":{\"entries\":[{", Unreadable::BrokenJson),
        (report.as_str(), Unreadable::Report),
        ("--2026-01-01-- https://registry.example/\nResolving registry.example...", Unreadable::OtherText),
        ("hello", Unreadable::OtherText),
    ] {
        assert_eq!(second::read(text), Err(expected), "{text}");
        let said = expected.sentence();
        assert!(said.ends_with('.') && said.len() > 20, "{said}");
    }
    let large = format!("{{\"log\":{{\"x\":\"{}\"}}}}", "x".repeat(HAR_LIMIT));
    assert_eq!(second::read(&large), Err(Unreadable::TooLarge));
}

#[test]
fn time_is_in_proportion_to_length() {
    // Each of these once more long: what is quadratic takes minutes.
    for piece in [
        "* Trying ",
        "\u{1b}[",
        "\u{1b}]8;;",
        "curl curl $ ",
        "> GET / HTTP/1.1\n< HTTP/1.1 200\n< \n",
        "{\"a\":[",
        "x",
        "\r",
        "'\"\\",
        "curl: (",
        "eyJ",
        "--:--:--",
    ] {
        let text = piece.repeat(1_000_000 / piece.len());
        let begun = Instant::now();
        let _ = second::read(&text);
        assert!(begun.elapsed().as_secs() < 20, "{piece:?} takes {:?}", begun.elapsed());
    }
}

#[test]
fn what_is_heard_again_takes_the_place_of_what_was_heard_before() {
    let mut run = run_refused();
    let good = verbose("registry.example", "> Origin: https://page.example\n", "200");
    heard(&mut run, &good);
    heard(&mut run, &format!("{ASKED}curl: (6) Could not resolve host: registry.example\n"));
    assert_eq!(run.second_opinion.len(), 1);
    assert_eq!(codes(&engine::judge(&run).verdict, true), ["host-unreachable"]);
}

#[test]
fn a_command_over_several_lines_is_one() {
    let text = "$ curl -v https://registry.example/health \\\n>   -H 'Origin: https://page.example'\n* Could not resolve host: registry.example\n";
    let seen = second::read(text).expect("curl");
    assert_eq!(seen.len(), 1);
    assert_eq!(seen[0].origin.as_deref(), Some("https://page.example"));
}
