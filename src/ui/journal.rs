//! The part of the store that knows what registrations left: reads the journals, begins a new one, cleans up.

use super::lazy::{Begun, Piece, WRITING};
use super::state::{Form, Stage, Store};
use crate::browser::{clock, environment, journal, run_loop};
use crate::deployment::{Credential, form};
use crate::registration::{Journal, cleanup};
use crate::run::{Limits, Mode, Phase, Registration, Run};
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::sync::Arc;

/// What registrations left, and the clean-up that goes on.
#[derive(Clone, Copy)]
pub struct Remains {
    /// Journals of registrations whose clean-up is not complete.
    pub journals: RwSignal<Vec<Journal>, LocalStorage>,
    /// The clean-up, as far as it is.
    pub cleaning: RwSignal<Option<Arc<Run>>, LocalStorage>,
    /// Why nothing can be cleaned up now, a sentence.
    pub refused: RwSignal<String, LocalStorage>,
    /// To stop it by.
    running: StoredValue<Option<run_loop::Running>, LocalStorage>,
}

impl Default for Remains {
    /// Nothing is known yet.
    fn default() -> Remains {
        Remains {
            journals: RwSignal::new_local(Vec::new()),
            cleaning: RwSignal::new_local(None),
            refused: RwSignal::new_local(String::new()),
            running: StoredValue::new_local(None),
        }
    }
}

/// Gives a run its registration, and the keeper of its journal if it may write.
pub fn begin(mode: Mode, mut run: Run) -> Begun {
    Box::pin(async move {
        let base = run.deployment.mlflow.to_string();
        let held = journal::hold().await;
        let it = of(&run, mode, held.as_ref().err().map(|why| (*why).to_owned()));
        let keeper = held.ok().map(|held| journal::Keeper::new(Journal::of(&it, base), held));
        run.registration = Some(it);
        (run, keeper)
    })
}

/// A registration that writes nothing, and why not.
pub fn refused(run: &Run, mode: Mode, why: &str) -> Registration {
    of(run, mode, Some(why.to_owned()))
}

fn of(run: &Run, mode: Mode, refused: Option<String>) -> Registration {
    Registration {
        id: run.environment.nonce.clone(),
        made_at: run.environment.started_at.clone(),
        made_ms: clock::wall_ms(),
        mode,
        refused,
    }
}

impl Store {
    /// Looks whether a registration left something. Only then is the rest loaded.
    pub fn look_for_remains(self) {
        spawn_local(async move {
            if self.piece_is_here(Piece::Registration) || journal::any().await {
                self.once(Piece::Registration, move || {
                    if let Some(it) = WRITING.get() {
                        (it.look)(self);
                    }
                });
            }
        });
    }

    /// Reads the journals again. What could not be read is no reason to say that nothing is left.
    pub fn read_journals(self) {
        spawn_local(async move {
            for pause_ms in [0, 1_000, 5_000] {
                clock::sleep(pause_ms).await;
                if let Some(found) = journal::all().await {
                    return self.remains.journals.set(found);
                }
            }
            self.remains.refused.set(
                "What registrations left could not be read from this browser's storage. Load the page again."
                    .to_owned(),
            );
        });
    }

    /// Forgets a journal without cleaning up.
    pub fn forget(self, id: String) {
        spawn_local(async move {
            journal::remove(&id).await;
            self.look_for_remains();
        });
    }

    /// Removes what a registration left. Only with the same address on the form, and with the key typed there now:
    /// neither comes from the journal.
    pub fn clean_up(self, left: &Journal, typed_key: &str) {
        if self.stage.get_untracked() == Stage::Running || self.is_cleaning() {
            return;
        }
        let deployment = self.form.with_untracked(|form| form.understood.deployment.clone());
        let Some(deployment) = deployment.filter(|deployment| deployment.mlflow.to_string() == left.base)
        else {
            let base = &left.base;
            return self.remains.refused.set(["Enter ", base, " above, as it was then."].concat());
        };
        let (shape, scheme) = (deployment.key_shape.as_ref(), &deployment.scheme);
        let (key, reading) = form::read_key(typed_key, shape, scheme);
        let wants_key = scheme.name() != "none";
        if wants_key && !reading.sendable() {
            return self.remains.refused.set("Type the key above: it is not kept.".to_owned());
        }
        self.remains.refused.set(String::new());
        let credential = Credential::new(key, shape, scheme.clone(), deployment.key_origins());
        let limits = Limits::patient(self.form.with_untracked(Form::patience));
        let left = left.clone();
        spawn_local(async move {
            let held = match journal::hold().await {
                Ok(held) => held,
                Err(why) => return self.remains.refused.set(why.to_owned()),
            };
            let Some(environment) = environment::read(&deployment.mlflow.origin) else { return };
            let mut run = Run::new(deployment, environment, limits, reading);
            run.registration = Some(left.clean_up());
            self.remains.cleaning.set(Some(Arc::new(run.clone())));
            let keeper = journal::Keeper::new(left, held);
            let running = run_loop::start(run, credential, Some(keeper), move |run| {
                self.remains.cleaning.set(Some(Arc::new(run.clone())));
                if run.phase != Phase::Running {
                    self.remains.running.set_value(None);
                    self.remains.refused.set(String::new());
                    self.look_for_remains();
                }
            });
            self.remains.running.set_value(Some(running));
        });
    }

    /// True while a clean-up goes on; then it is said that what was pressed has to wait: both together would send more
    /// to a host at a time than a run may.
    pub fn waits_for_clean_up(self) -> bool {
        let waits = self.is_cleaning();
        if waits {
            self.remains.refused.set("A clean-up goes on. Wait for its end, or press Stop.".to_owned());
        }
        waits
    }

    /// Ends a clean-up; what it has not removed yet is offered again.
    pub fn stop_cleaning(self) {
        if let Some(running) = self.remains.running.try_update_value(Option::take).flatten() {
            running.stop();
        }
    }

    fn is_cleaning(self) -> bool {
        self.remains
            .cleaning
            .with_untracked(|run| run.as_ref().is_some_and(|run| run.phase == Phase::Running))
    }
}

/// How a clean-up stands, for `data-cleanup`.
pub fn state_of(run: Option<&Run>, any_left: bool) -> &'static str {
    match run {
        Some(run) if run.phase == Phase::Running => "running",
        Some(run) if !cleanup::look(&run.facts()).is_clean() => "left",
        _ if any_left => "offered",
        Some(_) => "done",
        None => "none",
    }
}
