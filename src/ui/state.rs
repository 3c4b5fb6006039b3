//! The one store of the page. Components read it and call its methods; only here (and in `app`) the browser
//! room is used.

mod heard;

use super::dom;
use super::help::Help;
use super::journal::{self, Remains};
use super::watching::Watching;
use crate::browser::{clock, download, environment, fetch, run_loop, snapshot, url};
use crate::checks::{self, Judgement, Status};
use crate::deployment::config::{self, Config, Preset};
use crate::deployment::form::{self, FormInput, Understood};
use crate::deployment::{AuthScheme, Credential, Deployment, KeyReading, Origin};
use crate::diagnosis::way::{self, Station};
use crate::engine::{self, Judged};
use crate::report::Report;
use crate::run::{Limits, Mode, Phase, Run};
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::sync::Arc;
use std::time::Duration;

pub use heard::Heard;

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
}

impl Stage {
    fn name(self) -> &'static str {
        match self {
            Self::Idle => "idle",
            Self::Running => "running",
            Self::Finished => "finished",
            Self::Stopped => "stopped",
            Self::Failed => "failed",
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

    fn understand(&mut self) {
        self.understood = form::understand(&self.input, self.preset(), url::parse);
    }
}

/// A run and what is made of it: judged once per change, shown by all.
pub struct Shown {
    /// What was seen.
    pub run: Run,
    /// Checks and verdict.
    pub judged: Judged,
    /// The stations.
    pub way: Vec<Station>,
}

impl Shown {
    /// How a check came out.
    pub fn judgement(&self, index: usize) -> Option<&Judgement> {
        self.judged.checks.get(index).map(|(_, judgement)| judgement)
    }

    /// True once no more is asked.
    pub fn ended(&self) -> bool {
        self.run.phase != Phase::Running
    }

    /// The first check that rests on a probe.
    pub fn check_of(&self, probe: &str) -> Option<&'static checks::Check> {
        let rests = |judgement: &Judgement| judgement.evidence.iter().any(|id| id == probe);
        self.judged.checks.iter().find(|(_, judgement)| rests(judgement)).map(|(check, _)| *check)
    }
}

/// True when nothing is known of a check yet.
pub fn is_pending(shown: &Shown, judgement: &Judgement) -> bool {
    !shown.ended() && matches!(judgement.status, Status::Unknown | Status::Skipped)
}

/// Changes are shown at most this often, milliseconds: a burst of answers is drawn once.
const BEAT: f64 = 100.0;

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
    /// The words of the catalogue.
    pub help: RwSignal<Help, LocalStorage>,
    /// The watch.
    pub watching: RwSignal<Watching, LocalStorage>,
    /// What was made of the last second opinion.
    pub heard: RwSignal<Heard, LocalStorage>,
    /// What registrations left.
    pub remains: Remains,
    drawing: StoredValue<Drawing, LocalStorage>,
    closer: StoredValue<bool, LocalStorage>,
}

