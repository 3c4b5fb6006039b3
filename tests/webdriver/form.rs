//! The page's machine interface (README): fills the form, starts a run, reads what the page says.

use super::session::{Session, Trouble};
use crate::lab::keys::Key;
use crate::lab::scenarios::Entry;
use crate::lab::stage::{OpenRow, Stage};
use serde::Deserialize;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::time::Duration;

/// A page that is not ready for input by then never will be.
const READY_LIMIT: Duration = Duration::from_secs(20);
/// A run is bounded far below this, one that registers a model too.
const RUN_LIMIT: Duration = Duration::from_secs(55);
/// The states in which a run is over.
const ENDED: [&str; 3] = ["finished", "failed", "stopped"];

/// What the page says when a run has ended.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Said {
    /// `data-run-state`.
    pub state: String,
    /// `data-stopped`: what stopped the program.
    pub stopped: Option<String>,
    /// Where in the program that was, as the browser tells it.
    pub stack: Option<String>,
    /// `data-verdict`.
    pub verdict: Option<String>,
    /// `data-cause` and `data-confidence`, in rank order.
    pub causes: Vec<(String, String)>,
    /// `data-check-id` and `data-status`.
    pub checks: BTreeMap<String, String>,
    /// Origins that the page asked, as its own timing entries tell.
    pub origins: Vec<String>,
    /// `window.preflight.report()`.
    pub report: Option<String>,
    /// From the press of *Run checks* to the end of the run by the page's clock, milliseconds.
    pub took_ms: Option<f64>,
}

impl Said {
    /// True when the program ended in a trap: one of the browser's, or a panic of ours, which looks the same in the page's own
    /// build (tools/wasm-env.sh).
    pub fn has_trapped(&self) -> bool {
        self.stopped.is_some()
    }
}

/// Loads the page afresh and waits until it takes input.
pub async fn open(session: &Session, stage: &Stage) -> Result<(), Trouble> {
    open_at(session, &stage.page.origin).await
}

/// The same at another origin.
pub async fn open_at(session: &Session, origin: &str) -> Result<(), Trouble> {
    session.load(&format!("{origin}/")).await?;
    session.wait_for_state(&["idle"], READY_LIMIT).await
}

/// Loads the page that a row is run from, with a `preflight.json` of the row's own where it has one.
pub async fn open_for(session: &Session, stage: &Stage, open: &OpenRow) -> Result<(), Trouble> {
    let page = stage.page_of(open.row);
    let Some(file) = open.own_file()? else { return open_at(session, page).await };
    let usual = stage.page.configure(file);
    let opened = open_at(session, page).await;
    stage.page.configure(usual);
    opened
}

/// Enters a row's values, with `key` in the place of the row's own.
pub async fn fill(session: &Session, open: &OpenRow, key: Key) -> Result<(), Trouble> {
    if let Entry::Shipped(id) = open.row.entry {
        return choose(session, open, id, key).await;
    }
    let form = &open.row.form;
    let values = json!({
        "registry-url": open.registry_url,
        "mlflow-path": form.mlflow_path,
        "auth-url": open.auth_url,
        "auth-scheme": form.scheme,
        "auth-header": form.header,
        "service-id": form.service_id,
        "api-key": open.text_of(key),
        "registration": form.registration,
    });
    enter(session, values).await
}

/// Chooses a deployment of `preflight.json`, which fills the form, and types what is no part of it.
async fn choose(session: &Session, open: &OpenRow, id: &str, key: Key) -> Result<(), Trouble> {
    enter(session, json!({ "preset": id })).await?;
    let form = &open.row.form;
    for (name, wanted) in [
        ("registry-url", open.registry_url.as_str()),
        ("mlflow-path", form.mlflow_path),
        ("auth-url", open.auth_url.as_str()),
        ("auth-scheme", form.scheme),
        ("auth-header", form.header),
    ] {
        let script = "return document.querySelector(`[name=\"${arguments[0]}\"]`)?.value ?? null";
        let filled = session.script(script, vec![json!(name)]).await?;
        if filled != wanted {
            return Err(format!("the entry {id} fills {name} with {filled}, not {wanted:?}"));
        }
    }
    enter(session, json!({ "service-id": form.service_id, "api-key": open.text_of(key) })).await
}

/// Enters values into fields by their names.
pub async fn enter(session: &Session, values: Value) -> Result<(), Trouble> {
    let missing = session.script(FILL, vec![values]).await?;
    match missing.as_array().map(Vec::as_slice) {
        Some([]) => Ok(()),
        _ => Err(format!("the form does not take {missing}")),
    }
}

