//! MLflow's own Python client against what the page registered, and with the addresses that the page gives.

use crate::lab::children::find;
use crate::webdriver::session::Trouble;
use std::collections::BTreeSet;
use std::process::Command;

/// What the models are that a registration makes.
pub const FLAVORS: [&str; 4] = ["sklearn", "pytorch", "transformers", "python_function"];

/// What `mlflow.models.Model.load` finds in every version of the registered model that is there.
pub fn read_back(origin: &str) -> Result<BTreeSet<String>, Trouble> {
    let program = find("PREFLIGHT_MLFLOW", "mlflow").ok_or("MLflow's client is not on this machine")?;
    let python = program.with_file_name("python");
    let script = r#"
import sys, mlflow
from mlflow import MlflowClient
mlflow.set_tracking_uri(sys.argv[1])
versions = [v for v in MlflowClient().search_model_versions("") if v.name.startswith("preflight-")]
assert versions, "no version is registered"
for version in versions:
    model = mlflow.models.Model.load(f"models:/{version.name}/{version.version}")
    print("flavors", *model.flavors)
"#;
    let output = Command::new(python)
        .args(["-c", script, origin])
        .env("MLFLOW_DISABLE_TELEMETRY", "true")
        .output()
        .map_err(|error| error.to_string())?;
    if !output.status.success() {
        return Err(format!("the client says: {}", String::from_utf8_lossy(&output.stderr)));
    }
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let words = text.lines().filter_map(|line| line.strip_prefix("flavors ")).flat_map(str::split_whitespace);
    Ok(words.map(str::to_owned).collect())
}

/// Rows whose tracking URI is tried: the form's own, and a better one than that.
pub const ROWS: [&str; 7] = [
    "healthy",
    "healthy-direct",
    "healthy-mlflow-2",
    "healthy-basic-auth",
    "healthy-static-prefix",
    "static-prefix-not-typed",
    "wrong-base-url-nginx",
];

/// A line that a page showed, and the key that goes with it.
pub struct Shown {
    /// The row it was shown for.
    pub id: &'static str,
    /// What the page said.
    pub line: String,
    /// Variables of MLflow's client for the row's key.
    pub variables: Vec<(&'static str, &'static str)>,
}

/// Tries lines as somebody would who pastes them into a shell: MLflow's client must be able to search with each.
pub fn search_with(shown: &[Shown]) -> Result<(), Trouble> {
    let program = find("PREFLIGHT_MLFLOW", "mlflow").ok_or("MLflow's client is not on this machine")?;
    let python = program.with_file_name("python");
    // One process for all: most of its time it loads MLflow.
    let mut script = String::from("set -e\n");
    for Shown { line, variables, .. } in shown {
        let of = |name: &str| variables.iter().find(|(known, _)| *known == name).map_or("", |(_, text)| text);
        script.push_str(&format!("{line}\nprintf '%s\\t%s\\t%s\\t%s\\n' \"$MLFLOW_TRACKING_URI\" "));
        for name in ["MLFLOW_TRACKING_TOKEN", "MLFLOW_TRACKING_USERNAME", "MLFLOW_TRACKING_PASSWORD"] {
            script.push_str(&format!("'{}' ", of(name)));
        }
        script.push('\n');
    }
    let uris = output(Command::new("sh").arg("-c").arg(script))?;
    let search = r#"
import os, sys, mlflow
from mlflow import MlflowClient
for line in sys.argv[1].splitlines():
    uri, token, user, password = line.split("\t")
    for name, value in [("TOKEN", token), ("USERNAME", user), ("PASSWORD", password)]:
        os.environ.pop("MLFLOW_TRACKING_" + name, None)
        if value:
            os.environ["MLFLOW_TRACKING_" + name] = value
    mlflow.set_tracking_uri(uri)
    try:
        found = MlflowClient().search_experiments(max_results=1)
        print("works" if found else "finds nothing", uri)
    except Exception as error:
        print("fails", uri, repr(str(error))[:200])
"#;
    let mut command = Command::new(python);
    command.args(["-c", search, &uris]).env("MLFLOW_DISABLE_TELEMETRY", "true");
    // What does not work must not be tried for minutes.
    command.env("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "0");
    let said = output(&mut command)?;
    let lines: Vec<&str> = said.lines().filter(|line| !line.is_empty()).collect();
    let bad: Vec<String> = shown
        .iter()
        .zip(&lines)
        .filter(|(_, line)| !line.starts_with("works "))
        .map(|(shown, line)| format!("{}: {line}", shown.id))
        .collect();
    if lines.len() == shown.len() && bad.is_empty() { Ok(()) } else { Err(format!("{bad:?} of {lines:?}")) }
}

fn output(command: &mut Command) -> Result<String, Trouble> {
    let output = command.output().map_err(|error| error.to_string())?;
    match output.status.success() {
        true => Ok(String::from_utf8_lossy(&output.stdout).into_owned()),
        false => Err(String::from_utf8_lossy(&output.stderr).into_owned()),
    }
}
