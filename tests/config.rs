//! `preflight.json`: what the program reads, what the published schema says (docs/preflight.schema.json, as an independent
//! validator understands it) and what the documentation shows are the same.

mod native;

use boon::{Compiler, SchemaIndex, Schemas};
use native::parse_url;
use preflight::deployment::config::{self, MEMBERS};
use preflight::deployment::form;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::fs;

const SCHEMA: &str = "docs/preflight.schema.json";

/// What the page says of a file.
fn problems(text: &str) -> Vec<String> {
    let mut config = config::parse(text);
    form::look_over(&mut config, parse_url);
    config.problems
}

struct Schema(Schemas, SchemaIndex);

impl Schema {
    fn read() -> Schema {
        let (mut schemas, mut compiler) = (Schemas::new(), Compiler::new());
        let index = compiler.compile(SCHEMA, &mut schemas).expect("a schema");
        Schema(schemas, index)
    }

    fn takes(&self, value: &Value) -> bool {
        self.0.validate(value, self.1).is_ok()
    }
}

fn text_of(path: &str) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// Files of that kind, and blocks of documentation that show one.
fn shown() -> Vec<(String, String)> {
    let mut found: Vec<(String, String)> = ["docs/preflight.hokus.json", "src/assets/preflight.json"]
        .map(|path| (path.to_owned(), text_of(path)))
        .into();
    let documents = fs::read_dir("docs").expect("docs").filter_map(|entry| Some(entry.ok()?.path()));
    let documents = documents.filter(|path| path.extension().is_some_and(|ending| ending == "md"));
    for path in documents.map(|path| path.display().to_string()).chain(["README.md".to_owned()]) {
        let mut block = String::new();
        let text = text_of(&path);
        // Indented blocks and fenced ones; what is neither ends a block.
        let mut fenced = false;
        for line in text.lines().chain([""]) {
            let is_fence = line.trim_start().starts_with("```");
            let inside = if is_fence { None } else { line.strip_prefix("    ").or(fenced.then_some(line)) };
            fenced ^= is_fence;
            match inside {
                Some(line) => block.extend([line, "\n"]),
                None => {
                    let whole = std::mem::take(&mut block);
                    if whole.trim_start().starts_with('{') && whole.contains("\"deployments\"") {
                        found.push((path.clone(), whole));
                    }
                }
            }
        }
    }
    found
}

#[test]
fn what_is_shown_can_be_used() {
    let schema = Schema::read();
    let shown = shown();
    assert!(shown.iter().any(|(path, _)| path == "README.md"), "the README shows no preflight.json");
    for (path, text) in shown {
        let value: Value = serde_json::from_str(&text).unwrap_or_else(|error| panic!("{path}: {error}"));
        schema.0.validate(&value, schema.1).unwrap_or_else(|error| panic!("{path}: {error}"));
        assert_eq!(problems(&text), Vec::<String>::new(), "{path}");
    }
}

/// The places of all members that the schema knows, each with its own part of it.
fn members(schema: &Value, part: &Value, place: &str, into: &mut BTreeMap<String, Vec<String>>) {
    let part = match part["$ref"].as_str() {
        Some(name) => schema.pointer(name.trim_start_matches('#')).expect("a definition"),
        None => part,
    };
    if let Some(properties) = part["properties"].as_object() {
        assert_eq!(part["additionalProperties"], json!(false), "{place}");
        into.entry(place.to_owned()).or_default().extend(properties.keys().cloned());
        for (name, inner) in properties {
            members(schema, inner, &format!("{place}{name}."), into);
        }
    }
    if !part["items"].is_null() {
        members(schema, &part["items"], &format!("{}[].", place.trim_end_matches('.')), into);
    }
}

#[test]
fn the_schema_knows_what_the_program_reads_and_nothing_else() {
    let schema: Value = serde_json::from_str(&text_of(SCHEMA)).expect("JSON");
    let mut published = BTreeMap::new();
    members(&schema, &schema, "", &mut published);
    let read = MEMBERS.iter().map(|(place, names)| {
        let mut names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
        names.sort();
        ((*place).to_owned(), names)
    });
    assert_eq!(published, read.collect());
}

/// A file that is well but for one member.
fn with(place: &str, name: &str, value: Value) -> Value {
    let mut part = json!({ name: value });
    let mut names: Vec<&str> = place.split('.').filter(|name| !name.is_empty()).collect();
    while let Some(name) = names.pop() {
        let (bare, is_list) = name.strip_suffix("[]").map_or((name, false), |bare| (bare, true));
        let needed = match bare {
            "deployments" => Some(("registry-url", "https://r.example")),
            "prefixes" => Some(("prefix", "xy_")),
            "support" => Some(("text", "Help")),
            _ => None,
        };
        if let (Some((needed, value)), Some(object)) = (needed, part.as_object_mut()) {
            object.entry(needed).or_insert_with(|| json!(value));
        }
        part = json!({ bare: if is_list { json!([part]) } else { part } });
    }
    part
}

