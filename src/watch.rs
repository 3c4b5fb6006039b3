//! Watch mode: what many runs in a row showed. Bounded: it may go on for days.

use crate::checks::{ALL, Status};
use crate::diagnosis::{Class, Named, Overall};
use crate::engine::Judged;
use crate::run::Run;
use std::collections::VecDeque;

/// Runs that are kept. Older ones go; the counts stay.
pub const KEPT: usize = 720;

/// Changes that are kept.
pub const CHANGES: usize = 20;

/// One run of a watch.
#[derive(Clone, Debug, PartialEq)]
struct Entry {
    overall: Overall,
    /// Per check, in the order of [`ALL`]: how it came out, and how long its slowest request took, milliseconds.
    checks: Vec<(Status, Option<u32>)>,
}

/// Something came out otherwise than in the run before.
#[derive(Clone, Debug, PartialEq)]
pub struct Change {
    /// When that run started, ISO 8601 in UTC.
    pub at: String,
    /// The claim of the check; `None` for the run as a whole.
    pub check: Option<&'static str>,
    /// How it came out before, in words.
    pub from: &'static str,
    /// How it came out then, in words.
    pub to: &'static str,
}

/// The runs of a watch.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct History {
    entries: VecDeque<Entry>,
    /// How many runs there were.
    pub total: u32,
    /// How many of them found nothing wrong.
    pub healthy: u32,
    /// When the first run started, ISO 8601 in UTC.
    pub since: String,
    /// The latest changes, newest first.
    pub changes: VecDeque<Change>,
    /// How many things came out otherwise in the last run than in the one before; `None` before there are two.
    pub changed: Option<usize>,
}

/// How quickly the requests of a check were answered, milliseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Quantiles {
    /// Half were quicker.
    pub p50: u32,
    /// Nine in ten were quicker.
    pub p90: u32,
}

impl History {
    /// Takes in a run that has ended.
    pub fn push(&mut self, run: &Run, judged: &Judged) {
        let slowest = |evidence: &[String]| {
            let outward = run.observations.iter().filter(|seen| seen.probe.is_outward());
            outward.filter(|seen| evidence.contains(&seen.probe.id)).map(|seen| seen.ms).max()
        };
        let checks =
            judged.checks.iter().map(|(_, judgement)| (judgement.status, slowest(&judgement.evidence)));
        let entry = Entry { overall: judged.verdict.overall, checks: checks.collect() };
        let at = &run.environment.started_at;
        if self.total == 0 {
            self.since.clone_from(at);
        }
        self.total += 1;
        self.healthy += u32::from(entry.overall == Overall::Healthy);
        if let Some(last) = self.entries.back() {
            let found = changes(last, &entry, at);
            self.changed = Some(found.len());
            found.into_iter().for_each(|change| self.changes.push_front(change));
            self.changes.truncate(CHANGES);
        }
        self.entries.push_back(entry);
        if self.entries.len() > KEPT {
            self.entries.pop_front();
        }
    }

    /// How the kept runs came out, oldest first.
    pub fn overall(&self) -> impl Iterator<Item = Overall> + '_ {
        self.entries.iter().map(|entry| entry.overall)
    }

    /// How a check came out in the kept runs, oldest first. `index` is its place in [`ALL`].
    pub fn statuses(&self, index: usize) -> impl Iterator<Item = Status> + '_ {
        self.entries.iter().filter_map(move |entry| Some(entry.checks.get(index)?.0))
    }

    /// How quickly a check's requests were answered in the kept runs; `None` when none was timed.
    pub fn quantiles(&self, index: usize) -> Option<Quantiles> {
        let times = || self.entries.iter().filter_map(move |entry| entry.checks.get(index)?.1);
        let count = times().count();
        let longest = times().max()?;
        // The smallest time that enough others do not exceed, found by halving: needs no sorted copy.
        let quantile = |percent: usize| {
            let wanted = (count * percent).div_ceil(100).max(1);
            let (mut low, mut high) = (0, longest);
            while low < high {
                let middle = low + (high - low) / 2;
                if times().filter(|ms| *ms <= middle).count() >= wanted {
                    high = middle
                } else {
                    low = middle + 1
                }
            }
            low
        };
        Some(Quantiles { p50: quantile(50), p90: quantile(90) })
    }
}

fn changes(last: &Entry, now: &Entry, at: &str) -> Vec<Change> {
    let change = |check, from, to| Change { at: at.to_owned(), check, from, to };
    let mut found = Vec::new();
    let pairs = ALL.iter().zip(&last.checks).zip(&now.checks);
    for ((check, (before, _)), (status, _)) in pairs {
        // What merely was not asked this time is no change.
        let tells = |status: &Status| !matches!(status, Status::Skipped | Status::Unknown);
        if before != status && (tells(before) && tells(status)) {
            found.push(change(Some(check.title), before.words(), status.words()));
        }
    }
    if last.overall != now.overall {
        found.push(change(None, words(last.overall), words(now.overall)));
    }
    found
}

/// A run as a whole, in words.
pub fn words(overall: Overall) -> &'static str {
    match overall {
        Overall::Healthy => "nothing is wrong",
        Overall::Problems => "something is broken",
        Overall::Unknown => "could not tell",
    }
}

