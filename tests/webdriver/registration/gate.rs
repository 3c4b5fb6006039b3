//! Stands before a row's server, knows the steps of a registration by their names, and holds what the test tells it to.

use super::{CALL, GLANCE, LIMIT};
use crate::lab::loopback;
use crate::lab::stage::{OpenRow, Stage};
use crate::lab::web::{Ask, Caller, Listening, Reply, handler, listen, reply, set};
use crate::webdriver::session::Trouble;
use http_body_util::Full;
use hyper::header::CONNECTION;
use hyper::{Method, Request};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;
use tokio::sync::{Notify, watch};

/// What becomes of a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// It arrives, and the page never hears of it; what comes after it does not even arrive.
    Arrives,
    /// It does not arrive, nor does what comes after it.
    Lost,
    /// It waits until [`Gate::release`], and goes on.
    Held,
}

/// The gate.
pub struct Gate {
    /// What is typed into the form.
    pub origin: String,
    state: Arc<State>,
    _listening: Listening,
}

#[derive(Default)]
struct State {
    noted: Mutex<Noted>,
    go: Notify,
    /// Counts the visits: with the next one, what still waits is sent away.
    visit: watch::Sender<u32>,
}

#[derive(Default)]
struct Noted {
    /// Ids of the steps that came, in their order.
    steps: Vec<String>,
    /// The first body that came: it names what the registration creates.
    body: String,
    /// What to do at which step, or at the first of its kind.
    at: Option<(String, Fate)>,
    /// That step came.
    reached: bool,
    /// Nothing gets an answer any more.
    silent: bool,
}

