//! The overview of all deployments: it says of each how it is, sends no key to any of them, stops when it is told to, and
//! shows two side by side.

use super::form;
use super::promises::ON_ITS_WAY;
use super::session::{Session, Trouble};
use crate::lab::stage::Stage;
use serde_json::{Value, json};
use std::time::{Duration, Instant};

/// Row, how it comes out without a key, and what its line must speak of.
const DEPLOYMENTS: [(&str, &str, &str); 3] = [
    ("healthy", "wants-key", "without one"),
    ("auth-service-down", "problems", "auth service"),
    ("host-unreachable", "problems", "likely"),
];
/// How long nothing may arrive after the stop: longer than a probe may take.
const WATCH: Duration = Duration::from_millis(1500);
const GLANCE: Duration = Duration::from_millis(10);

/// Everything that a key can be sent in, and the text of every made-up one.
const KEYED: [&str; 3] = ["authorization", "x-api-key", "cookie"];
const MADE_UP: &str = "PREFLIGHTFAKEKEY";

/// Leaves only these rows in the page's list.
fn configure(stage: &Stage, rows: &[&str]) -> Result<String, Trouble> {
    let entries: Option<Vec<Value>> =
        rows.iter().map(|id| stage.row(id).and_then(|open| open.deployment().ok())).collect();
    let entries = entries.ok_or_else(|| format!("the table has not all of {rows:?}"))?;
    let limits = json!({ "probe-timeout-ms": crate::lab::stage::PROBE_TIMEOUT_MS });
    let file = json!({ "title": "Fleet", "limits": limits, "deployments": entries });
    Ok(stage.page.configure(file.to_string()))
}

/// Checks three deployments, and looks at them side by side.
pub async fn overview(session: &Session, stage: &Stage) -> Result<(), Trouble> {
    let was = configure(stage, &DEPLOYMENTS.map(|(id, ..)| id))?;
    let result = look_over(session, stage).await;
    stage.page.configure(was);
    result
}

/// Leaves the page with the overview as it is once all are through.
pub async fn look_over(session: &Session, stage: &Stage) -> Result<(), Trouble> {
    let mark = stage.log.mark();
    form::open(session, stage).await?;
    let said = session.script_until(CHECK_ALL, Vec::new()).await?;
    let lines = said["lines"].as_array().ok_or_else(|| format!("the page says {said}"))?;
    for (id, outcome, word) in DEPLOYMENTS {
        let line = lines.iter().find(|line| line["id"] == id).ok_or_else(|| format!("{id} has no line"))?;
        let text = line["text"].as_str().unwrap_or_default();
        if line["outcome"] != outcome || !text.to_lowercase().contains(word) {
            return Err(format!("{id}: {line}, and not {outcome} with {word:?}"));
        }
        if text.contains(" ms") != (id != "host-unreachable") {
            return Err(format!("{id} has {text:?}: a time is that of answers"));
        }
    }
    let seen = stage.log.since(mark);
    for id in ["healthy", "auth-service-down"] {
        let open = stage.row(id).ok_or("no row")?;
        if open.own(&seen).is_empty() {
            return Err(format!("nobody asked {id}"));
        }
    }
    let keyed = seen.iter().find(|request| {
        request.headers.iter().any(|(name, _)| KEYED.contains(&name.as_str()))
            || !request.places_of(MADE_UP).is_empty()
    });
    if let Some(keyed) = keyed {
        return Err(format!("{} {} at {} carries a key", keyed.method, keyed.target, keyed.listener));
    }
    side_by_side(&said["sides"])?;
    let opened = session.script_until(OPEN, vec![json!("auth-service-down")]).await?;
    let down = stage.row("auth-service-down").map(|open| open.registry_url.as_str());
    if opened["url"].as_str() != down
        || opened["causes"].as_array().is_none_or(|causes| !causes.contains(&json!("auth-service-down")))
    {
        return Err(format!("the line that was opened shows {opened}"));
    }
    Ok(())
}

