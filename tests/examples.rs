//! The recorded examples: each is a report of today's format, is judged by today's engine as its incident was in truth,
//! and speaks of no key and no machine. `make examples` records them anew.

#[allow(dead_code, reason = "only its table and its stories are needed here")]
#[path = "lab/mod.rs"]
mod lab;
mod native;

use lab::examples::{self, ALL, FOLDER};
use lab::keys::Key;
use lab::scenarios;
use native::parse_url;
use preflight::diagnosis::Confidence;
use preflight::report::{FORMAT, Report, wire};
use preflight::{desk, engine};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::fs;

fn file(row: &str) -> String {
    let path = format!("{FOLDER}/{row}.json");
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}; make examples writes it"))
}

#[test]
fn each_is_judged_as_it_was_in_truth() {
    let mut wrong = Vec::new();
    for example in ALL {
        let report: Report = serde_json::from_str(&file(example.row)).expect("a report");
        let row = scenarios::named(example.row).expect("a row of the table");
        // As the page does: what the desk makes of the file, judged by this version.
        let request = json!({ "task": "import", "text": file(example.row) }).to_string();
        let shared = wire::read(&desk::answer(&request).expect("an import"), parse_url).expect("a report");
        for run in [shared.run, report.into_run()] {
            let verdict = engine::judge(&run).verdict;
            let with = |certain: bool| -> BTreeSet<String> {
                let causes = verdict.causes.iter();
                let chosen = causes.filter(|named| (named.confidence == Confidence::Certain) == certain);
                chosen.map(|named| named.code.clone()).collect()
            };
            let set = |codes: &[&str]| codes.iter().map(|code| (*code).to_owned()).collect::<BTreeSet<_>>();
            let (certain, shortlist) = (with(true), with(false));
            let true_ones = set(example.causes);
            let named: BTreeSet<String> = certain.union(&shortlist).cloned().collect();
            if certain != set(row.expect.certain)
                || shortlist != set(row.expect.shortlist)
                || !true_ones.is_subset(&named)
            {
                wrong.push(format!("{}: certain {certain:?}, else {shortlist:?}", example.row));
            }
        }
    }
    assert_eq!(wrong, Vec::<String>::new());
}

/// A report that this program would not write so is of an older one.
#[test]
fn each_is_of_todays_format() {
    for example in ALL {
        let value: Value = serde_json::from_str(&file(example.row)).expect("JSON");
        assert_eq!(value["format"], json!(FORMAT), "{}", example.row);
        let report: Report = serde_json::from_value(value.clone()).expect("a report");
        let again: Value = serde_json::from_str(&report.to_json()).expect("JSON");
        assert_eq!(value, again, "{}", example.row);
    }
}

#[test]
fn the_list_and_the_files_are_those_of_the_stories() {
    let index = fs::read_to_string(format!("{FOLDER}/index.json")).expect("an index");
    assert_eq!(index, examples::index(), "make examples writes it anew");
    let files = fs::read_dir(FOLDER)
        .expect("the folder")
        .filter_map(|entry| entry.ok()?.file_name().into_string().ok());
    let wanted = ALL.iter().map(|example| format!("{}.json", example.row)).chain(["index.json".to_owned()]);
    assert_eq!(files.collect::<BTreeSet<_>>(), wanted.collect());
    for example in ALL {
        let id = |c: char| c.is_ascii_alphanumeric() || c == '-';
        assert!(example.row.chars().all(id), "{}", example.row);
        assert!(example.believed.ends_with('.') && example.truth.ends_with('.'), "{}", example.row);
    }
}

#[test]
fn none_speaks_of_a_key_or_of_a_machine() {
    for example in ALL {
        let text = file(example.row);
        let key = scenarios::named(example.row).expect("a row").key;
        for secret in [key.text(), Key::Good.text()].into_iter().filter(|text| !text.is_empty()) {
            assert!(!text.contains(secret), "{} holds a key", example.row);
        }
        assert!(text.contains("https://registry.example.com"), "{}", example.row);
        let report = serde_json::from_str(&text).expect("JSON");
        assert_eq!(examples::machine_in(&report), None, "{}", example.row);
    }
}

#[test]
fn hosts_are_renamed_wherever_they_stand_and_what_is_left_is_refused() {
    let names = [
        ("http://127.0.0.2:8080", "preflight.example.com"),
        ("http://127.0.0.1:4001", "registry.example.com"),
    ];
    let report = json!({
        "origin": { "secure": false, "host": "127.0.0.1", "port": 4001 },
        "text": "GET http://127.0.0.1:4001/x for http://127.0.0.2:8080",
        "headers": [["host", "127.0.0.1:4001"], ["x", "y"]],
        "blocked": [{ "secure": false, "host": "127.0.0.2", "port": 6000 }, "http://127.0.0.2:6000/"],
    });
    let renamed = |report: &Value| examples::renamed(&report.to_string(), &names);
    let made: Value = serde_json::from_str(&renamed(&report).expect("a report")).expect("JSON");
    assert_eq!(made["origin"], json!({ "secure": true, "host": "registry.example.com", "port": 443 }));
    assert_eq!(made["text"], "GET https://registry.example.com/x for https://preflight.example.com");
    assert_eq!(made["headers"][0][1], "registry.example.com");
    let blocked = json!([
        { "secure": true, "host": "preflight.example.com", "port": 6000 },
        "https://preflight.example.com:6000/",
    ]);
    assert_eq!(made["blocked"], blocked);
    assert!(renamed(&json!({ "text": "behind it http://127.0.0.1:5000" })).is_err());
}
