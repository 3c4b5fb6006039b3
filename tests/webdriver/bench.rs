//! How fast a run is on a healthy deployment whose every reply takes 50 ms, against the bound of product.md.

use super::form;
use super::links;
use super::scripts;
use super::session::{Session, Trouble};
use super::table::from_browser;
use crate::lab::record::Recorded;
use crate::lab::stage::Stage;
use preflight::engine;
use preflight::report::{Report, link};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// How often the run is measured; the median counts.
const TIMES: usize = 9;
/// Every reply takes this long (see the row).
const REPLY_MS: f64 = 50.0;
/// Browsers keep at most so many connections to a host.
const CONNECTIONS: f64 = 6.0;
/// How much longer than the unavoidable a run may take.
const SLACK: f64 = 1.3;

/// How long a link may take to make or to read, milliseconds.
const LINK_MS: f64 = 20.0;
/// How long the diagnosis of a whole run may take.
const JUDGED_MS: f64 = 5.0;

/// Measures, prints the table, and says whether the run is within the bound.
pub async fn run(session: &Session, stage: &Stage) -> Result<bool, Trouble> {
    let open = stage.rows.first().ok_or("there is no row to measure")?;
    let mut times = Vec::new();
    let mut seen: Vec<Recorded> = Vec::new();
    let mut chain = None;
    // One run more than counts: the first one warms MLflow up.
    for number in 0..=TIMES {
        form::open(session, stage).await?;
        form::fill(session, open, open.row.key).await?;
        form::at_rest(session).await?;
        let mark = stage.log.mark();
        form::press(session, "run").await?;
        let said = form::finish(session).await?;
        if said.verdict.as_deref() != Some("healthy") {
            return Err(format!("the healthy deployment was called {:?}: {:?}", said.verdict, said.causes));
        }
        seen = stage.log.since(mark);
        let report = said.report.and_then(|report| serde_json::from_str::<Report>(&report).ok());
        let run = report.map(Report::into_run);
        chain = run.as_ref().map(|run| engine::longest_chain(run) as f64);
        if number == TIMES {
            run.iter().for_each(waterfall);
        }
        if number > 0 {
            times.push(said.took_ms.ok_or("the page did not say when the run ended")?);
        }
    }
    let median = median(&times);
    let seen: Vec<&Recorded> = seen.iter().collect();
    let mut origins: BTreeMap<&str, (u32, u32)> = BTreeMap::new();
    for request in from_browser(&seen) {
        let counts = origins.entry(&request.listener).or_default();
        counts.0 += 1;
        counts.1 += u32::from(request.method == "OPTIONS");
    }
    let busiest = origins.values().map(|counts| f64::from(counts.0)).fold(0.0, f64::max);
    let by_requests = busiest / CONNECTIONS * REPLY_MS;
    let bound = SLACK * by_requests.max(chain.unwrap_or_default() * REPLY_MS);

    println!("A run on a healthy deployment, {REPLY_MS:.0} ms per reply ({}):", session.engine.name);
    println!("  {:<44} {median:>7.0} ms   of {}", "median of the runs", list(&times));
    for (origin, (all, preflights)) in &origins {
        println!("  {:<44} {all:>7}      of them {preflights} preflights", format!("requests to {origin}"));
    }
    println!("  {:<44} {by_requests:>7.0} ms", "busiest origin, six at a time");
    match chain {
        Some(replies) => {
            println!("  {:<44} {:>7.0} ms   {replies} replies", "longest chain", replies * REPLY_MS)
        }
        None => println!("  {:<44} {:>10}", "longest chain", "not in the report"),
    }
    println!(
        "  {:<44} {bound:>7.0} ms   {SLACK} times the greater of the two",
        "bound, if a reply takes no more"
    );
    let alone =
        session.script_async(ALONE, vec![json!(open.registry_url), json!(open.row.form.mlflow_path)]).await?;
    let alone = alone.as_f64().ok_or("the browser did not time its own questions")?;
    println!(
        "  {:<44} {alone:>7.0} ms   two questions with a key, one after the other: {ALONE_REPLIES} replies",
        "the same browser, doing nothing else"
    );
    // No browser passes a reply on in no time, and machines differ: what it needs for the chain alone is what cannot be
    // avoided here.
    let chain_here = chain.map(|replies| replies / ALONE_REPLIES * alone);
    let bound_here = SLACK * by_requests.max(chain_here.unwrap_or_default());
    println!(
        "  {:<44} {bound_here:>7.0} ms   {SLACK} times that chain",
        "bound, with this browser and machine"
    );
    // Once more than counts here too.
    scripts::ask_all(open, open.row.key.text()).await?;
    let (questions, took) = scripts::ask_all(open, open.row.key.text()).await?;
    let took = took.as_secs_f64() * 1000.0;
    println!(
        "  {:<44} {took:>7.0} ms   {questions} questions, one after another",
        "the questions of the five scripts"
    );
    println!("  {:<44} {:>7.1} times", "this run is faster", took / median);
    let within = median <= bound_here;
    println!(
        "  {}",
        match chain {
            None => "not judged: the longest chain is unknown",
            Some(_) if median <= bound => "within both bounds",
            Some(_) if within => "within the bound of this machine, over the other",
            Some(_) => "OVER THE BOUND",
        }
    );
    let quick = links(session, stage).await?;
    Ok(quick && (within || chain.is_none()))
}

