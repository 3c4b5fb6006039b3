//! The part of the store that hands out the report of what is shown.

use super::{Shown, Store};
use crate::browser::{download, snapshot};
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
        self.shown.with_untracked(|shown| self.report_of(shown.as_deref()?))
    }

    fn report_of(self, shown: &Shown) -> Option<String> {
        let report = VERDICTS.get()?.report;
        Some(self.help.with_untracked(|help| report(shown, &help.catalogue)))
    }

    /// Tells the world outside of a report.
    pub(super) fn tell_report(self, shown: &Shown) {
        if let Some(report) = self.report_of(shown) {
            snapshot::set_report(Some(&report));
        }
    }

    /// Tells the world outside of a report that has more words than before.
    pub fn renew_report(self) {
        if let Some(report) = self.report() {
            snapshot::set_report(Some(&report));
        }
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
