//! When the program dies in the middle: the page says so, what was seen can still be saved, and nothing is submitted.

use super::form;
use super::links;
use super::promises;
use super::session::{Session, Trouble};
use crate::lab::stage::Stage;
use serde_json::{Value, json};
use std::time::Duration;

/// Breaks the document under a page that has finished a run, and asks for something that it has to draw.
pub async fn is_survived(session: &Session, stage: &Stage) -> Result<(), Trouble> {
    let open = promises::row(stage, "auth-service-down")?;
    form::run(session, stage, open).await?;
    provoke(session).await?;
    let said = session.script_async(CRASH, Vec::new()).await?;
    let report = said["report"].as_str().unwrap_or_default();
    let report: Value = serde_json::from_str(report).map_err(|_| format!("after the crash: {said}"))?;
    if report["verdict"]["overall"] != "Problems" {
        return Err(format!("the report that is left says {}", report["verdict"]));
    }
    for (what, wanted) in [
        ("state", json!("failed")),
        ("shown", json!(true)),
        ("saved", json!("preflight-report.json")),
        ("same", json!(true)),
        ("submitted", json!(false)),
        ("keyed", json!(false)),
    ] {
        if said[what] != wanted {
            return Err(format!("{what}: {}", said[what]));
        }
    }
    Ok(())
}

/// Makes the program of a page that shows the end of a run die.
pub async fn provoke(session: &Session) -> Result<(), Trouble> {
    // The part that shares comes a little later.
    links::result_link(session).await?;
    session.script(BREAK, Vec::new()).await?;
    session.wait_for_state(&["failed"], LIMIT).await
}

const LIMIT: Duration = Duration::from_secs(5);

const BREAK: &str = r#"
window.labCreate = Document.prototype.createElement;
Document.prototype.createElement = () => { throw new Error("made up"); };
document.getElementById("export-preview").click();
"#;

/// The click that saves is caught, so that no browser asks anybody where to.
const CRASH: &str = r##"
const [done] = arguments;
const root = document.documentElement;
const key = document.querySelector("[name=api-key]").value;
Document.prototype.createElement = window.labCreate;
{
  const said = {
    state: root.dataset.runState,
    shown: !document.getElementById("crash").hidden && !document.getElementById("crash-report").hidden,
    report: window.preflight.report(),
    submitted: false,
  };
  said.keyed = !key || said.report.includes(key);
  HTMLAnchorElement.prototype.click = function () {
    said.saved = this.download;
    said.same = decodeURIComponent(this.href.split(",").slice(1).join(",")) === said.report;
  };
  document.getElementById("crash-save").click();
  addEventListener("pagehide", () => { said.submitted = true; });
  const form = document.createElement("form");
  form.action = `${location.origin}/?submitted`;
  document.body.append(form);
  try { form.submit(); } catch (error) { said.refused = String(error); }
  setTimeout(() => { said.submitted ||= location.search !== ""; done(said); }, 400);
}
"##;
