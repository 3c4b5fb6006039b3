//! Every decoder of what others write, called as the page calls it, with what must hold whatever they are given: no
//! panic, no endless work, and what is read can be written and read again. Fuzzed by fuzz.rs; run over the seeds and over
//! all that was ever found (`found/`) by tests/decoders.rs.

#[path = "../native/mod.rs"]
mod native;

use miniz_oxide::deflate::compress_to_vec;
use miniz_oxide::inflate::decompress_to_vec_with_limit;
use native::parse_url;
use preflight::catalogue::Catalogue;
use preflight::deployment::form::{self, FormInput};
use preflight::deployment::{Base, Deployment, KeyPrefix, KeyShape, Origin};
use preflight::deployment::{clock, config, jwt, key, redact};
use preflight::probe::{Answer, Body, Complaint, Said, Who};
use preflight::registration::Journal;
use preflight::report::shared::{Detail, Shared};
use preflight::report::{Report, Shareable, Switches, link, request, wire};
use preflight::run::{Environment, Limits, Refusal, Run};
use preflight::{desk, engine, json, second};
use std::path::Path;

/// A decoder by its name.
pub struct Decoder {
    /// As it stands on the command line.
    pub name: &'static str,
    /// What it does with some bytes.
    pub run: fn(&[u8]),
    /// The longest input that is worth trying, bytes.
    pub longest: usize,
}

macro_rules! decoders {
    ($($name:ident: $longest:expr,)*) => {
        /// All of them.
        pub const ALL: &[Decoder] = &[$(Decoder { name: stringify!($name), run: $name, longest: $longest },)*];
    };
}

decoders! {
    result_link: 4_096,
    wire_text: 8_192,
    request_link: 4_096,
    curl_output: 8_192,
    har_file: 16_384,
    report_file: 16_384,
    configuration: 8_192,
    token: 2_048,
    page_json: 4_096,
    redaction: 4_096,
    answer: 4_096,
    catalogue: 4_096,
    journal: 1_024,
}

