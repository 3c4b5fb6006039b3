//! Pastes as people make them: cut, of something else, of several runs; and what contradicts the browser.

use super::*;

/// A host that refuses, asked from `https://page.example`.
pub fn run_refused() -> Run {
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
    // Over https a proxy that only the browser knows may have refused.
    assert_eq!(codes(&engine::judge(&run).verdict, false), ["host-unreachable"]);
}

#[test]
fn a_command_over_several_lines_is_one() {
    let text = "$ curl -v https://registry.example/health \\\n>   -H 'Origin: https://page.example'\n* Could not resolve host: registry.example\n";
    let seen = second::read(text).expect("curl");
    assert_eq!(seen.len(), 1);
    assert_eq!(seen[0].origin.as_deref(), Some("https://page.example"));
}

/// The browser is certain that a redirect is in the way; where it leads, only the other program sees. Both are true.
#[test]
fn what_the_browser_only_thought_of_becomes_certain_beside_what_it_knew() {
    let redirected = |_: &Probe| {
        Fate::Redirect("https://id.example/sign-in", Reply::html(200, "<title>Sign in</title>").bare())
    };
    let registry_origin = Origin { secure: false, host: "registry.example".into(), port: 80 };
    let page = Some(Origin { host: "page.example".into(), ..registry_origin.clone() });
    let world = World { registry: redirected, registry_origin, auth: None, page, ..World::default() };
    let mut run = world.run().run;
    assert_eq!(codes(&engine::judge(&run).verdict, true), ["redirect-without-cors"]);
    let text = "* Connected to registry.example (192.0.2.1) port 80\n> GET /health HTTP/1.1\n> Host: registry.example\n> Origin: http://page.example\n> \n< HTTP/1.1 302 Found\n< location: https://id.example/oauth2/start?rd=/\n< access-control-allow-origin: http://page.example\n< \n";
    let reading = heard(&mut run, text);
    assert_eq!(reading.sightings.len(), 1, "{:?}", reading.said);
    let verdict = engine::judge(&run).verdict;
    assert_eq!(codes(&verdict, true), ["login-wall", "redirect-without-cors"]);
    assert!(opinion::disagreements(&run.facts()).is_empty());
}

#[test]
fn another_certain_cause_than_the_browsers_is_told() {
    let without_the_keys_header = |probe: &Probe| {
        probe.presented == Presented::Nothing && probe.headers.iter().all(|(name, _)| name != "authorization")
    };
    let world = World { preflight: without_the_keys_header, auth: None, ..World::default() };
    let mut run = at("cors-preflight-unauthorized.txt", world).run().run;
    assert_eq!(codes(&engine::judge(&run).verdict, true), ["cors-header-not-allowed"]);
    heard(&mut run, &fixture("cors-preflight-unauthorized.txt"));
    assert_eq!(codes(&engine::judge(&run).verdict, true), ["cors-header-not-allowed"]);
    let said = opinion::disagreements(&run.facts());
    assert!(said.len() == 1 && said[0].contains("401"), "{said:?}");
}
