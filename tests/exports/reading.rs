//! What comes back as a file: our own is read as it was, anything else gets a sentence, and nothing is executed,
//! believed or survived badly.

use super::native::parse_url;
use super::{FROZEN, export, reports};
use preflight::deployment::address::Origin;
use preflight::desk;
use preflight::report::{Report, wire};
use proptest::prelude::*;
use serde_json::{Value, json};

fn import(text: &str) -> Result<String, String> {
    desk::answer(&json!({ "task": "import", "text": text }).to_string())
}

#[test]
fn our_files_are_read_back_as_they_were() {
    for report in reports() {
        let made: Report = serde_json::from_str(&export(&report, "json", true, true)).expect("a report");
        for format in ["json", "har"] {
            let text = import(&export(&report, format, true, true)).expect("our own file");
            let shared = wire::read(&text, parse_url).expect("what the page can show");
            assert_eq!(shared.verdict, made.verdict, "{format}");
            assert_eq!(shared.run.observations.len(), made.observations.len());
            assert_eq!(
                shared.run.deployment.mlflow.origin,
                Origin { ..made.deployment.mlflow.origin.clone() }
            );
            let statuses: Vec<_> = shared.checks.iter().map(|check| check.status).collect();
            assert_eq!(statuses, made.checks.iter().map(|check| check.status).collect::<Vec<_>>());
        }
    }
}

#[test]
fn what_is_no_report_gets_a_sentence() {
    let newer = FROZEN.replacen("\"format\": 1", "\"format\": 7", 1);
    let cut = &FROZEN[..FROZEN.len() / 2];
    let broken = FROZEN.replacen("\"Finished\"", "\"Asleep\"", 1);
    let mut endless: Value = serde_json::from_str(FROZEN).expect("a report");
    let one = endless["observations"][0].clone();
    endless["observations"] = Value::Array(vec![one; 1_001]);
    let deep = "{\"a\":".repeat(100_000);
    for (file, says) in [
        ("", "This is no report of Preflight"),
        ("> GET / HTTP/1.1", "This is no report of Preflight"),
        ("\u{1f}\u{8b}\u{8}zip", "This is no report of Preflight"),
        ("[]", "This is no report of Preflight"),
        ("{\"a\":1,}", "This file is no JSON (line 1, column 8)."),
        (cut, "The end of this file is missing."),
        ("{\"openapi\":\"3.1.0\"}", "This is JSON of another program"),
        ("{\"log\":{\"version\":\"1.2\",\"entries\":[]}}", "This HAR file holds no report"),
        ("{\"log\":{\"_preflight\":{}}}", "This is JSON of another program"),
        (&newer, "A later version of Preflight wrote this report (format 7;"),
        (&broken, "This says that it is a report of Preflight, and a part of it cannot be read."),
        (&endless.to_string(), "This report holds more questions"),
        (&deep, "This file is no JSON"),
    ] {
        let refusal = import(file).expect_err("a refusal");
        assert!(refusal.starts_with(says), "{refusal}");
        assert!(refusal.ends_with('.'), "{refusal}");
    }
    let larger = format!("{{\"a\":\"{}\"}}", "x".repeat(20_000_000));
    assert!(import(&larger).expect_err("a refusal").starts_with("This file is larger than 20 MB"));
}

#[test]
fn a_byte_order_mark_and_line_ends_of_windows_change_nothing() {
    let text = format!("\u{feff}\r\n{}\r\n", FROZEN.replace('\n', "\r\n"));
    assert_eq!(import(&text), import(FROZEN));
}

#[test]
fn two_reports_are_compared_or_the_file_is_refused() {
    let report: Value = serde_json::from_str(FROZEN).expect("a report");
    let ask =
        |text: &str| desk::answer(&json!({ "task": "compare", "report": report, "text": text }).to_string());
    let sections: Value = serde_json::from_str(&ask(FROZEN).expect("sections")).expect("JSON");
    assert_eq!(sections[0]["title"], "What is compared");
    assert!(ask("no").expect_err("a refusal").starts_with("This is no report"));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn any_file_is_survived(text in "\\PC{0,300}|\\{\"(format|log|observations)\":[\\[\\]{}0-9\",:a-z]{0,80}") {
        if let Err(refusal) = import(&text) {
            prop_assert!(refusal.ends_with('.'));
        }
    }

    /// A report that was changed anywhere is read or refused, never believed beyond what the page can check.
    #[test]
    fn changed_reports_are_survived(at in 0usize..8_000, with in "[\\x20-\\x7e]{0,6}", length in 0usize..6) {
        let mut text = FROZEN.to_owned();
        let at = at.min(text.len() - 10);
        if text.is_char_boundary(at) && text.is_char_boundary(at + length) {
            text.replace_range(at..at + length, &with);
        }
        if let Ok(wired) = import(&text) {
            // Whatever it is, the page's own reader decides.
            let _ = wire::read(&wired, parse_url);
        }
    }
}
