//! Runs the lab's scenario table in one browser and compares what the page says with what a perfect diagnosis says.

use super::form::{self, Said};
use super::logins;
use super::opinion;
use super::registration;
use super::session::{Session, Trouble};
use crate::lab::keys::Key;
use crate::lab::record::{Place, Recorded};
use crate::lab::scenarios::{Browser, Expect};
use crate::lab::stage::{OpenRow, Stage};
use std::path::Path;
use std::time::Instant;

/// Where what is needed to understand a failure goes.
const FAILURES: &str = "target/browser-failures";

/// How many rows ended how.
#[derive(Clone, Copy, Debug, Default)]
pub struct Tally {
    /// Rows whose certain causes were all named, and nothing else.
    pub certain: u32,
    /// Rows whose exact shortlist was named.
    pub shortlist: u32,
    /// Healthy rows that were called healthy.
    pub healthy: u32,
    /// Rows that a second opinion settled.
    pub settled: u32,
    /// Rows that failed.
    pub failed: u32,
    /// Rows that need of a browser what this one's driver cannot do.
    pub not_run: u32,
}

impl Tally {
    /// Rows that were as expected.
    pub fn passed(&self) -> u32 {
        self.certain + self.shortlist + self.healthy
    }
}

/// Runs all rows that are up on `stage`.
pub async fn run(session: &mut Session, stage: &Stage) -> Tally {
    let mut tally = Tally::default();
    forget(session.engine.name);
    println!("{:<42} {:<9} {:>6} {:>4}  result", "row", "engine", "ms", "req");
    let times = std::env::var("PREFLIGHT_TIMES").ok().and_then(|times| times.parse().ok()).unwrap_or(1);
    for open in stage.rows.iter().cycle().take(stage.rows.len() * times) {
        let expect = open.row.expected_in(session.engine.name);
        if let Some(missing) = missing(session, open) {
            println!("{:<42} {:<9} {:>11}  not run: {missing}", open.row.id, session.engine.name, "");
            tally.not_run += 1;
            continue;
        }
        let mut tried = attempt(session, stage, open, &expect).await;
        let mut first = None;
        // The browser has died, the page did not come to the point where it takes input, or the program was stopped. WebKitGTK
        // does so once in thousands of runs, and nobody knows yet why; what is our fault comes again.
        let silent = tried.said.as_ref().is_none_or(Said::has_trapped);
        if silent {
            session.renew().await;
        }
        if silent || tried.depends_on_the_clock(&expect) {
            first = Some(tried.problems.join("; "));
            tried = attempt(session, stage, open, &expect).await;
        }
        let Attempt { mut problems, said, ms, whole, requests } = tried;
        if problems.is_empty()
            && let Some(settled) = open.row.settled
        {
            problems = settle(session, open, &expect, &settled, &mut tally).await;
        }
        let head = format!("{:<42} {:<9} {ms:>6.0} {requests:>4}", open.row.id, session.engine.name);
        if problems.is_empty() {
            println!("{head}  ok    {}", show(&expect));
            if let Some(first) = first {
                println!("{:>66}  AGAIN, at first: {first}", "");
            }
            match expect {
                Expect { certain: [], shortlist: [] } => tally.healthy += 1,
                Expect { certain: [], .. } => tally.shortlist += 1,
                _ => tally.certain += 1,
            }
        } else {
            println!("{head}  FAIL  expected {} ({whole} ms in all)", show(&expect));
            problems.iter().for_each(|problem| println!("{:>66}  {problem}", ""));
            tally.failed += 1;
            keep(session, open, said).await;
            if open.row.form.registration {
                session.renew().await;
            }
        }
    }
    tally
}

/// What came of running a row once.
struct Attempt {
    problems: Vec<String>,
    said: Option<Said>,
    /// How long the run took, milliseconds.
    ms: f64,
    /// The same with the way to the browser and back.
    whole: u128,
    requests: usize,
}

impl Attempt {
    /// Whether all that is wrong is what a shortlist names: what takes how long decides over some, and machines that others
    /// share lose seconds. Nothing else is tried again: a wrong certain verdict, a key at a wrong place or something left
    /// on a server is wrong however seldom.
    fn depends_on_the_clock(&self, expect: &Expect) -> bool {
        let Some(said) = &self.said else { return false };
        let certain = said.causes.iter().filter(|(_, confidence)| confidence == "certain");
        certain.map(|(code, _)| code.as_str()).eq(expect.certain.iter().copied())
            && wrong_causes(expect, said).is_some_and(|wrong| self.problems == [wrong])
    }
}

