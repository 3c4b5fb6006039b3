//! Two reports side by side: what was mended, what broke, what stayed, what only one of them looked at; the causes, the
//! times, and in which browsers they were made. The earlier one is the one before.

use crate::checks::{ALL, Status};
use crate::deployment::clock;
use crate::diagnosis::symptoms::Kind;
use crate::probe::{Observation, words};
use crate::report::{CheckResult, Report, browser};
use crate::run::facts::within;
use serde_json::{Value, json};

/// A heading and its lines.
type Section = (&'static str, Vec<String>);

/// As JSON: a list of sections, each with `title` and `lines`. Sections without lines are left out.
pub fn write(one: &Report, other: &Report) -> String {
    let sections = sections(one, other).into_iter().filter(|(_, lines)| !lines.is_empty());
    let list: Vec<Value> = sections.map(|(title, lines)| json!({ "title": title, "lines": lines })).collect();
    Value::Array(list).to_string()
}

/// Two deployments that were checked at the same time, as JSON: a list of rows, each a claim and what holds of it for the
/// one and for the other. Only what came out differently, then how much did not.
pub fn side_by_side(one: &Report, other: &Report) -> String {
    let causes = |report: &Report| {
        // Each was asked without a key, and says so.
        let asks_for_key = |code: &str| {
            let mut named = report.verdict.causes.iter();
            named.any(|named| named.code == code && named.symptom == Kind::NoKey)
        };
        let named = report.sentences.iter().filter(|sentence| !asks_for_key(&sentence.code));
        let named = named.map(|sentence| [&sentence.title, " (", &sentence.confidence, ")"].concat());
        let named: Vec<String> = named.collect();
        if named.is_empty() { "none".to_owned() } else { named.join("; ") }
    };
    let half = |report: &Report| {
        let times = report.clone().into_run().facts().answer_times(None);
        within(&times, 50).map_or("nothing was answered".to_owned(), |ms| format!("{ms} ms"))
    };
    let mut rows = vec![
        json!(["Causes that are named", causes(one), causes(other)]),
        json!(["Half of the answers came within", half(one), half(other)]),
    ];
    let mut alike = 0;
    for check in ALL {
        let find = |report: &Report| report.checks.iter().find(|found| found.id == check.id).cloned();
        match (find(one), find(other)) {
            (Some(one), Some(other)) if one.status == other.status => alike += 1,
            (Some(one), Some(other)) => rows.push(json!([check.title, came_out(&one), came_out(&other)])),
            _ => {}
        }
    }
    let alike = alike.to_string();
    rows.push(json!(["Checks that came out alike", alike, alike]));
    Value::Array(rows).to_string()
}

fn came_out(check: &CheckResult) -> String {
    match check.status {
        Status::Pass => check.status.words().to_owned(),
        _ => [check.status.words(), ": ", &check.actual].concat(),
    }
}

fn sections(one: &Report, other: &Report) -> Vec<Section> {
    let in_order = one.environment.started_at <= other.environment.started_at;
    let (before, after) = if in_order { (one, other) } else { (other, one) };
    let mut list: Vec<Section> = vec![("What is compared", about(before, after))];
    list.extend(causes(before, after));
    list.extend(checks(before, after));
    list.push(("Times", times(before, after)));
    list
}

fn about(before: &Report, after: &Report) -> Vec<String> {
    let line = |word: &str, report: &Report| {
        let environment = &report.environment;
        let at = clock::to_the_minute(&environment.started_at);
        let target = report.deployment.mlflow.to_string();
        let page = environment.page_origin.to_string();
        [word, ": ", &at, ", ", &browser::named(&environment.user_agent), ", ", &target, ", from ", &page]
            .concat()
    };
    let mut lines = vec![line("Before", before), line("After", after)];
    let differ = |same: bool, sentence: &str| (!same).then(|| sentence.to_owned());
    let (a, b) = (&before.deployment, &after.deployment);
    lines.extend(differ(a.mlflow == b.mlflow, "These are reports of two different addresses."));
    lines.extend(differ(a.scheme == b.scheme, "The key was presented in two different ways."));
    let engines = [before, after].map(|report| browser::named(&report.environment.user_agent));
    lines.extend(differ(
        engines[0] == engines[1],
        "They were made in two different browsers, which show a page different things.",
    ));
    let origins = before.environment.page_origin == after.environment.page_origin;
    lines.extend(differ(
        origins,
        "They were made from two different pages, and servers decide about CORS by the page.",
    ));
    lines
}

fn causes(before: &Report, after: &Report) -> Vec<Section> {
    let missing_in =
        |report: &Report, code: &str| report.verdict.causes.iter().all(|named| named.code != code);
    let lines = |of: &Report, other: &Report, missing: bool| {
        let sentences = of.sentences.iter().filter(|sentence| missing_in(other, &sentence.code) == missing);
        let mut lines: Vec<String> = Vec::new();
        for sentence in sentences {
            let line = [&sentence.title, " (", &sentence.code, ", ", &sentence.confidence, ")"].concat();
            if !lines.contains(&line) {
                lines.push(line);
            }
        }
        lines
    };
    vec![
        ("Causes that are gone", lines(before, after, true)),
        ("New causes", lines(after, before, true)),
        ("Causes that are still there", lines(after, before, false)),
    ]
}

fn checks(before: &Report, after: &Report) -> Vec<Section> {
    let find = |report: &Report, id: &str| report.checks.iter().find(|check| check.id == id).cloned();
    let wrong = |check: &CheckResult| matches!(check.status, Status::Fail | Status::Warn);
    let known = |check: &CheckResult| !matches!(check.status, Status::Unknown | Status::Skipped);
    let (mut fixed, mut broken, mut changed, mut only_after, mut unchanged) =
        (vec![], vec![], vec![], vec![], 0);
    for now in &after.checks {
        let Some(was) = find(before, &now.id) else {
            only_after.extend(was_asked(now).then(|| said(now)));
            continue;
        };
        match (&was, now) {
            (was, now) if was.status == now.status => unchanged += 1,
            (was, now) if wrong(was) && now.status == Status::Pass => fixed.push(now.title.clone()),
            (was, now) if was.status == Status::Pass && wrong(now) => broken.push(said(now)),
            (was, now) if !known(was) || !known(now) || was.status != now.status => {
                changed.push(
                    [&now.title, ": ", was.status.words(), " before, ", now.status.words(), " after"]
                        .concat(),
                );
            }
            _ => unchanged += 1,
        }
    }
    let gone = before.checks.iter().filter(|was| find(after, &was.id).is_none() && was_asked(was));
    let only_before: Vec<String> = gone.map(said).collect();
    let both = after.checks.iter().filter(|now| find(before, &now.id).is_some()).count();
    let unchanged = format!("{unchanged} of the {both} checks that both have came out as before.");
    vec![
        ("Fixed", fixed),
        ("Broken", broken),
        ("Came out otherwise", changed),
        ("Only looked at before", only_before),
        ("Only looked at after", only_after),
        ("Unchanged", vec![unchanged]),
    ]
}

/// A version that looks at more says of an older report that it did not look at this.
fn was_asked(check: &CheckResult) -> bool {
    check.status != Status::Skipped
}

fn said(check: &CheckResult) -> String {
    match check.status {
        Status::Pass => check.title.clone(),
        _ => [&check.title, ": ", &check.actual].concat(),
    }
}

/// How long the same questions took.
fn times(before: &Report, after: &Report) -> Vec<String> {
    let mut pairs: Vec<(&Observation, u32, u32)> = Vec::new();
    for now in after.observations.iter().filter(|seen| seen.answer().is_some() && seen.probe.is_outward()) {
        let was =
            before.observations.iter().find(|was| was.probe.id == now.probe.id && was.answer().is_some());
        pairs.extend(was.map(|was| (now, was.ms, now.ms)));
    }
    if pairs.is_empty() {
        return Vec::new();
    }
    let middle = |of: fn(&(&Observation, u32, u32)) -> u32| {
        let mut all: Vec<u32> = pairs.iter().map(of).collect();
        all.sort_unstable();
        all[all.len() / 2]
    };
    let (was, is) = (middle(|pair| pair.1), middle(|pair| pair.2));
    let mut lines = vec![format!(
        "Of {} questions that both had answered, the middle one took {was} ms before and {is} ms after.",
        pairs.len()
    )];
    pairs.sort_by_key(|(_, was, is)| core::cmp::Reverse(was.abs_diff(*is)));
    let telling =
        pairs.iter().filter(|(_, was, is)| was.abs_diff(*is) >= 50 && *was.max(is) > 2 * *was.min(is));
    lines.extend(telling.take(3).map(|(seen, was, is)| {
        [words::asking(&seen.probe), format!(": {was} ms before, {is} ms after")].concat()
    }));
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    fn frozen() -> Report {
        serde_json::from_str(include_str!("../../tests/fixtures/report-1.json")).expect("a report")
    }

    fn lines(list: &[Section], title: &str) -> Vec<String> {
        list.iter().find(|(known, _)| *known == title).map(|(_, lines)| lines.clone()).unwrap_or_default()
    }

    #[test]
    fn a_report_and_itself_differ_in_nothing() {
        let list = sections(&frozen(), &frozen());
        for title in [
            "Causes that are gone",
            "New causes",
            "Fixed",
            "Broken",
            "Came out otherwise",
            "Only looked at after",
        ] {
            assert_eq!(lines(&list, title), Vec::<String>::new(), "{title}");
        }
        assert_eq!(lines(&list, "Unchanged"), ["5 of the 5 checks that both have came out as before."]);
        assert_eq!(lines(&list, "What is compared").len(), 2);
    }

    #[test]
    fn side_by_side_only_what_differs_stands_in_its_column() {
        let (one, mut other) = (frozen(), frozen());
        other.checks[4].status = Status::Pass;
        other.sentences.clear();
        other.observations.clear();
        for (left, right, swap) in [(&one, &other, false), (&other, &one, true)] {
            let rows: Vec<[String; 3]> = serde_json::from_str(&side_by_side(left, right)).expect("rows");
            let cells = |row: &[String; 3]| {
                if swap { (row[2].clone(), row[1].clone()) } else { (row[1].clone(), row[2].clone()) }
            };
            assert_eq!(rows.len(), 4, "{rows:?}");
            assert!(cells(&rows[0]).0.starts_with("The proxy cannot reach MLflow (likely)"), "{rows:?}");
            assert_eq!(cells(&rows[0]).1, "none");
            assert!(cells(&rows[1]).0.ends_with(" ms"));
            assert_eq!(cells(&rows[1]).1, "nothing was answered");
            assert_eq!(rows[2][0], "MLflow's REST API answers under this path");
            assert!(cells(&rows[2]).0.starts_with("fails: "), "{rows:?}");
            assert_eq!(cells(&rows[2]).1, "pass");
            assert_eq!(rows[3][1..], ["4", "4"]);
        }
    }

    #[test]
    fn what_was_mended_and_what_broke_is_told_whichever_comes_first() {
        let before = frozen();
        let mut after = frozen();
        after.environment.started_at = "2026-01-02T00:00:00Z".into();
        after.environment.user_agent =
            "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0".into();
        after.checks[4].status = Status::Pass;
        after.checks[4].title = "MLflow's REST API answers under this path".into();
        after.checks[0].status = Status::Fail;
        after.checks[0].title = "The registry host does not answer".into();
        after.checks[1].status = Status::Pass;
        let dropped = after.checks.remove(3);
        after.checks.push(CheckResult {
            id: "new-check".into(),
            title: "A new claim".into(),
            status: Status::Pass,
            ..dropped.clone()
        });
        after.checks.push(CheckResult { id: "newer-check".into(), status: Status::Skipped, ..dropped });
        after.verdict.causes.remove(0);
        after.sentences.remove(0);
        after.observations[0].ms = 900;
        for list in [sections(&before, &after), sections(&after, &before)] {
            assert_eq!(lines(&list, "Fixed"), ["MLflow's REST API answers under this path"]);
            assert_eq!(lines(&list, "Broken").len(), 1);
            assert!(lines(&list, "Broken")[0].starts_with("The registry host does not answer: "));
            assert_eq!(
                lines(&list, "Came out otherwise"),
                ["No cache hands out another page's CORS headers: not asked before, pass after"]
            );
            assert_eq!(lines(&list, "Only looked at after"), ["A new claim"]);
            assert_eq!(lines(&list, "Only looked at before").len(), 1);
            assert_eq!(
                lines(&list, "Causes that are gone"),
                ["The proxy cannot reach MLflow (mlflow-down, likely)"]
            );
            assert_eq!(lines(&list, "Causes that are still there").len(), 1);
            assert_eq!(lines(&list, "Times")[1], "GET /health at the registry: 41 ms before, 900 ms after");
            assert!(lines(&list, "What is compared")[2].contains("two different browsers"));
        }
    }
}
