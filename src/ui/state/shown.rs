//! What the page shows of a run.

use super::Store;
use crate::checks::{self, Judgement, Status};
use crate::diagnosis::Named;
use crate::diagnosis::way::Station;
use crate::engine::Judged;
use crate::report::shared::Shared;
use crate::run::{Phase, Run};
use crate::ui::dom;
use leptos::prelude::*;
use std::sync::Arc;

/// A run and what is made of it: judged once per change, shown by all.
pub struct Shown {
    /// What was seen.
    pub run: Run,
    /// Checks and verdict.
    pub judged: Judged,
    /// The stations.
    pub way: Vec<Station>,
    /// The report it comes from, if it was made elsewhere.
    pub made: Option<Arc<Shared>>,
}

impl Shown {
    /// How a check came out.
    pub fn judgement(&self, index: usize) -> Option<&Judgement> {
        self.judged.checks.get(index).map(|(_, judgement)| judgement)
    }

    /// True once no more is asked.
    pub fn ended(&self) -> bool {
        self.run.phase != Phase::Running
    }

    /// Whether what is here gives the words that a cause had when it was named.
    pub fn tells(&self, named: &Named) -> bool {
        self.made.as_ref().is_none_or(|made| {
            let index = made.verdict.causes.iter().position(|known| known == named);
            index.is_none_or(|index| made.told.get(index) == Some(&true))
        })
    }

    /// The first check that rests on a probe.
    pub fn check_of(&self, probe: &str) -> Option<&'static checks::Check> {
        let rests = |judgement: &Judgement| judgement.evidence.iter().any(|id| id == probe);
        self.judged.checks.iter().find(|(_, judgement)| rests(judgement)).map(|(check, _)| *check)
    }
}

/// True when nothing is known of a check yet.
pub fn is_pending(shown: &Shown, judgement: &Judgement) -> bool {
    !shown.ended() && matches!(judgement.status, Status::Unknown | Status::Skipped)
}

/// What is shown of a run, as a part of the page hears of it that is drawn after the verdict.
pub type Late = RwSignal<Option<Arc<Shown>>, LocalStorage>;

/// Follows what is shown in a task of its own: to draw all parts of the page in one would hold a phone up.
pub fn late(store: Store) -> Late {
    let late = RwSignal::new_local(None);
    dom::react(Box::new(move || {
        store.shown.track();
        // What is shown by then, which may be more than now.
        dom::soon(move || late.set(store.shown.get_untracked()));
    }));
    late
}
