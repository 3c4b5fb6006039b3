//! The script of the guide (`docs/run-in-ci.py`), as somebody's continuous integration would run it: it opens the page in
//! a browser of its own, and its exit code and its JUnit file say what was found. Chromium only.

use super::session::{Session, Trouble};
use crate::lab::stage::Stage;
use std::process::Stdio;
use std::time::Duration;
use tokio::process::Command;

/// Rows, the exit code that is due, and what the JUnit file must hold.
const ROWS: [(&str, i32, &str); 2] = [("healthy", 0, "<testsuite"), ("auth-service-down", 1, "<failure")];

/// Runs it; `None` where it cannot run.
pub async fn run(session: &Session, stage: &Stage) -> Option<Result<(), Trouble>> {
    if session.engine.name != "chromium" {
        return None;
    }
    let mut result = Ok(());
    for (id, code, holds) in ROWS {
        if result.is_ok() {
            result = one(stage, id, code, holds).await;
        }
    }
    Some(result)
}

async fn one(stage: &Stage, id: &str, code: i32, holds: &str) -> Result<(), Trouble> {
    let open = stage.row(id).ok_or_else(|| format!("the table has no row {id}"))?;
    let folder = std::env::temp_dir().join(format!("preflight-in-ci-{}-{id}", std::process::id()));
    std::fs::create_dir_all(&folder).map_err(|error| error.to_string())?;
    let junit = folder.join("junit.xml");
    let variable = |name: &str| std::env::var(name).unwrap_or_default();
    let form = &open.row.form;
    let profile = format!("--user-data-dir={}", folder.join("profile").display());
    let arguments = [
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--no-first-run",
        "--disable-background-networking",
        &profile,
    ];
    let mut command = Command::new("python3");
    command
        .arg("docs/run-in-ci.py")
        .arg(format!("{}/", stage.page.origin))
        .arg(&junit)
        .args([
            format!("--registry-url={}", open.registry_url),
            format!("--mlflow-path={}", form.mlflow_path),
            format!("--auth-url={}", open.auth_url),
            format!("--auth-scheme={}", form.scheme),
            format!("--service-id={}", form.service_id),
        ])
        .env("PREFLIGHT_KEY", open.row.key.text())
        .env("PREFLIGHT_DRIVER", variable("PREFLIGHT_CHROMEDRIVER"))
        .env("PREFLIGHT_BROWSER", variable("PREFLIGHT_CHROMIUM"))
        .env("PREFLIGHT_BROWSER_ARGUMENTS", arguments.join(" "))
        .stdin(Stdio::null())
        .kill_on_drop(true);
    let ran = tokio::time::timeout(Duration::from_secs(120), command.output()).await;
    let ran = ran.map_err(|_| "the script does not end")?.map_err(|error| error.to_string())?;
    let written = std::fs::read_to_string(&junit).unwrap_or_default();
    // What is left behind is only a temporary folder.
    let _ = std::fs::remove_dir_all(&folder);
    if ran.status.code() != Some(code) || !written.contains(holds) {
        let (said, complained) = (String::from_utf8_lossy(&ran.stdout), String::from_utf8_lossy(&ran.stderr));
        return Err(format!("{id}: {}, said {said}{complained}, wrote {written}", ran.status));
    }
    if written.contains(open.row.key.text()) {
        return Err(format!("{id}: the key is in the JUnit file"));
    }
    Ok(())
}
