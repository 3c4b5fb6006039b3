//! A report as somebody else made it, to be shown and not to be added to: what a link or a file holds, how much of
//! a report is kept in it, and how it is shown.
//!
//! Statuses, causes and stations are shown as they were judged. Words are made anew from what was seen, by the same
//! functions as for a live run, but only where they come out as they did for the one who shared: that is tried when
//! the report is shared ([`SharedCheck::told`]), since what is left out may have been what they spoke of.

use super::{Report, Shareable, browser};
use crate::checks::{self, Judgement, Status};
use crate::deployment::{AUTH_FIELDS, Host};
use crate::diagnosis::way::{self, State, Station};
use crate::diagnosis::{Named, Verdict};
use crate::engine::{self, Judged};
use crate::json::{self, Map, Value};
use crate::probe::sighting::program;
use crate::probe::{Body, Hop, Saw};
use crate::registration;
use crate::run::{Registration, Run};

/// How much of what was seen is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Detail {
    /// Everything.
    Full,
    /// Rounded times; of headers those that tell who answered; of bodies what errors say, and the shape of the rest.
    Told,
    /// The same of the questions that causes and failing checks rest on; of the others as with [`Detail::Bare`].
    Said,
    /// Statuses, outcomes and rounded times.
    Bare,
    /// The same as [`Detail::Bare`], only of the questions that causes and failing checks rest on.
    Cited,
}

impl Detail {
    /// For a link, the most telling first: the first that is short enough is taken.
    pub const FOR_LINKS: [Detail; 4] = [Detail::Told, Detail::Said, Detail::Bare, Detail::Cited];

    /// What is not in such a report, for the reader.
    pub fn leaves_out(self) -> &'static str {
        match self {
            Self::Full => "",
            Self::Told => "It holds the beginnings of what servers said, and rounded times.",
            Self::Said => {
                "It holds statuses and rounded times, and the beginnings of what servers said where something is wrong."
            }
            Self::Bare => {
                "It holds statuses and rounded times, and leaves out headers and what servers said."
            }
            Self::Cited => {
                "It holds what the verdict and the failing checks rest on, as statuses and rounded times, and leaves out the rest."
            }
        }
    }
}

/// A report to be shown.
#[derive(Clone, Debug, PartialEq)]
pub struct Shared {
    /// Version of the program that made it.
    pub version: String,
    /// What was kept.
    pub detail: Detail,
    /// True when what was kept leads to the same verdict and statuses: then it can be judged again.
    pub enough: bool,
    /// What was under test and what was seen, as far as it was kept.
    pub run: Run,
    /// How each check came out.
    pub checks: Vec<SharedCheck>,
    /// The verdict as it was made.
    pub verdict: Verdict,
    /// For each cause: whether what was kept gives the same words.
    pub told: Vec<bool>,
    /// Each station, what was known of it, and how fast it answered.
    pub way: Vec<(Hop, State, Option<u32>)>,
}

/// How a check came out.
#[derive(Clone, Debug, PartialEq)]
pub struct SharedCheck {
    /// Its id, which this version need not know.
    pub id: String,
    /// How it came out.
    pub status: Status,
    /// Whether what was kept gives the same words.
    pub told: bool,
}

/// Text of an error that is kept of a body, characters.
const SAID: usize = 200;
/// What stands in the place of something that is left out.
pub(super) const LEFT_OUT: &str = "the report leaves out why";
/// Headers that tell who answered, why and when.
const HEADERS: [&str; 8] =
    ["content-type", "server", "via", "location", "retry-after", "www-authenticate", "date", "age"];
/// Further ones that only other programs see, and that a verdict rests on.
const OTHERS: [&str; 6] = [
    "access-control-allow-origin",
    "access-control-allow-credentials",
    "access-control-allow-headers",
    "access-control-allow-methods",
    "cross-origin-resource-policy",
    "x-frame-options",
];
/// Those that stand in the sentence about what another program saw.
const CITED: [&str; 2] = ["access-control-allow-origin", "location"];

impl Shared {
    /// All of a report, as it is. Nothing is judged for it: whoever shows it draws the stations himself.
    pub fn whole(shareable: &Shareable) -> Shared {
        let report = shareable.report();
        let told = |check: &super::CheckResult| SharedCheck {
            id: check.id.clone(),
            status: check.status,
            told: true,
        };
        Shared {
            version: report.version.clone(),
            detail: Detail::Full,
            enough: true,
            run: report.clone().into_run(),
            checks: report.checks.iter().map(told).collect(),
            verdict: report.verdict.clone(),
            told: vec![true; report.verdict.causes.len()],
            way: Vec::new(),
        }
    }

