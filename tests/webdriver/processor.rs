//! A processor for the page's main thread alone, as a phone with many of them has: on this machine the servers of the lab
//! and the browser's other processes share a few with it, and Chromium's throttling takes the time that they take for the
//! page's own, several times over. Only on Linux (`taskset`), and only with more than one processor.

use std::collections::BTreeMap;
use std::fs;
use std::process::{Command, Stdio};

/// As long as this is there, the main threads of pages have a processor for themselves.
pub struct Apart {
    /// Where this process and what it has started may run otherwise, as the system lists it: `0-3,8`.
    all: String,
}

impl Apart {
    /// The main threads of pages run on one processor, and all else that this process has started on the others. `None` where
    /// that cannot be.
    pub fn set() -> Option<Apart> {
        let status = fs::read_to_string("/proc/self/status").ok()?;
        let all = status.lines().find_map(|line| line.strip_prefix("Cpus_allowed_list:"))?.trim().to_owned();
        let (first, others) = split(&all)?;
        // From here on, whatever fails, all is put back.
        let apart = Apart { all };
        let ours = ours();
        if ours.iter().all(|id| bind(&["-a"], &others, *id))
            && ours.iter().filter(|id| is_page(**id)).all(|id| bind(&[], &first, *id))
        {
            return Some(apart);
        }
        None
    }
}

impl Drop for Apart {
    fn drop(&mut self) {
        for id in ours() {
            bind(&["-a"], &self.all, id);
        }
    }
}

/// The first processor of a list, and the others; `None` for a list of one.
fn split(all: &str) -> Option<(String, String)> {
    let (head, tail) = all.split_once(',').map_or((all, None), |(head, tail)| (head, Some(tail)));
    let (first, last) = head.split_once('-').unwrap_or((head, head));
    let next = first.parse::<u32>().ok()? + 1;
    let rest = (first != last).then(|| format!("{next}-{last}"));
    let others: Vec<String> = rest.into_iter().chain(tail.map(str::to_owned)).collect();
    (!others.is_empty()).then(|| (first.to_owned(), others.join(",")))
}

/// How long the main threads of pages had to wait for a processor since they began, milliseconds; not a number where the
/// system does not tell.
pub fn waited_ms() -> f64 {
    let waited = |id: &u32| {
        let text = fs::read_to_string(format!("/proc/{id}/task/{id}/schedstat")).ok()?;
        text.split_whitespace().nth(1)?.parse::<f64>().ok()
    };
    let all: Vec<f64> = ours().iter().filter(|id| is_page(**id)).filter_map(waited).collect();
    if all.is_empty() { f64::NAN } else { all.iter().sum::<f64>() / 1e6 }
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
