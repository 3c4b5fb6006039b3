//! The report as one HTML file to print or to send: no script, nothing loaded, every text escaped.

use super::junit::escape;
use super::markdown::{headline, parts};
use crate::checks::{Status, describe};
use crate::deployment::clock;
use crate::probe::{Saw, words};
use crate::report::{Report, Shareable};

/// The file may load and run nothing, also if an escape were missing.
const HEAD: &str = r#"<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<style>
:root { color-scheme: light dark; }
body { max-width: 46rem; margin: 2rem auto; padding: 0 1rem; font: 16px/1.5 system-ui, sans-serif; }
h1 { font-size: 1.5rem; line-height: 1.25; } h2 { font-size: 1.1rem; margin-top: 2rem; } h3 { font-size: 1rem; }
table { border-collapse: collapse; width: 100%; } td, th { text-align: left; vertical-align: top; padding: .25rem .75rem .25rem 0; border-bottom: 1px solid #8886; }
th { font-weight: 600; } td:first-child { white-space: nowrap; } .fail { font-weight: 600; }
pre { white-space: pre-wrap; overflow-wrap: anywhere; border-left: 2px solid #8888; padding-left: .75rem; }
code, pre { font: .85rem/1.45 ui-monospace, monospace; } .seen { overflow-wrap: anywhere; }
@media print { body { margin: 0; max-width: none; } h2, h3 { break-after: avoid; } tr, pre { break-inside: avoid; } }
</style>
"#;

/// Writes it.
pub fn write(shareable: &Shareable) -> String {
    let report = shareable.report();
    let mut out = String::from(HEAD);
    let environment = &report.environment;
    let title = escape(&headline(report));
    tag(&mut out, "title", &["Preflight: ", &title].concat());
    out.push_str("</head>\n<body>\n");
    let made = [
        "A report, not a live result. Made ",
        &clock::to_the_minute(&environment.started_at),
        " from ",
        &environment.page_origin.to_string(),
        " by ",
        &environment.user_agent,
        ", Preflight ",
        &report.version,
        ".",
    ];
    tag(&mut out, "p", &escape(&made.concat()));
    tag(&mut out, "h1", &title);
    tag(&mut out, "p", &escape(&["Under test: ", &report.deployment.mlflow.to_string()].concat()));
    for sentence in &report.sentences {
        tag(&mut out, "h2", &escape(&sentence.title));
        tag(&mut out, "p", &escape(&sentence.headline));
        let sure =
            [&escape(&sentence.code), " (", &escape(&sentence.confidence), "). To be mended by "].concat();
        tag(&mut out, "p", &[&sure, &escape(&sentence.owner), "."].concat());
        for fix in &sentence.fixes {
            let (text, code, source) = parts(fix);
            tag(&mut out, "p", &escape(text));
            if !code.is_empty() {
                tag(&mut out, "pre", &escape(code));
            }
            if !source.is_empty() {
                tag(&mut out, "p", &escape(source));
            }
        }
    }
    checks(&mut out, report);
    asked(&mut out, report);
    out.push_str("</body>\n</html>\n");
    out
}

fn checks(out: &mut String, report: &Report) {
    tag(out, "h2", "Checks");
    out.push_str("<table>\n");
    for check in &report.checks {
        let class = if check.status == Status::Fail { " class=\"fail\"" } else { "" };
        let status = check.status.words();
        let row = [
            "<tr",
            class,
            "><td>",
            status,
            "</td><td>",
            &escape(&check.title),
            "</td><td>",
            &escape(&check.actual),
        ];
        out.push_str(&row.concat());
        out.push_str("</td></tr>\n");
    }
    out.push_str("</table>\n");
}

fn asked(out: &mut String, report: &Report) {
    tag(out, "h2", "What was asked, and what came");
    for seen in &report.observations {
        tag(out, "h3", &["<code class=\"seen\">", &escape(&words::asked(&seen.probe)), "</code>"].concat());
        tag(out, "p", &escape(&describe(seen)));
        if let Saw::Answer(answer) = &seen.saw {
            let headers = answer.headers.iter().map(|(name, value)| [name, ": ", value, "\n"].concat());
            let wire = [headers.collect::<String>(), "\n".to_owned(), answer.body.text.clone()].concat();
            tag(out, "pre", &escape(wire.trim()));
        }
    }
}

/// `inside` is HTML already.
fn tag(out: &mut String, name: &str, inside: &str) {
    out.push_str(&["<", name, ">", inside, "</", name, ">\n"].concat());
}
