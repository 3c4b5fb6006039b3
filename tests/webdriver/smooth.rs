//! How smooth typing and scrolling are while results stream in, on a slow device: Chromium's processor is throttled, and
//! the browser itself says which tasks held it up (Long Tasks API: those of 50 ms and more). Four times slower than what?
//! Lighthouse, from which that factor comes, means a machine of a certain speed and measures it (`benchmarkIndex`, its
//! docs/throttling.md). A faster machine is made slower by more than four, so that it is as slow as that one. A shared
//! machine has that speed at times only, so beside every run a piece of work is timed that takes as long, at that speed, as
//! the longest of the page's own tasks: where that work is a long task too, it is the machine that holds people up.

use super::form;
use super::processor;
use super::session::{Session, Trouble};
use crate::lab::stage::Stage;
use serde_json::{Value, json};

/// How many times slower the processor is made, at the least.
const SLOWER: f64 = 4.0;
/// How fast it is then where that is meant, by Lighthouse's measure: a quarter of the slower end of what it calls a high-end
/// desktop.
const REFERENCE: f64 = 1_500.0 / SLOWER;
/// How long the longest of the page's own tasks takes at that speed, as a rule, milliseconds (docs/measurements.md).
const WORK: f64 = 28.0;
/// From here on a task is a long one, milliseconds (Long Tasks API).
const LONG: f64 = 50.0;
/// Runs before those that are looked at: the first fills the browser's caches and tells how fast the processor is, the second
/// is made at the speed that follows from it.
const FIRST: usize = 2;
/// So many runs are looked at that count.
const TIMES: usize = 24;
/// And so many in all at the most, for a machine on which few count.
const MOST: usize = 120;

/// Measures, prints, and says whether no task was a long one, from the press to the verdict and its link. A run counts when
/// the processor was steady just before and after it: where it makes long tasks of what is none, they tell nothing.
pub async fn run(session: &Session, stage: &Stage) -> Result<bool, Trouble> {
    let open = stage.rows.first().ok_or("there is no row to measure")?;
    println!("Typing and scrolling during that run on a slow processor ({}):", session.engine.name);
    let mut rate = SLOWER;
    let (mut steady, mut others) = (Runs::default(), Runs::default());
    let mut pace_before = Pace::default();
    for number in 0..FIRST + MOST {
        if steady.all == TIMES {
            break;
        }
        form::open(session, stage).await?;
        form::fill(session, open, open.row.key).await?;
        form::at_rest(session).await?;
        session.devtools("Emulation.setCPUThrottlingRate", json!({ "rate": rate })).await?;
        // After that: what throttles is a thread of the same process.
        let apart = processor::Apart::set();
        let waited = processor::waited_ms();
        let seen = run_once(session).await;
        let waited = processor::waited_ms() - waited;
        // Never just before a run: what is measured with leaves garbage, which would be collected in it.
        let after = pace(session).await;
        session.devtools("Emulation.setCPUThrottlingRate", json!({ "rate": 1 })).await?;
        let alone = apart.is_some();
        drop(apart);
        let (seen, after) = (seen?, after?);
        let before = core::mem::replace(&mut pace_before, after);
        if number == 0 {
            rate *= (after.speed / REFERENCE).max(1.0);
            let said = if alone { "one processor is the page's alone" } else { "it shares its processor" };
            println!(
                "  {SLOWER} times slower it has a speed of {:.0}, and {REFERENCE} is meant: {rate:.1} times, {said}",
                after.speed
            );
        }
        if number < FIRST {
            continue;
        }
        let none = |part: &str| seen[part].as_array().is_some_and(Vec::is_empty);
        let (counts, is_smooth) =
            (before.is_steady() && after.is_steady(), ["streaming", "after"].into_iter().all(none));
        let runs = if counts { &mut steady } else { &mut others };
        runs.all += 1;
        runs.smooth += usize::from(is_smooth);
        if is_smooth && !counts {
            continue;
        }
        let count = |name: &str| seen[name].as_f64().unwrap_or(f64::MAX);
        println!(
            "  speed {:>4.0} and {:>4.0}, {WORK} ms took {:>3.0} and {:>3.0} at the worst, waited {waited:>3.0} ms: {:>3} results in {:>4.0} ms, {:>2} letters typed; long tasks until the end: {}; with verdict and link: {}",
            before.speed,
            after.speed,
            before.worst,
            after.worst,
            count("results"),
            count("took"),
            count("typed"),
            list(&seen["streaming"]),
            list(&seen["after"]),
        );
    }
    println!(
        "  no task of {LONG} ms or more in {} of {} runs on a steady processor",
        steady.smooth, steady.all
    );
    println!(
        "  and in {} of {} others, where {WORK} ms of work took {LONG} or more just before or after",
        others.smooth, others.all
    );
    let is_smooth = steady.smooth == TIMES;
    let said = match steady.all - steady.smooth {
        0 if is_smooth => "smooth",
        // Which is no success.
        0 => "NOT TOLD: this processor was seldom steady",
        _ => "HELD UP",
    };
    println!("  {said}");
    Ok(is_smooth)
}

/// How many runs there were, and how many of them without a long task.
#[derive(Default)]
struct Runs {
    all: usize,
    smooth: usize,
}

/// How fast the processor is, and how evenly.
#[derive(Clone, Copy, Default)]
struct Pace {
    /// Lighthouse's `benchmarkIndex`, in half the time.
    speed: f64,
    /// How long a piece of work took at the worst, milliseconds, that takes [`WORK`] at the speed that is meant.
    worst: f64,
}

impl Pace {
    /// False for a processor that by itself makes a long task of what is none.
    fn is_steady(self) -> bool {
        self.worst < LONG
    }
}

async fn pace(session: &Session) -> Result<Pace, Trouble> {
    let seen = session.script(PACE, vec![json!((WORK * REFERENCE / 100.0 / 2.0).round())]).await?;
    match (seen["speed"].as_f64(), seen["worst"].as_f64()) {
        (Some(speed), Some(worst)) => Ok(Pace { speed, worst }),
        _ => Err(format!("the browser gave no speed: {seen}")),
    }
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

/// Strings made, and lists copied, in a hundred milliseconds; the mean of both, and the longest that a piece of both took.
/// The two differ in speed, so no piece is of one kind.
const PACE: &str = r#"
const [each] = arguments;
const lists = [0, 1].map(() => Array.from({ length: 100000 }, (_, at) => at));
const string = () => {
  let text = "";
  for (let at = 0; at < 10000; at++) text += "a";
  if (text.length === 1) throw new Error("what is not used would not be made");
};
const copy = (times) => {
  const [from, to] = times % 2 ? lists : [lists[1], lists[0]];
  for (let at = 0; at < from.length; at++) to[at] = from[at];
};
const timed = (act) => {
  const from = performance.now();
  for (let times = 0; times < each; times++) act(times);
  return performance.now() - from;
};
const pieces = [];
const from = performance.now();
while (performance.now() - from < 500) pieces.push([timed(string), timed(copy)]);
const speed = (kind) => (100 * each * pieces.length) / pieces.reduce((sum, piece) => sum + piece[kind], 0);
return { speed: (speed(0) + speed(1)) / 2, worst: Math.max(...pieces.map(([strings, copies]) => strings + copies)) };
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