    /// What a link holds of a report, with one of [`Detail::FOR_LINKS`]. Times are rounded; what is judged and said of
    /// what was kept is held against what was judged and said of all.
    pub fn of(shareable: &Shareable, detail: Detail) -> Shared {
        let report = shareable.report();
        let mut run = report.clone().into_run();
        run.observations.iter_mut().for_each(|seen| {
            seen.start_ms = rounded(seen.start_ms);
            seen.ms = rounded(seen.ms);
        });
        let whole = run.clone();
        let judged = engine::judge(&whole);
        keep(&mut run, report, detail);
        let again = engine::judge(&run);
        let checks = report.checks.iter().map(|made| {
            let of = |judged: &Judged| {
                let found = judged.checks.iter().find(|(check, _)| check.id == made.id);
                found.map(|(_, judgement)| judgement.clone())
            };
            let now = of(&again);
            let said = |judgement: Judgement| (judgement.status, judgement.expected, judgement.actual);
            let told = now.as_ref().is_some_and(|now| now.status == made.status)
                && now.map(said) == of(&judged).map(said);
            SharedCheck { id: made.id.clone(), status: made.status, told }
        });
        let checks: Vec<SharedCheck> = checks.collect();
        let mut verdict = report.verdict.clone();
        let told = verdict.causes.iter().map(|named| words(&run, named) == words(&whole, named)).collect();
        let is_kept = |id: &String| {
            run.observations.iter().any(|seen| seen.probe.id == *id)
                || run.second_opinion.iter().any(|seen| seen.id == *id)
        };
        verdict.causes.iter_mut().for_each(|named| named.evidence.retain(is_kept));
        verdict.set_aside.iter_mut().for_each(|named| named.evidence.clear());
        let enough = again.verdict.is_as(&verdict)
            && again.checks.iter().all(|(check, now)| {
                checks.iter().all(|made| made.id != check.id || made.status == now.status)
            });
        let way = way::stations(&whole.facts(), &verdict);
        let way = way.into_iter().map(|station| (station.hop, station.state, station.ms)).collect();
        Shared { version: report.version.clone(), detail, enough, run, checks, verdict, told, way }
    }

    /// Checks and causes as they were judged, in the words of this version.
    pub fn judged(&self) -> Judged {
        let mut judged = engine::judge(&self.run);
        for (check, judgement) in &mut judged.checks {
            let made = self.checks.iter().find(|made| made.id == check.id);
            let status = made.map_or(Status::Skipped, |made| made.status);
            if made.is_some_and(|made| made.told) && status == judgement.status {
                continue;
            }
            let actual = match made {
                Some(_) => "The report leaves out what this was judged by.",
                None => "The version that made this report did not look at this.",
            };
            *judgement = Judgement {
                status,
                expected: core::mem::take(&mut judgement.expected),
                actual: actual.to_owned(),
                evidence: Vec::new(),
            };
        }
        judged.verdict = self.verdict.clone();
        judged
    }

    /// The stations as they were drawn.
    pub fn stations(&self) -> Vec<Station> {
        let drawn = way::stations(&self.run.facts(), &self.verdict);
        if self.way.is_empty() {
            return drawn;
        }
        let stations = self.way.iter().map(|(hop, state, ms)| {
            let same = drawn.iter().find(|now| now.hop == *hop && now.state == *state);
            let says = same.map(|now| now.says.clone()).unwrap_or_default();
            Station { hop: *hop, state: *state, says, ms: *ms }
        });
        stations.collect()
    }

    /// Checks that this version does not know.
    pub fn unknown_checks(&self) -> impl Iterator<Item = &SharedCheck> {
        self.checks.iter().filter(|made| checks::ALL.iter().all(|check| check.id != made.id))
    }
}

/// All that is said of a cause with the user's own values.
fn words(run: &Run, named: &Named) -> Option<String> {
    let (cause, facts) = (named.cause()?, run.facts());
    let mut words = named.headline(&facts);
    for fix in (cause.fixes)(&facts, named.host) {
        words.push_str(&fix.text);
        words.push_str(&fix.code.unwrap_or_default());
    }
    words.push_str(&(cause.tell)(&facts, named.host).unwrap_or_default());
    Some(words)
}

