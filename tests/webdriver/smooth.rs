//! How smooth typing and scrolling are while results stream in, on a slow device: Chromium's processor is throttled, and
//! the browser itself says which tasks held it up (Long Tasks API: those of 50 ms and more). Four times slower than what?
//! Lighthouse, from which that factor comes, means a machine of a certain speed and measures it (`benchmarkIndex`, its
//! docs/throttling.md). A shared machine has that speed at times only, so it is measured beside every run.

use super::form;
use super::processor;
use super::session::{Session, Trouble};
use crate::lab::stage::Stage;
use serde_json::{Value, json};

/// How many times slower the processor is made.
const SLOWER: u32 = 4;
/// How fast it is then, at least, where that is meant: a quarter of the slower end of what Lighthouse calls a high-end
/// desktop.
const REFERENCE: f64 = 1_500.0 / 4.0;
/// So many runs are looked at, after one that fills the browser's caches.
const TIMES: usize = 24;

/// Measures, prints, and says whether no task was a long one, from the press to the verdict and its link.
pub async fn run(session: &Session, stage: &Stage) -> Result<bool, Trouble> {
    let open = stage.rows.first().ok_or("there is no row to measure")?;
    println!(
        "Typing and scrolling during that run, processor {SLOWER} times slower ({}):",
        session.engine.name
    );
    let (mut smooth, mut held_up) = (0, 0);
    let mut speed_before = 0.0;
    for number in 0..=TIMES {
        form::open(session, stage).await?;
        form::fill(session, open, open.row.key).await?;
        form::at_rest(session).await?;
        session.devtools("Emulation.setCPUThrottlingRate", json!({ "rate": SLOWER })).await?;
        // After that: what throttles is a thread of the same process.
        let apart = processor::Apart::set();
        let waited = processor::waited_ms();
        let seen = run_once(session).await;
        let waited = processor::waited_ms() - waited;
        // Never just before a run: what is measured with leaves garbage, which would be collected in it.
        let after = speed(session).await;
        session.devtools("Emulation.setCPUThrottlingRate", json!({ "rate": 1 })).await?;
        let alone = apart.is_some();
        drop(apart);
        let (seen, after) = (seen?, after?);
        let before = core::mem::replace(&mut speed_before, after);
        if number == 0 {
            let said = if alone { "one processor is the page's alone" } else { "it shares its processor" };
            println!("  {said}");
            continue;
        }
        let count = |name: &str| seen[name].as_f64().unwrap_or(f64::MAX);
        println!(
            "  speed {before:>4.0} and {after:>4.0}, waited {waited:>3.0} ms: {:>3} results in {:>4.0} ms, {:>2} letters typed; long tasks until the end: {}; with verdict and link: {}",
            count("results"),
            count("took"),
            count("typed"),
            list(&seen["streaming"]),
            list(&seen["after"]),
        );
        let none = |part: &str| seen[part].as_array().is_some_and(Vec::is_empty);
        if ["streaming", "after"].into_iter().all(none) {
            smooth += 1;
        } else if before.min(after) >= REFERENCE {
            held_up += 1;
        }
    }
    println!(
        "  no task of 50 ms or more in {smooth} of {TIMES} runs; one in {held_up} at a speed of {REFERENCE} and more"
    );
    // On a machine that was slower than that, a long task tells nothing, which is no success.
    let said = match (smooth == TIMES, held_up) {
        (true, _) => "smooth",
        (false, 0) => "NOT TOLD",
        (false, _) => "HELD UP",
    };
    println!("  {said}");
    Ok(smooth == TIMES)
}

/// Lighthouse's `benchmarkIndex`, in half the time.
async fn speed(session: &Session) -> Result<f64, Trouble> {
    session.script(SPEED, Vec::new()).await?.as_f64().ok_or_else(|| "the browser gave no speed".into())
}

async fn run_once(session: &Session) -> Result<Value, Trouble> {
    session.script(OBSERVE, Vec::new()).await?;
    form::press(session, "run").await?;
    form::finish(session).await?;
    let seen = session.script_async(TELL, Vec::new()).await?;
    if seen.is_null() { Err("there was no link within 10 s of the end of the run".into()) } else { Ok(seen) }
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

/// Strings made, and lists copied, in a hundred milliseconds; the mean of both.
const SPEED: &str = r#"
const often = (act) => {
  const from = performance.now();
  let times = 0;
  while (times % 10 || performance.now() - from < 250) act(times++);
  return (100 * times) / (performance.now() - from);
};
const lists = [0, 1].map(() => Array.from({ length: 100000 }, (_, at) => at));
const strings = often(() => {
  let text = "";
  for (let at = 0; at < 10000; at++) text += "a";
  if (text.length === 1) throw new Error("what is not used would not be made");
});
const copies = often((times) => {
  const [from, to] = times % 2 ? lists : [lists[1], lists[0]];
  for (let at = 0; at < from.length; at++) to[at] = from[at];
});
return (strings + copies) / 2;
"#;

/// Begins to type and to scroll as soon as the run has begun, as somebody does who cannot wait.
const OBSERVE: &str = r#"
window.labTasks = [];
window.labTyped = 0;
const root = document.documentElement;
window.labObserver = new PerformanceObserver((list) => labTasks.push(...list.getEntries()));
labObserver.observe({ type: "longtask" });
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

/// The link is drawn last; when the next frame begins, the one that shows it has been painted.
const TELL: &str = r#"
const [done] = arguments;
const tell = () => {
  labTasks.push(...labObserver.takeRecords());
  const { pressed, ended } = window.labClock;
  const among = (from, to) => labTasks.filter((it) => it.startTime >= from && it.startTime < to).map((it) => ({ at: Math.round(it.startTime - pressed), ms: Math.round(it.duration) }));
  done({
    results: document.querySelectorAll("[data-check-id]").length,
    took: ended - pressed,
    typed: labTyped,
    streaming: among(pressed, ended),
    after: among(ended, Infinity),
  });
};
const end = performance.now() + 10_000;
const look = () => {
  if (document.getElementById("result-link")) return requestAnimationFrame(tell);
  if (performance.now() > end) return done(null);
  requestAnimationFrame(look);
};
requestAnimationFrame(look);
"#;
