//! What a run does not need: exports, and later files that are read back. A program of its own that the page
//! loads into a worker when it is first asked, so that it costs a run nothing and cannot freeze the page. Pure:
//! text in, text out. It never sees the key.

pub mod compare;
pub mod har;
pub mod html;
pub mod import;
pub mod issue;
pub mod junit;
pub mod markdown;
mod time;

use crate::report::{Report, Shareable, Switches};
use serde_json::Value;

/// Answers a request: a JSON object with `task`; a refusal is a sentence.
///
/// | task | further members | answer |
/// |---|---|---|
/// | `export` | `format`, `report`, and the switches `hosts` and `bodies` (true leaves them in) | the file's text |
/// | `issue` | `tracker`, `report`, and the switches | the address of a new issue, filled in |
/// | `import` | `text`: a file | the report in it as [`crate::report::wire`] |
/// | `compare` | `report`, and `text`: a file with the other one | see [`compare::write`] |
/// | `side-by-side` | `report` and `other`: reports of two deployments | see [`compare::side_by_side`] |
/// | `second-opinion` | `report`, and `text`: what curl printed, or a HAR file | see [`crate::second::desk`] |
pub fn answer(request: &str) -> Result<String, String> {
    // The desk is one piece.
    #[cfg(target_arch = "wasm32")]
    {
        crate::engine::judging_is_here();
        crate::engine::writing_is_here();
    }
    let request: Value = serde_json::from_str(request).map_err(|_| UNKNOWN)?;
    let text = |name: &str| request[name].as_str().unwrap_or_default();
    match text("task") {
        "export" => export(text("format"), &shareable(&request)?),
        "side-by-side" => {
            Ok(compare::side_by_side(&report(&request, "report")?, &report(&request, "other")?))
        }
        "issue" => Ok(issue::address(text("tracker"), &shareable(&request)?)),
        "import" => Ok(import::shown(&import::read(text("text"))?)),
        "second-opinion" => Ok(crate::second::desk(report(&request, "report")?, text("text"))),
        "compare" => {
            let other = import::read(text("text"))?;
            Ok(compare::write(shareable(&request)?.report(), other.report()))
        }
        _ => Err(UNKNOWN.to_owned()),
    }
}

const UNKNOWN: &str =
    "The page and its part that reads and writes reports are of two versions. Load the page again.";

/// The report of a request, as its switches want it.
fn shareable(request: &Value) -> Result<Shareable, String> {
    let is_on = |name: &str| request[name] != Value::Bool(false);
    let switches = Switches { hosts: is_on("hosts"), bodies: is_on("bodies") };
    Ok(Shareable::new(report(request, "report")?, switches))
}

fn report(request: &Value, name: &str) -> Result<Report, String> {
    serde_json::from_value(request[name].clone()).map_err(|_| UNKNOWN.to_owned())
}

fn export(format: &str, shareable: &Shareable) -> Result<String, String> {
    match format {
        "markdown" => Ok(markdown::write(shareable)),
        "json" => Ok(shareable.report().to_json()),
        "har" => Ok(har::write(shareable)),
        "junit" => Ok(junit::write(shareable)),
        "html" => Ok(html::write(shareable)),
        _ => Err("This format is not known. There are markdown, json, har, junit and html.".to_owned()),
    }
}

/// JSON, indented for people.
fn pretty(value: &Value) -> String {
    // Plain data with string keys cannot fail to be written.
    serde_json::to_string_pretty(value).unwrap_or_default()
}
