//! axe-core (from npm) looks at the page in each of its states, in both themes; nothing may stick out of a narrow
//! screen, and nothing moves for those who do not want it. Chromium only: what is judged is the document, and only
//! Chromium changes theme and size in flight.

use super::examples;
use super::fleet;
use super::form;
use super::session::{Session, Trouble};
use super::{links, promises, registration};
use crate::lab::stage::Stage;
use serde_json::{Value, json};
use std::time::Duration;

/// What a finished run can look like, and the row that leads there.
const FINISHED: [(&str, &str); 3] =
    [("healthy", "healthy"), ("broken", "auth-service-down"), ("shortlist", "host-unreachable")];
/// The row that is looked at while it runs: nothing ever answers there.
const RUNNING: &str = "timeout";
/// Long enough to look at a run that goes on, milliseconds.
const LONG_PROBE_MS: u32 = 30_000;
/// A page 1280 wide at 400 % is as wide as this; it includes what 200 % asks for (WCAG 2.2, 1.4.4 and 1.4.10).
const NARROW: u32 = 320;
const LIMIT: Duration = Duration::from_secs(10);

/// Every detail opened, then all of axe's rules; gives one line per rule that is broken.
const LOOK: &str = r"
    const done = arguments[arguments.length - 1];
    document.querySelectorAll('details').forEach((details) => { details.open = true; });
    axe.run(document).then(
        (found) => done(found.violations.map((rule) => `${rule.id}: ${rule.nodes.map((node) => node.target).join(' ')}`)),
        (error) => done([String(error)]));
";

/// What would leave the page is looked at as well.
const PREVIEW: &str = r"
    const done = arguments[arguments.length - 1];
    let left = 400;
    let pressed = false;
    const timer = setInterval(() => {
        const button = document.getElementById('export-preview');
        if (button && !pressed) { button.click(); pressed = true; }
        const shown = document.querySelector('.preview pre') !== null;
        if (shown || --left < 0) { clearInterval(timer); done(shown); }
    }, 25);
";

/// Looks at every state; `None` where axe-core or this browser's tools are missing.
pub async fn look(session: &Session, stage: &Stage) -> Option<Result<(), Trouble>> {
    let axe = std::env::var("PREFLIGHT_AXE").ok().filter(|path| !path.is_empty())?;
    if session.engine.name != "chromium" {
        return None;
    }
    let looked = match std::fs::read_to_string(&axe) {
        Ok(source) => states(session, stage, &source).await,
        Err(error) => Err(format!("{axe}: {error}")),
    };
    let tidied = session.devtools("Emulation.setEmulatedMedia", json!({ "features": [] })).await;
    Some(looked.and(tidied.map(drop)))
}

async fn states(session: &Session, stage: &Stage, axe: &str) -> Result<(), Trouble> {
    let mut found = Vec::new();
    form::open(session, stage).await?;
    found.extend(judged(session, "idle", axe).await?);
    form::press(session, "run").await?;
    found.extend(judged(session, "started with an empty form", axe).await?);
    found.extend(while_it_runs(session, stage, axe).await?);
    let mut link = String::new();
    for (name, id) in FINISHED {
        let open = promises::row(stage, id)?;
        form::run(session, stage, open).await?;
        let shown = session.script_async(PREVIEW, Vec::new()).await?;
        if shown != true {
            return Err("what leaves is not shown".to_owned());
        }
        found.extend(judged(session, name, axe).await?);
        link = links::result_link(session).await?;
    }
    found.extend(with_more(session, stage, axe).await?);
    links::anew(session, &link, "shared").await?;
    found.extend(judged(session, "shared", axe).await?);
    let newer = [stage.page.origin.as_str(), "/#r=99.AAAA"].concat();
    links::anew(session, &newer, "idle").await?;
    found.extend(judged(session, "a newer link", axe).await?);
    found.extend(links::asked_about(session, stage, judged(session, "a question", axe)).await?);
    fleet::overview(session, stage).await?;
    found.extend(judged(session, "fleet", axe).await?);
    examples::show(session, stage, 0).await?;
    found.extend(judged(session, "example", axe).await?);
    // It must be able to find something.
    session.script("document.querySelector('main').append(new Image())", Vec::new()).await?;
    let planted = session.script_async(LOOK, Vec::new()).await?;
    if planted.as_array().is_none_or(Vec::is_empty) {
        found.push("a picture without words was planted, and axe-core did not object".to_owned());
    }
    if found.is_empty() { Ok(()) } else { Err(found.join("\n")) }
}

