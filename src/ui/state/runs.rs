//! Runs: how one is begun, gone on with, stopped and drawn.

use super::{Drawing, Form, Heard, Shown, Stage, Store, mark, remove_mark};
use crate::browser::journal::Keeper;
use crate::browser::{clock, environment, run_loop};
use crate::deployment::Credential;
use crate::deployment::form;
use crate::diagnosis::way;
use crate::engine;
use crate::run::{Limits, Mode, Phase, Run};
use crate::ui::lazy::{Piece, SHARING, WRITING};
use crate::ui::{dom, journal};
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::sync::Arc;
use std::time::Duration;

/// Changes are shown at most this often, milliseconds: a burst of answers is drawn once. Drawing takes a phone longer than
/// many an answer, and what is to be asked next waits for it.
const BEAT: f64 = 300.0;

/// Why nothing is written: a sentence.
const NO_PIECE: &str =
    "The part of this page that registers could not be loaded, so nothing was written. Run the checks again.";

impl Store {
    /// Starts a run, unless one goes on or a field has to be changed first; false in the latter case.
    pub fn start(self, typed_key: &str) -> bool {
        // A watch reads only: nobody wants a registration every minute.
        let watches = self.watching.with_untracked(|watching| watching.every.is_some());
        let wanted = !watches && self.form.with_untracked(|form| form.registration);
        self.start_with(typed_key, wanted.then_some(Mode::Register))
    }

    /// Runs again, and reads what MLflow lists too.
    pub fn look_closer(self) {
        if self.stage.get_untracked() == Stage::Running {
            return;
        }
        self.closer.set_value(true);
        self.start_with(&dom::field_value("api-key"), None);
        // Where no run has begun, the next one is a usual one again.
        if self.stage.get_untracked() != Stage::Running {
            self.closer.set_value(false);
        }
    }

    /// As [`Store::start`], writing as `mode` says.
    pub fn start_with(self, typed_key: &str, mode: Option<Mode>) -> bool {
        if self.stage.get_untracked() == Stage::Running || self.waits_for_clean_up() {
            return true;
        }
        if self.unconfirmed() {
            self.ask_about_origins();
            return true;
        }
        // An address may have been typed and not been left yet. What is cleared only now, nobody has seen cleared.
        let was_cleared = self.form.with_untracked(|form| form.key_cleared);
        self.addresses_changed();
        let cleared = self.form.with_untracked(|form| form.key_cleared) && !was_cleared;
        let deployment =
            self.form.with_untracked(|form| form.understood.deployment.clone()).filter(|_| !cleared);
        let press = move |folded| {
            self.form.update(|form| (form.pressed, form.folded) = (true, folded));
        };
        let Some(deployment) = deployment else {
            press(false);
            return false;
        };
        let (shape, scheme) = (deployment.key_shape.as_ref(), &deployment.scheme);
        let (key, reading) = form::read_key(typed_key, shape, scheme);
        let credential = Credential::new(key, shape, scheme.clone(), deployment.key_origins());
        let mut limits = Limits::patient(self.form.with_untracked(Form::patience));
        limits.made_up_keys = self.watching.with_untracked(|watching| watching.every.is_none());
        let turn = self.turn() + 1;
        // Drawn first when half a beat is over: the first answers are taken in undisturbed.
        let last = clock::now() - BEAT / 2.0;
        self.drawing.set_value(Drawing {
            turn,
            origins: deployment.key_origins(),
            last,
            ..Drawing::default()
        });
        // Before anything is changed on the page: what is sent is sent first, and drawn while it is on its way.
        let stage = match (environment::read(&deployment.mlflow.origin), mode) {
            (None, _) => Stage::Failed,
            (Some(environment), mode) => {
                let mut run = Run::new(deployment, environment, limits, reading);
                run.closer = self.closer.try_update_value(core::mem::take).unwrap_or_default();
                match mode {
                    None => self.go(run, credential, None),
                    Some(mode) => spawn_local(self.register(run, credential, mode)),
                }
                Stage::Running
            }
        };
        // Known at once, and drawn in a task of its own: this one may have sent the first question.
        self.stage.update_untracked(|it| *it = stage);
        self.forget_report_link();
        self.forget_report();
        if stage == Stage::Running {
            self.tell_stage();
        }
        dom::soon(move || {
            // A link may have been opened meanwhile.
            if self.turn() != turn {
                return;
            }
            press(true);
            self.heard.update(|heard| *heard = Heard { count: heard.count, ..Heard::default() });
            self.clear_shown();
            self.go_to(stage);
            self.load_help();
            self.need(Piece::Verdict);
        });
        true
    }

