//! The checks as JUnit XML, for programs that run the page and count failures. A failing check is a failure; one that
//! could not tell, or was not asked, is skipped with its reason: nothing passes that was not seen to pass.

use super::markdown::headline;
use crate::checks::{self, Status, Suite};
use crate::report::{CheckResult, Report, Shareable};

/// Writes it.
pub fn write(shareable: &Shareable) -> String {
    let report = shareable.report();
    let mut out = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    let all: Vec<&CheckResult> = report.checks.iter().collect();
    out.push_str(&["<testsuites name=\"Preflight\"", &counts(&all), &time(report), ">\n"].concat());
    let suite_of = |check: &CheckResult| {
        checks::ALL.iter().find(|known| known.id == check.id).map_or("Others", |known| known.suite.title())
    };
    let names = Suite::ALL.iter().map(|suite| suite.title()).chain(["Others"]);
    for name in names {
        let own: Vec<&CheckResult> = report.checks.iter().filter(|check| suite_of(check) == name).collect();
        if own.is_empty() {
            continue;
        }
        let stamp = report.environment.started_at.get(..19).unwrap_or_default();
        let head =
            ["  <testsuite name=\"", &escape(name), "\"", &counts(&own), " timestamp=\"", &escape(stamp)];
        out.push_str(&head.concat());
        out.push_str("\">\n");
        own.iter().for_each(|check| out.push_str(&case(check)));
        if own.iter().any(|check| check.status == Status::Fail) {
            out.push_str(&["    <system-out>", &escape(&headline(report)), "</system-out>\n"].concat());
        }
        out.push_str("  </testsuite>\n");
    }
    out.push_str("</testsuites>\n");
    out
}

fn counts(checks: &[&CheckResult]) -> String {
    let count = |wanted: &[Status]| checks.iter().filter(|check| wanted.contains(&check.status)).count();
    format!(
        " tests=\"{}\" failures=\"{}\" errors=\"0\" skipped=\"{}\"",
        checks.len(),
        count(&[Status::Fail]),
        count(&[Status::Unknown, Status::Skipped])
    )
}

/// The seconds until the last answer.
fn time(report: &Report) -> String {
    let ms = report.observations.iter().map(|seen| seen.start_ms.saturating_add(seen.ms)).max().unwrap_or(0);
    format!(" time=\"{}.{:03}\"", ms / 1000, ms % 1000)
}

fn case(check: &CheckResult) -> String {
    let head = [
        "    <testcase name=\"",
        &escape(&check.title),
        "\" classname=\"preflight.",
        &escape(&check.id),
        "\"",
    ];
    let (actual, expected) = (escape(&check.actual), escape(&check.expected));
    let inside = match check.status {
        Status::Pass => return [&head.concat(), "/>\n"].concat(),
        Status::Fail => [
            "<failure type=\"check\" message=\"",
            &actual,
            "\">expected: ",
            &expected,
            "\nseen: ",
            &actual,
            "</failure>",
        ]
        .concat(),
        Status::Warn => ["<system-out>to look at: ", &actual, "</system-out>"].concat(),
        Status::Unknown => ["<skipped message=\"could not tell: ", &actual, "\"/>"].concat(),
        Status::Skipped => ["<skipped message=\"not asked: ", &actual, "\"/>"].concat(),
    };
    [&head.concat(), ">\n      ", &inside, "\n    </testcase>\n"].concat()
}

/// Text for XML and HTML, in an element or in a quoted attribute. What XML 1.0 cannot hold at all is replaced.
pub fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            '\n' | '\t' => out.push(c),
            c if c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}') => out.push('\u{fffd}'),
            c => out.push(c),
        }
    }
    out
}