impl Store {
    /// An empty form; `preflight.json` is read in the background.
    pub fn open() -> Store {
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
            help: RwSignal::new_local(Help::default()),
            watching: RwSignal::new_local(Watching::default()),
            heard: RwSignal::new_local(Heard::default()),
            remains: Remains::default(),
            drawing: StoredValue::new_local(Drawing::default()),
            closer: StoredValue::new_local(false),
        };
        spawn_local(async move {
            if let Some(text) = fetch::own_file("preflight.json", fetch::Cached::AskAgain).await {
                store.configure(config::parse(&text));
            }
            // Only now does a typed address mean the deployment that the file describes.
            if store.stage.get_untracked() == Stage::Idle {
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
    }

    /// As [`Store::start`], writing as `mode` says.
    pub fn start_with(self, typed_key: &str, mode: Option<Mode>) -> bool {
        if self.stage.get_untracked() == Stage::Running {
            return true;
        }
        // An address may have been typed and not been left yet. What is cleared only now, nobody has seen cleared.
        let was_cleared = self.form.with_untracked(|form| form.key_cleared);
        self.addresses_changed();
        let cleared = self.form.with_untracked(|form| form.key_cleared) && !was_cleared;
        let deployment =
            self.form.with_untracked(|form| form.understood.deployment.clone()).filter(|_| !cleared);
        self.form.update(|form| {
            form.pressed = true;
            form.folded = deployment.is_some();
        });
        let Some(deployment) = deployment else { return false };
        let (shape, scheme) = (deployment.key_shape.as_ref(), &deployment.scheme);
        let (key, reading) = form::read_key(typed_key, shape, scheme);
        let credential = Credential::new(key, shape, scheme.clone(), deployment.key_origins());
        let mut limits = Limits::with_timeout(self.form.with_untracked(|form| form.config.probe_timeout_ms));
        limits.made_up_keys = self.watching.with_untracked(|watching| watching.every.is_none());
        let turn = self.turn() + 1;
        self.drawing.set_value(Drawing { turn, origins: deployment.key_origins(), ..Drawing::default() });
        self.shown.set(None);
        self.heard.update(|heard| *heard = Heard { count: heard.count, ..Heard::default() });
        snapshot::set_report(None);
        remove_mark("data-verdict");
        self.go_to(Stage::Running);
        self.load_help();
        spawn_local(async move {
            let environment = environment::read(&deployment.mlflow.origin).await;
            if self.turn() != turn {
                return;
            }
            let Some(environment) = environment else { return self.go_to(Stage::Failed) };
            let mut run = Run::new(deployment, environment, limits, reading);
            run.closer = self.closer.try_update_value(core::mem::take).unwrap_or_default();
            let keeper = journal::begin(mode, &mut run).await;
            if self.turn() != turn {
                return;
            }
            self.go(run, credential, keeper);
        });
        true
    }

    /// Sends what a run wants, and hears of it as long as no other run has begun.
    fn go(self, run: Run, credential: Credential, keeper: Option<crate::browser::journal::Keeper>) {
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
                if let Some(field) = dom::by_id("api-key") {
                    field.set_value("");
                }
                form.key = KeyReading::default();
                form.key_cleared = true;
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

    fn turn(self) -> u32 {
        self.drawing.with_value(|drawing| drawing.turn)
    }

    /// Ends the run now.
    pub fn stop(self) {
        if self.stage.get_untracked() != Stage::Running {
            return;
        }
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
        self.drawing.update_value(|drawing| {
            drawing.last = clock::now();
            drawing.waiting = None;
        });
        let judged = engine::judge(&run);
        let way = way::stations(&run.facts(), &judged.verdict);
        let shown = Shown { run, judged, way };
        snapshot::set_report(Some(&self.report_of(&shown)));
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
        if stage == Stage::Finished {
            self.watched(&shown);
        }
        self.shown.set(Some(Arc::new(shown)));
        if stage != Stage::Running {
            self.go_to(stage);
        }
    }

    /// Says what the page is doing, also to the world outside.
    pub fn go_to(self, stage: Stage) {
        self.stage.set(stage);
        mark("data-run-state", stage.name());
    }

    /// Copies text; `done` hears whether that worked.
    pub fn copy(self, text: String, done: Box<dyn FnOnce(bool)>) {
        spawn_local(async move { done(download::copy(&text).await) });
    }

    /// The report of what is shown, as JSON.
    pub fn report(self) -> Option<String> {
        self.shown.with_untracked(|shown| shown.as_ref().map(|shown| self.report_of(shown)))
    }

    fn report_of(self, shown: &Shown) -> String {
        self.help.with_untracked(|help| Report::of(&shown.run, &shown.judged, &help.catalogue).to_json())
    }

    /// Tells the world outside of a report that has more words than before.
    pub fn renew_report(self) {
        if let Some(report) = self.report() {
            snapshot::set_report(Some(&report));
        }
    }

    /// Saves the report as a file.
    pub fn save_report(self) {
        let name = self.shown.with_untracked(|shown| {
            let run = &shown.as_ref()?.run;
            let plain = |c: char| if c.is_ascii_alphanumeric() { c } else { '-' };
            let host: String = run.deployment.mlflow.origin.host.chars().map(plain).collect();
            let date = run.environment.started_at.get(..10).unwrap_or_default();
            Some(["preflight-", host.trim_matches('-'), "-", date, ".json"].concat())
        });
        if let (Some(name), Some(json)) = (name, self.report()) {
            download::save(&name, "application/json", &json);
        }
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
