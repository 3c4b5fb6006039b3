//! The page in real browsers against the lab: the scenario table, then the promises.
//!
//! | variable | what it does |
//! |---|---|
//! | `PREFLIGHT_ROWS` | only rows whose id holds one of these words; promises are left out |
//! | `PREFLIGHT_PROMISES` | only promises whose name holds one of these words, and no rows |
//! | `PREFLIGHT_TIMES` | how often all rows are run, to meet what happens seldom |
//! | `PREFLIGHT_ENGINES` | only these engines |
//! | `PREFLIGHT_ALL_ENGINES=1` | an engine that is missing on this machine is a failure |
//! | `PREFLIGHT_REPORTS` | a folder for the report of every row, to see what an engine lets a page see |
//! | `PREFLIGHT_SECOND` | a folder for what curl printed, row by row: fixtures of tests/second.rs |
//! | `PREFLIGHT_REGISTRATION=1` | registration against the real servers of the chosen rows, too |
//! | `PREFLIGHT_EVERY_STEP=1` | closes the tab at every single step of it in each engine; else at each kind of step in one of them |
//! | `PREFLIGHT_SCREENSHOTS` | a folder: instead of testing, take pictures of the page |
//! | `PREFLIGHT_DIST`, `PREFLIGHT_MLFLOW`, `PREFLIGHT_CHROMIUM`, `PREFLIGHT_CHROMEDRIVER` | where things are |

#[allow(dead_code, reason = "the lab serves two programs, and neither needs all of it")]
#[path = "lab/mod.rs"]
mod lab;
#[allow(dead_code, reason = "the benchmark is the other program's")]
#[path = "webdriver/mod.rs"]
mod webdriver;

use lab::scenarios::{self, Row};
use lab::stage::Stage;
use lab::{Lab, page};
use std::error::Error;
use std::path::Path;
use std::process::ExitCode;
use std::time::Instant;
use webdriver::engine::{ENGINES, Engine};
use webdriver::{accessible, in_ci, pictures, promises, registration, table};

/// How the whole suite went.
#[derive(Default)]
struct Totals {
    passed: u32,
    failed: u32,
    skipped: u32,
    /// One line per engine, printed at the end.
    lines: Vec<String>,
}

#[tokio::main]
async fn main() -> ExitCode {
    match suite().await {
        Ok(totals) => {
            println!();
            totals.lines.iter().for_each(|line| println!("{line}"));
            println!(
                "browser: {} passed, {} failed, {} skipped",
                totals.passed, totals.failed, totals.skipped
            );
            if totals.failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
        }
        Err(error) => {
            eprintln!("browser: {error}");
            println!("browser: 0 passed, 1 failed, 0 skipped");
            ExitCode::FAILURE
        }
    }
}

fn variable(name: &str) -> String {
    std::env::var(name).unwrap_or_default()
}

async fn suite() -> Result<Totals, Box<dyn Error>> {
    if !page::dist().join("index.html").exists() {
        return Err(format!("there is no page in {}; `make page` builds it", page::dist().display()).into());
    }
    let problems = scenarios::problems();
    if !problems.is_empty() {
        return Err(format!("the scenario table is wrong:\n  {}", problems.join("\n  ")).into());
    }
    let filter = variable("PREFLIGHT_ROWS");
    let pictures_only = !variable("PREFLIGHT_SCREENSHOTS").is_empty();
    let promised = variable("PREFLIGHT_PROMISES");
    let rows = if pictures_only {
        pictures::rows()
    } else if promised.is_empty() {
        scenarios::select(&filter)
    } else {
        promises::rows().into_iter().filter_map(scenarios::named).collect()
    };
    let wanted = variable("PREFLIGHT_ENGINES");
    let wanted =
        |engine: &&Engine| wanted.is_empty() || wanted.split([',', ' ']).any(|name| name == engine.name);
    let mut totals = Totals::default();
    let mut engines = Vec::new();
    for engine in ENGINES.iter().filter(wanted) {
        match engine.missing() {
            Some(missing) => totals.not_run(engine, rows.len(), &missing),
            None => engines.push(engine),
        }
    }
    if engines.is_empty() {
        return Ok(totals);
    }
    let promises_too = filter.is_empty() || !promised.is_empty();
    let begun = Instant::now();
    let lab = Lab::start(&rows, engines.len(), 0).await?;
    println!("lab: {} rows up after {:.1} s", rows.len(), begun.elapsed().as_secs_f64());
    for (engine, stage) in engines.into_iter().zip(&lab.stages) {
        run_engine(engine, stage, &rows, promises_too, &mut totals).await?;
    }
    Ok(totals)
}

async fn run_engine(
    engine: &'static Engine,
    stage: &Stage,
    rows: &[&'static Row],
    promises_too: bool,
    totals: &mut Totals,
) -> Result<(), Box<dyn Error>> {
    let mut session = engine.start().await?;
    let folder = variable("PREFLIGHT_SCREENSHOTS");
    if !folder.is_empty() {
        pictures::take(&session, stage, Path::new(&folder)).await?;
        println!("pictures of the page are in {folder}");
        session.close().await;
        return Ok(());
    }
    for (row, missing) in &stage.not_run {
        println!("{:<42} {:<9} {:>11}  not run: {missing}", row.id, engine.name, "");
    }
    let begun = Instant::now();
    let promised = variable("PREFLIGHT_PROMISES");
    let tally = if promised.is_empty() { table::run(&mut session, stage).await } else { Default::default() };
    let per_row = begun.elapsed().as_secs_f64() / rows.len().max(1) as f64;
    totals.passed += tally.passed();
    totals.failed += tally.failed;
    let not_run = tally.not_run + u32::try_from(stage.not_run.len()).unwrap_or(u32::MAX);
    totals.skipped += not_run;
    totals.lines.push(format!(
        "{}: {} certain, {} shortlist ({} settled by what curl saw), {} healthy, {} failed, {} not run ({per_row:.2} s per row)",
        engine.name, tally.certain, tally.shortlist, tally.settled, tally.healthy, tally.failed, not_run
    ));
    if promises_too && promised.is_empty() || !variable("PREFLIGHT_REGISTRATION").is_empty() {
        let (held, broken) = registration::run(&mut session, stage).await;
        totals.passed += held;
        totals.failed += broken;
    }
    if promises_too {
        let (held, broken) = promises::run(&mut session, stage, &promised).await;
        totals.passed += held;
        totals.failed += broken;
        for name in ["axe-core finds nothing", "the guide's script for CI"] {
            if !promises::is_wanted(name, &promised) {
                continue;
            }
            let begun = Instant::now();
            let result = match name {
                "axe-core finds nothing" => accessible::look(&session, stage).await,
                _ => in_ci::run(&session, stage).await,
            };
            let Some(result) = result else { continue };
            totals.passed += u32::from(result.is_ok());
            totals.failed += u32::from(result.is_err());
            let outcome = result.map_or_else(|trouble| format!("FAIL  {trouble}"), |()| "ok".to_owned());
            let seconds = begun.elapsed().as_secs_f64();
            println!("{name:<42} {:<9} {seconds:>9.1} s  {outcome}", engine.name);
        }
    }
    session.close().await;
    Ok(())
}

impl Totals {
    fn not_run(&mut self, engine: &Engine, rows: usize, missing: &str) {
        let rows = u32::try_from(rows).unwrap_or(u32::MAX);
        self.lines.push(format!("{}: {rows} not run: {missing}", engine.name));
        match variable("PREFLIGHT_ALL_ENGINES").as_str() {
            "" => self.skipped += rows,
            _ => self.failed += rows,
        }
    }
}