/// Runs a row and holds it against what is expected.
async fn attempt(session: &Session, stage: &Stage, open: &OpenRow, expect: &Expect) -> Attempt {
    let begun = Instant::now();
    let mark = stage.log.mark();
    let writes = open.row.form.registration;
    let before = if writes { Some(registration::listing(open).await) } else { None };
    let said = run_row(session, stage, open).await;
    let seen = stage.log.since(mark);
    let whole = begun.elapsed().as_millis();
    let (mut problems, ms) = match &said {
        Ok(said) => (judge(open, stage, expect, said, &seen), said.took_ms.unwrap_or_default()),
        Err(trouble) => (vec![trouble.clone()], 0.0),
    };
    if let (Ok(Said { report: Some(report), .. }), Some(folder)) =
        (&said, std::env::var_os("PREFLIGHT_REPORTS"))
    {
        let _ = std::fs::create_dir_all(&folder);
        let name = format!("{}-{}.json", session.engine.name, open.row.id);
        let _ = std::fs::write(Path::new(&folder).join(name), report);
    }
    let requests = from_browser(&open.own(&seen)).count();
    if let Some(before) = before {
        let after = registration::listing(open).await;
        if before.is_err() || before != after {
            problems.push(format!("the server was {before:?} and is {after:?}"));
        }
    }
    Attempt { problems, said: said.ok(), ms, whole, requests }
}

/// What this browser cannot do that the row needs, if anything.
fn missing(session: &Session, open: &OpenRow) -> Option<&'static str> {
    if let Browser::Outside(_) = open.row.browser
        && !session.engine.guards_local_network
    {
        return Some(
            "it lets every page into the local network, or cannot be told that one is of the public one",
        );
    }
    if open.row.browser != Browser::Usual && !session.engine.can_go_offline {
        return Some("its driver cannot take the network away");
    }
    (open.row.needs_trust() && !session.engine.can_trust())
        .then_some("it cannot be made to trust the lab's authority (certutil, from libnss3-tools, can)")
}

/// One row: fresh page, form, run.
async fn run_row(session: &Session, stage: &Stage, open: &OpenRow) -> Result<Said, Trouble> {
    form::open_for(session, stage, open).await?;
    form::fill(session, open, open.row.key).await?;
    match open.row.browser {
        Browser::Ahead(seconds) => form::shift_clock(session, seconds).await?,
        Browser::Outside(state) => session.set_local_network(state).await?,
        _ => {}
    }
    let offline = open.row.browser == Browser::Offline;
    if offline {
        session.set_offline(true).await?;
    }
    let said = match form::press(session, "run").await {
        Ok(()) => form::finish(session).await,
        Err(trouble) => Err(trouble),
    };
    if offline {
        session.set_offline(false).await?;
    }
    said
}

/// Pastes what the page's own commands print, and holds the verdict against what that must settle.
async fn settle(
    session: &Session,
    open: &OpenRow,
    expect: &Expect,
    settled: &Expect,
    tally: &mut Tally,
) -> Vec<String> {
    if opinion::missing().is_some() {
        return Vec::new();
    }
    match opinion::settle(session, open).await {
        // What this browser knows by itself needs no second opinion.
        Ok(None) if expect.shortlist.is_empty() => Vec::new(),
        Ok(None) => vec!["the page shows no command for its shortlist".to_owned()],
        Ok(Some(said)) => {
            tally.settled += 1;
            let wrong = wrong_causes(settled, &said);
            wrong
                .into_iter()
                .map(|wrong| format!("after curl: expected {}, {wrong}", show(settled)))
                .collect()
        }
        Err(trouble) => vec![trouble],
    }
}

/// What is named and should not be, or the other way round.
pub fn wrong_causes(expect: &Expect, said: &Said) -> Option<String> {
    let with = |certain: bool| {
        let chosen = said.causes.iter().filter(|(_, confidence)| (confidence == "certain") == certain);
        sorted(chosen.map(|(code, _)| code.as_str()))
    };
    let same = with(true) == sorted(expect.certain.iter().copied())
        && with(false) == sorted(expect.shortlist.iter().copied());
    let causes: Vec<String> =
        said.causes.iter().map(|(code, confidence)| format!("{code} ({confidence})")).collect();
    (!same).then(|| format!("got {}", if causes.is_empty() { "-".to_owned() } else { causes.join(", ") }))
}

