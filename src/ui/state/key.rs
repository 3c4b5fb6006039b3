//! The part of the store that knows where a key may go: what was typed for one host is never sent to another.

use super::{Form, Stage, Store, remove_mark};
use crate::browser::{environment, run_loop};
use crate::deployment::form;
use crate::deployment::{Credential, Deployment, KeyReading, Origin};
use crate::engine;
use crate::run::{Phase, Run};
use crate::ui::dom;
use leptos::prelude::*;

impl Form {
    /// Where the key goes; nowhere while the form means nothing.
    pub(super) fn origins(&self) -> Vec<Origin> {
        self.understood.deployment.as_ref().map(Deployment::key_origins).unwrap_or_default()
    }

    fn clear_key(&mut self) {
        if let Some(field) = dom::by_id("api-key") {
            field.set_value("");
        }
        self.key_cleared = self.key.present;
        self.key = KeyReading::default();
    }
}

impl Store {
    /// Takes the key out of its field.
    pub(super) fn forget_key(self) {
        self.form.update(|form| {
            if form.key.present {
                form.clear_key();
            }
            form.key_for = Vec::new();
        });
    }

    /// Sends what a run wants, and hears of it as long as no other run has begun.
    pub(super) fn go(
        self,
        run: Run,
        credential: Credential,
        keeper: Option<crate::browser::journal::Keeper>,
    ) {
        let turn = self.turn();
        let running = run_loop::start(run, credential, keeper, move |run| {
            if self.turn() == turn {
                self.changed(run);
            }
        });
        self.drawing.update_value(|drawing| drawing.running = Some(running));
    }

    /// Asks once more what a cause rests on. When the verdict comes out as before, that is all; otherwise everything is
    /// asked anew, since what was seen before may not hold any more. So it is as well where the form, or its key, is not
    /// the one of the run that is shown.
    pub fn check_again(self, evidence: &[String]) {
        let Some(shown) = self.shown.get_untracked() else { return };
        let typed = dom::field_value("api-key");
        let mut run = shown.run.clone();
        let Some(credential) = self.credential_of(&run, &typed) else {
            self.start(&typed);
            return;
        };
        let turn = self.another_turn();
        let environment = environment::read(&run.deployment.mlflow.origin);
        if !environment.is_some_and(|environment| run.ask_again(evidence, environment)) {
            self.go_to(Stage::Stopped);
            self.start(&typed);
            return;
        }
        let running = run_loop::start(run, credential, None, move |run| {
            if self.turn() != turn {
                return;
            }
            if run.phase == Phase::Finished && !engine::judge(run).verdict.is_as(&shown.judged.verdict) {
                self.drawing.update_value(|drawing| drawing.running = None);
                self.go_to(Stage::Stopped);
                self.start(&dom::field_value("api-key"));
            } else {
                self.changed(run);
            }
        });
        self.drawing.update_value(|drawing| drawing.running = Some(running));
    }

    /// Counts on; the page is busy from here on.
    fn another_turn(self) -> u32 {
        self.drawing.update_value(|drawing| drawing.turn += 1);
        remove_mark("data-verdict");
        self.go_to(Stage::Running);
        self.turn()
    }

    /// The key in its field, for a run to go on with; `None` when the form speaks of another deployment than that run,
    /// or its key is another one by its looks.
    fn credential_of(self, run: &Run, typed_key: &str) -> Option<Credential> {
        let deployment = &run.deployment;
        let same = self.form.with_untracked(|form| form.understood.deployment.as_ref() == Some(deployment));
        let (shape, scheme) = (deployment.key_shape.as_ref(), &deployment.scheme);
        let (key, reading) = form::read_key(typed_key, shape, scheme);
        let is_running = self.stage.get_untracked() == Stage::Running;
        (same && reading == run.key && !is_running && !self.unconfirmed())
            .then(|| Credential::new(key, shape, scheme.clone(), deployment.key_origins()))
    }

    /// Goes on with the run that is shown and presents the key in other ways. False when the form speaks of another
    /// deployment than that run, or its key is another one by its looks.
    pub fn try_other_ways(self, typed_key: &str, cookies: bool) -> bool {
        let Some(mut run) = self.shown.with_untracked(|shown| Some(shown.as_ref()?.run.clone())) else {
            return false;
        };
        let Some(credential) = self.credential_of(&run, typed_key) else { return false };
        run.try_other_ways(cookies);
        self.another_turn();
        // It writes nothing, so there is no journal to keep.
        self.go(run, credential, None);
        true
    }

    /// Addresses have changed. A key that was typed for others is forgotten, and a run that goes on at others is
    /// stopped: what was meant for one host is never sent to another.
    pub fn addresses_changed(self) {
        let origins =
            self.form.with_untracked(|form| form.understood.deployment.as_ref().map(Deployment::key_origins));
        let Some(origins) = origins else { return };
        if self.stage.get_untracked() == Stage::Running
            && self.drawing.with_value(|drawing| drawing.origins != origins)
        {
            self.stop();
        }
        self.form.update(|form| {
            let was_for = core::mem::replace(&mut form.key_for, origins);
            if form.key.present && !was_for.is_empty() && was_for != form.key_for {
                form.clear_key();
            }
        });
    }

    /// A key was typed: for the addresses that stand in the form now.
    pub fn key_typed(self, typed: &str) {
        self.form.update(|form| {
            form.key_for =
                form.understood.deployment.as_ref().map(Deployment::key_origins).unwrap_or_default();
            form.key_cleared = false;
        });
        self.look_at_key(typed);
    }
}
