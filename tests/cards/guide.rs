//! The example of the guide (docs/guide.md) registers a model, with the real client at a real server.

use super::mlflow::{mlflow, serve};
use std::process::Command;

#[test]
fn the_guides_registration_works() {
    let Some(program) = mlflow(3) else { return };
    let guide = std::fs::read_to_string("docs/guide.md").expect("the guide");
    let script = guide.split("```python\n").nth(1).and_then(|rest| rest.split("```").next());
    let script = script.expect("an example in Python");
    let promised = guide.split("It ends with `").nth(1).and_then(|rest| rest.split('`').next());
    let promised = promised.expect("what it prints at its end");
    let server = serve(&program, "mlflow server --serve-artifacts --artifacts-destination s3://BUCKET/PATH");
    let own = format!("http://127.0.0.1:{}", server.port);
    let script = script.replace("https://registry.example.com/api/mlflow", &own);
    assert!(script.contains(&own), "the example names another address");
    let mut python = Command::new(program.with_file_name("python3"));
    python.args(["-c", &script]).current_dir(&server.folder).env("HOME", &server.folder);
    python.env("REGISTRY_KEY", "made-up").env("MLFLOW_DISABLE_TELEMETRY", "true").env("DO_NOT_TRACK", "true");
    let ran = python.output().expect("Python");
    let (said, complained) = (String::from_utf8_lossy(&ran.stdout), String::from_utf8_lossy(&ran.stderr));
    assert!(ran.status.success() && said.contains(promised), "{said}\n{complained}");
}
