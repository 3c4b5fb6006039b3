//! Pieces of the page that are loaded when they are first needed, each from a file of its own (see [`crate::part`]).
//! What opens the page and asks a deployment is always there; these are what is said of a run, what shares it, and
//! what writes. A piece that does not come is asked for again, and nothing is lost meanwhile.

use super::dom::{self, El, el};
use super::help::Loading;
use super::state::{Shown, Stage, Store};
use crate::browser::{clock, journal};
use crate::catalogue::Catalogue;
use crate::checks::Judgement;
use crate::deployment::Deployment;
use crate::engine;
use crate::part::Part;
use crate::run::{Mode, Run};
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos::web_sys::Event;
use std::pin::Pin;

/// A piece of the page.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Piece {
    /// What is said of a run: causes, fixes, details, the report.
    Verdict,
    /// What is done with a run that has ended: links, files, comparisons, the watch.
    Sharing,
    /// What writes to a server, and removes it again.
    Registration,
    /// All deployments of `preflight.json` in one overview.
    Fleet,
}

/// How many pieces there are.
pub const PIECES: usize = 4;

/// What the page asks of [`Piece::Verdict`].
pub struct Verdicts {
    /// The section of a run that has ended.
    pub outcome: fn(Store, &Shown, Stage) -> Vec<El>,
    /// The large sentence.
    pub headline: fn(&Shown) -> String,
    /// What stands behind the row of a check.
    pub behind: fn(Store, &Shown, &Judgement) -> El,
    /// The report, as JSON.
    pub report: fn(&Shown, &Catalogue) -> String,
}

/// The way to [`Piece::Verdict`].
pub static VERDICTS: Part<Verdicts> = Part::new(&VERDICTS_HERE);
static VERDICTS_HERE: Verdicts = Verdicts {
    outcome: super::outcome::outcome,
    headline: super::outcome::headline,
    behind: super::suites::behind,
    report: super::state::report_of,
};

/// What the page asks of [`Piece::Sharing`].
pub struct Sharing {
    /// The section that shares.
    pub share: fn(Store) -> El,
    /// Where a report comes from that was made elsewhere.
    pub shared: fn(Store) -> El,
    /// Every request by time.
    pub waterfall: fn(Store) -> El,
    /// Runs at an interval.
    pub watch: fn(Store) -> El,
    /// What a run left on the server, and the search for the largest upload.
    pub after: fn(Store) -> El,
    /// The recorded examples.
    pub examples: fn(Store) -> El,
    /// What came of a file that was brought.
    pub brought: fn(Store) -> El,
    /// Makes the link to what is shown.
    pub make_link: fn(Store),
    /// Opens a link that holds a report.
    pub open_link: fn(Store, String),
    /// Reads a file that was chosen or dropped.
    pub bring: fn(Store, &Event, bool),
    /// Takes a run into the watch.
    pub watched: fn(Store, &Shown),
}

/// The way to [`Piece::Sharing`].
pub static SHARING: Part<Sharing> = Part::new(&SHARING_HERE);
static SHARING_HERE: Sharing = Sharing {
    share: super::share::share,
    shared: super::shared::shared,
    waterfall: super::waterfall::waterfall,
    watch: super::watch::watch,
    after: super::registration::after,
    examples: super::examples::examples,
    brought: super::compare::brought,
    make_link: Store::make_link,
    open_link: Store::open_report,
    bring: Store::bring,
    watched: Store::watched,
};

/// A run that may write, and the keeper of its journal if it has one.
pub type Begun = Pin<Box<dyn Future<Output = (Run, Option<journal::Keeper>)>>>;

/// What the page asks of [`Piece::Registration`].
pub struct Writing {
    /// What will be written, and where.
    pub announcement: fn(Option<&Deployment>) -> String,
    /// What registrations left.
    pub remains: fn(Store) -> El,
    /// What stays of one, each with its reason and its command.
    pub left: fn(Store, &Run) -> Vec<El>,
    /// Reads the journals.
    pub look: fn(Store),
    /// Gives a run its registration and its journal.
    pub begin: fn(Mode, Run) -> Begun,
}

/// The way to [`Piece::Registration`].
pub static WRITING: Part<Writing> = Part::new(&WRITING_HERE);
static WRITING_HERE: Writing = Writing {
    announcement: super::registration::announcement,
    remains: super::registration::remains,
    left: super::registration::left,
    look: Store::read_journals,
    begin: super::journal::begin,
};

/// The way to [`Piece::Fleet`].
pub static FLEET: Part<fn(Store) -> El> = Part::new(&FLEET_HERE);
static FLEET_HERE: fn(Store) -> El = super::fleet::fleet;