impl State {
    fn noted(&self) -> MutexGuard<'_, Noted> {
        self.noted.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Gate {
    /// Puts a gate before a row's server.
    pub async fn before(open: &OpenRow, stage: &Stage) -> Result<Gate, Trouble> {
        let state = Arc::new(State::default());
        let (known, to, caller) = (state.clone(), open.registry_url.clone(), Caller::new());
        let serve = handler(move |ask| {
            let (state, to, caller) = (known.clone(), to.clone(), caller.clone());
            async move { pass(&state, &to, &caller, ask).await }
        });
        let listening = listen(loopback::SERVERS, 0, "registration/gate", &stage.log, serve)
            .await
            .map_err(|error| error.to_string())?;
        Ok(Gate { origin: listening.origin.clone(), state, _listening: listening })
    }

    /// Forgets what came, and passes everything until the step (or the first of that kind) comes.
    pub fn set(&self, at: Option<(&str, Fate)>) {
        *self.state.noted() =
            Noted { at: at.map(|(step, fate)| (step.to_owned(), fate)), ..Noted::default() };
        self.state.visit.send_modify(|visit| *visit += 1);
    }

    /// Lets the step that is held go on.
    pub fn release(&self) {
        self.state.noted().at = None;
        self.state.go.notify_waiters();
    }

    /// The steps that came since [`Gate::set`].
    pub fn steps(&self) -> Vec<String> {
        self.state.noted().steps.clone()
    }

    /// Whether the step that was asked for came.
    pub fn reached(&self) -> bool {
        self.state.noted().reached
    }

    /// The name of what the registration creates.
    pub fn name(&self) -> Result<String, Trouble> {
        let body = self.state.noted().body.clone();
        let body: serde_json::Value = serde_json::from_str(&body).map_err(|_| format!("no JSON: {body}"))?;
        body["name"].as_str().map(str::to_owned).ok_or_else(|| format!("no name in {body}"))
    }

    /// Waits for the step that was asked for.
    pub async fn until_reached(&self) -> Result<(), Trouble> {
        let deadline = Instant::now() + LIMIT;
        while !self.reached() {
            if Instant::now() > deadline {
                return Err("the step that was waited for did not come".to_owned());
            }
            tokio::time::sleep(GLANCE).await;
        }
        Ok(())
    }
}

/// The step that a request is: the page marks every request with the name of its question.
fn step_of(ask: &Ask) -> Option<String> {
    let marks = ask.uri().query()?.split('&').find_map(|pair| pair.strip_prefix("preflight="))?;
    let (id, _) = marks.rsplit_once('.')?;
    let is_ours = id.starts_with("write-") || id.starts_with("clean-");
    (ask.method() != Method::OPTIONS && is_ours).then(|| id.to_owned())
}

/// What steps of all models, files, versions and runs have in common.
pub fn kind_of(step: &str) -> String {
    let parts: Vec<&str> = step.split('-').collect();
    match parts.as_slice() {
        // The kind of the model comes third.
        ["write", shape @ ("two" | "three"), _, what, ..] => format!("write-{shape}-{what}"),
        // The file, and how many looks it took.
        ["write", "files", what, ..] => format!("write-files-{what}"),
        ["write", "search", look] if look.parse::<u32>().is_ok() => "write-search-look".to_owned(),
        ["clean", look, "model", "delete"] => format!("clean-{look}-model-delete"),
        ["clean", look, "experiment", "delete"] => format!("clean-{look}-experiment-delete"),
        ["clean", look, what, _, ..] => format!("clean-{look}-{what}-one"),
        _ => step.to_owned(),
    }
}

async fn pass(state: &State, to: &str, caller: &Caller, ask: Ask) -> Reply {
    let path = ask.uri().path_and_query().map(ToString::to_string).unwrap_or_default();
    let step = step_of(&ask);
    let visit = state.visit.subscribe();
    let fate = step.as_deref().and_then(|step| note(state, step, &ask));
    if fate == Some(Fate::Held) {
        let go = state.go.notified();
        // Between the look and the wait it may have been released.
        if state.noted().at.is_some() {
            go.await;
        }
    }
    if fate == Some(Fate::Lost) || fate.is_none() && state.noted().silent {
        return unanswered(visit).await;
    }
    let (head, body) = ask.into_parts();
    let mut onward = Request::builder().method(head.method).uri(format!("{to}{path}"));
    for (name, value) in &head.headers {
        if !["host", "content-length", "connection"].contains(&name.as_str()) {
            onward = onward.header(name, value);
        }
    }
    let Ok(onward) = onward.body(body) else { return reply(500, "text/plain", "no request") };
    let answer = caller.call(onward, CALL).await;
    if fate == Some(Fate::Arrives) {
        return unanswered(visit).await;
    }
    match answer {
        Ok(answer) => {
            let (mut head, body) = answer.into_parts();
            for name in ["content-length", "transfer-encoding", "connection"] {
                head.headers.remove(name);
            }
            Reply::from_parts(head, Full::new(body))
        }
        Err(_) => reply(502, "text/plain", "bad gateway"),
    }
}

/// No answer as long as the tab may be there; its end takes the connection along. Not so in Chromium for preflights: it
/// goes on waiting for their answers when the tab is long closed, and six of them are all connections that it has for a
/// host. So whoever still waits when the next visit begins is sent away, as by a server that comes back.
async fn unanswered(mut visit: watch::Receiver<u32>) -> Reply {
    // Fails only when the gate is gone, and the connections with it.
    let _ = visit.changed().await;
    let mut away = reply(502, "text/plain", "");
    set(&mut away, CONNECTION, "close");
    away
}

/// Writes a step down; what is to become of it, if it is the one that was asked for.
fn note(state: &State, step: &str, ask: &Ask) -> Option<Fate> {
    let mut noted = state.noted();
    if noted.silent {
        return None;
    }
    noted.steps.push(step.to_owned());
    if noted.body.is_empty() {
        noted.body = String::from_utf8_lossy(ask.body()).into_owned();
    }
    let (_, fate) = noted.at.clone().filter(|(at, _)| *at == step || *at == kind_of(step))?;
    // Only the first of its kind.
    if fate != Fate::Held {
        noted.at = None;
        noted.silent = true;
    }
    noted.reached = true;
    Some(fate)
}
