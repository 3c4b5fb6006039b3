//! The store's part of a watch: runs at an interval.

use super::state::{Shown, Stage, Store};
use crate::watch::{self, History};
use leptos::prelude::*;

/// A watch: runs at an interval.
#[derive(Default)]
pub struct Watching {
    /// Seconds between the end of a run and the next one; `None` when nothing is watched.
    pub every: Option<u32>,
    /// Seconds until the next run.
    pub left: u32,
    /// The runs so far.
    pub history: History,
    /// True when it ended by itself, because the key was refused.
    pub refused: bool,
}

impl Store {
    /// Watches from now on, or no more.
    pub fn watch(self, every: Option<u32>) {
        self.watching.update(|watching| {
            if every.is_some() && (watching.every.is_none() || watching.refused) {
                watching.history = History::default();
            }
            watching.every = every;
            watching.left = 0;
            watching.refused = false;
        });
    }

    /// Ends a watch, if there is one.
    pub(super) fn watch_no_more(self) {
        if self.watching.with_untracked(|watching| watching.every.is_some()) {
            self.watch(None);
        }
    }

    /// A second of a watch has gone by; true when it is time for the next run.
    pub fn second(self) -> bool {
        if self.stage.get_untracked() == Stage::Running {
            return false;
        }
        let left = self.watching.try_update(|watching| {
            watching.left = watching.left.saturating_sub(1);
            watching.left
        });
        left == Some(0)
    }

    /// Takes a run in that has ended.
    pub fn watched(self, shown: &Shown) {
        if self.watching.with_untracked(|watching| watching.every.is_none()) {
            return;
        }
        self.watching.update(|watching| {
            watching.history.push(&shown.run, &shown.judged);
            watching.left = watching.every.unwrap_or_default();
            if !watch::may_go_on(&shown.judged) {
                watching.every = None;
                watching.refused = true;
            }
        });
    }
}
