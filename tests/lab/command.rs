//! The lab as a program: `cargo run --example lab -- serve | check | bench | examples [rows]`, or
//! `watch HOURS`.
//! `make serve` runs it; tests/browser.rs uses the same modules.

#[allow(dead_code, reason = "the lab serves two programs, and neither needs all of it")]
#[path = "mod.rs"]
mod lab;
#[allow(dead_code, reason = "only the benchmark and the recorder need a browser here")]
#[path = "../webdriver/mod.rs"]
mod webdriver;

use lab::keys::Key;
use lab::scenarios::{self, Row};
use lab::{Lab, page};
use std::error::Error;
use std::process::ExitCode;
use std::time::Instant;
use tokio::signal::unix::{SignalKind, signal};
use webdriver::session::Session;

/// Where `serve` puts the page, if the port is free and `PREFLIGHT_PORT` does not say otherwise.
const USUAL_PORT: u16 = 8080;

#[tokio::main]
async fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    let command = arguments.next().unwrap_or_default();
    let argument = arguments.next().unwrap_or_default();
    let rows = scenarios::select(&argument);
    let done = match command.as_str() {
        "serve" => serve(&rows).await,
        "check" => check(&rows).await,
        "bench" => bench().await,
        "examples" => examples().await,
        "watch" => match argument.parse() {
            Ok(hours) => watch(hours).await,
            Err(_) => Err(format!("lab watch needs hours, a whole number, and not {argument:?}").into()),
        },
        _ => Err("usage: lab serve | check | bench | examples [rows], or lab watch HOURS".into()),
    };
    match done {
        Ok(code) => code,
        Err(error) => {
            eprintln!("lab: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Everything up, until somebody wants it to end.
async fn serve(rows: &[&'static Row]) -> Result<ExitCode, Box<dyn Error>> {
    if !page::dist().join("index.html").exists() {
        return Err(format!("there is no page in {}; `make page` builds it", page::dist().display()).into());
    }
    let port = std::env::var("PREFLIGHT_PORT").ok().and_then(|port| port.parse().ok()).unwrap_or(USUAL_PORT);
    let started = Instant::now();
    println!("Starting MLflow and {} demo deployments …", rows.len());
    let mut interrupted = signal(SignalKind::interrupt())?;
    let mut terminated = signal(SignalKind::terminate())?;
    let lab = tokio::select! {
        lab = Lab::start(rows, 1, port) => lab?,
        _ = interrupted.recv() => return Ok(ExitCode::SUCCESS),
        _ = terminated.recv() => return Ok(ExitCode::SUCCESS),
    };
    lab.stages[0].explain()?;
    println!();
    println!("  page   {}/", lab.stages[0].page.origin);
    println!("  key    {}   (made up; it works here only)", Key::Good.text());
    println!();
    println!("Ready after {:.1} s. Ctrl-C ends everything.", started.elapsed().as_secs_f64());
    tokio::select! {
        _ = interrupted.recv() => {}
        _ = terminated.recv() => {}
    }
    println!("Ending …");
    drop(lab);
    Ok(ExitCode::SUCCESS)
}

/// Asks every row, without a browser, whether it is as declared.
async fn check(rows: &[&'static Row]) -> Result<ExitCode, Box<dyn Error>> {
    let started = Instant::now();
    let lab = Lab::start(rows, 1, 0).await?;
    println!("ready after {:.1} s", started.elapsed().as_secs_f64());
    let mut problems = scenarios::problems();
    let stage = &lab.stages[0];
    for (row, missing) in &stage.not_run {
        println!("{:<42} not up: {missing}", row.id);
    }
    for open in &stage.rows {
        let checked = lab::check::row(stage, open).await;
        println!("{}", checked.line);
        problems.extend(checked.problems);
    }
    problems.extend(lab::check_parts::all().await?);
    problems.iter().for_each(|problem| println!("PROBLEM {problem}"));
    println!(
        "lab: {} rows, {} problems, {:.1} s",
        rows.len(),
        problems.len(),
        started.elapsed().as_secs_f64()
    );
    Ok(if problems.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// How fast a run is, in a table.
async fn bench() -> Result<ExitCode, Box<dyn Error>> {
    let (lab, session) = chromium(&[scenarios::SLOW_LINE]).await?;
    let measured = webdriver::bench::run(&session, &lab.stages[0]).await;
    let smooth = webdriver::smooth::run(&session, &lab.stages[0]).await;
    session.close().await;
    Ok(if measured? && smooth? { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// What becomes of the memory in so many simulated hours of a watch.
async fn watch(hours: u32) -> Result<ExitCode, Box<dyn Error>> {
    let (lab, session) = chromium(&["healthy"]).await?;
    let watched = webdriver::watch::run(&session, &lab.stages[0], hours).await;
    session.close().await;
    Ok(if watched? { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Records the examples anew.
async fn examples() -> Result<ExitCode, Box<dyn Error>> {
    let rows: Vec<_> = lab::examples::ALL.iter().map(|example| example.row).collect();
    let (lab, session) = chromium(&rows).await?;
    let recorded = webdriver::examples::record(&session, &lab.stages[0]).await;
    session.close().await;
    recorded?;
    println!("recorded into {}", lab::examples::FOLDER);
    Ok(ExitCode::SUCCESS)
}

/// A browser, and these rows for it.
async fn chromium(rows: &[&str]) -> Result<(Lab, Session), Box<dyn Error>> {
    let engine = &webdriver::engine::ENGINES[0];
    if let Some(missing) = engine.missing() {
        return Err(format!("this needs {}: {missing}", engine.name).into());
    }
    let rows: Vec<_> = rows.iter().filter_map(|id| scenarios::named(id)).collect();
    let lab = Lab::start(&rows, 1, 0).await?;
    Ok((lab, engine.start().await?))
}