/// Waits until the page has loaded what judges and has rehearsed a run, as it has long before hands get from the last field to
/// the button. A script is there within milliseconds, and would measure the loading.
pub async fn at_rest(session: &Session) -> Result<(), Trouble> {
    session.script_async(AT_REST, Vec::new()).await.map(drop)
}

/// What the page notes then (src/ui/state/ready.rs).
const AT_REST: &str = r#"
const [done] = arguments;
new PerformanceObserver((list, observer) => {
  if (list.getEntriesByName("preflight-ready").length === 0) return;
  observer.disconnect();
  done();
}).observe({ type: "measure", buffered: true });
"#;

/// Presses the button with that id.
pub async fn press(session: &Session, id: &str) -> Result<(), Trouble> {
    let pressed = session.script(PRESS, vec![json!(id), json!(ENDED)]).await?;
    if pressed == true { Ok(()) } else { Err(format!("there is no button #{id} that can be pressed")) }
}

/// Makes the browser's clock go this many seconds ahead, for this page.
pub async fn shift_clock(session: &Session, seconds: i64) -> Result<(), Trouble> {
    session.script(SHIFT_CLOCK, vec![json!(seconds * 1000)]).await.map(drop)
}

/// Waits for the end of a run and reads what the page says.
pub async fn finish(session: &Session) -> Result<Said, Trouble> {
    session.wait_for_state(&ENDED, RUN_LIMIT).await?;
    read(session).await
}

/// A whole run at a row, in a page that was loaded afresh.
pub async fn run(session: &Session, stage: &Stage, open: &OpenRow) -> Result<Said, Trouble> {
    self::open(session, stage).await?;
    fill(session, open, open.row.key).await?;
    press(session, "run").await?;
    finish(session).await
}

/// Reads what the page says now.
pub async fn read(session: &Session) -> Result<Said, Trouble> {
    let said: Value = session.script(READ, Vec::new()).await?;
    serde_json::from_value(said).map_err(|error| format!("what the page says is not understood: {error}"))
}

/// Values are set as a user's input would be, past any framework's own setter. A select takes only what it offers.
const FILL: &str = r#"
const missing = [];
for (const [name, value] of Object.entries(arguments[0])) {
  const field = document.querySelector(`[name="${name}"]`);
  if (!field) { if (value) missing.push(name); continue; }
  if (field.type === "checkbox") {
    if (field.checked !== value) field.click();
    if (field.checked !== value) missing.push(name);
    continue;
  }
  const prototype = Object.getPrototypeOf(field);
  Object.getOwnPropertyDescriptor(prototype, "value").set.call(field, value);
  if (field.value !== value) missing.push(`${name}=${value}`);
  field.dispatchEvent(new Event("input", { bubbles: true }));
  field.dispatchEvent(new Event("change", { bubbles: true }));
}
return missing;
"#;

/// Only the time of day: the clock that measures spans is another one.
const SHIFT_CLOCK: &str = r#"
const [shift] = arguments;
const Real = Date;
window.Date = class extends Real {
  constructor(...given) { if (given.length) super(...given); else super(Real.now() + shift); }
  static now() { return Real.now() + shift; }
};
"#;

/// Also takes the time, in the page, because the way between test and browser takes longer than many a run.
const PRESS: &str = r#"
const [id, ended] = arguments;
const button = document.getElementById(id);
if (!button || button.disabled) return false;
const keep = (error) => { window.labStack ??= error?.stack && String(error.stack); };
addEventListener("error", (event) => keep(event.error));
addEventListener("unhandledrejection", (event) => keep(event.reason));
if (id === "run") {
  const clock = (window.labClock = { pressed: performance.now() });
  const observer = new MutationObserver(() => {
    if (!ended.includes(document.documentElement.dataset.runState)) return;
    clock.ended = performance.now();
    observer.disconnect();
  });
  observer.observe(document.documentElement, { attributes: true, attributeFilter: ["data-run-state"] });
}
button.click();
return true;
"#;

const READ: &str = r#"
const root = document.documentElement;
const all = (selector, read) => [...document.querySelectorAll(selector)].map(read);
const origin = (url) => { try { return new URL(url).origin; } catch { return url; } };
return {
  state: root.dataset.runState ?? "",
  stopped: root.dataset.stopped ?? null,
  stack: window.labStack ?? null,
  verdict: root.dataset.verdict ?? null,
  causes: all("[data-cause]", (cause) => [cause.dataset.cause, cause.dataset.confidence ?? ""]),
  checks: Object.fromEntries(all("[data-check-id]", (check) => [check.dataset.checkId, check.dataset.status ?? ""])),
  origins: [...new Set(performance.getEntriesByType("resource").map((entry) => origin(entry.name)))],
  report: window.preflight?.report?.() ?? null,
  took_ms: window.labClock?.ended ? window.labClock.ended - window.labClock.pressed : null,
};
"#;
