//! Real exchanges with MLflow 2.14.3 to 3.17.2, each read. The table beside them says of every endpoint what is made of
//! its answers: what was said, who spoke, and how many exchanges there are of it.

use preflight::probe::{Answer, Body, Complaint, Said, Who, said};
use serde_json::Value;
use std::collections::BTreeMap;

fn captures() -> Vec<Value> {
    serde_json::from_str(include_str!("fixtures/mlflow-captures.json")).expect("the fixture")
}

fn text<'a>(capture: &'a Value, name: &str) -> &'a str {
    capture[name].as_str().unwrap_or_default()
}

fn answer(capture: &Value) -> Answer {
    let body = text(capture, "text");
    Answer {
        status: capture["status"].as_u64().and_then(|status| status.try_into().ok()).unwrap_or(0),
        landed: None,
        queued_ms: None,
        headers: vec![("content-type".into(), text(capture, "type").into())],
        body: Body {
            text: body.into(),
            bytes: body.len() as u32,
            complete: true,
            broken: false,
            ..Body::default()
        },
    }
}

/// The path without names, numbers of runs and queries.
fn endpoint(capture: &Value) -> String {
    let mut path = text(capture, "path").split('?').next().unwrap_or_default().to_owned();
    for (mark, keep) in
        [("/artifacts/", 11), ("/logged-models/m-", 17), ("/presigned/", 11), ("/mpu/create/", 12)]
    {
        if let Some(at) = path.find(mark) {
            path.truncate(at + keep);
        }
    }
    path
}

#[test]
fn every_real_answer_is_read() {
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    for capture in &captures() {
        let answer = answer(capture);
        let said = Said::of(&answer).map_or("-".to_owned(), |said| format!("{said:?}"));
        let line = format!(
            "{} {} {} {said} {:?}",
            text(capture, "method"),
            endpoint(capture),
            answer.status,
            Who::of(&answer)
        );
        *seen.entry(line).or_default() += 1;
    }
    let seen: Vec<String> = seen.into_iter().map(|(line, count)| format!("{line} {count}")).collect();
    let table: Vec<&str> = include_str!("fixtures/mlflow-captures.txt").lines().collect();
    for line in &seen {
        assert!(table.contains(&line.as_str()), "not in the table: {line}");
    }
    for line in table {
        assert!(seen.iter().any(|other| other == line), "no capture any more: {line}");
    }
}

#[test]
fn nothing_real_is_taken_for_a_gateway_or_a_login_page() {
    for capture in &captures() {
        let who = Who::of(&answer(capture));
        assert!(!matches!(who, Who::GatewayPage | Who::LoginPage), "{capture}: {who:?}");
    }
}

#[test]
fn errors_of_both_shapes_give_their_words() {
    let (mut with_code, mut with_detail) = (0, 0);
    for capture in &captures() {
        let answer = answer(capture);
        let is_json = text(capture, "type") == "application/json" && text(capture, "method") != "HEAD";
        if answer.status < 400 || !is_json {
            continue;
        }
        let complaint = Complaint::of(&answer).unwrap_or_else(|| panic!("no error in {capture}"));
        assert!(!complaint.brief().is_empty(), "{capture}");
        assert!(!complaint.brief().contains("SELECT") && !complaint.brief().contains("INSERT"), "{capture}");
        if complaint.code.is_empty() { with_detail += 1 } else { with_code += 1 }
    }
    assert!(with_code > 100 && with_detail >= 4, "{with_code}, {with_detail}");
}

#[test]
fn empty_lists_are_objects_without_the_list() {
    let (mut empty, mut full) = (0, 0);
    for capture in &captures() {
        let list = match endpoint(capture).rsplit_once('/') {
            Some((before, "search")) if before.ends_with("experiments") => "experiments",
            Some((before, "search")) if before.ends_with("registered-models") => "registered_models",
            Some((before, "search")) if before.ends_with("model-versions") => "model_versions",
            _ => continue,
        };
        let answer = answer(capture);
        if Said::of(&answer) == Some(Said::Data) {
            let entries = said::entries(&answer, list);
            let is_empty = answer.body.text.trim() == "{}";
            assert_eq!(entries.is_empty(), is_empty, "{capture}");
            if is_empty { empty += 1 } else { full += 1 }
        }
    }
    assert!(empty > 0 && full > 100, "{empty} {full}");
}
