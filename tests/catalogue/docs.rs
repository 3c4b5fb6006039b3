//! The documents that are made from the catalogue. A test fails when one is stale; `make docs` writes it anew.

use super::catalogue;
use preflight::catalogue::{Catalogue, DOES_NOT_PROVE, WHY};
use preflight::checks::{self, Suite};
use preflight::diagnosis::{Cause, Class, causes, fix};
use std::fmt::Write;
use std::fs;

const CLASSES: [Class; 7] = [
    Class::Client,
    Class::Infrastructure,
    Class::Cors,
    Class::Auth,
    Class::Routing,
    Class::Credentials,
    Class::Defect,
];

/// The first lines of both: nobody should edit them by hand.
const MADE: &str = "<!-- Made from src/catalogue by `make docs`. Edit the files there, not this one. -->";

/// What stands in the documents where the page has the user's own values.
pub fn example(name: &str) -> Option<String> {
    let value = match name {
        "page-origin" => "https://preflight.example.com",
        "this-origin" | "registry-origin" => "https://registry.example.com",
        "this-host" | "registry-host" => "registry.example.com",
        "auth-origin" => "https://auth.example.com",
        "auth-host" => "auth.example.com",
        "auth-health-url" => "https://auth.example.com/health",
        "mlflow-url" => "https://registry.example.com/api/mlflow",
        "mlflow-path" => "/api/mlflow",
        "key-header" => "Authorization",
        "key-header-snake" => "authorization",
        "allowed-headers" => "authorization, content-type",
        "service-id" => "platform",
        "started-at" => "2026-01-01T12:00:00.000Z",
        _ => return None,
    };
    Some(value.to_owned())
}

#[test]
fn checks_are_documented() {
    let catalogue = catalogue();
    let mut text = format!(
        "{MADE}\n# What Preflight checks\n\nEach check is a claim that is true on a healthy deployment, in the order of the page.\n"
    );
    for suite in Suite::ALL {
        let _ = writeln!(text, "\n## {}", suite.title());
        for check in checks::ALL.iter().filter(|check| check.suite == suite) {
            let _ = write!(text, "\n### {}\n\n`{}`\n", check.title, check.id);
            for title in [WHY, DOES_NOT_PROVE] {
                let _ = write!(text, "\n**{title}.** {}\n", catalogue.check(check.id, title));
            }
        }
    }
    up_to_date("docs/checks.md", &text);
}

#[test]
fn causes_are_documented() {
    let catalogue = catalogue();
    let mut text = format!(
        "{MADE}\n# Troubleshooting\n\nEvery cause that Preflight names, by its stable code: what it means, who mends it, what looks the same to a browser, and\nhow to set it right in the programs that people run. The page shows the same with your own addresses in the places of\n`example.com`, and adds what depends on what it saw.\n"
    );
    for class in CLASSES {
        let _ = writeln!(text, "\n## {}", class.title());
        for cause in causes::ALL.iter().filter(|cause| cause.class == class) {
            text.push_str(&entry(cause, &catalogue));
        }
    }
    up_to_date("docs/troubleshooting.md", &text);
    up_to_date("src/assets/troubleshooting.html", &page_of(&text));
}

/// The same beside the page, for its links: headings that are codes get those as their ids.
fn page_of(markdown: &str) -> String {
    let mut body = String::new();
    pulldown_cmark::html::push_html(&mut body, pulldown_cmark::Parser::new(markdown));
    for cause in causes::ALL {
        let heading = format!("<h3><code>{}</code></h3>", cause.code);
        assert_eq!(body.matches(&heading).count(), 1, "{heading}");
        body = body.replace(&heading, &heading.replacen("<h3>", &format!("<h3 id=\"{}\">", cause.code), 1));
    }
    format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<meta name=\"color-scheme\" content=\"light dark\">\n<link rel=\"stylesheet\" href=\"troubleshooting.css\">\n<title>Troubleshooting: Preflight</title>\n</head>\n<body>\n{body}</body>\n</html>\n"
    )
}

fn entry(cause: &Cause, catalogue: &Catalogue) -> String {
    let words = catalogue.cause(cause.code).expect("every cause has words");
    // The code is the heading, so that its anchor is as stable as the code.
    let explanation = words.explanation.join("\n\n");
    let mut text = format!("\n### `{}`\n\n**{}.** {explanation}\n", cause.code, cause.title);
    let _ = write!(text, "\nTo be mended by {}.\n", cause.owner.name());
    for (index, (code, tells)) in words.look_alikes.iter().enumerate() {
        let _ = write!(text, "{}", if index == 0 { "\nLooks the same at times:\n\n" } else { "" });
        let _ = writeln!(text, "- [`{code}`](#{code}): {tells}");
    }
    for card in &words.cards {
        let fix = fix::filled(card, example).expect("every placeholder has an example");
        let _ = write!(text, "\n**{}.** {}\n", fix.whom, fix.text);
        if let (Some((language, _)), Some(code)) = (&card.code, &fix.code) {
            let _ = write!(text, "\n```{language}\n{code}\n```\n");
        }
        if let Some(source) = &fix.source {
            let untried = if fix.tried { "" } else { ", not tried here" };
            let _ = write!(text, "\n[Its documentation]({source}){untried}.\n");
        }
    }
    text
}

fn up_to_date(file: &str, text: &str) {
    if std::env::var_os("PREFLIGHT_WRITE_DOCS").is_some() {
        fs::write(file, text).expect(file);
    }
    let found = fs::read_to_string(file).unwrap_or_default();
    assert!(found == text, "{file} is stale: `make docs` writes it anew");
}
