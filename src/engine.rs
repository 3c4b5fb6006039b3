//! Puts the pure rooms together: what to ask next, and what is known now. The loop in the browser room and the
//! native tests ask the same two questions here.

use crate::checks::{self, Check, Judgement};
use crate::deployment::Host;
use crate::deployment::credential::Presented;
use crate::diagnosis::{self, Verdict, other_ways, symptoms};
#[cfg(target_arch = "wasm32")]
use crate::diagnosis::{causes, opinion};
use crate::probe::{Answer, Body, Entry, Observation, Probe, Saw, Way};
use crate::registration;
use crate::run::{Asking, Event, Facts, Mode, Phase, Registration, Run};

/// The probes to send now: wanted by a check or a symptom, not asked yet, allowed by the limits. Empty while
/// everything wanted is out or back; a run is over when it is empty and nothing is in flight.
pub fn next(run: &Run) -> Vec<Probe> {
    let only_cleans = run.registration.as_ref().is_some_and(|it| it.mode == Mode::CleanUp);
    let wanted = if only_cleans { Vec::new() } else { questions(run) };
    // Reading first: what cannot be read is not written to.
    let is_ours = |probe: &Probe| Registration::owns(&probe.id);
    let reads_only = run.asking != Asking::Usual || !run.again.is_empty();
    if !reads_only && wanted.is_empty() && run.in_flight.iter().all(is_ours) {
        registration::part::next(run)
    } else {
        wanted
    }
}

/// True for what goes first: the questions that others wait for, and the made-up key, which would otherwise hold a
/// connection that those then want.
pub fn leads(probe: &Probe) -> bool {
    probe.host == Host::Registry
        && (probe.presented != Presented::Nothing || probe.id == Facts::open_id(Host::Registry))
}

/// Says that what judges is loaded (see [`crate::part`]).
#[cfg(target_arch = "wasm32")]
pub fn judging_is_here() {
    causes::CAUSES.is_here(causes::ALL);
    opinion::OPINION.is_here(&opinion::OPINION_HERE);
    other_ways::ASKS.is_here(&other_ways::ASKS_HERE);
}

/// Says that what writes is loaded.
#[cfg(target_arch = "wasm32")]
pub fn writing_is_here() {
    registration::part::COURSE.is_here(&registration::part::COURSE_HERE);
}

/// The questions of checks and symptoms.
fn questions(run: &Run) -> Vec<Probe> {
    let facts = run.facts();
    let candidates: Vec<Probe> = match run.asking {
        _ if !run.again.is_empty() => run.again.clone(),
        Asking::Usual => {
            let by_checks = checks::ALL.iter().flat_map(|check| (check.asks)(&facts));
            by_checks.chain(symptoms::asks(&facts)).collect()
        }
        Asking::OtherWays { cookies } => {
            other_ways::ASKS.get().map(|asks| asks(&facts, cookies)).unwrap_or_default()
        }
    };
    let mut wanted: Vec<Probe> = Vec::new();
    // The other ways have a budget of their own, and keep to it themselves; what is asked again has one, too.
    let mut logins = match run.asking {
        _ if !run.again.is_empty() => 0,
        Asking::Usual => failed_logins(run),
        Asking::OtherWays { .. } => 0,
    };
    // The steps of a registration have limits of their own.
    let all = run.observations.iter().map(|seen| &seen.probe).chain(&run.in_flight);
    let asked = all.filter(|probe| !Registration::owns(&probe.id)).count();
    // What caches say waits for free connections: nothing else depends on it.
    let (late, soon): (Vec<Probe>, Vec<Probe>) =
        candidates.into_iter().partition(|probe: &Probe| probe.way == Way::Shared);
    for mut probe in soon.into_iter().chain(late) {
        if run.has_asked(&probe.id) || wanted.iter().any(|other| other.id == probe.id) {
            continue;
        }
        if facts.is_mixed_content(probe.host) || facts.is_port_blocked(probe.host) {
            continue;
        }
        if probe.presented == Presented::Fake && !run.limits.made_up_keys {
            continue;
        }
        if may_count_as_login(&probe, &facts) {
            if logins >= run.limits.failed_logins {
                continue;
            }
            logins += 1;
        }
        let busy = run
            .in_flight
            .iter()
            .chain(&wanted)
            .filter(|other| other.target.origin == probe.target.origin)
            .count();
        if busy >= run.limits.per_host || asked + wanted.len() >= run.limits.probes {
            continue;
        }
        probe.timeout_ms = patience(run, &probe);
        wanted.push(probe);
    }
    wanted
}

