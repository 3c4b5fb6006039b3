//! The lines that the page shows after a good run, run as they stand: in a shell with the key in a variable, with the real
//! curl, the real Python client and Node, against the same servers.

use super::form;
use super::promises::row;
use super::session::{Session, Trouble};
use crate::lab::children::{Scratch, find};
use crate::lab::stage::{OpenRow, Stage};
use serde::Deserialize;
use serde_json::json;
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;
use tokio::process::Command;

/// The rows that this promise needs.
pub const ROWS: [&str; 5] =
    ["healthy", "healthy-direct", "healthy-basic-auth", "key-sent-as-configured", "source-healthy"];

/// Rows, and the scheme on the form where it is another than the row's: every one that its gateway reads.
const CASES: [(&str, &str); 7] = [
    ("healthy", "bearer"),
    ("healthy", "both"),
    ("healthy", "apikey"),
    ("key-sent-as-configured", "x-api-key"),
    ("healthy-basic-auth", "basic"),
    ("healthy-direct", "none"),
    ("source-healthy", "bearer"),
];

/// The client alone takes seconds to start on a busy machine.
const LIMIT: Duration = Duration::from_secs(120);

/// Some lines to copy.
#[derive(Debug, Deserialize)]
struct Lines {
    /// For which program.
    whom: String,
    /// The lines.
    code: String,
}

/// Runs the lines of every scheme; where the page is not the first engine's, of the usual one, since they are the same.
pub async fn lines_work(session: &Session, stage: &Stage) -> Result<(), Trouble> {
    let all = session.engine.name == "chromium";
    for (id, scheme) in CASES.iter().filter(|(_, scheme)| all || *scheme == "bearer") {
        let open = row(stage, id)?;
        form::open_for(session, stage, open).await?;
        form::fill(session, open, open.row.key).await?;
        form::enter(session, json!({ "auth-scheme": scheme })).await?;
        form::press(session, "run").await?;
        let said = form::finish(session).await?;
        if said.verdict.as_deref() != Some("healthy") {
            return Err(format!("{id}, {scheme}: the run came to {:?} {:?}", said.verdict, said.causes));
        }
        let shown = session.script(LINES, Vec::new()).await?;
        let lines: Vec<Lines> = serde_json::from_value(shown).map_err(|error| error.to_string())?;
        let key = open.text_of(open.row.key);
        if let Some(leak) = lines.iter().find(|it| !key.is_empty() && it.code.contains(&key)) {
            return Err(format!("{id}, {scheme}: the key is in the lines for {}", leak.whom));
        }
        let works = run_all(open, &lines, &key).await;
        works.map_err(|trouble| format!("{id}, {scheme}: {trouble}"))?;
    }
    Ok(())
}

async fn run_all(open: &OpenRow, lines: &[Lines], key: &str) -> Result<(), Trouble> {
    let scratch = Scratch::new("handover").map_err(|error| error.to_string())?;
    let of =
        |whom: &str| lines.iter().filter(|it| it.whom == whom).map(|it| it.code.as_str()).collect::<Vec<_>>();
    let [curl] = of("curl")[..] else { return Err(format!("no line for curl in {lines:?}")) };
    let printed = shell(scratch.path(), &format!("{curl} -sS"), key).await?;
    if !printed.starts_with("HTTP/1.1 200") || !printed.contains("\"experiments\"") {
        return Err(format!("{curl} printed {printed}"));
    }
    // What is for the shell comes first, then what is for Python.
    let python = of("Python client");
    let (for_shell, for_python): (Vec<&str>, Vec<&str>) =
        python.iter().partition(|code| code.starts_with("export "));
    if for_shell.is_empty() {
        return Err(format!("no lines for the Python client in {lines:?}"));
    }
    let program = find("PREFLIGHT_MLFLOW", "mlflow").ok_or("MLflow's client is not on this machine")?;
    let script = scratch.path().join("client.py");
    let text = format!("{}\n{CLIENT}", for_python.join("\n"));
    std::fs::write(&script, text).map_err(|error| error.to_string())?;
    let command = format!(
        "{}\nexec {} {}",
        for_shell.join("\n"),
        program.with_file_name("python").display(),
        script.display()
    );
    let printed = shell(scratch.path(), &command, key).await?;
    if !printed.lines().any(|line| line == "experiments: 1") {
        return Err(format!("the Python client printed {printed} after\n{}", python.join("\n")));
    }
    let [javascript] = of("JavaScript")[..] else { return Err(format!("no line for Node in {lines:?}")) };
    let script = scratch.path().join("ask.mjs");
    let text = format!("{javascript}\nconsole.log(answer.status, await answer.text());\n");
    std::fs::write(&script, text).map_err(|error| error.to_string())?;
    let printed = shell(scratch.path(), &format!("exec node {}", script.display()), key).await?;
    if !printed.starts_with("200 ") || !printed.contains("\"experiments\"") {
        return Err(format!("{}: {javascript} printed {printed}", open.row.id));
    }
    Ok(())
}

