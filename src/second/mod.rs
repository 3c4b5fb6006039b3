//! The second opinion: what a terminal or DevTools saw, as somebody pasted or dropped it.
//!
//! | file | what it does |
//! |---|---|
//! | [`paste`] | makes plain lines of whatever a terminal leaves in the clipboard |
//! | [`command`] | reads a `curl` command line |
//! | [`curl`] | reads the output of `curl`, with or without `-v` |
//! | `says` | what curl says in its own words |
//! | `wire` | parts of what stands on the wire: addresses, and what is kept of an answer |
//! | [`har`] | reads a HAR file that DevTools saved |
//! | [`secrets`] | drops credentials |
//! | [`matching`] | finds the question of a run that was asked |
//!
//! Everything here is total, takes time in proportion to what it reads, and keeps little of it. It runs beside the
//! page, never in its way.

pub mod command;
pub mod curl;
pub mod har;
pub mod matching;
pub mod paste;
mod says;
pub mod secrets;
mod wire;

use crate::probe::{Answer, Came, Sighting};
use crate::report::Report;
use crate::run::Facts;
use serde_json::{Value, json};

/// Largest HAR file that is read, bytes.
pub const HAR_LIMIT: usize = 20 << 20;
/// Said before a larger one is read.
pub const HAR_TOO_LARGE: &str = "This file is larger than 20 MB. Clear the list in DevTools (the crossed-out circle), run the checks once more, and save it again: then it holds only what is needed.";
/// Exchanges that are kept of one paste or file.
const EXCHANGES: usize = 200;

/// One question of another program, and what came of it. Every part may be unknown: pastes are cut.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Exchange {
    /// Which program.
    pub by: String,
    /// True for https.
    pub secure: Option<bool>,
    /// Lower case, without brackets.
    pub host: Option<String>,
    /// The port, where it was shown.
    pub port: Option<u16>,
    /// Path with query.
    pub path: Option<String>,
    /// The method.
    pub method: Option<String>,
    /// True when the headers of the request are known.
    pub shows_headers: bool,
    /// `Origin` of the request.
    pub origin: Option<String>,
    /// `Access-Control-Request-Method` of the request.
    pub asks_method: Option<String>,
    /// True when the request carried a credential. Never which.
    pub keyed: bool,
    /// True when it went through a proxy that was named to the program.
    pub proxied: bool,
    /// True when the program was told not to judge certificates.
    pub insecure: bool,
    /// How far it came; `None` while it was under way.
    pub came: Option<Came>,
    /// What the program said of it.
    pub says: String,
    /// The answer.
    pub answer: Option<Answer>,
}

/// Why nothing can be made of what was brought. Each renders as a sentence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unreadable {
    /// Nothing there.
    Empty,
    /// Not text.
    Binary,
    /// Larger than a HAR file may be.
    TooLarge,
    /// JSON of something else.
    OtherJson,
    /// A report of this page.
    Report,
    /// JSON that is cut or broken.
    BrokenJson,
    /// A HAR file without requests.
    EmptyHar,
    /// Text without any output of curl.
    OtherText,
}

impl Unreadable {
    /// What to do about it.
    pub fn sentence(self) -> &'static str {
        match self {
            Self::Empty => {
                "There is nothing in it. Run the command in a terminal and paste all that it prints."
            }
            Self::Binary => {
                "This is not text. Paste what the command prints, or drop a HAR file that DevTools saved."
            }
            Self::TooLarge => HAR_TOO_LARGE,
            Self::OtherJson => {
                "This is JSON, but neither a HAR file nor output of curl. In DevTools: Network, then “Save all as HAR”."
            }
            Self::Report => {
                "This is a report of this page, and no second opinion. Open it under Share; here goes what curl prints, or a HAR file."
            }
            Self::BrokenJson => {
                "This looks like JSON and is cut off or damaged. Save the HAR file once more, and drop the file instead of pasting its text."
            }
            Self::EmptyHar => {
                "This HAR file holds no requests. Open DevTools (F12) first, run the checks, and then save it."
            }
            Self::OtherText => {
                "No output of curl was found in this. Run the command in a terminal and paste all that it prints, also the lines with * and >."
            }
        }
    }
}

/// Reads what somebody pasted or dropped.
pub fn read(text: &str) -> Result<Vec<Exchange>, Unreadable> {
    let start = text.trim_start_matches(['\u{feff}', ' ', '\n', '\r', '\t']);
    if start.is_empty() {
        return Err(Unreadable::Empty);
    }
    if start.starts_with('{') {
        match har::read(start) {
            // A body may begin like JSON, and be what curl printed.
            Err(Unreadable::BrokenJson) => {}
            other => return other,
        }
    }
    let lines = paste::lines(text)?;
    let found = curl::read(&lines);
    match found.is_empty() {
        false => Ok(found),
        true if start.starts_with('{') => Err(Unreadable::BrokenJson),
        true => Err(Unreadable::OtherText),
    }
}

/// What is told of a second opinion.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Reading {
    /// What belongs to this run.
    pub sightings: Vec<Sighting>,
    /// What was understood, or what is missing: sentences.
    pub said: Vec<String>,
    /// The command to run once more, when something is missing.
    pub again: Option<String>,
}

/// Reads a second opinion on a run.
pub fn opinion(facts: &Facts, text: &str) -> Reading {
    match read(text) {
        Ok(exchanges) => matching::reading(facts, &exchanges),
        Err(unreadable) => Reading { said: vec![unreadable.sentence().to_owned()], ..Reading::default() },
    }
}

/// The same for the desk: [`Reading`] as JSON.
pub fn desk(report: Report, text: &str) -> String {
    let reading = opinion(&report.into_run().facts(), text);
    json!({
        "sightings": reading.sightings,
        "said": reading.said,
        "again": reading.again.map_or(Value::Null, Value::String),
    })
    .to_string()
}
