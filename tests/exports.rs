//! Every export: redacted, escaped, valid by the schema of its format as an independent program reads it, and as it
//! was (`tests/fixtures/exports`; `PREFLIGHT_BLESS=1` writes them anew).

#[path = "exports/escaping.rs"]
mod escaping;
mod native;
#[path = "exports/reading.rs"]
mod reading;
#[path = "exports/secrets.rs"]
mod secrets;
#[path = "exports/valid.rs"]
mod valid;
#[path = "world/mod.rs"]
#[allow(dead_code, reason = "not every test needs all of it")]
mod world;

use preflight::catalogue::Catalogue;
use preflight::deployment::credential::Presented;
use preflight::diagnosis::Confidence;
use preflight::probe::{Method, Probe};
use preflight::{desk, engine, report::Report};
use serde_json::{Value, json};
use std::fs;
use world::{Fate, Reply, World};

/// A report of format 1, which opens for ever.
const FROZEN: &str = include_str!("fixtures/report-1.json");
const FORMATS: [(&str, &str); 5] =
    [("markdown", "md"), ("json", "json"), ("har", "har"), ("junit", "xml"), ("html", "html")];

/// Asks the desk as the page does.
fn export(report: &str, format: &str, hosts: bool, bodies: bool) -> String {
    let report: Value = serde_json::from_str(report).expect("a report");
    let request =
        json!({ "task": "export", "format": format, "hosts": hosts, "bodies": bodies, "report": report });
    desk::answer(&request.to_string()).expect("an export")
}

/// Reports of runs that came out in different ways.
fn reports() -> Vec<String> {
    let worlds = [
        World::default(),
        World { registry: |_| Fate::Reply(Reply::json(200, "{}").bare()), ..World::default() },
        World { registry: |_| Fate::Refused, ..World::default() },
        World { registry: |_| Fate::Silent, auth: None, ..World::default() },
        World {
            registry: |probe| match probe.target.path_only() {
                "/health" => Fate::Reply(Reply::json(200, "{}")),
                _ => Fate::Reply(Reply::html(503, "<h1>503 Service Unavailable</h1>")),
            },
            ..World::default()
        },
    ];
    let of = |world: World| {
        let run = world.run().run;
        Report::of(&run, &engine::judge(&run), &Catalogue::default()).to_json()
    };
    worlds.map(of).into_iter().chain([FROZEN.to_owned()]).collect()
}

#[test]
fn exports_are_as_they_were() {
    let bless = std::env::var_os("PREFLIGHT_BLESS").is_some();
    // JSON is the report itself, whose members may become more.
    for (format, extension) in FORMATS.into_iter().filter(|(format, _)| *format != "json") {
        let path = format!("tests/fixtures/exports/report-1.{extension}");
        let mut now = export(FROZEN, format, true, true);
        if format == "har" {
            let mut har: Value = serde_json::from_str(&now).expect("JSON");
            har["log"]["_preflight"] = json!("the report");
            now = serde_json::to_string_pretty(&har).expect("JSON");
        }
        if bless {
            fs::write(&path, &now).expect("a folder of the project");
        }
        let was = fs::read_to_string(&path).unwrap_or_default();
        assert!(
            now == was,
            "{path} is of another version; PREFLIGHT_BLESS=1 writes what is exported now:\n{now}"
        );
    }
}

#[test]
fn what_the_desk_does_not_know_it_refuses_with_a_sentence() {
    for request in
        ["", "{", "[]", "{\"task\":\"sing\"}", "{\"task\":\"export\",\"format\":\"markdown\",\"report\":{}}"]
    {
        let refusal = desk::answer(request).expect_err("a refusal");
        assert!(refusal.ends_with('.'), "{refusal}");
    }
    let report: Value = serde_json::from_str(FROZEN).expect("a report");
    let refusal = desk::answer(&json!({ "task": "export", "format": "pdf", "report": report }).to_string());
    assert_eq!(
        refusal.expect_err("a refusal"),
        "This format is not known. There are markdown, json, har, junit and html."
    );
}

#[test]
fn a_run_that_was_not_answered_is_marked_so_in_har() {
    let har: Value = serde_json::from_str(&export(FROZEN, "har", true, true)).expect("JSON");
    let entries = har["log"]["entries"].as_array().expect("entries");
    let statuses: Vec<_> = entries.iter().map(|entry| entry["response"]["status"].as_u64()).collect();
    assert_eq!(statuses, [Some(200), Some(503), Some(0), Some(0), Some(0)]);
    assert_eq!(entries[2]["response"]["comment"], "an answer this page may not read, after 9 ms");
    assert_eq!(entries[3]["response"]["_error"], "a failed request, after 12 ms; browsers do not say why");
    assert_eq!(entries[4]["startedDateTime"], "2026-01-01T00:00:00.070Z");
    assert_eq!(
        entries[4]["request"]["headers"][1],
        json!({ "name": "authorization", "value": "[redacted]" })
    );
    assert_eq!(entries[4]["request"]["queryString"][1], json!({ "name": "api_key", "value": "[redacted]" }));
}

#[test]
fn junit_counts_what_failed_and_passes_nothing_that_was_not_seen() {
    let xml = export(FROZEN, "junit", true, true);
    assert!(xml.contains(
        "<testsuites name=\"Preflight\" tests=\"5\" failures=\"1\" errors=\"0\" skipped=\"2\" time=\"8.071\">"
    ));
    assert_eq!(xml.matches("<failure").count(), 1);
    assert_eq!(xml.matches("<skipped").count(), 2);
}

/// What is only likely on the page is only likely in a file, too.
#[test]
fn a_guess_stays_a_guess() {
    let post = |probe: &Probe| match (probe.method, probe.presented) {
        (Method::Post, Presented::Key) => Fate::Silent,
        _ => world::healthy_registry(probe),
    };
    let guessed = World { registry: post, auth: None, ..World::default() };
    let certain = World { key: "", auth: None, ..World::default() };
    for (world, is_guess) in [(guessed, true), (certain, false)] {
        let run = world.run().run;
        let judged = engine::judge(&run);
        let confidence = judged.verdict.causes.first().map(|named| named.confidence);
        assert_eq!(confidence != Some(Confidence::Certain), is_guess, "{confidence:?}");
        let report = Report::of(&run, &judged, &Catalogue::default()).to_json();
        let title = |format, before: &str| {
            let text = export(&report, format, true, true);
            let at = text.find(before).expect("a title") + before.len();
            text[at..].lines().next().expect("a line").to_owned()
        };
        for title in [title("markdown", "## Preflight: "), title("html", "<title>")] {
            assert_eq!(title.contains("Most likely"), is_guess, "{title}");
        }
    }
}
