//! Reports that are brought back as files: our JSON, and our HAR with the report in it. What is no such file is said
//! in a sentence. Nothing in a file is trusted: it is redacted as if it had come from the wire, and the page reads what
//! comes out of here through its URL parser ([`crate::report::wire`]).

use super::har;
use crate::report::shared::Shared;
use crate::report::{FORMAT, Report, Shareable, Switches, wire};
use serde_json::Value;

/// The largest file that is read, bytes. The page refuses larger ones before it reads them.
pub const LARGEST: usize = 20_000_000;
/// What is said of larger ones.
pub const TOO_LARGE: &str = "This file is larger than 20 MB, so it was not read. No report of Preflight is.";
/// More questions than any run asks.
const OBSERVATIONS: usize = 1_000;

/// The report in a file.
pub fn read(text: &str) -> Result<Shareable, String> {
    let text = text.trim_start_matches('\u{feff}').trim();
    if text.len() > LARGEST {
        return Err(
            "This file is larger than 20 MB, so it was not read. No report of Preflight is.".to_owned()
        );
    }
    if !text.starts_with('{') {
        return Err("This is no report of Preflight: that would be a JSON or HAR file that this page saved."
            .to_owned());
    }
    let value: Value = serde_json::from_str(text).map_err(|error| {
        if error.is_eof() {
            "The end of this file is missing. Save it or copy it again as a whole.".to_owned()
        } else {
            format!("This file is no JSON (line {}, column {}).", error.line(), error.column())
        }
    })?;
    let value = match &value["log"] {
        Value::Object(log) => match log.get(har::OWN) {
            Some(own) => own,
            None => return Err("This HAR file holds no report: another program saved it. What it saw can be a second opinion; put it into the field for that.".to_owned()),
        },
        _ => &value,
    };
    match value["format"].as_u64() {
        None => return Err("This is JSON of another program, and no report of Preflight.".to_owned()),
        Some(format) if format > u64::from(FORMAT) => {
            return Err(format!(
                "A later version of Preflight wrote this report (format {format}; this one reads up to {FORMAT}). Load this page again; if that does not help, open the report where it was made."
            ));
        }
        Some(_) => {}
    }
    if value["observations"].as_array().is_some_and(|list| list.len() > OBSERVATIONS) {
        return Err("This report holds more questions than any run asks, so it was not read.".to_owned());
    }
    let report: Report = serde_json::from_value(value.clone()).map_err(|_| {
        "This says that it is a report of Preflight, and a part of it cannot be read. Perhaps it was changed by hand.".to_owned()
    })?;
    Ok(Shareable::new(report, Switches::ALL))
}

/// A report as the page gets any report that it is to show ([`wire`]).
pub fn shown(shareable: &Shareable) -> String {
    wire::write(&Shared::whole(shareable))
}
