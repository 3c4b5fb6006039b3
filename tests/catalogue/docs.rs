//! The documents that are made from the catalogue. A test fails when one is stale; `make docs` writes it anew.

use preflight::checks::{self, Suite};
use preflight::diagnosis::{Cause, Class, causes};
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
const MADE: &str = "<!-- Made from the catalogue by `make docs`. Edit the catalogue, not this file. -->";

#[test]
fn checks_are_documented() {
    let mut text = format!(
        "{MADE}\n# What Preflight checks\n\nEach check is a claim that is true on a healthy deployment, in the order of the page.\n"
    );
    for suite in Suite::ALL {
        let _ = writeln!(text, "\n## {}", suite.title());
        for check in checks::ALL.iter().filter(|check| check.suite == suite) {
            let _ = write!(
                text,
                "\n### {}\n\n`{}`\n\n**Why it matters.** {}\n\n**What it does not prove.** {}\n",
                check.title, check.id, check.why, check.does_not_prove
            );
        }
    }
    up_to_date("docs/checks.md", &text);
}

#[test]
fn causes_are_documented() {
    let mut text = format!(
        "{MADE}\n# Troubleshooting\n\nEvery cause that Preflight names, by its stable code: what it means, who mends it, and what looks the same to a browser.\n"
    );
    for class in CLASSES {
        let _ = writeln!(text, "\n## {}", class.title());
        for cause in causes::ALL.iter().filter(|cause| cause.class == class) {
            text.push_str(&entry(cause));
        }
    }
    up_to_date("docs/troubleshooting.md", &text);
}

fn entry(cause: &Cause) -> String {
    // The code is the heading, so that its anchor is as stable as the code.
    let mut text = format!("\n### `{}`\n\n**{}.** {}\n", cause.code, cause.title, cause.explanation);
    let _ = write!(text, "\nTo be mended by {}.\n", cause.owner.name());
    for (index, (code, tells)) in cause.look_alikes.iter().enumerate() {
        let _ = write!(text, "{}", if index == 0 { "\nLooks the same at times:\n\n" } else { "" });
        let _ = writeln!(text, "- [`{code}`](#{code}): {tells}");
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