/// Leaves out what a report with less detail does not hold.
fn keep(run: &mut Run, report: &Report, detail: Detail) {
    let nonce = core::mem::take(&mut run.environment.nonce);
    run.environment.user_agent = browser::short(&run.environment.user_agent);
    run.environment.started_at.truncate("2026-01-01T00:00:00".len());
    let fails = |status| matches!(status, Status::Fail | Status::Warn);
    let by_checks =
        report.checks.iter().filter(|check| fails(check.status)).flat_map(|check| &check.evidence);
    let by_causes = report.verdict.causes.iter().flat_map(|named| &named.evidence);
    // Checks of a registration rest on dozens of steps: those that failed are enough.
    let mut cited: Vec<String> =
        by_causes.chain(by_checks.filter(|id| !Registration::owns(id))).cloned().collect();
    cited.extend(registration::failures(&run.facts()).iter().map(|seen| seen.probe.id.clone()));
    if detail == Detail::Cited {
        run.second_opinion.retain(|seen| cited.contains(&seen.id));
    }
    cited.extend(run.second_opinion.iter().map(|seen| seen.question.clone()));
    run.observations.retain(|seen| {
        let id = &seen.probe.id;
        cited.contains(id) || detail != Detail::Cited && !Registration::owns(id)
    });
    let is_said = |id: &String| detail == Detail::Told || detail == Detail::Said && cited.contains(id);
    if let Some(it) = &mut run.registration
        && it.refused.is_some()
    {
        it.refused = Some(LEFT_OUT.to_owned());
    }
    for seen in &mut run.second_opinion {
        seen.by = program(&seen.by).to_owned();
        let is_said = is_said(&seen.id);
        if let Some(answer) = &mut seen.answer {
            let body =
                if is_said { gist(&answer.body, answer.status < 400, &[]) } else { super::wire::unread() };
            answer.body = body;
            answer.headers.retain(|(name, _)| {
                let name = name.as_str();
                if is_said {
                    HEADERS.contains(&name) || OTHERS.contains(&name)
                } else {
                    CITED.contains(&name)
                }
            });
        }
    }
    // What the auth service says of a key, in its own names.
    let auth = run.deployment.auth.as_ref();
    let says: Vec<&str> =
        auth.map(|auth| AUTH_FIELDS.map(|name| auth.field(name)).to_vec()).unwrap_or_default();
    for seen in &mut run.observations {
        let probe = &mut seen.probe;
        if !nonce.is_empty() {
            probe.target.path = probe.target.path.replace(&nonce, "");
        }
        probe.timeout_ms = run.limits.probe_timeout_ms;
        // Files of models.
        if let Some(body) = probe.body.as_mut().filter(|body| body.len() > SAID) {
            *body = "…".to_owned();
        }
        match &mut seen.saw {
            Saw::Answer(answer) if is_said(&probe.id) => {
                answer.headers.retain(|(name, _)| HEADERS.contains(&name.as_str()));
                let fields = if probe.host == Host::Auth { says.as_slice() } else { &[] };
                answer.body = gist(&answer.body, answer.status < 400, fields);
            }
            Saw::Answer(answer) => {
                answer.headers.clear();
                answer.body = Body { matches: answer.body.matches, ..super::wire::unread() };
            }
            Saw::NotSent(reason) => *reason = LEFT_OUT.to_owned(),
            _ => {}
        }
    }
}

/// The beginning of what an error says. Of a success the shape alone, when it has one, and the fields with these
/// names: what a registry holds is nobody's business who reads a link.
fn gist(body: &Body, success: bool, fields: &[&str]) -> Body {
    let text = match json::parse(&body.text) {
        Ok(mut value) => {
            shape(&mut value, if success { 0 } else { SAID }, fields, 3);
            value.to_string()
        }
        Err(_) => body.text.chars().take(SAID).collect(),
    };
    Body { text, bytes: rounded(body.bytes), ..*body }
}

/// Cuts texts and lists, and what lies deep.
fn shape(value: &mut Value, text: usize, fields: &[&str], depth: usize) {
    match value {
        Value::String(said) => *said = said.chars().take(text).collect(),
        Value::Array(list) => {
            list.truncate(if depth == 0 { 0 } else { 1 });
            list.iter_mut().for_each(|inner| shape(inner, text, fields, depth - 1));
        }
        Value::Object(object) if depth == 0 => *object = Map::default(),
        Value::Object(object) => object.iter_mut().for_each(|(name, inner)| match inner {
            // Which way files go, and not where to.
            Value::String(place) if name == "artifact_location" => {
                let end = place.find([':', '/']).map_or(0, |at| at + 1);
                place.truncate(end);
            }
            inner if fields.contains(&name.as_str()) && inner.to_string().len() <= SAID => {}
            inner => shape(inner, text, fields, depth - 1),
        }),
        _ => {}
    }
}

/// To two digits: enough to compare, and short.
pub(super) fn rounded(number: u32) -> u32 {
    let mut unit = 1;
    while number / unit >= 100 {
        unit *= 10;
    }
    number.saturating_add(unit / 2) / unit * unit
}