/// Files that each decoder starts from: real ones, from the fixtures of the tests.
pub fn seeds(root: &Path, name: &str) -> Vec<Vec<u8>> {
    let fixtures = root.join("tests/fixtures");
    let read = |file: &str| std::fs::read(fixtures.join(file)).unwrap_or_default();
    let all = |folder: &str, ending: &str| -> Vec<Vec<u8>> {
        let entries = std::fs::read_dir(fixtures.join(folder)).into_iter().flatten().flatten();
        let paths = entries.map(|entry| entry.path());
        paths
            .filter(|path| path.to_string_lossy().ends_with(ending))
            .filter_map(|path| std::fs::read(path).ok())
            .collect()
    };
    let links = || {
        ["result-link-1.txt", "result-link-2.txt"]
            .map(|file| String::from_utf8_lossy(&read(file)).into_owned())
    };
    let fragments =
        || links().map(|text| text.trim().split_once('#').map_or(String::new(), |(_, rest)| rest.to_owned()));
    match name {
        "result_link" => fragments().map(String::into_bytes).to_vec(),
        "wire_text" => {
            let mut texts: Vec<Vec<u8>> = fragments().iter().filter_map(|fragment| unpacked(fragment)).collect();
            let file = String::from_utf8_lossy(&read("report-1.json")).into_owned();
            texts.extend(desk::import::read(&file).map(|report| desk::import::shown(&report).into_bytes()));
            texts
        }
        "request_link" => vec![
            b"registry-url=https://registry.example:8443&mlflow-path=/api/mlflow&auth-url=https%3A%2F%2Fauth.example&auth-scheme=custom&auth-header=X-Key&service-id=a%26b&run=1&api-key=abc".to_vec(),
        ],
        "curl_output" => all("second", ".txt"),
        "har_file" => all("second", ".har").into_iter().chain([read("exports/report-1.har")]).collect(),
        "report_file" => vec![read("report-1.json"), read("exports/report-1.har")],
        "configuration" => vec![
            std::fs::read(root.join("docs/preflight.hokus.json")).unwrap_or_default(),
            b"{\"title\":\"x\",\"support\":{\"text\":\"t\",\"link\":\"mailto:a@b.example\"},\"tracker\":\"https://t.example/{title}\",\"limits\":{\"probe-timeout-ms\":8000},\"deployments\":[{\"id\":\"a\",\"registry-url\":\"https://r.example\"}]}".to_vec(),
        ],
        "token" => vec![
            b"eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJtYWRlIHVwIiwiZXhwIjoxNzAwMDAwMDAwLCJpc3MiOiJodHRwczovL2kuZXhhbXBsZSIsImF1ZCI6WyJhIl19.c2ln".to_vec(),
            b"export KEY=\"Bearer pf_live_MADEUPKEYFORTESTS\"".to_vec(),
        ],
        "page_json" => vec![
            b"{\"a\":[1,-2.5e9,true,null,\"\\ud83d\\ude00\\n\"],\"b\":{}}".to_vec(),
            read("report-1.json").into_iter().take(3_000).collect(),
        ],
        "redaction" => vec![
            b"{\"Authorization\":[\"Bearer a1b2c3d4\"],\"m\":\"{\\\"api_key\\\":\\\"abc\\\"}\"} https://u:p@h.example/?sig=ab12 ['x-api-key', b'abc']\n> Cookie: sid=1".to_vec(),
            b"&quot;token&quot;: &quot;abc&quot;, %22token%22%3A%22abc%22 AWS4-HMAC-SHA256 Credential=AK/x, Signature=ab pf_live_M4DEUPM4DEUP".to_vec(),
        ],
        "answer" => [
            "application/json\n{\"error_code\":\"RESOURCE_DOES_NOT_EXIST\",\"message\":\"x\"}",
            "application/json\n{\"detail\":[{\"msg\":\"API key required\",\"loc\":[\"header\"]}]}",
            "text/html\n<!doctype html><title>502 Bad Gateway</title><hr><center>nginx</center>",
            "text/html\n<form action=\"/login\"><input type=\"password\">",
            "text/plain\nInvalid Host header - possible DNS rebinding attack detected",
        ]
        .map(|text| text.as_bytes().to_vec())
        .to_vec(),
        "catalogue" => vec!["\u{1e}causes/a\nIt means.\n\n## Looks the same\n\n- `b`: Look.\n\n## nginx\n\nAdd:\n\n```nginx\nadd {page-origin};\n```\n\n[D](https://x.example), not tried here.\n\n## As for b\n\u{1e}causes/b\nOther.\n\n## Caddy\n\nThis.\n".into()],
        "journal" => vec![b"{\"base\":\"https://r.example/api\",\"id\":\"abcdefgh2345\",\"made_at\":\"2026-11-24T02:08:44.123Z\",\"steps\":[\"write-run-experiment\"]}".to_vec()],
        _ => Vec::new(),
    }
}

/// The text in a result link.
fn unpacked(fragment: &str) -> Option<Vec<u8>> {
    decompress_to_vec_with_limit(&link::read(fragment).ok()?, link::UNPACKED as usize).ok()
}

fn text(data: &[u8]) -> std::borrow::Cow<'_, str> {
    String::from_utf8_lossy(data)
}

/// A fragment, down to what is shown of it. One that is no link is tried as what a link could hold.
fn result_link(data: &[u8]) {
    let fragment = text(data);
    let packed = match link::read(&fragment) {
        Ok(packed) => packed,
        Err(problem) => {
            assert!(problem.to_string().ends_with('.'));
            let Some(again) = link::write(data) else { return };
            assert_eq!(link::read(&again).as_deref(), Ok(data));
            data.to_vec()
        }
    };
    if let Ok(bytes) = decompress_to_vec_with_limit(&packed, link::UNPACKED as usize) {
        wire_text(&bytes);
    }
}

/// The text in a link, as it is shown, also with the verdict of this version.
fn wire_text(data: &[u8]) {
    let Ok(shared) = wire::read(&text(data), parse_url) else { return };
    assert!(!shared.judged().checks.is_empty());
    shared.stations();
    shared.unknown_checks().count();
    engine::judge(&shared.run);
    let again = wire::write(&shared);
    assert_eq!(wire::read(&again, parse_url).as_ref(), Ok(&shared));
    // The page shares again what was shared with it.
    let report = Report::of(&shared.run, &shared.judged(), &Catalogue::default());
    let shareable = Shareable::of(report);
    for detail in Detail::FOR_LINKS {
        let text = wire::write(&Shared::of(&shareable, detail));
        assert!(wire::read(&text, parse_url).is_ok(), "{detail:?} {text}");
        assert!(link::write(&compress_to_vec(text.as_bytes(), 1)).is_none_or(|link| link.is_ascii()));
    }
}

