//! What a run does not need: exports, and later files that are read back. A program of its own that the page
//! loads into a worker when it is first asked, so that it costs a run nothing and cannot freeze the page. Pure:
//! text in, text out. It never sees the key.

pub mod har;
pub mod html;
pub mod junit;
pub mod markdown;
mod time;

use crate::report::{Report, Shareable, Switches};
use serde_json::Value;

/// Answers a request: a JSON object with `task`; a refusal is a sentence.
///
/// | task | further members | answer |
/// |---|---|---|
/// | `second-opinion` | `report`, and the `text` that was pasted or dropped | JSON, see [`crate::second::desk`] |
/// | `export` | `format`, `report`, and the switches `hosts` and `bodies` (true leaves them in) | the file's text |
pub fn answer(request: &str) -> Result<String, String> {
    let request: Value = serde_json::from_str(request).map_err(|_| UNKNOWN)?;
    match request["task"].as_str() {
        Some("export") => export(&request),
        Some("second-opinion") => {
            let report: Report = serde_json::from_value(request["report"].clone()).map_err(|_| UNKNOWN)?;
            Ok(crate::second::desk(report, request["text"].as_str().unwrap_or_default()))
        }
        _ => Err(UNKNOWN.to_owned()),
    }
}

const UNKNOWN: &str =
    "The page and its part that reads and writes reports are of two versions. Load the page again.";

fn export(request: &Value) -> Result<String, String> {
    let is_on = |name: &str| request[name] != Value::Bool(false);
    let switches = Switches { hosts: is_on("hosts"), bodies: is_on("bodies") };
    let report: Report = serde_json::from_value(request["report"].clone()).map_err(|_| UNKNOWN)?;
    let shareable = Shareable::new(report, switches);
    match request["format"].as_str() {
        Some("markdown") => Ok(markdown::write(&shareable)),
        Some("json") => Ok(shareable.report().to_json()),
        Some("har") => Ok(har::write(&shareable)),
        Some("junit") => Ok(junit::write(&shareable)),
        Some("html") => Ok(html::write(&shareable)),
        _ => Err("This format is not known. There are markdown, json, har, junit and html.".to_owned()),
    }
}

/// JSON, indented for people.
fn pretty(value: &Value) -> String {
    // Plain data with string keys cannot fail to be written.
    serde_json::to_string_pretty(value).unwrap_or_default()
}
