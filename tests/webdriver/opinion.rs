//! The second opinion: runs the commands that the page shows for a shortlist, with the real `curl`, pastes what they
//! print into the page, and reads what the page says then.

use super::form::{self, Said};
use super::session::{Session, Trouble};
use crate::lab::children::{Scratch, find};
use crate::lab::stage::{OpenRow, Stage};
use crate::lab::tls;
use serde_json::{Value, json};
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;
use tokio::process::Command;

/// Loopback answers at once; the page's commands wait longer.
const PATIENCE: &str = "-m 3";
/// How long a command may take at the most, and the page to read its output.
const LIMIT: Duration = Duration::from_secs(20);

/// What is missing on this machine.
pub fn missing() -> Option<&'static str> {
    find("", "curl").is_none().then_some("curl is not on this machine")
}

/// The commands that the page shows for what it could not decide.
async fn commands(session: &Session) -> Result<Vec<String>, Trouble> {
    let shown = session.script(COMMANDS, Vec::new()).await?;
    Ok(shown.as_array().into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect())
}

/// Runs a command as a user would, whose key is in a variable, and who trusts the lab's authority. Gives what a terminal
/// shows.
async fn run(command: &str, key: &str) -> Result<String, Trouble> {
    let scratch = Scratch::new("second-opinion").map_err(|error| error.to_string())?;
    let authority = scratch.path().join("authority.pem");
    std::fs::write(&authority, tls::authority_pem().map_err(|error| error.to_string())?)
        .map_err(|error| error.to_string())?;
    let command = command.replace("-m 20", PATIENCE);
    let mut shell = Command::new("sh");
    shell.args(["-c", &format!("{{ {command}; }} 2>&1")]).env("PREFLIGHT_KEY", key);
    shell.env("CURL_CA_BUNDLE", &authority).stdin(Stdio::null()).kill_on_drop(true);
    // A proxy in the environment would answer for names that do not exist.
    for name in ["http_proxy", "https_proxy", "all_proxy", "HTTPS_PROXY", "ALL_PROXY"] {
        shell.env_remove(name);
    }
    let output = tokio::time::timeout(LIMIT, shell.output());
    let output =
        output.await.map_err(|_| format!("{command} does not end"))?.map_err(|error| error.to_string())?;
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// Settles what a run left open; `None` when the page shows no command for it.
pub async fn settle(session: &Session, open: &OpenRow) -> Result<Option<Said>, Trouble> {
    let commands = commands(session).await?;
    if commands.is_empty() {
        return Ok(None);
    }
    let key = open.text_of(open.row.key);
    let mut printed = String::new();
    for command in &commands {
        printed.push_str(&run(command, &key).await?);
    }
    keep(session, open, &printed)?;
    let told = paste(session, &printed).await?;
    let said = form::read(session).await?;
    let everything =
        session.script("return document.documentElement.outerHTML + window.preflight.report()", Vec::new());
    if !key.is_empty() && everything.await?.as_str().is_some_and(|page| page.contains(&key)) {
        return Err("the key is in the page after it was pasted".to_owned());
    }
    if told.is_empty() { Err(format!("the page says nothing of:\n{printed}")) } else { Ok(Some(said)) }
}

/// A HAR file that DevTools saved is dropped: it settles what the browser alone cannot know. One that is too large is
/// refused before it is read, and the page says how to save less.
pub async fn dropped(session: &Session, stage: &Stage) -> Result<(), Trouble> {
    let open = super::promises::row(stage, "host-unreachable")?;
    let before = form::run(session, stage, open).await?;
    if before.causes.len() < 2 || before.causes.iter().any(|(_, confidence)| confidence == "certain") {
        return Err(format!("there is nothing to settle: {:?}", before.causes));
    }
    let told = bring(session, json!(null)).await?;
    if !told.contains("larger than 20 MB") || !told.contains("Clear the list in DevTools") {
        return Err(format!("of a file of more than 20 MB the page says {told:?}"));
    }
    if session.script("return !!window.wasRead", Vec::new()).await? != false {
        return Err("the file was read all the same".to_owned());
    }
    // As Chromium saved it of this very row, with the addresses of today.
    let saved = include_str!("../fixtures/second/chromium-host-unreachable.har");
    let addresses = [
        ("http://127.0.0.1:34863", open.registry_url.as_str()),
        ("http://127.0.0.1:32937", open.auth_url.as_str()),
        ("http://127.0.0.2:39555", stage.page.origin.as_str()),
    ];
    let har = addresses.iter().fold(saved.to_owned(), |har, (was, is)| har.replace(was, is));
    let told = bring(session, json!(har)).await?;
    let after = form::read(session).await?;
    if after.causes != [("host-unreachable".to_owned(), "certain".to_owned())] {
        return Err(format!("after the file {:?}; the page says {told:?}", after.causes));
    }
    Ok(())
}

/// Drops a file on the field; without text, one that is a byte too large.
async fn bring(session: &Session, text: Value) -> Result<String, Trouble> {
    give(session, BRING, text).await
}

/// Pastes text and waits for what the page says of it.
pub async fn paste(session: &Session, text: &str) -> Result<String, Trouble> {
    give(session, PASTE, json!(text)).await
}

/// Gives a second opinion and waits until the page says something of it.
async fn give(session: &Session, how: &str, what: Value) -> Result<String, Trouble> {
    let script = [UNTIL_TOLD, how, "look();"].concat();
    let told = session.script_async(&script, vec![what, json!(LIMIT.as_millis())]).await?;
    told.as_str().map(str::to_owned).ok_or_else(|| format!("the second opinion is not taken: {told}"))
}

/// Keeps the output as a fixture for native tests, where a folder for them is named.
fn keep(session: &Session, open: &OpenRow, printed: &str) -> Result<(), Trouble> {
    let Some(folder) = std::env::var_os("PREFLIGHT_SECOND").filter(|_| session.engine.name == "chromium")
    else {
        return Ok(());
    };
    let folder = Path::new(&folder);
    std::fs::create_dir_all(folder)
        .and_then(|()| std::fs::write(folder.join(format!("{}.txt", open.row.id)), printed))
        .map_err(|error| error.to_string())
}

const COMMANDS: &str = r#"
const shown = [...document.querySelectorAll(".tells pre code")].map((code) => code.textContent);
return [...new Set(shown.filter((text) => text.startsWith("curl ")))];
"#;

const UNTIL_TOLD: &str = r#"
const [text, limit, done] = arguments;
const told = () => document.querySelector(".told")?.textContent ?? "";
const before = told();
const started = performance.now();
const look = () => {
  if (told() && told() !== before) return done(told());
  if (performance.now() - started > limit) return done({ instead: told() });
  setTimeout(look, 20);
};
"#;

const BRING: &str = r#"
const field = document.querySelector("[name=second-opinion-file]");
if (!field) return done({ missing: "field" });
for (const name of ["text", "arrayBuffer", "stream"]) {
  const real = Blob.prototype[name];
  Blob.prototype[name] = function () { window.wasRead = true; return real.call(this); };
}
window.wasRead = false;
const files = new DataTransfer();
files.items.add(new File([text ?? new Uint8Array((20 << 20) + 1)], "saved.har"));
field.closest(".opinion").dispatchEvent(new DragEvent("drop", { dataTransfer: files, bubbles: true, cancelable: true }));
"#;

const PASTE: &str = r#"
const area = document.querySelector("[name=second-opinion]");
if (!area) return done({ missing: "field" });
Object.getOwnPropertyDescriptor(HTMLTextAreaElement.prototype, "value").set.call(area, text);
area.dispatchEvent(new Event("input", { bubbles: true }));
"#;
