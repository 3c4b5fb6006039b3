//! The one store of the page. Components read it and call its methods; only here (and in `app`) the browser
//! room is used.

mod files;
mod fleet;
mod heard;
mod key;
mod links;
mod reports;
mod shown;

use super::help::Help;
use super::journal::{self, Remains};
use super::lazy::{Loader, PIECES, Piece, Pieces, SHARING, WRITING};
use super::question::Question;
use super::watching::Watching;
use crate::browser::{clock, compress, environment, fetch, run_loop, url};
use crate::deployment::config::{self, Config, Patience, Preset};
use crate::deployment::form::{self, FormInput, Understood};
use crate::deployment::{AuthScheme, Credential, KeyReading, Origin};
use crate::diagnosis::way;
use crate::engine;
use crate::run::{Limits, Mode, Phase, Run};
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

pub use files::{FORMATS, Files, Wanted};
pub use heard::Heard;
pub use links::{Links, Recording, ResultLink};
pub use reports::report_of;
pub use shown::{Shown, is_pending};

/// What the page is doing; `data-run-state`.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// Nothing was started yet.
    Idle,
    /// Questions are out.
    Running,
    /// The run came to its end.
    Finished,
    /// The user stopped it.
    Stopped,
    /// The page itself failed.
    Failed,
    /// A report is shown that was made elsewhere.
    Shared,
    /// The same, judged again by this version.
    Again,
}

impl Stage {
    fn name(self) -> &'static str {
        match self {
            Self::Idle => "idle",
            Self::Running => "running",
            Self::Finished => "finished",
            Self::Stopped => "stopped",
            Self::Failed => "failed",
            Self::Shared | Self::Again => "shared",
        }
    }
}

/// The form and what it means.
pub struct Form {
    /// The text fields, the key excepted.
    pub input: FormInput,
    /// What `preflight.json` says.
    pub config: Config,
    /// The chosen deployment of it.
    pub chosen: Option<usize>,
    /// What the fields mean.
    pub understood: Understood,
    /// What was seen of the key in its field.
    pub key: KeyReading,
    /// The origins that stood in the form when the key was typed.
    pub key_for: Vec<Origin>,
    /// True when the key was forgotten because the addresses had changed.
    pub key_cleared: bool,
    /// True once *Run checks* was pressed: from then on empty fields are marked too.
    pub pressed: bool,
    /// True while the form is one line.
    pub folded: bool,
    /// True when a run shall write too.
    pub registration: bool,
}

impl Form {
    /// The deployment of `preflight.json` that the fields speak of.
    pub fn preset(&self) -> Option<&Preset> {
        form::preset_for(&self.input, self.chosen, &self.config.deployments, url::parse)
    }

    /// How long is long for the deployment that the fields speak of.
    pub fn patience(&self) -> Patience {
        self.config.patience(self.preset())
    }

    fn understand(&mut self) {
        self.understood = form::understand(&self.input, self.preset(), url::parse);
    }
}

/// Changes are shown at most this often, milliseconds: a burst of answers is drawn once. Drawing takes a phone longer than
/// many an answer, and what is to be asked next waits for it.
const BEAT: f64 = 200.0;

/// Why nothing is written: a sentence.
const NO_PIECE: &str = "The part of this page that registers did not load from its server, so nothing was written. Run the checks again.";

/// Changes that wait to be drawn, and whose they are.
#[derive(Default)]
struct Drawing {
    running: Option<run_loop::Running>,
    /// Where the key of the run may go.
    origins: Vec<Origin>,
    /// Counts runs, so that what belongs to an earlier one is dropped.
    turn: u32,
    last: f64,
    waiting: Option<Run>,
    timer: bool,
}

/// The store. Everything in it lives as long as the page.
#[derive(Clone, Copy)]
pub struct Store {
    /// The form.
    pub form: RwSignal<Form, LocalStorage>,
    /// What the page is doing.
    pub stage: RwSignal<Stage, LocalStorage>,
    /// The run, as last drawn.
    pub shown: RwSignal<Option<Arc<Shown>>, LocalStorage>,
    /// How far the pieces are that are loaded when they are needed.
    pub pieces: RwSignal<Pieces, LocalStorage>,
    /// The words of the catalogue.
    pub help: RwSignal<Help, LocalStorage>,
    /// The watch.
    pub watching: RwSignal<Watching, LocalStorage>,
    /// What was made of the last second opinion.
    pub heard: RwSignal<Heard, LocalStorage>,
    /// Reports as files.
    pub files: RwSignal<Files, LocalStorage>,
    /// What registrations left.
    pub remains: Remains,
    /// What links have brought, and the link to what is shown.
    pub links: Links,
    /// What has to be answered.
    pub question: RwSignal<Option<Rc<Question>>, LocalStorage>,
    drawing: StoredValue<Drawing, LocalStorage>,
    closer: StoredValue<bool, LocalStorage>,
}

