//! A processor for the page's main thread alone, as a phone with many of them has: on this machine the servers of the lab
//! and the browser's other processes share a few with it, and Chromium's throttling takes the time that they take for the
//! page's own, several times over. Only on Linux (`taskset`), and only with more than one processor.

use std::collections::BTreeMap;
use std::fs;
use std::process::{Command, Stdio};
use std::thread::available_parallelism;

/// As long as this is there, the main threads of pages have the first processor for themselves.
pub struct Apart {
    /// How many processors there are for this process.
    count: usize,
}

impl Apart {
    /// All that this process has started runs beside the first processor, and the main threads of pages on it. `None` where
    /// that cannot be.
    pub fn set() -> Option<Apart> {
        let apart = Apart { count: available_parallelism().ok()?.get() };
        let ours = ours();
        // What was bound is bound back where the rest cannot be.
        let is_set = apart.count > 1
            && ours.iter().all(|id| bind(&["-a"], &format!("1-{}", apart.count - 1), *id))
            && ours.iter().filter(|id| is_page(**id)).all(|id| bind(&[], "0", *id));
        is_set.then_some(apart)
    }
}

impl Drop for Apart {
    fn drop(&mut self) {
        for id in ours() {
            bind(&["-a"], &format!("0-{}", self.count - 1), id);
        }
    }
}

/// How long the main threads of pages had to wait for a processor since they began, milliseconds.
pub fn waited_ms() -> f64 {
    let waited = |id: &u32| {
        let text = fs::read_to_string(format!("/proc/{id}/task/{id}/schedstat")).ok()?;
        text.split_whitespace().nth(1)?.parse::<f64>().ok()
    };
    ours().iter().filter(|id| is_page(**id)).filter_map(waited).sum::<f64>() / 1e6
}

/// This process and what it has started, and what those have.
fn ours() -> Vec<u32> {
    let mut started: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
    for entry in fs::read_dir("/proc").into_iter().flatten().flatten() {
        let Some(id) = entry.file_name().to_str().and_then(|name| name.parse().ok()) else { continue };
        let text = fs::read_to_string(entry.path().join("stat")).unwrap_or_default();
        // The name, in brackets, may hold anything: what counts follows the last one.
        let parent = text.rsplit(')').next().and_then(|rest| rest.split_whitespace().nth(1)?.parse().ok());
        if let Some(parent) = parent {
            started.entry(parent).or_default().push(id);
        }
    }
    let mut ours = vec![std::process::id()];
    let mut at = 0;
    while let Some(id) = ours.get(at) {
        ours.extend(started.remove(id).unwrap_or_default());
        at += 1;
    }
    ours
}

fn is_page(id: u32) -> bool {
    fs::read_to_string(format!("/proc/{id}/cmdline")).is_ok_and(|line| line.contains("--type=renderer"))
}

/// One that has ended meanwhile is bound, too.
fn bind(options: &[&str], to: &str, id: u32) -> bool {
    let mut taskset = Command::new("taskset");
    taskset.args(options).args(["-p", "-c", to, &id.to_string()]).stdout(Stdio::null()).stderr(Stdio::null());
    taskset
        .status()
        .is_ok_and(|status| status.success() || !fs::exists(format!("/proc/{id}")).unwrap_or(true))
}
