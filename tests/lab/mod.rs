//! The lab: real and misbehaving servers on loopback, to prove the diagnosis against.
//!
//! | file | what it is for |
//! |---|---|
//! | `scenarios/` | the one table: how the lab is set, what is entered, what a perfect diagnosis says |
//! | `examples` | which rows are recorded as examples, and what their stories are |
//! | `stage` | puts rows of the table up behind a page |
//! | `page` | serves the built page, with its policy as headers and `/preflight.json` from the table |
//! | `gateway` | a reverse proxy with bearer auth, well or broken by one changed field |
//! | `auth_service` | a double of the auth service |
//! | `source` | a double of the source's registry host, behind its own shipped entry |
//! | `mlflow` | real MLflow servers from PyPI |
//! | `nginx` | a real nginx in front of a gateway |
//! | `tls` | certificates, good and bad |
//! | `misbehaving` | raw TCP servers for faults on the wire |
//! | `cors`, `answers`, `keys` | what the servers' descriptions are made of |
//! | `record` | what every listener saw |
//! | `web`, `loopback`, `children` | HTTP, addresses, programs |
//! | `check`, `check_parts` | ask every row, and every part, over plain HTTP whether it answers as declared |
//!
//! Nothing here sleeps for a fixed time, no port is fixed, and whatever was started ends with the value that
//! stands for it, after a panic or a kill too.

pub mod answers;
pub mod auth_service;
pub mod check;
pub mod check_parts;
pub mod children;
pub mod cors;
pub mod examples;
pub mod gateway;
pub mod keys;
pub mod loopback;
pub mod misbehaving;
pub mod mlflow;
pub mod nginx;
pub mod page;
pub mod record;
pub mod scenarios;
pub mod source;
pub mod stage;
pub mod tls;
pub mod web;

use mlflow::Mlflow;
use page::Page;
use record::Log;
use scenarios::Row;
use stage::Stage;
use std::collections::BTreeSet;
use std::io;
use std::sync::Arc;
use tokio::sync::Semaphore;

/// How many MLflow servers are started at the same time.
const STARTS_AT_ONCE: usize = 3;

/// Everything, running. It ends with the value.
pub struct Lab {
    /// One page with its rows per wanted stage.
    pub stages: Vec<Stage>,
    mlflow: Vec<Mlflow>,
}

impl Lab {
    /// Starts `stages` pages (the first one on `port`, if that is free) with `rows` behind each, and the MLflow
    /// servers that those rows need.
    pub async fn start(rows: &[&'static Row], stages: usize, port: u16) -> io::Result<Self> {
        let mut pages = Vec::new();
        for number in 0..stages {
            let log = Log::default();
            pages.push((Page::start(if number == 0 { port } else { 0 }, &log).await?, log));
        }
        let origins: Vec<String> = pages.iter().map(|(page, _)| page.origin.clone()).collect();
        let kinds: BTreeSet<_> =
            rows.iter().filter(|row| row.missing().is_none()).flat_map(|row| row.mlflow()).collect();
        let mut starting = tokio::task::JoinSet::new();
        // Each keeps a core busy for seconds: more at once only makes all of them late.
        let turns = Arc::new(Semaphore::new(STARTS_AT_ONCE));
        for kind in kinds {
            let (origins, turns) = (origins.clone(), turns.clone());
            starting.spawn(async move {
                let _turn = turns.acquire().await.map_err(io::Error::other)?;
                Mlflow::start(kind, &origins).await
            });
        }
        let mut mlflow = Vec::new();
        while let Some(started) = starting.join_next().await {
            mlflow.push(started.map_err(io::Error::other)??);
        }
        let mut open = Vec::new();
        for (page, log) in pages {
            open.push(Stage::open(page, log, rows, &mlflow).await?);
        }
        Ok(Self { stages: open, mlflow })
    }
}

impl Drop for Lab {
    fn drop(&mut self) {
        // All at once; each is waited for when it is dropped itself.
        self.mlflow.iter_mut().for_each(Mlflow::let_go);
    }
}