/// A dead host must not cost a time limit per probe: while a host has answered nothing and a probe to it has
/// been out for half its limit, further probes to it get the other half.
fn patience(run: &Run, probe: &Probe) -> u32 {
    let answered = run.observations.iter().any(|seen| seen.probe.host == probe.host && seen.proves_answer());
    let waits = probe.host != Host::Page && run.waiting.iter().any(|id| Some(probe.host) == host_of(run, id));
    if waits && !answered { probe.timeout_ms / 2 } else { probe.timeout_ms }
}

fn host_of(run: &Run, id: &str) -> Option<Host> {
    let seen = run.observations.iter().map(|seen| &seen.probe);
    seen.chain(&run.in_flight).find(|probe| probe.id == id).map(|probe| probe.host)
}

/// How many requests of a run a server can have counted as failed logins, or may yet: those that were refused or fail
/// unread, and those that are out.
pub fn failed_logins(run: &Run) -> usize {
    let facts = run.facts();
    // Either may refuse a key inside a 200.
    let failed = |seen: &&Observation| match seen.probe.host {
        Host::Auth => facts.auth_says_to(&seen.probe.id) != Some(true),
        _ => matches!(seen.status(), Some(401 | 403) | None) || facts.refusal_of(&seen.probe.id).is_some(),
    };
    let failed = run.observations.iter().filter(failed).map(|seen| &seen.probe);
    failed.chain(&run.in_flight).filter(|probe| may_count_as_login(probe, &facts)).count()
}

/// True when a server could count this as a failed login: it presents a made-up key, or the user's where that was not
/// seen to be taken.
fn may_count_as_login(probe: &Probe, facts: &Facts) -> bool {
    let below = [&facts.deployment.mlflow.path, "/"].concat();
    let is_taken = probe.host == Host::Registry
        && probe.presented == Presented::Key
        && facts.key_is_taken()
        && probe.target.path.starts_with(&below);
    probe.presented != Presented::Nothing && !is_taken
}

/// How many replies of this run had to be waited for one after another: the longest chain of dependent probes, a
/// preflight counted as a reply of its own. Found by asking again, as if every host took any number of requests at
/// once and every answer of this run came at once.
pub fn longest_chain(run: &Run) -> usize {
    let mut again = Run::new(run.deployment.clone(), run.environment.clone(), run.limits, run.key.clone());
    again.limits.per_host = usize::MAX;
    let mut replies = 0;
    loop {
        let wanted = next(&again);
        let known = |probe: &Probe| run.observations.iter().find(|seen| seen.probe.id == probe.id);
        let came: Vec<_> = wanted.iter().filter_map(known).cloned().collect();
        if came.is_empty() {
            return replies;
        }
        let outward = came.iter().filter(|seen| seen.probe.is_outward());
        replies += outward.map(|seen| 1 + usize::from(seen.probe.is_preflighted())).max().unwrap_or(0);
        again.observations.extend(came);
    }
}

/// Goes a step further in a run that asks nobody, with answers that are made up here; false at its end. What it comes to
/// says nothing: browsers translate WebAssembly when it is first called, and what was called before costs a run less.
pub fn rehearse(run: &mut Run) -> bool {
    let wanted = next(run);
    let goes_on = !wanted.is_empty();
    for probe in wanted {
        let body = Body { text: "{}".to_owned(), bytes: 2, complete: true, ..Body::default() };
        let headers = vec![("content-type".to_owned(), "application/json".to_owned())];
        let saw = Saw::Answer(Answer { status: 200, landed: None, headers, body, queued_ms: None });
        run.apply(Event::Observed(Observation { probe, start_ms: 0, ms: 1, saw, entry: Entry::Unknown }));
    }
    if !goes_on {
        run.apply(Event::Ended(Phase::Finished));
    }
    goes_on
}

/// All that is known of a run now.
pub struct Judged {
    /// Every check with its outcome, in the order of the page.
    pub checks: Vec<(&'static Check, Judgement)>,
    /// The causes.
    pub verdict: Verdict,
}

/// Judges a run at any moment.
pub fn judge(run: &Run) -> Judged {
    let facts = run.facts();
    let checks = checks::ALL.iter().map(|check| (check, (check.judge)(&facts))).collect();
    Judged { checks, verdict: diagnosis::diagnose(&facts, run.phase) }
}
