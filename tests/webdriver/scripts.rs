//! The questions of the five Python scripts that this page replaces, one after another as the scripts ask them
//! (facts/source-scripts.md, parts 1 to 5): every question they ask of a deployment in which all is well, and not what
//! the first one writes. Their client opens a connection for each.

use super::questions::{With, questions};
use crate::lab::stage::OpenRow;
use crate::lab::web::Caller;
use hyper::Request;
use hyper::body::Bytes;
use serde_json::Value;
use std::time::{Duration, Instant};

/// The scripts' own time limit.
const LIMIT: Duration = Duration::from_secs(10);

/// Asks everything and gives the number of questions and how long they took.
pub async fn ask_all(open: &OpenRow, key: &str) -> Result<(usize, Duration), String> {
    let questions = questions(&open.registry_url, &open.auth_url, key);
    let caller = Caller::new();
    let begun = Instant::now();
    for question in &questions {
        let mut ask = Request::builder().method(&question.method).uri(&question.url);
        // The row's auth service answers at once to whoever names no agent, as its gateway does.
        ask = ask.header("user-agent", "python-requests/2.31.0");
        ask = match question.with {
            With::Nothing => ask,
            With::Bearer => ask.header("authorization", format!("Bearer {key}")),
            With::Raw => ask.header("authorization", key),
            With::Header(name) => ask.header(name, key),
            With::Both => ask.header("authorization", format!("Bearer {key}")).header("x-api-key", key),
        };
        let body = question.body.as_ref().map(Value::to_string);
        if body.is_some() {
            ask = ask.header("content-type", "application/json");
        }
        let ask = ask.body(Bytes::from(body.unwrap_or_default())).map_err(|error| error.to_string())?;
        caller.call(ask, LIMIT).await.map_err(|error| format!("{}: {error:?}", question.url))?;
    }
    Ok((questions.len(), begun.elapsed()))
}