#[test]
fn every_member_is_read_and_a_value_of_another_kind_is_named_with_its_place() {
    let schema = Schema::read();
    for (place, names) in MEMBERS {
        for name in names.iter().filter(|name| **name != "$schema") {
            // Nothing is a whole number below zero.
            let wrong = with(place, name, json!(-7));
            let at = format!("{place}{name}").replace("[]", "[0]");
            assert!(!schema.takes(&wrong), "the schema takes {wrong}");
            let said = problems(&wrong.to_string());
            assert!(said.iter().any(|line| line.starts_with(&format!("{at} "))), "{at}: {said:?}");
        }
        let unknown = with(place, "surplus", json!("x"));
        let at = format!("{place}surplus is not known and was ignored.").replace("[]", "[0]");
        assert!(!schema.takes(&unknown), "the schema takes {unknown}");
        assert_eq!(problems(&unknown.to_string()), [at]);
    }
}

#[test]
fn what_is_out_of_bounds_is_refused_by_both() {
    let schema = Schema::read();
    let (long, many) = ("x".repeat(501), vec!["/a"; 13]);
    for (place, name, good, bad) in [
        ("limits.", "probe-timeout-ms", json!(200), json!(199)),
        ("limits.", "slow-ms", json!(60_000), json!(60_001)),
        ("deployments[].limits.", "slow-ms", json!(250), json!(0.5)),
        ("", "title", json!(""), json!(long)),
        ("", "tracker", json!("https://t.example"), json!("http://t.example")),
        ("", "examples", json!("our/examples"), json!("../examples")),
        ("", "examples", json!(""), json!("/examples")),
        ("", "examples", json!("a"), json!("https://e.example")),
        ("", "examples", json!("a-b_c/d"), json!("a//b")),
        ("", "examples", json!("a"), json!("a/")),
        ("", "examples", json!("a"), json!("a\\b")),
        ("", "deployments", json!([]), json!([7])),
        ("support.", "link", json!("mailto:a@b.example"), json!("javascript:alert(1)")),
        ("support.", "text", json!("Help"), json!("")),
        ("deployments[].", "registry-url", json!("https://r.example"), json!("")),
        ("deployments[].", "auth-scheme", json!("basic"), json!("beerer")),
        ("deployments[].", "health-paths", json!(["/a"]), json!(many)),
        ("deployments[].key.", "alphabet", json!("any"), json!("hex")),
        ("deployments[].key.", "lengths", json!([4096]), json!([4097])),
        ("deployments[].key.", "prefixes", json!([]), json!([{ "environment": "test" }])),
        ("deployments[].key.prefixes[].", "prefix", json!("a"), json!("")),
    ] {
        let (good, bad) = (with(place, name, good), with(place, name, bad));
        assert!(schema.takes(&good), "the schema refuses {good}");
        assert_eq!(problems(&good.to_string()), Vec::<String>::new(), "{good}");
        assert!(!schema.takes(&bad), "the schema takes {bad}");
        assert!(!problems(&bad.to_string()).is_empty(), "{bad}");
    }
}

/// What only a URL parser knows is said too, with its place: nobody has to choose a deployment to find out.
#[test]
fn addresses_that_cannot_be_used_are_named_with_their_place() {
    for (name, value, says) in [
        ("registry-url", "ftp://r.example", "deployments[1].registry-url: "),
        ("mlflow-path", "//evil.example", "deployments[1].mlflow-path: "),
        ("auth-url", "https://u:p@a.example", "deployments[1].auth-url: "),
        ("health-path", "https://evil.example", "deployments[1].registry-url: The health path of this"),
    ] {
        let mut broken = json!({ "registry-url": "https://r.example" });
        broken[name] = json!(value);
        // The one before it is unusable, and counts all the same.
        let said = problems(&json!({ "deployments": [3, broken] }).to_string());
        assert_eq!(said.len(), 2, "{said:?}");
        assert!(said[1].starts_with(says) && said[1].ends_with('.'), "{said:?}");
    }
    let custom = json!({ "deployments": [{ "registry-url": "https://r.example", "auth-scheme": "custom" }] });
    assert!(problems(&custom.to_string())[0].starts_with("deployments[0].auth-header: "));
}

#[test]
fn a_deployment_says_how_long_is_long_or_the_file_does() {
    let file = json!({
        "limits": { "probe-timeout-ms": 4000, "slow-ms": 900 },
        "deployments": [
            { "registry-url": "https://a.example", "limits": { "slow-ms": 3000 } },
            { "registry-url": "https://b.example" },
        ],
    });
    let config = config::parse(&file.to_string());
    let of = |index: usize| {
        let patience = config.patience(config.deployments.get(index));
        (patience.probe_timeout_ms, patience.slow_ms)
    };
    assert_eq!(of(0), (Some(4000), Some(3000)));
    assert_eq!(of(1), (Some(4000), Some(900)));
    assert_eq!(of(7), (Some(4000), Some(900)));
}
