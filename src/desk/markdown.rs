//! The report for an issue or a chat: Markdown that also reads well as it is. Text from the wire stands in fences
//! and in lines where nothing of it is markup.

use crate::checks::{Status, describe};
use crate::deployment::clock;
use crate::probe::words;
use crate::report::{Report, Shareable};

/// Writes it.
pub fn write(shareable: &Shareable) -> String {
    let report = shareable.report();
    let mut out = String::new();
    out.push_str(&["## Preflight: ", &line(&headline(report)), "\n\n"].concat());
    out.push_str(&about(report));
    for sentence in &report.sentences {
        out.push_str(&["\n### ", &line(&sentence.title), "\n\n"].concat());
        let sure = &sentence.confidence;
        out.push_str(&[&line(&sentence.headline), "\n\n`", &sentence.code, "`, ", sure, ". "].concat());
        out.push_str(&["To be mended by ", &line(&sentence.owner), ".\n"].concat());
        for fix in &sentence.fixes {
            let (text, code, source) = parts(fix);
            out.push_str(&["\n- ", &line(text), "\n"].concat());
            if !code.is_empty() {
                out.push_str(&indented(&fence(code)));
            }
            if !source.is_empty() {
                out.push_str(&["  ", &line(source), "\n"].concat());
            }
        }
    }
    out.push_str("\n### Checks\n\n");
    for check in &report.checks {
        let seen =
            if check.status == Status::Pass { String::new() } else { [" ", &line(&check.actual)].concat() };
        out.push_str(&["- ", check.status.words(), ": **", &line(&check.title), ".**", &seen, "\n"].concat());
    }
    out.push_str("\n### What was asked, and what came\n\n");
    let asked = report
        .observations
        .iter()
        .map(|seen| [words::asked(&seen.probe), "\n    ".to_owned(), describe(seen)].concat());
    out.push_str(&fence(&asked.collect::<Vec<_>>().join("\n")));
    out
}

/// The verdict in one sentence.
pub fn headline(report: &Report) -> String {
    use crate::diagnosis::{Confidence, Overall};
    match (report.sentences.first(), report.verdict.overall) {
        (Some(first), _) => {
            let named = report.verdict.causes.iter().find(|named| named.code == first.code);
            let confidence = named.map_or(Confidence::Possible, |named| named.confidence);
            confidence.hedge(first.headline.clone())
        }
        (None, Overall::Healthy) => "Nothing is wrong with what was looked at.".to_owned(),
        (None, _) => "Something does not work, and no cause was found.".to_owned(),
    }
}

/// The sentence of a fix, what to copy, and where that is documented ([`crate::diagnosis::fix::Fix::lines`]).
pub fn parts(fix: &str) -> (&str, &str, &str) {
    let (text, rest) = fix.split_once('\n').unwrap_or((fix, ""));
    let (code, last) = rest.rsplit_once('\n').unwrap_or(("", rest));
    if last.starts_with("https://") { (text, code, last) } else { (text, rest, "") }
}

fn about(report: &Report) -> String {
    let environment = &report.environment;
    let facts = [
        ("Registry", report.deployment.mlflow.to_string()),
        ("Asked from", environment.page_origin.to_string()),
        ("When", clock::to_the_minute(&environment.started_at)),
        ("Browser", environment.user_agent.clone()),
        ("Preflight", report.version.clone()),
    ];
    facts.iter().map(|(name, value)| ["- ", name, ": ", &code(value), "\n"].concat()).collect()
}

/// One line in which nothing is markup, a link or a mention.
pub fn line(text: &str) -> String {
    let words: Vec<&str> = text.split(|c: char| c.is_whitespace() || c.is_control()).collect();
    let mut out = String::with_capacity(text.len());
    for word in words.into_iter().filter(|word| !word.is_empty()) {
        if !out.is_empty() {
            out.push(' ');
        } else if word.starts_with(['-', '+', '=', ':']) {
            out.push('\\');
        }
        // A line that begins with a number and a point is a list.
        let is_number = out.is_empty() && word.starts_with(|c: char| c.is_ascii_digit());
        for c in word.chars() {
            match c {
                '\\' | '`' | '*' | '_' | '[' | ']' | '{' | '<' | '>' | '|' | '~' | '#' | '&' | '!' | '$'
                | '^' => out.extend(['\\', c]),
                '.' | ')' if is_number => out.extend(['\\', c]),
                // A zero-width space keeps hosts of Markdown from making a mention of it.
                '@' => out.push_str("@\u{200b}"),
                '/' if out.ends_with(':') => out.push_str("\\/"),
                c => out.push(c),
            }
        }
    }
    out.replace("www.", "www\\.")
}

/// Inline code that its content cannot leave.
pub fn code(text: &str) -> String {
    let text: String =
        text.chars().map(|c| if c.is_control() || c.is_whitespace() { ' ' } else { c }).collect();
    let marks = "`".repeat(longest_run(&text) + 1);
    let pad = if text.starts_with('`') || text.ends_with('`') || text.is_empty() { " " } else { "" };
    [&marks, pad, &text, pad, &marks].concat()
}

/// A block of code that its content cannot leave.
pub fn fence(text: &str) -> String {
    let keep = |c: &char| !c.is_control() || *c == '\n' || *c == '\t';
    let text: String = text.chars().filter(keep).collect();
    let marks = "`".repeat((longest_run(&text) + 1).max(3));
    [&marks, "\n", text.trim_end(), "\n", &marks, "\n"].concat()
}

fn longest_run(text: &str) -> usize {
    text.split(|c| c != '`').map(str::len).max().unwrap_or(0)
}

fn indented(block: &str) -> String {
    block.lines().map(|line| ["  ", line, "\n"].concat()).collect()
}
