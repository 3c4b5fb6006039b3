//! The part of the store that hands out the report of what is shown.

use super::{Shown, Store};
use crate::browser::{clock, download, snapshot};
use crate::catalogue::Catalogue;
use crate::report::{Report, Shareable};
use crate::ui::lazy::VERDICTS;
use leptos::prelude::*;
use leptos::task::spawn_local;

impl Store {
    /// Copies text; `done` hears whether that worked.
    pub fn copy(self, text: String, done: Box<dyn FnOnce(bool)>) {
        spawn_local(async move { done(download::copy(&text).await) });
    }

    /// The report of what is shown, as JSON.
    pub fn report(self) -> Option<String> {
        let report = VERDICTS.get()?.report;
        self.shown.with_untracked(|shown| {
            let shown = shown.as_deref()?;
            Some(self.help.with_untracked(|help| report(shown, &help.catalogue)))
        })
    }

    /// Tells the world outside of the report of what is shown, in a task of its own: the verdict comes first.
    pub fn tell_report(self) {
        let tell = move || {
            if let Some(report) = self.report() {
                snapshot::set_report(Some(&report));
            }
        };
        clock::soon(tell);
    }
}

/// What of a report may leave this page.
pub(super) fn shareable(shown: &Shown, catalogue: &Catalogue) -> Shareable {
    Shareable::of(Report::of(&shown.run, &shown.judged, catalogue))
}

/// The report of what is shown, as JSON.
pub fn report_of(shown: &Shown, catalogue: &Catalogue) -> String {
    shareable(shown, catalogue).report().to_json()
}
