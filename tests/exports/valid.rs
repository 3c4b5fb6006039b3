//! Exports as independent readers take them: a JSON Schema validator, a strict XML reader.

use super::{export, reports};
use boon::{Compiler, SchemaIndex, Schemas};
use quick_xml::Reader;
use quick_xml::events::Event;
use serde_json::Value;

fn schema(file: &str) -> (Schemas, SchemaIndex) {
    let (mut schemas, mut compiler) = (Schemas::new(), Compiler::new());
    compiler.enable_format_assertions();
    let index = compiler.compile(file, &mut schemas).expect("a schema");
    (schemas, index)
}

fn holds(schema: &(Schemas, SchemaIndex), text: &str) -> Result<(), String> {
    let value: Value = serde_json::from_str(text).map_err(|error| error.to_string())?;
    schema.0.validate(&value, schema.1).map_err(|error| error.to_string())
}

#[test]
fn json_is_as_its_published_schema_says() {
    let schema = schema("docs/report.schema.json");
    for report in reports() {
        for hosts in [true, false] {
            assert_eq!(holds(&schema, &export(&report, "json", hosts, hosts)), Ok(()));
        }
    }
    // A schema that anything fits says nothing.
    for (place, wrong) in [
        ("/format", "2"),
        ("/phase", "\"Asleep\""),
        ("/observations/0/ms", "-1"),
        ("/checks/0/status", "\"Fine\""),
    ] {
        let mut report: Value = serde_json::from_str(super::FROZEN).expect("a report");
        *report.pointer_mut(place).expect("a member") = serde_json::from_str(wrong).expect("JSON");
        assert!(holds(&schema, &report.to_string()).is_err(), "{place}");
    }
}

#[test]
fn har_is_valid() {
    let schema = schema("tests/fixtures/har-1.2.schema.json");
    for report in reports() {
        for hosts in [true, false] {
            assert_eq!(holds(&schema, &export(&report, "har", hosts, hosts)), Ok(()));
        }
    }
    assert!(holds(&schema, "{\"log\":{\"version\":\"1.2\"}}").is_err());
}

/// Every event of a well-formed XML document, without texts.
pub fn xml_events(text: &str) -> Result<Vec<String>, String> {
    let mut reader = Reader::from_str(text);
    reader.config_mut().enable_all_checks(true);
    let mut events = Vec::new();
    loop {
        match reader.read_event().map_err(|error| error.to_string())? {
            Event::Eof => return Ok(events),
            Event::Start(tag) | Event::Empty(tag) => {
                let names = tag.attributes().map(|attribute| {
                    let attribute = attribute.map_err(|error| error.to_string())?;
                    attribute
                        .normalized_value(quick_xml::XmlVersion::default())
                        .map_err(|error| error.to_string())?;
                    Ok(String::from_utf8_lossy(attribute.key.as_ref()).into_owned())
                });
                let names: Result<Vec<String>, String> = names.collect();
                events.push(format!("{} {}", String::from_utf8_lossy(tag.name().as_ref()), names?.join(" ")));
            }
            Event::End(tag) => events.push(format!("/{}", String::from_utf8_lossy(tag.name().as_ref()))),
            Event::Text(_) | Event::GeneralRef(_) | Event::Decl(_) => {}
            other => return Err(format!("{other:?}")),
        }
    }
}

#[test]
fn junit_is_well_formed() {
    for report in reports() {
        let events = xml_events(&export(&report, "junit", true, true)).expect("XML");
        assert_eq!(
            events.first().map(String::as_str),
            Some("testsuites name tests failures errors skipped time")
        );
        assert!(events.iter().filter(|event| event.starts_with("testcase ")).count() >= 5);
    }
}
