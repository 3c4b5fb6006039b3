//! The part of the store that shows a run which was made elsewhere on this page.

use super::{Drawing, Stage, Store};
use crate::run::Run;
use leptos::prelude::*;

impl Store {
    /// Shows a run that has ended as if it had been made by the form, which speaks of its deployment from then on: one
    /// of `preflight.json`, by its place.
    pub fn show_run(self, preset: usize, run: Run) {
        if self.stage.get_untracked() == Stage::Running {
            return;
        }
        self.choose(Some(preset));
        let turn = self.turn() + 1;
        self.drawing.set_value(Drawing { turn, ..Drawing::default() });
        self.forget_report_link();
        self.clear_shown();
        self.form.update(|form| form.folded = true);
        self.load_help();
        self.draw(run);
    }
}