/// The healthy one stands left, the one with the outage right.
fn side_by_side(sides: &Value) -> Result<(), Trouble> {
    let rows = sides.as_array().ok_or_else(|| format!("side by side is {sides}"))?;
    let row = |claim: &str| {
        rows.iter().find(|row| row[0] == claim).ok_or_else(|| format!("no row {claim:?} in {sides}"))
    };
    if row("Causes that are named")?[1] != "none" {
        return Err(format!("a cause of the healthy one is named: {sides}"));
    }
    let health = row("The auth service is up")?;
    if health[1] != "pass" || health[2].as_str().is_none_or(|cell| !cell.starts_with("fails: ")) {
        return Err(format!("the two differ in {health}"));
    }
    row("Half of the answers came within").and(row("Checks that came out alike")).map(drop)
}

/// Stops all in the middle: what goes on ends, what waits never begins, and nothing arrives anywhere afterwards.
pub async fn stop(session: &Session, stage: &Stage) -> Result<(), Trouble> {
    // More than go on at the same time.
    let rows = ["timeout", "connections-hang", "cors-missing-on-refusals", "healthy", "host-unreachable"];
    let was = configure(stage, &rows)?;
    let result = stop_all(session, stage).await;
    stage.page.configure(was);
    result
}

async fn stop_all(session: &Session, stage: &Stage) -> Result<(), Trouble> {
    let silent = stage.row("timeout").ok_or("no row")?;
    let mark = stage.log.mark();
    form::open(session, stage).await?;
    session.script("document.querySelector('#fleet button').click()", Vec::new()).await?;
    let deadline = Instant::now() + WATCH;
    while silent.own(&stage.log.since(mark)).is_empty() {
        if Instant::now() > deadline {
            return Err("no request arrived at all".to_owned());
        }
        tokio::time::sleep(GLANCE).await;
    }
    form::press(session, "stop-all").await?;
    tokio::time::sleep(ON_ITS_WAY).await;
    let stopped = stage.log.mark();
    let deadline = Instant::now() + WATCH;
    while Instant::now() < deadline {
        if let Some(late) = stage.log.since(stopped).first() {
            return Err(format!("{} arrived at {} after the stop", late.target, late.listener));
        }
        tokio::time::sleep(GLANCE).await;
    }
    let said = session.script(LINES, Vec::new()).await?;
    let stopped = |line: &Value| line["text"].as_str().is_some_and(|text| text.contains("Stopped"));
    let lines = said["lines"].as_array().ok_or("no lines")?;
    let silent = lines.iter().find(|line| line["id"] == "timeout");
    if said["state"] != "stopped" || !silent.is_some_and(stopped) {
        return Err(format!("after the stop the overview says {said}"));
    }
    Ok(())
}

const LINES: &str = r##"
return {
  state: document.querySelector("#fleet [data-state]")?.dataset.state,
  lines: [...document.querySelectorAll("[data-deployment]")].map((line) => ({
    id: line.dataset.deployment, outcome: line.dataset.outcome, text: line.textContent })),
};
"##;

const CHECK_ALL: &str = r##"
const [done] = arguments;
const line = (id) => document.querySelector(`[data-deployment="${id}"]`);
const beside = (id) => line(id).querySelector("[aria-pressed]").click();
(async () => {
  document.querySelector("#fleet button").click();
  await until("not all are through", () => document.querySelector("#fleet [data-state]")?.dataset.state === "finished", 20_000);
  const lines = [...document.querySelectorAll("[data-deployment]")].map((line) => ({
    id: line.dataset.deployment, outcome: line.dataset.outcome, text: line.textContent }));
  // The third one pushes the first one out.
  ["host-unreachable", "healthy", "auth-service-down"].forEach(beside);
  await until("nothing is side by side", () => document.querySelector(".sides tbody tr"));
  const sides = [...document.querySelectorAll(".sides tbody tr")].map((row) => [...row.children].map((cell) => cell.textContent));
  done({ lines, sides });
})().catch((error) => done(String(error)));
"##;

const OPEN: &str = r##"
const [id, done] = arguments;
document.querySelector(`[data-deployment="${id}"] .buttons button`).click();
until("no cause is named", () => document.querySelector("[data-cause]"))
  .then(() => done({
    causes: [...document.querySelectorAll("[data-cause]")].map((cause) => cause.dataset.cause),
    url: document.querySelector('[name="registry-url"]').value,
  }))
  .catch((error) => done(String(error)));
"##;
