//! The part of the store that knows where a key may go: what was typed for one host is never sent to another.

use super::{Form, Stage, Store, remove_mark};
use crate::browser::run_loop;
use crate::deployment::form;
use crate::deployment::{Credential, Deployment, KeyReading, Origin};
use crate::run::Run;
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

    /// Goes on with the run that is shown and presents the key in other ways. False when the form speaks of another
    /// deployment than that run, or its key is another one by its looks.
    pub fn try_other_ways(self, typed_key: &str, cookies: bool) -> bool {
        let Some(mut run) = self.shown.with_untracked(|shown| Some(shown.as_ref()?.run.clone())) else {
            return false;
        };
        let deployment = &run.deployment;
        let same = self.form.with_untracked(|form| form.understood.deployment.as_ref() == Some(deployment));
        let (shape, scheme) = (deployment.key_shape.as_ref(), &deployment.scheme);
        let (key, reading) = form::read_key(typed_key, shape, scheme);
        if !same || reading != run.key || self.stage.get_untracked() == Stage::Running {
            return false;
        }
        let credential = Credential::new(key, shape, scheme.clone(), deployment.key_origins());
        run.try_other_ways(cookies);
        self.drawing.update_value(|drawing| drawing.turn += 1);
        remove_mark("data-verdict");
        self.go_to(Stage::Running);
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
