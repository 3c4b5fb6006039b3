//! Gets the page ready for a run while its user fills in the form: so a run, and the verdict at its end, come sooner and
//! hold nobody up (docs/measurements.md).

use super::{Shown, Stage, Store};
use crate::browser::{clock, environment};
use crate::deployment::KeyReading;
use crate::diagnosis::way;
use crate::engine;
use crate::run::{Limits, Run};
use crate::ui::lazy::{Piece, VERDICTS};
use leptos::prelude::*;
use leptos::task::spawn_local;

/// How long is waited between the steps of a rehearsal, milliseconds: whoever types is never held up.
const PAUSE: u32 = 16;

impl Store {
    /// Loads what judges and what it says, and rehearses a run, once.
    pub fn get_ready(self) {
        self.need(Piece::Verdict);
        if self.rehearsed.try_update_value(|done| core::mem::replace(done, true)) == Some(false) {
            spawn_local(async move {
                let start = clock::now();
                self.load(Piece::Verdict).await;
                self.load_help();
                match self.rehearse().await {
                    Some(()) => clock::took("preflight-ready", start),
                    // What was typed by then was no address yet; or there is a run, which needs no other.
                    None => self.rehearsed.set_value(false),
                }
            });
        }
    }

    /// Goes through a run with made-up answers and throws it away; `None` when that cannot be, as when a real one
    /// has begun.
    async fn rehearse(self) -> Option<()> {
        self.pause().await?;
        let deployment = self.form.with_untracked(|form| form.understood.deployment.clone())?;
        let environment = environment::read(&deployment.mlflow.origin)?;
        let patience = self.form.with_untracked(super::Form::patience);
        let mut run = Run::new(deployment, environment, Limits::patient(patience), KeyReading::default());
        while engine::rehearse(&mut run) {
            self.pause().await?;
        }
        self.pause().await?;
        let judged = engine::judge(&run);
        self.pause().await?;
        let way = way::stations(&run.facts(), &judged.verdict);
        let shown = Shown { run, judged, way, made: None };
        let it = VERDICTS.get()?;
        self.pause().await?;
        self.help.with_untracked(|help| (it.report)(&shown, &help.catalogue));
        self.pause().await?;
        let owner = Owner::new();
        owner.with(|| drop((it.outcome)(self, &shown, Stage::Finished)));
        owner.cleanup();
        Some(())
    }

    async fn pause(self) -> Option<()> {
        clock::sleep(PAUSE).await;
        (self.stage.get_untracked() == Stage::Idle).then_some(())
    }
}
