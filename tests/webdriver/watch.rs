//! Days of a watch in minutes: the page's clock is made to go fast, everything else is as it is. Whether the memory stays
//! flat is read after each part of the time (docs/measurements.md). Chromium only: the others tell no memory.

use super::form;
use super::session::{Session, Trouble};
use crate::lab::stage::Stage;
use serde::Deserialize;
use serde_json::json;
use std::time::{Duration, Instant};

/// A run a minute, as the page offers it.
const EVERY_SECONDS: u32 = 60;
/// Memory is read so many times.
const PARTS: u32 = 8;
/// Each time it is read so often; see [`least`].
const READINGS: u32 = 12;
/// How long a run and its minute may take here before something hangs.
const STUCK: Duration = Duration::from_secs(60);
const GLANCE: Duration = Duration::from_millis(500);
/// What may be more at the end than when the history was full, of what is not counted in whole pages: 5 %.
const SLACK: f64 = 1.05;

/// What is kept in memory.
#[derive(Clone, Copy, Deserialize)]
struct Memory {
    /// Bytes of the program's own memory; grows in pages of 64 KiB and never shrinks.
    wasm: u64,
    /// Bytes of the scripts' heap, after a collection.
    heap: u64,
    /// Nodes of all documents, those that nobody sees among them.
    nodes: u64,
    /// Listeners of events.
    listeners: u64,
}

/// Watches for so many simulated hours, prints how memory went, and says whether it stayed flat once the history was full.
pub async fn run(session: &Session, stage: &Stage, hours: u32) -> Result<bool, Trouble> {
    let open = stage.rows.first().ok_or("there is no row to watch")?;
    let added =
        session.devtools("Page.addScriptToEvaluateOnNewDocument", json!({ "source": FAST_CLOCK })).await?;
    form::run(session, stage, open).await?;
    form::enter(session, json!({ "watch": EVERY_SECONDS.to_string() })).await?;
    let runs = hours * 3600 / EVERY_SECONDS;
    println!(
        "{hours} simulated hours, a run every {EVERY_SECONDS} s, every seventh with requests that fail:"
    );
    println!("{:>6} {:>11} {:>11} {:>7} {:>10}  the page says", "runs", "wasm", "heap", "nodes", "listeners");
    let begun = Instant::now();
    let mut seen = Vec::new();
    for part in 1..=PARTS {
        let wanted = runs * part / PARTS;
        wait_for(session, wanted).await?;
        let memory = least(session).await?;
        let said = session.script(SAID, Vec::new()).await?;
        println!(
            "{wanted:>6} {:>11} {:>11} {:>7} {:>10}  {}",
            memory.wasm,
            memory.heap,
            memory.nodes,
            memory.listeners,
            said.as_str().unwrap_or_default()
        );
        seen.push(memory);
    }
    let id = json!({ "identifier": added["identifier"] });
    session.devtools("Page.removeScriptToEvaluateOnNewDocument", id).await?;
    // The history is full after its first half day; from then on nothing may grow.
    let (Some(full), Some(last)) = (seen.get(seen.len() / 2), seen.last()) else { return Ok(false) };
    let grown = |before: u64, after: u64| after as f64 > before as f64 * SLACK;
    let flat = last.wasm <= full.wasm
        && !grown(full.heap, last.heap)
        && !grown(full.nodes, last.nodes)
        && !grown(full.listeners, last.listeners);
    println!("{} after {:.0} s", if flat { "flat" } else { "NOT FLAT" }, begun.elapsed().as_secs_f64());
    Ok(flat)
}

async fn wait_for(session: &Session, wanted: u32) -> Result<(), Trouble> {
    let mut last = (0, Instant::now());
    loop {
        let runs = session.script("return window.labRuns", Vec::new()).await?;
        let runs = runs.as_u64().ok_or("the page does not count its runs")?;
        if runs >= u64::from(wanted) {
            return Ok(());
        }
        if runs != last.0 {
            last = (runs, Instant::now());
        } else if last.1.elapsed() > STUCK {
            let said = session.script(SAID, Vec::new()).await?;
            return Err(format!("no run ended after the {runs}th; the page says {said}"));
        }
        tokio::time::sleep(GLANCE).await;
    }
}

/// The least of several readings: one in the middle of a run holds that run as well.
async fn least(session: &Session) -> Result<Memory, Trouble> {
    let mut least = read(session).await?;
    for _ in 1..READINGS {
        tokio::time::sleep(GLANCE / 2).await;
        let more = read(session).await?;
        least = Memory {
            wasm: least.wasm.max(more.wasm),
            heap: least.heap.min(more.heap),
            nodes: least.nodes.min(more.nodes),
            listeners: least.listeners.min(more.listeners),
        };
    }
    Ok(least)
}

async fn read(session: &Session) -> Result<Memory, Trouble> {
    session.devtools("HeapProfiler.collectGarbage", json!({})).await?;
    let counted = session.devtools("Memory.getDOMCounters", json!({})).await?;
    let heap = session.devtools("Runtime.getHeapUsage", json!({})).await?;
    let wasm = session.script("return window.labMemory.buffer.byteLength", Vec::new()).await?;
    let memory = json!({
        "wasm": wasm,
        "heap": heap["usedSize"].as_f64().unwrap_or_default() as u64,
        "nodes": counted["nodes"],
        "listeners": counted["jsEventListeners"],
    });
    serde_json::from_value(memory).map_err(|error| format!("memory is not understood: {error}"))
}

/// The page's seconds pass in milliseconds, and every seventh run asks where nobody is. The time of day stays: the
/// deployment's is compared with it.
const FAST_CLOCK: &str = r#"
(() => {
  const [interval, fetched] = [window.setInterval, window.fetch];
  window.labRuns = 0;
  window.setInterval = (call, ms, ...rest) => {
    if (ms !== 1000) return interval(call, ms, ...rest);
    return interval(call, 4, ...rest);
  };
  window.fetch = (asked, ...rest) => {
    const url = String(asked.url ?? asked);
    const own = url.startsWith(location.origin) || !url.startsWith("http");
    return labRuns % 7 === 6 && !own ? fetched("http://127.0.0.1:1/", ...rest) : fetched(asked, ...rest);
  };
  for (const name of ["instantiate", "instantiateStreaming"]) {
    const real = WebAssembly[name];
    WebAssembly[name] = async (...given) => {
      const made = await real.apply(WebAssembly, given);
      const exported = Object.values((made.instance ?? made).exports);
      window.labMemory ??= exported.find((one) => one instanceof WebAssembly.Memory);
      return made;
    };
  }
  new MutationObserver(() => {
    const state = document.documentElement.dataset.runState;
    if (window.labState !== "finished" && state === "finished") window.labRuns += 1;
    window.labState = state;
  }).observe(document, { attributes: true, subtree: true, attributeFilter: ["data-run-state"] });
})();
"#;

const SAID: &str = r#"return document.querySelector(".watch")?.innerText.match(/\d+ runs? since[^\n]*/)?.[0] ?? document.querySelector(".watch")?.innerText.slice(0, 300)"#;