/// One page of experiments, as the client asks for it.
const CLIENT: &str =
    "import mlflow\nprint('experiments:', len(mlflow.MlflowClient().search_experiments(max_results=1)))\n";

/// What commands print in a shell whose user has the key in a variable, and no other settings of MLflow.
async fn shell(home: &Path, command: &str, key: &str) -> Result<String, Trouble> {
    let mut shell = Command::new("sh");
    shell.args(["-c", &format!("{{ {command}\n}} 2>&1")]).current_dir(home).stdin(Stdio::null());
    shell.env("PREFLIGHT_KEY", key).env("HOME", home).env("MLFLOW_DISABLE_TELEMETRY", "true");
    for name in ["http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"] {
        shell.env_remove(name);
    }
    let output = tokio::time::timeout(LIMIT, shell.kill_on_drop(true).output());
    let output =
        output.await.map_err(|_| format!("{command} does not end"))?.map_err(|error| error.to_string())?;
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// What a page shows where the Python client does not get through tells nothing of the key.
pub async fn differences_tell_no_key(session: &Session, stage: &Stage) -> Result<(), Trouble> {
    let open = row(stage, "healthy")?;
    form::open_for(session, stage, open).await?;
    form::fill(session, open, open.row.key).await?;
    form::press(session, "run").await?;
    form::finish(session).await?;
    let shown = session.script(DIFFERENCES, Vec::new()).await?;
    let commands: Vec<String> = serde_json::from_value(shown).map_err(|error| error.to_string())?;
    for part in ["_proxy", "CERT_PATH", "MLFLOW_TRACKING_TOKEN", "get_tracking_uri", ".netrc"] {
        if !commands.iter().any(|command| command.contains(part)) {
            return Err(format!("nothing about {part} in {commands:?}"));
        }
    }
    let scratch = Scratch::new("differences").map_err(|error| error.to_string())?;
    let key = open.text_of(open.row.key);
    std::fs::write(scratch.path().join(".netrc"), format!("machine r.example login a password {key}\n"))
        .map_err(|error| error.to_string())?;
    for command in commands.iter().filter(|command| !command.starts_with("python ")) {
        let set =
            format!("export MLFLOW_TRACKING_TOKEN='{key}' http_proxy='http://me:{key}@p.example'\n{command}");
        let printed = shell(scratch.path(), &set, &key).await?;
        if printed.contains(&key) {
            return Err(format!("{command} prints the key"));
        }
    }
    Ok(())
}

const LINES: &str = r#"
const cards = [...document.querySelectorAll(".fixes details")];
return cards.map((card) => ({
  whom: card.querySelector(".whom").textContent,
  code: card.querySelector("pre code").textContent,
}));
"#;

const DIFFERENCES: &str = r#"
const parts = [...document.querySelectorAll("details.more")];
const part = parts.find((it) => it.firstElementChild.textContent.startsWith("If the Python client"));
return [...(part?.querySelectorAll("pre code") ?? [])].map((code) => code.textContent);
"#;