/// Everything that is not as it must be.
fn judge(open: &OpenRow, stage: &Stage, expect: &Expect, said: &Said, seen: &[Recorded]) -> Vec<String> {
    let mut problems = Vec::new();
    let verdict = if *expect == Expect::HEALTHY { "healthy" } else { "problems" };
    // First, since everything else follows from it.
    let at = said.stack.as_deref().unwrap_or("nobody knows where").replace('\n', " < ");
    problems.extend(said.stopped.iter().map(|place| format!("the program was stopped by {place}, at {at}")));
    problems.extend(wrong_causes(expect, said));
    if said.verdict.as_deref() != Some(verdict) {
        problems.push(format!("the verdict is {}", said.verdict.as_deref().unwrap_or("not there")));
    }
    if said.state != "finished" {
        problems.push(format!("the run is {}", said.state));
    }
    if said.report.is_none() {
        problems.push("there is no report".to_owned());
    }
    problems.extend(judge_checks(expect, said));
    for (id, status) in open.row.checks {
        let came = said.checks.get(*id).map_or("not there", String::as_str);
        if came != *status {
            problems.push(format!("check {id} is \"{came}\", not {status}"));
        }
    }
    problems.extend(strayed(open, stage, said, seen));
    problems.extend(logins::problems(open, seen));
    problems
}

/// The list of checks must not contradict the verdict.
fn judge_checks(expect: &Expect, said: &Said) -> Vec<String> {
    let mut problems = Vec::new();
    if said.checks.is_empty() {
        problems.push("no check is listed".to_owned());
    }
    for (id, status) in &said.checks {
        let known = ["pass", "warn", "fail", "unknown", "skipped"].contains(&status.as_str());
        if !known || (*expect == Expect::HEALTHY && status == "fail") {
            problems.push(format!("check {id} is \"{status}\""));
        }
    }
    problems
}

/// Requests and keys at places that are not on the form.
fn strayed(open: &OpenRow, stage: &Stage, said: &Said, seen: &[Recorded]) -> Vec<String> {
    let mut problems = Vec::new();
    let key = open.text_of(open.row.key);
    let on_form = |origin: &str| origin == open.registry_url || origin == open.auth_url;
    // A port that browsers refuse: the page asks there what its timing entries tell, and nothing leaves the browser.
    let page = stage.page_of(open.row);
    let nowhere = |origin: &str| origin.strip_suffix(":6000").is_some_and(|host| page.starts_with(host));
    let allowed = |origin: &str| on_form(origin) || origin == page || nowhere(origin);
    for origin in said.origins.iter().filter(|origin| !allowed(origin)) {
        problems.push(format!("the page asked {origin}, which is not on the form"));
    }
    for request in from_browser(&seen.iter().collect::<Vec<_>>()) {
        // A page that was left may still ask for its sign.
        let ours = stage.is_page(&request.listener_origin);
        if !ours && !on_form(&request.listener_origin) {
            problems.push(format!("{} was asked, which is not on the form", request.listener));
        }
        for place in if open.row.key == Key::None { Vec::new() } else { request.places_of(&key) } {
            if place == Place::Target || !on_form(&request.listener_origin) {
                problems.push(format!("the key is in the {place:?} of a request to {}", request.listener));
            }
        }
    }
    problems
}

/// Requests that a browser sent.
pub fn from_browser<'a>(seen: &'a [&'a Recorded]) -> impl Iterator<Item = &'a Recorded> {
    seen.iter().copied().filter(|request| is_from_browser(request))
}

/// True for a request of a browser: a gateway's own questions to the auth service name no user agent.
pub fn is_from_browser(request: &Recorded) -> bool {
    request.headers.iter().any(|(name, _)| name == "user-agent")
}

fn sorted<'a>(codes: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
    let mut codes: Vec<&str> = codes.collect();
    codes.sort_unstable();
    codes
}

fn show(expect: &Expect) -> String {
    match (expect.certain, expect.shortlist) {
        ([], []) => "healthy".to_owned(),
        (certain, []) => certain.join(" + "),
        ([], shortlist) => format!("one of {}", shortlist.join(" | ")),
        (certain, shortlist) => format!("{}, and one of {}", certain.join(" + "), shortlist.join(" | ")),
    }
}

/// Removes what an earlier run of this engine left, so that what is there is of now.
fn forget(engine: &str) {
    for entry in std::fs::read_dir(FAILURES).into_iter().flatten().flatten() {
        if entry.file_name().to_string_lossy().starts_with(&format!("{engine}-")) {
            let _ = std::fs::remove_file(entry.path());
        }
    }
}

/// Keeps the report and a picture of a failed row.
async fn keep(session: &Session, open: &OpenRow, said: Option<Said>) {
    let name = format!("{}-{}", session.engine.name, open.row.id);
    let folder = Path::new(FAILURES);
    // A failure to keep them must not hide the failure itself.
    let _ = std::fs::create_dir_all(folder);
    if let Some(report) = said.and_then(|said| said.report) {
        let _ = std::fs::write(folder.join(format!("{name}.json")), report);
    }
    if let Ok(picture) = session.screenshot().await {
        let _ = std::fs::write(folder.join(format!("{name}.png")), picture);
    }
}
