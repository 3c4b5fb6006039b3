//! The registration that the Python client makes, step by step, and its clean-up. Pure: each step follows from
//! what the steps before it brought ([`next`]); the browser room sends it, and writes it down beforehand.
//!
//! | file | what it is for |
//! |---|---|
//! | [`script`] | the steps that create, in both shapes: MLflow 2 and MLflow 3 |
//! | [`model`] | the files of models of several kinds |
//! | [`content`] | bytes to upload, and whether they come back the same |
//! | [`cleanup`] | finds what carries this registration's tag, removes it, and looks again |
//! | [`journal`] | what is remembered in this browser until everything is removed |
//! | [`part`] | what the rest of the program asks of it |
//! | [`steps`] | how a step is put, and how its answer is read |
//!
//! Nothing is created before two rehearsals have shown that it can be removed: DELETE and PATCH with a JSON body, for
//! something that does not exist. Nothing is removed that does not carry the tag, or hang below what does.

pub mod cleanup;
pub mod content;
pub mod journal;
pub mod model;
pub mod part;
pub mod script;
pub mod steps;

use crate::deployment::credential::Presented;
use crate::probe::{Answer, Observation, Probe, Saw};
use crate::run::{Facts, Mode, Refusal, Registration, Run};

pub use journal::Journal;

/// Steps that are out at the same time: a server with SQLite writes one thing after another.
const AT_ONCE: usize = 3;

/// Requests of one registration at the most, clean-up included.
pub const REQUESTS: usize = 400;

/// The steps to send now. Empty while those that are out have to come back first, and at the end.
pub fn next(run: &Run) -> Vec<Probe> {
    let facts = run.facts();
    let Some(it) = facts.registration.filter(|it| it.refused.is_none()) else { return Vec::new() };
    let is_ours = |probe: &&Probe| Registration::owns(&probe.id);
    let out = run.in_flight.iter().filter(is_ours).count();
    let sent = run.observations.iter().filter(|seen| Registration::owns(&seen.probe.id)).count() + out;
    let room = room(run).saturating_sub(out).min(REQUESTS.saturating_sub(sent));
    let unsent = |mut steps: Vec<Probe>| {
        steps.retain(|probe| !run.has_asked(&probe.id));
        steps
    };
    let mut wanted = match it.mode {
        Mode::CleanUp => Vec::new(),
        // A stranger's server, or one that does not even read, is not written to.
        _ if !facts.mlflow_works() => return Vec::new(),
        _ if facts.writing_is_refused() => Vec::new(),
        _ => unsent(script::steps(&facts)),
    };
    if wanted.is_empty() && out == 0 && (facts.may_have_left()) {
        wanted = unsent(cleanup::look(&facts).wanted);
    }
    wanted.truncate(room);
    wanted
}

/// How many steps may be out at the same time: each of them could still be counted as a failed login, and all of
/// them together must stay within the limit.
fn room(run: &Run) -> usize {
    let failed = run.observations.iter().filter(|seen| match (seen.probe.presented, &seen.saw) {
        (Presented::Nothing, _) | (_, Saw::NotSent(_)) => false,
        (Presented::Fake, _) => true,
        (_, Saw::Answer(answer)) => matches!(answer.status, 401 | 403),
        _ => true,
    });
    let keyed = run.facts().best_credential() == Presented::Key;
    let logins = run.limits.failed_logins.saturating_sub(failed.count());
    // The key was taken, so one step at a time does no harm until one is refused.
    let least = usize::from(!run.facts().writing_is_refused());
    if keyed { logins.max(least).min(AT_ONCE) } else { AT_ONCE }
}

/// True for steps that change something on the server: they are written into the journal before they are sent.
pub fn is_write(id: &str) -> bool {
    id.starts_with("write-")
}

/// How long to wait before a step is sent, milliseconds.
pub fn pause(run: &Run, id: &str) -> u32 {
    // A request that this browser gave up may still arrive: the second look comes later.
    let interrupted = run.registration.as_ref().is_some_and(|it| it.mode == Mode::CleanUp)
        || run.observations.iter().any(|seen| is_write(&seen.probe.id) && seen.answer().is_none());
    match id {
        "write-search-2" => 400,
        "write-search-3" => 1_000,
        "write-search-4" | "write-search-5" => 2_500,
        "clean-2-model" | "clean-2-experiment" if interrupted => 1_500,
        // What was refused as too fast is looked for again, slower.
        _ if id.starts_with("clean-") && is_limited(run) => LIMITED_MS,
        _ => 0,
    }
}

/// How long clean-up waits after it was told that it is too fast.
const LIMITED_MS: u32 = 2_000;

/// True when the last answer said that requests come too fast.
fn is_limited(run: &Run) -> bool {
    let last = run.observations.last().and_then(Observation::answer);
    last.is_some_and(|it| Refusal::of(it) == Some(Refusal::RateLimit) || Refusal::may_be_limit(it))
}

/// True for a step that did not do what it does on a healthy server.
pub fn has_failed(facts: &Facts, seen: &Observation) -> bool {
    let id = seen.probe.id.as_str();
    if id.starts_with("clean-") {
        // What is gone already needs no removal.
        return !steps::went_well(seen) && seen.status() != Some(404);
    }
    if steps::is_absent(seen) {
        // Unless the server says that it is one that has it.
        let is_three = facts.mlflow_version().is_some_and(|version| version.starts_with('3'));
        return is_three && id.starts_with("write-three-");
    }
    if !steps::went_well(seen) {
        return true;
    }
    let Some(answer) = seen.answer() else { return true };
    match id {
        "write-run-read" => !has_stored(facts, answer),
        "write-search-5" => facts.registration.is_none_or(|it| !script::is_found(answer, &it.name())),
        "write-search-file" => {
            let sent = facts.saw("write-two-sklearn-put-MLmodel").and_then(|put| put.probe.body.as_ref());
            sent != Some(&answer.body.text)
        }
        _ => false,
    }
}

/// True when parameters, metrics and tags came back as they were sent.
fn has_stored(facts: &Facts, answer: &Answer) -> bool {
    use crate::json::Value;
    let at = facts.registration.map_or(0, |it| it.made_ms).to_string();
    let list = |name| steps::list(answer, &["run", "data", name]);
    let text = |entry: &Value, name| entry.get(name).and_then(steps::as_text).unwrap_or_default();
    // Numbers as they are written, but for zeros behind a point. Reading them as such weighs 6 kB in the page.
    let number = |entry: &Value, name| {
        let text = text(entry, name);
        if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { text }
    };
    let has = |name, key: &str, is: &dyn Fn(&Value) -> bool| {
        list(name).iter().any(|entry| text(entry, "key") == key && is(entry))
    };
    let metric = |entry: &Value| number(entry, "value") == script::METRIC && number(entry, "timestamp") == at;
    let yes = |entry: &Value| text(entry, "value") == "yes";
    ["preflight", "batch"]
        .iter()
        .all(|key| has("metrics", key, &metric) && has("params", key, &yes) && has("tags", key, &yes))
}

/// The steps of a registration and its clean-up that failed, in the order of arrival.
pub fn failures<'a>(facts: &Facts<'a>) -> Vec<&'a Observation> {
    let ours = facts.observations.iter().filter(|seen| Registration::owns(&seen.probe.id));
    ours.filter(|seen| !matches!(seen.saw, Saw::NotSent(_) | Saw::Stopped) && part::has_failed(facts, seen))
        .collect()
}
