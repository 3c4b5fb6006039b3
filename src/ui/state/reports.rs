//! The part of the store that hands out the report of what is shown.

use super::{Shown, Store};
use crate::browser::{download, snapshot};
use crate::report::{Report, Shareable};
use leptos::prelude::*;
use leptos::task::spawn_local;

impl Store {
    /// Copies text; `done` hears whether that worked.
    pub fn copy(self, text: String, done: Box<dyn FnOnce(bool)>) {
        spawn_local(async move { done(download::copy(&text).await) });
    }

    /// The report of what is shown, as JSON.
    pub fn report(self) -> Option<String> {
        self.shown.with_untracked(|shown| shown.as_ref().map(|shown| self.report_of(shown)))
    }

    /// What of it may leave this page.
    pub(super) fn shareable(self, shown: &Shown) -> Shareable {
        let report = self.help.with_untracked(|help| Report::of(&shown.run, &shown.judged, &help.catalogue));
        Shareable::of(report)
    }

    pub(super) fn report_of(self, shown: &Shown) -> String {
        self.shareable(shown).report().to_json()
    }

    /// Tells the world outside of a report that has more words than before.
    pub fn renew_report(self) {
        if let Some(report) = self.report() {
            snapshot::set_report(Some(&report));
        }
    }
}