fn request_link(data: &[u8]) {
    let fragment = text(data);
    let Some(read) = request::read(&fragment) else { return };
    let again = request::write(&read.input);
    assert!(again.is_ascii() && !again.contains(['#', ' ', '"', '<', '>']));
    let meant = form::understand(&read.input, None, parse_url);
    // An address with a password is refused, and is in no link; this sign is taken for one.
    let has_password = [&read.input.registry_url, &read.input.auth_url].iter().any(|url| url.contains('@'));
    if let Some(deployment) = meant.deployment.filter(|_| !has_password) {
        let back = request::read(&again).map(|request| request.input).unwrap_or_default();
        assert_eq!(form::understand(&back, None, parse_url).deployment.as_ref(), Some(&deployment));
        for origin in request::unlisted(&deployment, &[], parse_url) {
            assert!(!request::in_full(&origin).is_empty());
        }
    }
}

/// A run that a second opinion may be about.
fn run() -> Run {
    let input = FormInput {
        registry_url: "http://127.0.0.1:34331".into(),
        mlflow_path: "/api/mlflow".into(),
        auth_scheme: "bearer".into(),
        ..FormInput::default()
    };
    let deployment = form::understand(&input, None, parse_url).deployment.unwrap_or_else(|| Deployment {
        mlflow: Base { origin: page(), path: String::new() },
        path_is_listed: false,
        auth: None,
        scheme: Default::default(),
        own_header: None,
        service_id: None,
        open_path: "/health".into(),
        health_paths: Vec::new(),
        key_shape: None,
    });
    let environment = Environment {
        page_origin: page(),
        page_folder: "/".into(),
        on_line: true,
        local_network: None,
        user_agent: String::new(),
        nonce: "n0nce".into(),
        started_at: "2026-01-01T00:00:00Z".into(),
    };
    let mut run = Run::new(deployment, environment, Limits::default(), key::read("made-up", None, false).1);
    run.phase = preflight::run::Phase::Finished;
    run
}

fn page() -> Origin {
    Origin { secure: false, host: "127.0.0.2".into(), port: 33979 }
}

/// What curl printed, or anything else that is pasted into the same field.
fn curl_output(data: &[u8]) {
    let text = text(data);
    match second::read(&text) {
        Ok(exchanges) => assert!(!exchanges.is_empty() && exchanges.len() <= 200),
        Err(unreadable) => assert!(unreadable.sentence().ends_with('.')),
    }
    let mut run = run();
    let reading = second::opinion(&run.facts(), &text);
    run.hear(reading.sightings);
    engine::judge(&run);
}

fn har_file(data: &[u8]) {
    curl_output(&[b"{\"log\":{\"entries\":[{\"request\":", data, b"}]}}"].concat());
    curl_output(data);
}

/// A file that is opened, compared, or exported again.
fn report_file(data: &[u8]) {
    let file = text(data);
    let report = match desk::import::read(&file) {
        Ok(report) => report,
        Err(refusal) => return assert!(refusal.ends_with('.'), "{refusal}"),
    };
    if let Ok(shared) = wire::read(&desk::import::shown(&report), parse_url) {
        shared.judged();
        shared.stations();
    }
    desk::compare::write(report.report(), report.report());
    for switches in [Switches::ALL, Switches { hosts: false, bodies: false }] {
        let shareable = Shareable::new(report.report().clone(), switches);
        desk::markdown::write(&shareable);
        desk::junit::write(&shareable);
        desk::html::write(&shareable);
        let har = desk::har::write(&shareable);
        assert!(serde_json::from_str::<serde_json::Value>(&har).is_ok());
        desk::issue::address("https://t.example/new", &shareable);
    }
}

fn configuration(data: &[u8]) {
    let config = config::parse(&text(data));
    for preset in &config.deployments {
        let input = FormInput::from_preset(preset);
        let found = form::preset_for(&input, None, &config.deployments, parse_url);
        form::understand(&input, found, parse_url);
        key::read("made-up", preset.key_shape.as_ref(), false);
    }
}

