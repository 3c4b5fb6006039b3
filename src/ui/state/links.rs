//! The part of the store that deals with links: those made here, and those this page was opened with.

use super::reports::shareable;
use super::{Drawing, Files, Form, Shown, Stage, Store, mark, remove_mark};
use crate::browser::{clock, compress, fragment, snapshot, url};
use crate::deployment::form::FormInput;
use crate::deployment::{AuthScheme, Origin};
use crate::diagnosis::way;
use crate::engine;
use crate::report::link::{self, LinkProblem};
use crate::report::request::{self, Request};
use crate::report::shared::{Detail, Shared};
use crate::report::{Shareable, wire};
use crate::ui::dom;
use crate::ui::lazy::{Piece, SHARING};
use crate::ui::question::Question;
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

/// When the link is made: the verdict is seen first, and where it will stand.
const AFTER_THE_VERDICT: Duration = Duration::from_millis(80);

/// The link to what is shown.
#[derive(Clone, PartialEq)]
pub enum ResultLink {
    /// There is none yet.
    None,
    /// Here it is, how much it holds, and what, word for word; `None` where it is the one that was opened.
    Made(String, Detail, Option<String>),
    /// Even the shortest has so many characters.
    TooLong(usize),
    /// This browser cannot compress.
    Impossible,
}

/// The story of a recorded example.
#[derive(PartialEq)]
pub struct Recording {
    /// A short name.
    pub title: String,
    /// What was believed at the time.
    pub believed: String,
    /// What was true.
    pub truth: String,
}

/// What links have brought, and the link to what is shown.
#[derive(Clone, Copy)]
pub struct Links {
    /// What is shown is this recording.
    pub recording: RwSignal<Option<Rc<Recording>>, LocalStorage>,
    /// The link to what is shown.
    pub result: RwSignal<ResultLink, LocalStorage>,
    /// Why the link that this page was opened with shows nothing.
    pub problem: RwSignal<Option<LinkProblem>, LocalStorage>,
    /// Origins that a link named and nobody has confirmed.
    origins: StoredValue<Vec<Origin>, LocalStorage>,
}

impl Links {
    pub(super) fn new() -> Links {
        Links {
            recording: RwSignal::new_local(None),
            result: RwSignal::new_local(ResultLink::None),
            problem: RwSignal::new_local(None),
            origins: StoredValue::new_local(Vec::new()),
        }
    }
}

impl Store {
    /// Follows the fragment of this page's address, now and whenever it changes. True when it holds a report, which
    /// says itself what the page is doing.
    pub(super) fn follow_links(self) -> bool {
        StoredValue::new_local(fragment::listen(move || {
            self.open_link();
        }));
        self.open_link()
    }

    fn open_link(self) -> bool {
        self.links.problem.set(None);
        let fragment = fragment::read();
        if link::is_one(&fragment) {
            self.leave();
            self.forget_key();
            self.once(Piece::Sharing, move || {
                if let Some(it) = SHARING.get() {
                    (it.open_link)(self, fragment);
                }
            });
            return true;
        }
        let request = request::read(&fragment);
        if matches!(self.stage.get_untracked(), Stage::Shared | Stage::Again) {
            self.leave();
            self.go_to(Stage::Idle);
        }
        if let Some(Request { input, run, .. }) = request {
            self.fill_from_link(input);
            if run && self.may_start_itself() {
                self.start("");
            }
        }
        false
    }

    /// Shows the report that a link holds.
    pub fn open_report(self, fragment: String) {
        let turn = self.turn();
        spawn_local(async move {
            let start = clock::now();
            let shared = unpacked(&fragment).await;
            clock::took("preflight-link-read", start);
            self.load_what_shows(shared.as_ref().ok()).await;
            if self.turn() != turn {
                return;
            }
            match shared {
                Ok(shared) => self.show(Arc::new(shared), false),
                Err(problem) => {
                    self.links.problem.set(Some(problem));
                    self.go_to(Stage::Idle);
                }
            }
        });
    }

    /// Loads what a report needs to be shown and judged again.
    async fn load_what_shows(self, shared: Option<&Shared>) {
        self.load(Piece::Verdict).await;
        if shared.is_some_and(|shared| shared.run.registration.is_some()) {
            self.load(Piece::Registration).await;
        }
    }