/// What a user may add to a result: a registration, another report beside it, a watch.
async fn with_more(session: &Session, stage: &Stage, axe: &str) -> Result<Vec<String>, Trouble> {
    let open = promises::row(stage, "healthy")?;
    form::open(session, stage).await?;
    form::fill(session, open, open.row.key).await?;
    form::enter(session, json!({ "registration": true })).await?;
    let mut found = judged(session, "a registration is wanted", axe).await?;
    form::press(session, "run").await?;
    form::finish(session).await?;
    found.extend(judged(session, "a registration is over", axe).await?);
    let compared = session.script_async(COMPARE_WITH_ITSELF, Vec::new()).await?;
    if compared != true {
        return Err("the report is not compared with itself".to_owned());
    }
    found.extend(judged(session, "two reports are compared", axe).await?);
    form::enter(session, json!({ "watch": "30" })).await?;
    session.wait_for_state(&["running"], LIMIT).await?;
    form::finish(session).await?;
    found.extend(judged(session, "a watch", axe).await?);
    form::run(session, stage, open).await?;
    form::press(session, "look-closer").await?;
    session.wait_for_state(&["running"], LIMIT).await?;
    form::finish(session).await?;
    found.extend(judged(session, "after looking closer", axe).await?);
    registration::leave_something(session, stage, open).await?;
    found.extend(judged(session, "a registration left something", axe).await?);
    registration::clean_up(session).await?;
    found.extend(judged(session, "what it left is removed", axe).await?);
    Ok(found)
}

/// A run that goes on, then stopped; and one without a network.
async fn while_it_runs(session: &Session, stage: &Stage, axe: &str) -> Result<Vec<String>, Trouble> {
    let silent = promises::row(stage, RUNNING)?;
    let usual = stage.page.configure(String::new());
    let mut patient: Value = serde_json::from_str(&usual).map_err(|error| error.to_string())?;
    patient["limits"]["probe-timeout-ms"] = json!(LONG_PROBE_MS);
    stage.page.configure(patient.to_string());
    let opened = form::open(session, stage).await;
    stage.page.configure(usual);
    opened?;
    form::fill(session, silent, silent.row.key).await?;
    form::press(session, "run").await?;
    session.wait_for_state(&["running"], LIMIT).await?;
    let mut found = judged(session, "running", axe).await?;
    form::press(session, "stop").await?;
    session.wait_for_state(&["stopped"], LIMIT).await?;
    found.extend(judged(session, "stopped", axe).await?);
    form::open(session, stage).await?;
    form::fill(session, silent, silent.row.key).await?;
    session.set_offline(true).await?;
    form::press(session, "run").await?;
    let ended = form::finish(session).await;
    session.set_offline(false).await?;
    ended?;
    found.extend(judged(session, "offline", axe).await?);
    Ok(found)
}

/// What is wrong with the page as it stands: to axe-core in both themes, on a narrow screen, and to somebody who wants
/// nothing to move.
async fn judged(session: &Session, name: &str, axe: &str) -> Result<Vec<String>, Trouble> {
    let mut found = Vec::new();
    session.script(axe, Vec::new()).await?;
    for scheme in ["light", "dark"] {
        let media = json!({ "features": [
            { "name": "prefers-color-scheme", "value": scheme },
            { "name": "prefers-reduced-motion", "value": "reduce" },
        ] });
        session.devtools("Emulation.setEmulatedMedia", media).await?;
        let broken = session.script_async(LOOK, Vec::new()).await?;
        let broken = broken.as_array().ok_or_else(|| format!("axe-core said {broken}"))?;
        found.extend(broken.iter().filter_map(Value::as_str).map(|rule| format!("{name}, {scheme}: {rule}")));
    }
    let metrics = json!({ "width": NARROW, "height": 640, "deviceScaleFactor": 1, "mobile": false });
    session.devtools("Emulation.setDeviceMetricsOverride", metrics).await?;
    let wide = session.script(TOO_WIDE, Vec::new()).await;
    session.devtools("Emulation.clearDeviceMetricsOverride", json!({})).await?;
    let strings = |value: Value| -> Vec<String> {
        value.as_array().into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect()
    };
    found.extend(strings(wide?).iter().map(|what| format!("{name}: {what} sticks out at {NARROW} px")));
    let moving = session.script(MOVING, Vec::new()).await?;
    found.extend(strings(moving).iter().map(|what| format!("{name}: {what} moves")));
    Ok(found)
}

const COMPARE_WITH_ITSELF: &str = r#"
const [done] = arguments;
window.preflight.export("json").then((report) => {
  const field = document.querySelector('[name="report-file"]');
  const files = new DataTransfer();
  files.items.add(new File([report], "report.json"));
  field.files = files.files;
  field.dispatchEvent(new Event("change", { bubbles: true }));
  let left = 200;
  const timer = setInterval(() => {
    const there = document.querySelector(".compared")?.textContent.includes("Before:");
    if (there || --left < 0) { clearInterval(timer); done(!!there); }
  }, 25);
});
"#;

/// What makes the whole page scroll sideways.
const TOO_WIDE: &str = r#"
const root = document.documentElement;
if (root.scrollWidth <= root.clientWidth) return [];
const scrolls = (at) => at && at !== document.body && (getComputedStyle(at).overflowX !== "visible" || scrolls(at.parentElement));
const out = [...document.body.querySelectorAll("*")].filter((it) =>
  it.getBoundingClientRect().right > root.clientWidth + 1 && !scrolls(it.parentElement));
return out.slice(0, 5).map((it) => `${it.tagName}.${it.className?.baseVal ?? it.className}`);
"#;

/// What moves although the user wants nothing to.
const MOVING: &str = r#"
return document.getAnimations()
  .filter((it) => it.playState === "running" && it.effect.getComputedTiming().activeDuration > 10)
  .map((it) => `${it.effect.target?.className}: ${it.animationName ?? it.transitionProperty}`);
"#;
