//! How smooth typing and scrolling are while results stream in, on a slow device: Chromium's processor is throttled, and
//! the browser itself says which tasks held it up (Long Tasks API: those of 50 ms and more).

use super::form;
use super::session::{Session, Trouble};
use crate::lab::stage::Stage;
use serde_json::{Value, json};

/// How many times slower the processor is made.
const SLOWER: u32 = 4;
/// So many runs are looked at.
const TIMES: usize = 3;

/// Measures, prints, and says whether no task was a long one, from the press to the verdict and its link.
pub async fn run(session: &Session, stage: &Stage) -> Result<bool, Trouble> {
    let open = stage.rows.first().ok_or("there is no row to measure")?;
    println!(
        "Typing and scrolling during that run, processor {SLOWER} times slower ({}):",
        session.engine.name
    );
    let mut smooth = true;
    for _ in 0..TIMES {
        form::open(session, stage).await?;
        form::fill(session, open, open.row.key).await?;
        form::at_rest(session).await?;
        session.devtools("Emulation.setCPUThrottlingRate", json!({ "rate": SLOWER })).await?;
        let seen = run_once(session).await;
        session.devtools("Emulation.setCPUThrottlingRate", json!({ "rate": 1 })).await?;
        let seen = seen?;
        let number = |name: &str| seen[name].as_f64().unwrap_or(f64::MAX);
        println!(
            "  {:>4} results in {:>5.0} ms, {:>3} letters typed; long tasks until the end: {}; with verdict and link: {}",
            number("results"),
            number("took"),
            number("typed"),
            list(&seen["streaming"]),
            list(&seen["after"]),
        );
        smooth &= ["streaming", "after"].iter().all(|part| seen[part].as_array().is_some_and(Vec::is_empty));
    }
    println!("  {}", if smooth { "no task of 50 ms or more" } else { "HELD UP" });
    Ok(smooth)
}

async fn run_once(session: &Session) -> Result<Value, Trouble> {
    session.script(OBSERVE, Vec::new()).await?;
    form::press(session, "run").await?;
    form::finish(session).await?;
    session.script_async(TELL, Vec::new()).await
}

fn list(tasks: &Value) -> String {
    let tasks: Vec<String> = tasks
        .as_array()
        .into_iter()
        .flatten()
        .map(|task| format!("{} ms from {} ms on", task["ms"], task["at"]))
        .collect();
    if tasks.is_empty() { "none".to_owned() } else { tasks.join(", ") }
}

/// Begins to type and to scroll as soon as the run has begun, as somebody does who cannot wait.
const OBSERVE: &str = r#"
window.labTasks = [];
window.labTyped = 0;
const root = document.documentElement;
new PerformanceObserver((list) => labTasks.push(...list.getEntries())).observe({ type: "longtask" });
const field = document.querySelector("[type=search]");
const timer = setInterval(() => {
  if (root.dataset.runState === "idle") return;
  if (root.dataset.runState !== "running") {
    field.value = "";
    field.dispatchEvent(new Event("input", { bubbles: true }));
    return clearInterval(timer);
  }
  field.value = "cors".slice(0, labTyped % 5);
  field.dispatchEvent(new Event("input", { bubbles: true }));
  scrollBy(0, labTyped % 2 ? 300 : -200);
  labTyped += 1;
}, 30);
"#;

/// A second later everything has been drawn, the link too.
const TELL: &str = r#"
const [done] = arguments;
setTimeout(() => {
  const { pressed, ended } = window.labClock;
  const among = (from, to) => labTasks.filter((it) => it.startTime >= from && it.startTime < to).map((it) => ({ at: Math.round(it.startTime - pressed), ms: Math.round(it.duration) }));
  done({
    results: document.querySelectorAll("[data-check-id]").length,
    took: ended - pressed,
    typed: labTyped,
    streaming: among(pressed, ended),
    after: among(ended, Infinity),
  });
}, 1500);
"#;
