//! The lists of checks, causes and symptoms are complete: ids unique and equal to file names, every look-alike
//! known, every entry with words, every placeholder filled. And what is written from them is up to date.

#[path = "catalogue/docs.rs"]
mod docs;
#[allow(dead_code, reason = "serves several test programs, and none needs all of it")]
mod world;

use preflight::catalogue::{Catalogue, DOES_NOT_PROVE, WHY};
use preflight::checks;
use preflight::deployment::{AuthScheme, Host};
use preflight::diagnosis::fix::{self, Fix};
use preflight::diagnosis::{Confidence, Named, causes, symptoms};
use std::collections::BTreeSet;
use std::fs;
use std::process::Command;
use world::World;

/// The languages that words are quoted for (src/catalogue/fill.rs); others are told apart by nobody.
const LANGUAGES: [&str; 9] = ["apache", "caddy", "haproxy", "json", "nginx", "python", "sh", "text", "yaml"];

/// The catalogue as it lies beside the page.
fn catalogue() -> Catalogue {
    let made = Command::new("tools/catalogue.sh").env_remove("TRUNK_STAGING_DIR").output().expect("bash");
    let text = String::from_utf8(made.stdout).expect("the catalogue is UTF-8");
    Catalogue::read(text).expect("a catalogue")
}

fn files(folder: &str, ending: &str) -> BTreeSet<String> {
    let entries = fs::read_dir(folder).expect("a folder of the project");
    let names = entries.filter_map(|entry| entry.ok()?.file_name().into_string().ok());
    names
        .filter_map(|name| Some(name.strip_suffix(ending)?.replace('_', "-")))
        .filter(|name| name != "mod")
        .collect()
}

#[test]
fn every_check_has_its_files_and_its_line() {
    let ids: BTreeSet<String> = checks::ALL.iter().map(|check| check.id.to_owned()).collect();
    assert_eq!(ids.len(), checks::ALL.len(), "an id is used twice");
    assert_eq!(ids, files("src/checks", ".rs"));
    assert_eq!(ids, files("src/catalogue/checks", ".md"));
}

#[test]
fn every_cause_has_its_files_and_its_line() {
    let codes: BTreeSet<String> = causes::ALL.iter().map(|cause| cause.code.to_owned()).collect();
    assert_eq!(codes.len(), causes::ALL.len(), "a code is used twice");
    assert_eq!(codes, files("src/diagnosis/causes", ".rs"));
    assert_eq!(codes, files("src/catalogue/causes", ".md"));
}

#[test]
fn every_symptom_has_its_file_and_its_line() {
    let kinds: BTreeSet<String> = symptoms::ALL.iter().map(|watch| format!("{:?}", watch.kind)).collect();
    assert_eq!(kinds.len(), symptoms::ALL.len());
    assert_eq!(kinds.len(), files("src/diagnosis/symptoms", ".rs").len());
}

#[test]
fn look_alikes_are_in_the_catalogue_and_say_what_tells() {
    let catalogue = catalogue();
    for cause in causes::ALL {
        let words = catalogue.cause(cause.code).expect("words");
        for (code, tells) in words.look_alikes {
            assert!(causes::find(code).is_some() && code != cause.code, "{}: {code} is no cause", cause.code);
            assert!(tells.ends_with('.') || tells.ends_with('?'), "{}: {tells}", cause.code);
        }
    }
}

#[test]
fn words_are_sentences() {
    let catalogue = catalogue();
    for check in checks::ALL {
        for text in [WHY, DOES_NOT_PROVE].map(|title| catalogue.check(check.id, title)) {
            assert!(text.ends_with('.'), "{}: {text}", check.id);
        }
        for title in [check.title, check.failing_title] {
            assert!(!title.is_empty() && !title.ends_with('.'), "{}: {title}", check.id);
        }
    }
    for cause in causes::ALL {
        let explanation = catalogue.cause(cause.code).expect("words").explanation;
        assert!(!explanation.is_empty() && !cause.title.ends_with('.'), "{}", cause.code);
        for text in &explanation {
            assert!(text.ends_with('.') && !text.contains('!'), "{}: {text}", cause.code);
            assert_eq!(text.matches('`').count() % 2, 0, "{}: {text}", cause.code);
        }
    }
}

#[test]
fn cards_are_complete() {
    let catalogue = catalogue();
    for cause in causes::ALL {
        let mut names = BTreeSet::new();
        for card in catalogue.cause(cause.code).expect("words").cards {
            let at = format!("{}: {}", cause.code, card.whom);
            assert!(names.insert(card.whom), "{at}: two cards with that name");
            assert!(card.text.ends_with(['.', ':', '?']), "{at}: {}", card.text);
            assert_eq!(card.text.matches('`').count() % 2, 0, "{at}");
            assert!(card.tried || card.source.is_some(), "{at}: not tried, and no documentation is named");
            assert!(card.source.is_none_or(|source| source.starts_with("https://")), "{at}");
            if let Some((language, code)) = &card.code {
                assert!(LANGUAGES.contains(language), "{at}: {language}");
                assert!(!code.is_empty(), "{at}");
            }
            assert!(fix::filled(&card, docs::example).is_some(), "{at} has a placeholder without an example");
        }
    }
}

fn named(code: &str, host: Host) -> Named {
    let symptom = symptoms::ALL[0].kind;
    Named { code: code.to_owned(), confidence: Confidence::Certain, host, symptom, evidence: Vec::new() }
}

/// Names with a hyphen in braces.
fn has_placeholder(text: &str) -> bool {
    text.split('{')
        .skip(1)
        .filter_map(|rest| rest.split_once('}'))
        .any(|(name, _)| name.contains('-') && name.chars().all(|c| c.is_ascii_lowercase() || c == '-'))
}

#[test]
fn every_placeholder_is_filled_whatever_the_deployment() {
    let catalogue = catalogue();
    for (scheme, has_auth) in
        [(AuthScheme::Bearer, true), (AuthScheme::XApiKey, true), (AuthScheme::None, false)]
    {
        let has_key = scheme != AuthScheme::None;
        let auth = has_auth.then_some(world::healthy_auth as fn(&_) -> _);
        let outcome = World { scheme, auth, ..World::default() }.run();
        let facts = outcome.run.facts();
        for cause in causes::ALL {
            let named = named(cause.code, Host::Registry);
            let fixes = fix::all(&facts, &named, &catalogue);
            assert!(!fixes.is_empty(), "{} has no way to mend it", cause.code);
            for line in fixes.iter().map(Fix::lines) {
                assert!(!has_placeholder(&line), "{}: {line}", cause.code);
            }
            if has_key && has_auth {
                let own = (cause.fixes)(&facts, Host::Registry).len();
                let cards = catalogue.cause(cause.code).expect("words").cards.len();
                assert_eq!(fixes.len(), own + cards, "{}: a card is left out", cause.code);
            }
        }
    }
}

/// Whoever sets the policy as a header copies it from the guide: it must be the page's own.
#[test]
fn the_guide_to_hosting_knows_the_pages_policy() {
    let page = std::fs::read_to_string("index.html").expect("the page");
    let guide = std::fs::read_to_string("docs/hosting.md").expect("the guide");
    let begun = page.split("Content-Security-Policy\" content=\"").nth(1).expect("a policy");
    let policy = begun.split('"').next().expect("its end");
    let with_header = format!("{policy}; frame-ancestors 'self'");
    assert_eq!(guide.matches(with_header.as_str()).count(), guide.matches("default-src 'none'").count());
    assert!(guide.contains(&with_header));
}
