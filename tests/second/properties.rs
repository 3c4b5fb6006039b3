//! No text is too much, and no credential comes through.

use super::pasted::run_refused;
use preflight::catalogue::Catalogue;
use preflight::{engine, second};

/// Lines as they stand in pastes, with secrets planted in most places.
const LINES: [&str; 26] = [
    "$ curl -v https://registry.example/health -H 'Origin: https://page.example' -H 'Authorization: Bearer SECRET'",
    "$ curl -iu me:SECRET 'https://registry.example/health?token=SECRET'",
    "*   Trying 192.0.2.1:443...",
    "* Connected to registry.example (192.0.2.1) port 443 (#0)",
    "* SSL connection using TLSv1.3",
    "* SSL certificate problem: self-signed certificate",
    "* [HTTP/2] [1] [authorization: Bearer SECRET]",
    "> GET /health?api_key=SECRET HTTP/2",
    "> OPTIONS /health HTTP/1.1",
    "> Host: registry.example",
    "> Origin: https://page.example",
    "> Authorization: Bearer SECRET",
    "> X-API-Key: SECRET",
    "> Cookie: session=SECRET",
    "> ",
    "< HTTP/2 401",
    "< set-cookie: session=SECRET; Path=/",
    "< location: https://login.example/?code=SECRET",
    "< content-type: application/json",
    "< ",
    "{\"detail\":\"Invalid key SECRET\"}",
    "{\"access_token\":\"SECRET\"}* Connection #0 to host registry.example left intact",
    "curl: (56) Recv failure: Connection reset by peer",
    "HTTP/1.1 200 OK",
    "",
    "Asked for Preflight: https://registry.example/health?key=SECRET",
];

/// Made up, and of no shape that would give it away.
const SECRET: &str = "made-up-planted-secret";

proptest::proptest! {
    #[test]
    fn any_text_is_survived(text in "\\PC{0,400}") {
        let run = run_refused();
        let _ = second::opinion(&run.facts(), &text);
    }

    #[test]
    fn any_bytes_are_survived(bytes in proptest::collection::vec(proptest::num::u8::ANY, 0..600)) {
        let _ = second::read(&String::from_utf8_lossy(&bytes));
    }

    #[test]
    fn any_order_of_lines_is_survived_and_no_secret_comes_through(
        picked in proptest::collection::vec((0_usize..26, 0_usize..4), 0..40),
    ) {
        let ends = ["\n", "\r\n", "\r", "\u{1b}[0m\n"];
        // What was sent is known from the request: it stands there first, as in every real paste.
        let mut text = format!("{}\n{}\n", LINES[0], LINES[1]);
        for (line, end) in picked {
            text.push_str(LINES[line]);
            text.push_str(ends[end]);
        }
        let text = text.replace("SECRET", SECRET);
        let mut run = run_refused();
        let reading = second::opinion(&run.facts(), &text);
        let json = serde_json::to_string(&reading.sightings).expect("JSON");
        proptest::prop_assert!(!json.contains(SECRET), "{}", json);
        proptest::prop_assert!(!reading.said.iter().any(|line| line.contains(SECRET)));
        run.hear(reading.sightings);
        let report = preflight::report::Report::of(&run, &engine::judge(&run), &Catalogue::default()).to_json();
        proptest::prop_assert!(!report.contains(SECRET));
    }

    #[test]
    fn any_json_is_survived(text in "\\{\"log\":\\{\"entries\":\\[\\{\"(request|response)\":\\{\"(url|status|headers)\":(1|\"http://a\"|\\[\\{\\}\\])\\}\\}\\]\\}\\}") {
        let _ = second::read(&text);
    }
}