    /// A run that writes; it reads only, and says why, where it may not write.
    async fn register(self, mut run: Run, credential: Credential, mode: Mode) {
        let turn = self.turn();
        let mut keeper = None;
        let is_here = self.try_load(Piece::Registration).await;
        match WRITING.get().filter(|_| is_here) {
            Some(it) => (run, keeper) = (it.begin)(mode, run).await,
            None => run.registration = Some(journal::refused(&run, mode, NO_PIECE)),
        }
        if self.turn() == turn {
            self.go(run, credential, keeper);
        }
    }

    /// Counts runs and reports that were shown.
    pub fn turn(self) -> u32 {
        self.drawing.with_value(|drawing| drawing.turn)
    }

    /// Ends the run now.
    pub fn stop(self) {
        self.stop_cleaning();
        if self.stage.get_untracked() != Stage::Running {
            return;
        }
        // Otherwise the next run would begin a moment later.
        self.watch_no_more();
        // Taken out first: the run tells of its end while it is stopped.
        match self.drawing.try_update_value(|drawing| drawing.running.take()).flatten() {
            Some(running) => running.stop(),
            None => {
                self.drawing.update_value(|drawing| drawing.turn += 1);
                self.clear_shown();
                self.go_to(Stage::Stopped);
            }
        }
    }

    /// Something happened in the run: drawn soon, together with what comes next. Never at once while it goes on, since
    /// what is to be sent because of it leaves only after this, and drawing takes longer than many an answer.
    fn changed(self, run: &Run) {
        if run.phase != Phase::Running {
            // What came last was taken in in this task; what is made of all takes one of its own.
            return clock::soon(self.drawing_of(run.clone()));
        }
        let wait = self.drawing.try_update_value(|drawing| {
            drawing.waiting = Some(run.clone());
            let due = drawing.last + BEAT - clock::now();
            (!core::mem::replace(&mut drawing.timer, true)).then_some(due.max(0.0))
        });
        if let Some(wait) = wait.flatten() {
            // A timer and not an animation frame: those stand still in a hidden tab.
            set_timeout(
                move || {
                    let waiting = self.drawing.try_update_value(|drawing| {
                        drawing.timer = false;
                        drawing.waiting.take()
                    });
                    if let Some(run) = waiting.flatten() {
                        self.draw(run);
                    }
                },
                Duration::from_millis(wait as u64),
            );
        }
    }

    /// Draws that run, unless another one has begun by then.
    fn drawing_of(self, run: Run) -> impl FnOnce() {
        let turn = self.turn();
        move || {
            if self.turn() == turn {
                self.draw(run);
            }
        }
    }

    pub(super) fn draw(self, run: Run) {
        // What was seen is judged once the causes are here: before that a verdict would name none.
        if run.phase != Phase::Running && !self.piece_is_here(Piece::Verdict) {
            return self.once(Piece::Verdict, self.drawing_of(run));
        }
        self.drawing.update_value(|drawing| {
            drawing.last = clock::now();
            drawing.waiting = None;
        });
        let begun = clock::now();
        let judged = engine::judge(&run);
        if run.phase != Phase::Running {
            clock::took("preflight-judged", begun);
        }
        let way = way::stations(&run.facts(), &judged.verdict);
        let shown = Shown { run, judged, way, made: None };
        let stage = match shown.run.phase {
            Phase::Running => Stage::Running,
            Phase::Finished => Stage::Finished,
            Phase::Stopped => Stage::Stopped,
            Phase::Failed => Stage::Failed,
        };
        if shown.ended() {
            self.drawing.update_value(|drawing| drawing.running = None);
            mark("data-verdict", shown.judged.verdict.overall.name());
            if shown.run.registration.is_some() {
                self.look_for_remains();
            }
        }
        if let Some(it) = SHARING.get().filter(|_| stage == Stage::Finished) {
            (it.watched)(self, &shown);
        }
        // The verdict follows this one, all else follows the other: it is drawn first.
        if stage != Stage::Running {
            self.go_to(stage);
        }
        self.shown.set(Some(Arc::new(shown)));
        self.tell_report();
        if stage != Stage::Running {
            self.share();
        }
    }

    /// Sends what a run wants, and hears of it as long as no other run has begun.
    fn go(self, run: Run, credential: Credential, keeper: Option<Keeper>) {
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
        let Some(shown) = self.shown.get_untracked().filter(|_| !self.waits_for_clean_up()) else { return };
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

    /// Goes on with the run that is shown and presents the key in other ways. False when the form speaks of another
    /// deployment than that run, or its key is another one by its looks.
    pub fn try_other_ways(self, typed_key: &str, cookies: bool) -> bool {
        let Some(mut run) = self.shown.with_untracked(|shown| Some(shown.as_ref()?.run.clone())) else {
            return false;
        };
        if self.waits_for_clean_up() {
            return true;
        }
        let Some(credential) = self.credential_of(&run, typed_key) else { return false };
        run.try_other_ways(cookies);
        self.another_turn();
        // It writes nothing, so there is no journal to keep.
        self.go(run, credential, None);
        true
    }
}