/// A key as it is typed: token or not.
fn token(data: &[u8]) {
    let typed = text(data);
    if let Some(claims) = jwt::claims(&typed) {
        assert!(claims.iter().all(|(name, value)| !name.is_empty() && value.len() < 10_000));
    }
    let (clean, reading) = key::read(&typed, Some(&shape()), false);
    form::key_notes(&reading);
    // What is cleaned away stands around the key.
    assert!(typed.contains(&clean) && reading.present != clean.is_empty());
    for time in [clock::from_iso(&typed), clock::from_http(&typed)].into_iter().flatten() {
        clock::utc(time);
        clock::span(time);
    }
}

fn shape() -> KeyShape {
    KeyShape { prefixes: prefixes(), lengths: vec![32], alphanumeric: true, environment: None }
}

fn prefixes() -> Vec<KeyPrefix> {
    vec![KeyPrefix { prefix: "pf_live_".into(), environment: "production".into() }]
}

/// The page's own reader and writer against the crate's.
fn page_json(data: &[u8]) {
    let text = text(data);
    let ours = json::parse(&text);
    let theirs = serde_json::from_str::<serde_json::Value>(&text);
    match (&ours, &theirs) {
        (Ok(ours), Ok(theirs)) => {
            let again = ours.to_string();
            assert_eq!(json::parse(&again).as_ref(), Ok(ours));
            let read: serde_json::Value = serde_json::from_str(&again).unwrap_or_default();
            assert_eq!(&read, theirs);
        }
        (Ok(_), Err(error)) => assert!(error.to_string().contains("number out of range"), "{text}"),
        (Err(_), Ok(_)) => panic!("not read: {text}"),
        (Err(_), Err(_)) => {}
    }
    assert_eq!(json::parse(&json::quote(&text)), Ok(json::Value::String(text.into_owned())));
}

/// What is left stands in what was given, in its order; and a token of a known shape is not left where words end around
/// it.
fn redaction(data: &[u8]) {
    const TOKEN: &str = "ghp_0123456789abcdefghijMADEUP";
    let text = text(data);
    let once = redact::text(&text, &prefixes());
    let mut rest = &*text;
    for piece in once.split(redact::MARK).filter(|_| !text.contains(redact::MARK)) {
        let Some((_, after)) = rest.split_once(piece) else { panic!("{text:?} becomes {once:?}") };
        rest = after;
    }
    let middle = (0..=text.len() / 2).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
    let (before, after) = text.split_at(middle);
    let planted = [before, " ", TOKEN, " ", after].concat();
    let redacted = redact::text(&planted, &prefixes());
    // Glued to another word it is none.
    assert!(text.contains(TOKEN) || !redacted.contains(TOKEN), "{planted:?} becomes {redacted:?}");
    redact::header(before.trim(), after, &prefixes());
}

/// An answer of any server: its first line is the content type.
fn answer(data: &[u8]) {
    let text = text(data);
    let (kind, body) = text.split_once('\n').unwrap_or(("", &text));
    for status in [200, 401, 403, 404, 429, 500, 502] {
        let answer = Answer {
            status,
            landed: None,
            queued_ms: None,
            headers: vec![
                ("content-type".to_owned(), kind.to_owned()),
                ("server".to_owned(), kind.to_owned()),
            ],
            body: Body { text: body.to_owned(), bytes: body.len() as u32, complete: true, ..Body::default() },
        };
        Said::of(&answer);
        Who::of(&answer);
        Refusal::of(&answer);
        assert!(!answer.media_type().contains(' '));
        if let Some(complaint) = Complaint::of(&answer) {
            complaint.brief();
            complaint.names_the_store();
        }
        preflight::probe::quoted(&answer.error_text(), 160);
    }
}

fn catalogue(data: &[u8]) {
    let Some(catalogue) = Catalogue::read(text(data).into_owned()) else { return };
    for code in ["a", "b"] {
        let words = catalogue.cause(code).unwrap_or_default();
        for card in &words.cards {
            preflight::diagnosis::fix::filled(card, |name| Some(format!("value of '{name}' $(x) \"y\"")));
        }
        catalogue.check(code, preflight::catalogue::WHY);
    }
}

fn journal(data: &[u8]) {
    if let Some(journal) = Journal::parse(&text(data)) {
        assert_eq!(Journal::parse(&journal.to_text()), Some(journal.clone()));
        assert!(journal.clean_up().is_sound());
    }
}
