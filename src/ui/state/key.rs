//! The part of the store that knows where a key may go: what was typed for one host is never sent to another.

use super::{Form, Stage, Store};
use crate::deployment::form;
use crate::deployment::{AuthScheme, Credential, Deployment, KeyReading, Origin};
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

    /// The key in its field, for a run to go on with; `None` when the form speaks of another deployment than that run,
    /// or its key is another one by its looks.
    pub(super) fn credential_of(self, run: &Run, typed_key: &str) -> Option<Credential> {
        let deployment = &run.deployment;
        let same = self.form.with_untracked(|form| form.understood.deployment.as_ref() == Some(deployment));
        let (shape, scheme) = (deployment.key_shape.as_ref(), &deployment.scheme);
        let (key, reading) = form::read_key(typed_key, shape, scheme);
        let is_running = self.stage.get_untracked() == Stage::Running;
        (same && reading == run.key && !is_running && !self.unconfirmed())
            .then(|| Credential::new(key, shape, scheme.clone(), deployment.key_origins()))
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
        // Nothing that is shown depends on whom a key is for.
        self.form.maybe_update(|form| {
            let was_for = core::mem::replace(&mut form.key_for, origins);
            let is_another = form.key.present && !was_for.is_empty() && was_for != form.key_for;
            if is_another {
                form.clear_key();
            }
            is_another
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

    /// Looks at the key field without keeping what stands there. Says nothing when nothing new was seen.
    pub fn look_at_key(self, typed: &str) {
        let reading = self.form.with_untracked(|form| {
            let shape = form.preset().and_then(|preset| preset.key_shape.as_ref());
            let scheme =
                AuthScheme::parse(&form.input.auth_scheme, &form.input.auth_header).unwrap_or_default();
            form::read_key(typed, shape, &scheme).1
        });
        if self.form.with_untracked(|form| form.key != reading) {
            self.form.update(|form| form.key = reading);
        }
    }
}
