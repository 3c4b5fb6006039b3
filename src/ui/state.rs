//! The one store of the page. Components read it and call its methods; only here (and in `app`) the browser
//! room is used.

mod files;
mod fleet;
mod heard;
mod key;
mod links;
mod ready;
mod reports;
mod runs;
mod shown;

use super::dom;
use super::help::Help;
use super::journal::Remains;
use super::lazy::{Loader, PIECES, Pieces};
use super::question::Question;
use super::watching::Watching;
use crate::browser::{clock, environment, fetch, run_loop, url};
use crate::checks::Suite;
use crate::deployment::config::{self, Config, Patience, Preset};
use crate::deployment::form::{self, FormInput, Understood};
use crate::deployment::{AuthScheme, KeyReading, Origin};
use crate::run::Run;
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

pub use files::{FORMATS, Files, Wanted};
pub use heard::Heard;
pub use links::{Links, Recording, ResultLink};
pub use reports::report_of;
pub use shown::{Late, Shown, is_pending, late};

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

/// About as long as a frame takes.
const FRAME: Duration = Duration::from_millis(16);

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
    /// Which of the suites are drawn.
    pub suites: [RwSignal<bool, LocalStorage>; Suite::ALL.len()],
    drawing: StoredValue<Drawing, LocalStorage>,
    closer: StoredValue<bool, LocalStorage>,
    rehearsed: StoredValue<bool, LocalStorage>,
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
            suites: Suite::ALL.map(|_| RwSignal::new_local(false)),
            drawing: StoredValue::new_local(Drawing::default()),
            closer: StoredValue::new_local(false),
            rehearsed: StoredValue::new_local(false),
        };
        environment::look_around();
        spawn_local(async move {
            if let Some(text) = fetch::own_file("preflight.json", fetch::Cached::AskAgain).await {
                let mut config = config::parse(&text);
                form::look_over(&mut config, url::parse);
                store.configure(config);
            }
            store.draw_suites(0);
        });
        store.look_for_remains();
        store
    }

    /// Draws the suites, two in a frame: they are most of the page, and all at once would hold a phone up. Then the page is
    /// open.
    fn draw_suites(self, from: usize) {
        if let Some(rest) = self.suites.get(from..) {
            rest.iter().take(2).for_each(|suite| suite.set(true));
            let more = move || self.draw_suites(from + 2);
            // Where nobody looks there are no frames, and timers are slow.
            return if document().hidden() { more() } else { set_timeout(more, FRAME) };
        }
        // Only now does an address, typed or in a link, mean the deployment that the file describes.
        if !self.follow_links() && self.stage.get_untracked() == Stage::Idle {
            self.go_to(Stage::Idle);
        }
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

    /// Folds the form into one line, or opens it.
    pub fn fold(self, folded: bool) {
        self.form.update(|form| form.folded = folded);
    }

    /// Says what the page is doing, also to the world outside.
    pub fn go_to(self, stage: Stage) {
        self.stage.set(stage);
        // What the style sheets go by: the page has something to say.
        match stage {
            Stage::Idle => remove_mark("data-asked"),
            _ => mark("data-asked", ""),
        }
        if matches!(stage, Stage::Idle | Stage::Running) {
            return self.tell_stage();
        }
        // After the suites, which draw what is shown in tasks of their own: whoever waits for the mark finds every line.
        clock::soon(move || clock::soon(move || self.tell_stage()));
    }

    fn tell_stage(self) {
        // What ended by a crash stays failed (snapshot.js).
        if dom::attribute_of("[data-stopped]", "data-stopped").is_none() {
            mark("data-run-state", self.stage.get_untracked().name());
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