impl Store {
    /// An empty form; `preflight.json` is read in the background.
    pub fn open(loaders: [Loader; PIECES]) -> Store {
        let mut form = Form {
            input: FormInput { auth_scheme: AuthScheme::default().name().to_owned(), ..FormInput::default() },
            config: Config::default(),
            chosen: None,
            understood: Understood { deployment: None, notes: Vec::new() },
            key: KeyReading::default(),
            key_for: Vec::new(),
            key_cleared: false,
            pressed: false,
            folded: false,
            registration: false,
        };
        form.understand();
        let store = Store {
            form: RwSignal::new_local(form),
            stage: RwSignal::new_local(Stage::Idle),
            shown: RwSignal::new_local(None),
            pieces: RwSignal::new_local(Pieces::new(loaders)),
            help: RwSignal::new_local(Help::default()),
            watching: RwSignal::new_local(Watching::default()),
            heard: RwSignal::new_local(Heard::default()),
            files: RwSignal::new_local(Files::default()),
            remains: Remains::default(),
            links: Links::new(),
            question: RwSignal::new_local(None),
            drawing: StoredValue::new_local(Drawing::default()),
            closer: StoredValue::new_local(false),
        };
        environment::look_around();
        spawn_local(async move {
            if let Some(text) = fetch::own_file("preflight.json", fetch::Cached::AskAgain).await {
                let mut config = config::parse(&text);
                form::look_over(&mut config, url::parse);
                store.configure(config);
            }
            // Only now does an address, typed or in a link, mean the deployment that the file describes.
            if !store.follow_links() && store.stage.get_untracked() == Stage::Idle {
                store.go_to(Stage::Idle);
            }
        });
        store.look_for_remains();
        store
    }

    fn configure(self, config: Config) {
        // A page for one deployment is ready to run; with more the user chooses.
        let only = config.deployments.len() == 1;
        self.form.update(|form| {
            form.config = config;
            form.understand();
        });
        if only && self.form.with_untracked(|form| form.input.registry_url.is_empty()) {
            self.choose(Some(0));
        }
    }

    /// Fills the form from a deployment of `preflight.json`.
    pub fn choose(self, index: Option<usize>) {
        self.watch_no_more();
        self.form.update(|form| {
            form.chosen = index;
            if let Some(preset) = index.and_then(|index| form.config.deployments.get(index)) {
                let mut input = FormInput::from_preset(preset);
                if input.auth_scheme.is_empty() {
                    input.auth_scheme = AuthScheme::default().name().to_owned();
                }
                form.input = input;
            }
            form.understand();
        });
        self.addresses_changed();
    }

    /// Takes in what was typed. Other addresses than the chosen deployment's make it a deployment of its own.
    pub fn typed(self, part: fn(&mut FormInput) -> &mut String, text: String) {
        // A watch would run by itself at an address that is only half typed.
        self.watch_no_more();
        self.form.update(|form| {
            *part(&mut form.input) = text;
            let input = &form.input;
            let same = |preset: &Preset| {
                input.registry_url == preset.registry_url && input.auth_url == preset.auth_url
            };
            let chosen = form.chosen.and_then(|index| form.config.deployments.get(index));
            if !chosen.is_some_and(same) {
                form.chosen = None;
            }
            form.understand();
        });
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

    /// Folds the form into one line, or opens it.
    pub fn fold(self, folded: bool) {
        self.form.update(|form| form.folded = folded);
    }

    /// Starts a run, unless one goes on or a field has to be changed first; false in the latter case.
    pub fn start(self, typed_key: &str) -> bool {
        // A watch reads only: nobody wants a registration every minute.
        let watches = self.watching.with_untracked(|watching| watching.every.is_some());
        let wanted = !watches && self.form.with_untracked(|form| form.registration);
        self.start_with(typed_key, wanted.then_some(Mode::Register))
    }

    /// Runs again, and reads what MLflow lists too.
    pub fn look_closer(self) {
        self.closer.set_value(true);
        self.start_with(&super::dom::field_value("api-key"), None);
        // Where no run has begun, the next one is a usual one again.
        if self.stage.get_untracked() != Stage::Running {
            self.closer.set_value(false);
        }
    }

    /// As [`Store::start`], writing as `mode` says.
    pub fn start_with(self, typed_key: &str, mode: Option<Mode>) -> bool {
        if self.stage.get_untracked() == Stage::Running {
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
        self.drawing.set_value(Drawing { turn, origins: deployment.key_origins(), ..Drawing::default() });
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
        press(true);
        self.heard.update(|heard| *heard = Heard { count: heard.count, ..Heard::default() });
        self.forget_report_link();
        self.clear_shown();
        self.go_to(stage);
        self.load_help();
        self.need(Piece::Verdict);
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
                self.go_to(Stage::Stopped);
            }
        }
    }

    /// Something happened in the run: drawn soon, together with what comes next. Never at once while it goes on, since
    /// what is to be sent because of it leaves only after this, and drawing takes longer than many an answer.
    fn changed(self, run: &Run) {
        if run.phase != Phase::Running {
            return self.draw(run.clone());
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

    fn draw(self, run: Run) {
        // What was seen is judged once the causes are here: before that a verdict would name none.
        if run.phase != Phase::Running && !self.piece_is_here(Piece::Verdict) {
            let turn = self.turn();
            return self.once(Piece::Verdict, move || {
                if self.turn() == turn {
                    self.draw(run);
                }
            });
        }
        self.drawing.update_value(|drawing| {
            drawing.last = clock::now();
            drawing.waiting = None;
        });
        let begun = clock::now();
        let judged = engine::judge(&run);
        if run.phase != Phase::Running {
            compress::took("preflight-judged", begun);
        }
        let way = way::stations(&run.facts(), &judged.verdict);
        let shown = Shown { run, judged, way, made: None };
        self.tell_report(&shown);
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
        self.shown.set(Some(Arc::new(shown)));
        if stage != Stage::Running {
            self.go_to(stage);
            self.share();
        }
    }

    /// Says what the page is doing, also to the world outside.
    pub fn go_to(self, stage: Stage) {
        self.stage.set(stage);
        mark("data-run-state", stage.name());
    }
}

fn mark(name: &str, value: &str) {
    if let Some(root) = document().document_element() {
        // Fails only for names that are none.
        let _ = root.set_attribute(name, value);
    }
}

fn remove_mark(name: &str) {
    if let Some(root) = document().document_element() {
        let _ = root.remove_attribute(name);
    }
}