    /// Makes the link to what is shown, once that piece is here.
    pub(super) fn share(self) {
        self.links.result.set(ResultLink::None);
        self.need(Piece::Sharing);
        let turn = self.turn();
        let make = move || {
            if let Some(it) = SHARING.get().filter(|_| self.turn() == turn) {
                (it.make_link)(self);
            }
        };
        set_timeout(move || self.once(Piece::Sharing, make), AFTER_THE_VERDICT);
    }

    /// Ends what goes on and clears what is shown.
    fn leave(self) {
        self.watch(None);
        self.stop();
        let turn = self.turn() + 1;
        self.drawing.set_value(Drawing { turn, ..Drawing::default() });
        self.clear_shown();
    }

    /// Nothing is shown from here on.
    pub(super) fn clear_shown(self) {
        self.shown.set(None);
        self.links.recording.set(None);
        self.links.result.set(ResultLink::None);
        self.files.set(Files::default());
        self.forget_report();
    }

    /// Tells the world outside that there is no report.
    pub(super) fn forget_report(self) {
        snapshot::set_report(None);
        remove_mark("data-verdict");
    }

    /// Shows a report read-only: as it was judged, or judged again by this version.
    fn show(self, made: Arc<Shared>, again: bool) {
        let run = made.run.clone();
        let (judged, way) = if again {
            let judged = engine::judge(&run);
            let way = way::stations(&run.facts(), &judged.verdict);
            (judged, way)
        } else {
            (made.judged(), made.stations())
        };
        // Until it is drawn: whoever waits for the mark finds this report, and not the one before it.
        self.go_to(Stage::Running);
        mark("data-verdict", judged.verdict.overall.name());
        let shown = Shown { run, judged, way, made: Some(made) };
        self.go_to(if again { Stage::Again } else { Stage::Shared });
        self.shown.set(Some(Arc::new(shown)));
        self.tell_report();
        self.load_help();
        self.make_link();
    }

    /// Shows the verdict of a shared report as this version makes it, or as it was made.
    pub fn judge_again(self, again: bool) {
        let made = self.shown.with_untracked(|shown| shown.as_ref().and_then(|shown| shown.made.clone()));
        if let Some(made) = made {
            self.show(made, again);
        }
    }

    /// Shows a report that came as text ([`wire`]), not by a link; false when it cannot be read.
    pub async fn show_report(self, text: &str) -> bool {
        let Ok(shared) = wire::read(text, url::parse) else { return false };
        self.load_what_shows(Some(&shared)).await;
        self.leave();
        self.forget_key();
        fragment::clear();
        self.show(Arc::new(shared), false);
        look_at_it();
        true
    }

    /// Shows a recorded example, judged by this version; false when it cannot be read.
    pub async fn show_recording(self, text: &str, recording: Rc<Recording>) -> bool {
        let Ok(shared) = wire::read(text, url::parse) else { return false };
        let turn = self.turn();
        self.load_what_shows(Some(&shared)).await;
        if self.turn() == turn {
            self.leave();
            self.forget_key();
            fragment::clear();
            // Whoever draws what is shown now says that it is one.
            self.links.recording.set(Some(recording));
            self.show(Arc::new(shared), true);
            look_at_it();
        }
        true
    }

    /// Fills the form with what a shared report tested. Starts nothing.
    pub fn run_here(self) {
        let Some(made) = self.shown.with_untracked(|shown| shown.as_ref()?.made.clone()) else { return };
        let deployment = &made.run.deployment;
        let input = FormInput {
            registry_url: deployment.mlflow.origin.to_string(),
            mlflow_path: deployment.mlflow.path.clone(),
            auth_url: deployment.auth.as_ref().map(|auth| auth.base.to_string()).unwrap_or_default(),
            auth_scheme: deployment.scheme.name().to_owned(),
            auth_header: match &deployment.scheme {
                AuthScheme::Custom(header) => header.clone(),
                _ => String::new(),
            },
            service_id: deployment.service_id.clone().unwrap_or_default(),
        };
        self.leave();
        fragment::clear();
        self.go_to(Stage::Idle);
        self.fill_from_link(input);
    }

    /// Fills the form with what somebody else wrote.
    fn fill_from_link(self, input: FormInput) {
        self.form.update(|form| {
            form.input = input;
            form.chosen = None;
            // What writes is never switched on by a link.
            form.registration = false;
            form.folded = false;
            form.understand();
        });
        let now = self.form.with_untracked(Form::origins);
        if now.is_empty() {
            self.forget_key();
        }
        self.addresses_changed();
        self.links.origins.set_value(now);
        self.question.set(None);
        if self.unconfirmed() {
            self.ask_about_origins();
        } else {
            set_timeout(|| dom::focus("#api-key"), Duration::ZERO);
        }
    }

