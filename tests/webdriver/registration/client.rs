//! MLflow's own Python client against what the page registered.

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