/// When each probe of a run began and ended: what to look at when the run is over its bound.
fn waterfall(run: &preflight::run::Run) {
    println!("The last of the runs, probe by probe:");
    for seen in &run.observations {
        let end = seen.start_ms + seen.ms;
        println!("  {:<44} {:>7} ms   from {} to {end}", seen.probe.id, seen.ms, seen.start_ms);
    }
}

/// How long the link to a run is, how long it takes to make and to read one, and how long the verdict of a run takes.
/// The page notes each in its own timeline: what it takes the WebAssembly, with the browser's own compression, and
/// without the drawing.
async fn links(session: &Session, stage: &Stage) -> Result<bool, Trouble> {
    let mut link = links::result_link(session).await?;
    for _ in 0..TIMES {
        form::press(session, "run").await?;
        form::finish(session).await?;
        link = links::result_link(session).await?;
    }
    // The first of each is the last of the runs above: it warms the page up.
    let after_first = |mut times: Vec<f64>| {
        times.remove(0);
        times
    };
    let made = after_first(took(session, "preflight-link-made").await?);
    let judged = after_first(took(session, "preflight-judged").await?);
    let mut read = Vec::new();
    for _ in 0..TIMES {
        links::anew(session, &link, "shared").await?;
        read.extend(took(session, "preflight-link-read").await?);
    }
    let own = link.len() - stage.page.origin.len();
    println!("The link to that run, and its verdict ({}):", session.engine.name);
    println!("  {:<44} {own:>7}      characters besides the page's origin, of {}", "length", link::LONGEST);
    let mut within = own <= link::LONGEST;
    for (what, times, most) in
        [("made", &made, LINK_MS), ("read", &read, LINK_MS), ("the diagnosis of a run", &judged, JUDGED_MS)]
    {
        let median = median(times);
        println!("  {what:<44} {median:>7.1} ms   of {}; at most {most:.0} ms", tenths(times));
        within &= median <= most;
    }
    println!("  {}", if within { "within the bounds" } else { "OVER THE BOUNDS" });
    Ok(within)
}

/// So many replies follow one another there.
const ALONE_REPLIES: f64 = 4.0;

/// What this machine's browser and servers need for a chain as long as the run's, without a page around it: the best of
/// five. The key is made up on the spot; refusals take as long.
const ALONE: &str = r#"
const [registry, path, done] = arguments;
(async () => {
  const ask = async (what) => {
    const url = `${registry}${path}${what}preflight=${Math.random()}`;
    await (await fetch(url, { headers: { authorization: "Bearer none" }, cache: "no-store" })).text();
  };
  let best = Infinity;
  for (let times = 5; times > 0; times--) {
    const begun = performance.now();
    await ask("/api/2.0/mlflow/experiments/search?max_results=1&");
    await ask("/version?");
    best = Math.min(best, performance.now() - begun);
  }
  done(best);
})().catch(() => done(null));
"#;

fn median(times: &[f64]) -> f64 {
    let mut sorted = times.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted.get(sorted.len() / 2).copied().unwrap_or(f64::MAX)
}

async fn took(session: &Session, what: &str) -> Result<Vec<f64>, Trouble> {
    const READ: &str = "return performance.getEntriesByName(arguments[0]).map((entry) => entry.duration)";
    let times = session.script(READ, vec![json!(what)]).await?;
    let times: Vec<f64> = times.as_array().into_iter().flatten().filter_map(Value::as_f64).collect();
    if times.is_empty() { Err(format!("the page noted no {what}")) } else { Ok(times) }
}

fn tenths(times: &[f64]) -> String {
    times.iter().map(|time| format!("{time:.1}")).collect::<Vec<_>>().join(", ")
}

fn list(times: &[f64]) -> String {
    times.iter().map(|time| format!("{time:.0}")).collect::<Vec<_>>().join(", ")
}