    /// True while the key could go to an origin that only a link has named.
    pub(super) fn unconfirmed(self) -> bool {
        let named = self.links.origins.get_value();
        self.form.with_untracked(|form| {
            let deployment = form.understood.deployment.as_ref();
            deployment.filter(|deployment| deployment.scheme != AuthScheme::None).is_some_and(|deployment| {
                let unlisted = request::unlisted(deployment, &form.config.deployments, url::parse);
                unlisted.iter().any(|origin| named.contains(origin))
            })
        })
    }

    pub(super) fn ask_about_origins(self) {
        let list = self.form.with_untracked(|form| form.origins().iter().map(request::in_full).collect());
        self.ask(Question {
            title: "May a key that you type here be sent to these hosts?",
            text: "A link named them, and the configuration of this page does not list all of them. Whoever runs them sees the key. Each is written as the browser sends it: scheme, host, port.",
            list,
            yes: "I know these hosts",
            no: "Clear the form",
            answer: Box::new(move |yes| {
                self.links.origins.set_value(Vec::new());
                if yes {
                    return set_timeout(|| dom::focus("#api-key"), Duration::ZERO);
                }
                fragment::clear();
                self.forget_key();
                self.form.update(|form| {
                    form.input = FormInput {
                        auth_scheme: AuthScheme::default().name().to_owned(),
                        ..FormInput::default()
                    };
                    form.understand();
                });
                set_timeout(|| dom::focus("#registry-url"), Duration::ZERO);
            }),
        });
    }

    /// Only without a key, and only where the page's own configuration leads.
    fn may_start_itself(self) -> bool {
        self.form.with_untracked(|form| {
            form.understood.deployment.as_ref().is_some_and(|deployment| {
                deployment.scheme == AuthScheme::None
                    && request::unlisted(deployment, &form.config.deployments, url::parse).is_empty()
            })
        })
    }

    /// What is shown from here on does not come from this page's address.
    pub(super) fn forget_report_link(self) {
        if link::is_one(&fragment::read()) {
            fragment::clear();
        }
    }

    /// The link that fills this form in elsewhere; `None` while the form says nothing.
    pub fn request_link(self) -> Option<String> {
        self.form.with(|form| {
            form.understood.deployment.as_ref()?;
            fragment::address(&request::write(&form.input))
        })
    }

    /// Makes the link to what is shown.
    pub fn make_link(self) {
        self.links.result.set(ResultLink::None);
        let start = clock::now();
        let report = self.shown.with_untracked(|shown| {
            let shown = shown.as_ref()?;
            let report = self.help.with_untracked(|help| shareable(shown, &help.catalogue));
            Some((report, shown.made.clone()))
        });
        let Some((report, made)) = report else { return };
        let turn = self.turn();
        let make = async move {
            let fragment = fragment::read();
            let result = match made {
                // It came by this very link.
                Some(made) if link::is_one(&fragment) => {
                    let address = fragment::address(fragment.trim_start_matches('#')).unwrap_or_default();
                    ResultLink::Made(address, made.detail, None)
                }
                _ => packed(&report, start).await,
            };
            dom::soon(move || {
                if self.turn() == turn {
                    self.links.result.set(result);
                }
            });
        };
        // To make the report takes about as long as to pack it.
        clock::soon(move || spawn_local(make));
    }
}

/// The report in a fragment.
async fn unpacked(fragment: &str) -> Result<Shared, LinkProblem> {
    let packed = link::read(fragment)?;
    let text = compress::unpack(&packed, link::UNPACKED).await?;
    Ok(wire::read(&text, url::parse)?)
}

/// The most telling link that is short enough.
async fn packed(report: &Shareable, start: f64) -> ResultLink {
    let mut length = 0;
    for detail in Detail::FOR_LINKS {
        let text = wire::write(&Shared::of(report, detail));
        let Some(packed) = compress::pack(&text).await else { return ResultLink::Impossible };
        let Some(address) = link::write(&packed).and_then(|fragment| fragment::address(&fragment)) else {
            continue;
        };
        clock::took("preflight-link-made", start);
        length = address.len();
        if length <= link::LONGEST {
            return ResultLink::Made(address, detail, Some(text));
        }
    }
    ResultLink::TooLong(length)
}

/// Moves the view and the keyboard to a report that came by a button far below, once it is drawn.
fn look_at_it() {
    dom::soon(|| dom::focus(".shared"));
}