/// Loads a piece; true when it came.
pub type Loader = fn() -> Pin<Box<dyn Future<Output = bool>>>;

/// What [`Piece::Verdict`] says when it has come.
pub fn verdict_is_here() {
    engine::judging_is_here();
    VERDICTS.is_here(&VERDICTS_HERE);
}

/// What [`Piece::Sharing`] says when it has come.
pub fn sharing_is_here() {
    SHARING.is_here(&SHARING_HERE);
}

/// What [`Piece::Registration`] says when it has come.
pub fn registration_is_here() {
    engine::writing_is_here();
    WRITING.is_here(&WRITING_HERE);
}

/// What [`Piece::Fleet`] says when it has come.
pub fn fleet_is_here() {
    FLEET.is_here(&FLEET_HERE);
}

/// How far each piece is.
#[derive(Clone, Copy)]
pub struct Pieces {
    states: [Loading; PIECES],
    loaders: [Loader; PIECES],
}

impl Pieces {
    /// None is here.
    pub fn new(loaders: [Loader; PIECES]) -> Pieces {
        Pieces { states: [Loading::NotAsked; PIECES], loaders }
    }
}

/// How long to wait before a piece that did not come is asked for again, milliseconds: doubled each time, up to the other.
const AGAIN_MS: u32 = 500;
const AGAIN_MOST_MS: u32 = 30_000;

impl Store {
    /// How far a piece is.
    pub fn piece(self, piece: Piece) -> Loading {
        self.pieces.with(|pieces| pieces.states[piece as usize])
    }

    /// True when a piece is here.
    pub fn piece_is_here(self, piece: Piece) -> bool {
        self.pieces.with_untracked(|pieces| pieces.states[piece as usize]) == Loading::Loaded
    }

    /// Loads a piece, unless that is done or under way.
    pub fn need(self, piece: Piece) {
        if self.pieces.with_untracked(|pieces| pieces.states[piece as usize] == Loading::NotAsked) {
            spawn_local(self.load(piece));
        }
    }

    /// Acts once a piece is here.
    pub fn once(self, piece: Piece, act: impl FnOnce() + 'static) {
        self.wait_for(piece, Box::new(act));
    }

    fn wait_for(self, piece: Piece, act: Box<dyn FnOnce()>) {
        spawn_local(async move {
            self.load(piece).await;
            act();
        });
    }

    /// Tries to load a piece; false when it did not come.
    pub async fn try_load(self, piece: Piece) -> bool {
        self.mark_piece(piece, Loading::Asked);
        let load = self.pieces.with_untracked(|pieces| pieces.loaders[piece as usize]);
        let came = load().await;
        self.mark_piece(piece, if came { Loading::Loaded } else { Loading::Missing });
        came
    }

    /// Loads a piece, however long that takes.
    pub async fn load(self, piece: Piece) {
        let mut wait = AGAIN_MS;
        while !self.try_load(piece).await {
            clock::sleep(wait).await;
            wait = (wait * 2).min(AGAIN_MOST_MS);
        }
    }

    /// Nothing takes back that a piece is here.
    fn mark_piece(self, piece: Piece, state: Loading) {
        let known = self.pieces.with_untracked(|pieces| pieces.states[piece as usize]);
        if known != Loading::Loaded && known != state {
            self.pieces.update(|pieces| pieces.states[piece as usize] = state);
        }
    }
}

/// The place of what a piece shows, once it is here.
pub fn late(store: Store, piece: Piece, view: impl Fn(Store) -> Option<El> + 'static) -> El {
    // Each in a task of its own: several places wait for the same piece.
    let is_here = RwSignal::new_local(false);
    let mut asked = false;
    dom::react(Box::new(move || {
        if store.piece(piece) == Loading::Loaded && !core::mem::replace(&mut asked, true) {
            dom::soon(move || is_here.set(true));
        }
    }));
    el("div.piece").live(move || is_here.get().then(|| view(store).into_iter().collect()))
}

/// The place of a section that shares.
pub fn late_sharing(store: Store, section: fn(&Sharing) -> fn(Store) -> El) -> El {
    late(store, Piece::Sharing, move |store| Some(section(SHARING.get()?)(store)))
}

/// Says so while a piece that is wanted does not come.
pub fn missing(store: Store) -> El {
    let is_missing = move || store.pieces.with(|pieces| pieces.states.contains(&Loading::Missing));
    el("p.missing").attr("role", "status").live_flag("hidden", move || !is_missing()).live_text(move || {
        if is_missing() {
            "A part of this page could not be loaded from this page's server, which is asked again. What was seen until then is kept.".to_owned()
        } else {
            String::new()
        }
    })
}