/// A watch must not lock an account: every further run would show a key that was refused. True when it may go on, which
/// it also may not where nobody but the server knows whether it was the key.
pub fn may_go_on(judged: &Judged) -> bool {
    let refused = judged.checks.iter().any(|(check, judgement)| {
        matches!(check.id, "key-accepted" | "key-validates") && judgement.status == Status::Fail
    });
    let blames_the_key = |named: &Named| named.cause().is_some_and(|cause| cause.class == Class::Credentials);
    !refused && !judged.verdict.causes.iter().any(blames_the_key)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checks::Judgement;
    use crate::deployment::{AuthScheme, Base, Deployment, Host, KeyReading, Origin};
    use crate::diagnosis::symptoms::Kind;
    use crate::diagnosis::{Confidence, Verdict};
    use crate::probe::{Entry as Timing, Observation, Probe, Saw};
    use crate::run::{Environment, Limits};

    fn run(at: &str, ms: u32) -> Run {
        let origin = Origin { secure: true, host: "r.example".into(), port: 443 };
        let deployment = Deployment {
            mlflow: Base { origin: origin.clone(), path: String::new() },
            path_is_listed: false,
            auth: None,
            scheme: AuthScheme::None,
            own_header: None,
            service_id: None,
            open_path: "/health".into(),
            health_paths: Vec::new(),
            key_shape: None,
        };
        let environment = Environment {
            page_origin: origin,
            page_folder: "/".into(),
            on_line: true,
            local_network: None,
            user_agent: String::new(),
            nonce: "n".into(),
            started_at: at.into(),
        };
        let mut run = Run::new(deployment, environment, Limits::default(), KeyReading::default());
        let probe = Probe::get("a", Host::Registry, run.deployment.mlflow.join("/x"), 1000);
        run.observations.push(Observation {
            probe,
            start_ms: 0,
            ms,
            saw: Saw::Opaque,
            entry: Timing::Unknown,
        });
        run
    }

    fn judged(overall: Overall, first: Status) -> Judged {
        let judgement = |status, evidence: Vec<String>| Judgement {
            status,
            expected: String::new(),
            actual: String::new(),
            evidence,
        };
        let checks = ALL.iter().enumerate().map(|(index, check)| {
            (
                check,
                if index == 0 {
                    judgement(first, vec!["a".into()])
                } else {
                    judgement(Status::Pass, Vec::new())
                },
            )
        });
        let verdict = Verdict {
            overall,
            causes: Vec::new(),
            set_aside: Vec::new(),
            unexplained: Vec::new(),
            hidden: Vec::new(),
        };
        Judged { checks: checks.collect(), verdict }
    }

    #[test]
    fn a_watch_of_days_stays_bounded_and_counts_all() {
        let mut history = History::default();
        for number in 0..5_000_u32 {
            let overall = if number % 7 == 0 { Overall::Problems } else { Overall::Healthy };
            history.push(&run("t", number % 100), &judged(overall, Status::Pass));
        }
        assert_eq!(history.overall().count(), KEPT);
        assert_eq!(history.changes.len(), CHANGES);
        assert_eq!((history.total, history.healthy), (5_000, 5_000 - 715));
    }

    #[test]
    fn quantiles_are_those_of_a_sorted_list() {
        let mut history = History::default();
        assert_eq!(history.quantiles(0), None);
        for ms in [30, 10, 20, 90, 50, 60, 70, 80, 40, 100] {
            history.push(&run("t", ms), &judged(Overall::Healthy, Status::Pass));
        }
        assert_eq!(history.quantiles(0), Some(Quantiles { p50: 50, p90: 90 }));
        assert_eq!(history.quantiles(1), None);
    }

    #[test]
    fn changes_are_named_with_their_time_and_silence_is_none() {
        let mut history = History::default();
        history.push(&run("t1", 1), &judged(Overall::Healthy, Status::Pass));
        assert_eq!(history.changed, None);
        history.push(&run("t2", 1), &judged(Overall::Problems, Status::Fail));
        assert_eq!(history.changed, Some(2));
        history.push(&run("t3", 1), &judged(Overall::Problems, Status::Skipped));
        assert_eq!(history.changed, Some(0));
        let told: Vec<(&str, bool, &str, &str)> = history
            .changes
            .iter()
            .map(|change| (change.at.as_str(), change.check.is_some(), change.from, change.to))
            .collect();
        assert_eq!(
            told,
            [("t2", false, "nothing is wrong", "something is broken"), ("t2", true, "pass", "fails")]
        );
        assert_eq!(history.since, "t1");
    }

    #[test]
    fn a_refused_key_ends_a_watch() {
        let mut refused = judged(Overall::Problems, Status::Pass);
        assert!(may_go_on(&refused));
        for (check, judgement) in &mut refused.checks {
            if check.id == "key-accepted" {
                judgement.status = Status::Fail;
            }
        }
        assert!(!may_go_on(&refused));
    }

    #[test]
    fn a_key_that_may_have_been_refused_ends_a_watch_too() {
        let named = |code: &str| Named {
            code: code.into(),
            confidence: Confidence::Possible,
            host: Host::Registry,
            symptom: Kind::HiddenRefusal,
            evidence: Vec::new(),
        };
        let mut hidden = judged(Overall::Problems, Status::Pass);
        hidden.verdict.causes = vec![named("gateway-without-backend")];
        assert!(may_go_on(&hidden));
        hidden.verdict.causes.push(named("key-rejected"));
        assert!(!may_go_on(&hidden));
    }
}
