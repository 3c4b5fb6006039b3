//! The lists of checks, causes and symptoms are complete: ids unique and equal to file names, every look-alike
//! known, every entry with words. And what is written from them is up to date.

#[path = "catalogue/docs.rs"]
mod docs;

use preflight::checks;
use preflight::diagnosis::{causes, symptoms};
use std::collections::BTreeSet;
use std::fs;

fn files(folder: &str) -> BTreeSet<String> {
    let entries = fs::read_dir(folder).expect("a folder of the project");
    let names = entries.filter_map(|entry| entry.ok()?.file_name().into_string().ok());
    names
        .filter_map(|name| Some(name.strip_suffix(".rs")?.replace('_', "-")))
        .filter(|name| name != "mod")
        .collect()
}

#[test]
fn every_check_has_its_file_and_its_line() {
    let ids: BTreeSet<String> = checks::ALL.iter().map(|check| check.id.to_owned()).collect();
    assert_eq!(ids.len(), checks::ALL.len(), "an id is used twice");
    assert_eq!(ids, files("src/checks"));
}

#[test]
fn every_cause_has_its_file_and_its_line() {
    let codes: BTreeSet<String> = causes::ALL.iter().map(|cause| cause.code.to_owned()).collect();
    assert_eq!(codes.len(), causes::ALL.len(), "a code is used twice");
    assert_eq!(codes, files("src/diagnosis/causes"));
}

#[test]
fn every_symptom_has_its_file_and_its_line() {
    let kinds: BTreeSet<String> = symptoms::ALL.iter().map(|watch| format!("{:?}", watch.kind)).collect();
    assert_eq!(kinds.len(), symptoms::ALL.len());
    assert_eq!(kinds.len(), files("src/diagnosis/symptoms").len());
}

#[test]
fn look_alikes_are_in_the_catalogue_and_say_what_tells() {
    for cause in causes::ALL {
        for (code, tells) in cause.look_alikes {
            assert!(causes::find(code).is_some(), "{}: {code} is no cause", cause.code);
            assert!(tells.ends_with('.') || tells.ends_with('?'), "{}: {tells}", cause.code);
        }
    }
}

#[test]
fn words_are_sentences() {
    for check in checks::ALL {
        for text in [check.why, check.does_not_prove] {
            assert!(text.ends_with('.'), "{}: {text}", check.id);
        }
        for title in [check.title, check.failing_title] {
            assert!(!title.is_empty() && !title.ends_with('.'), "{}: {title}", check.id);
        }
    }
    for cause in causes::ALL {
        assert!(cause.explanation.ends_with('.'), "{}", cause.code);
        assert!(!cause.title.ends_with('.'), "{}", cause.code);
        assert!(!cause.explanation.contains('!') && !cause.title.contains('!'), "{}", cause.code);
    }
}
