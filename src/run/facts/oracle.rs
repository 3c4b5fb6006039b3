//! Status oracles: elements that tell the status class of an answer that a fetch may not read. Each is calibrated on
//! a known 200 and a known 404 of the page's own origin before it is believed.

use super::{Facts, ask, frame_id, no_cors_id, object_id, open_status_id};
use crate::deployment::{Host, Target};
use crate::probe::{Probe, Saw, Way};

/// What the status oracle says of an address that cannot be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StatusClass {
    /// 200 to 299.
    Success,
    /// Not 200 to 299, or no answer at all.
    Error,
}

/// The status oracle of this browser.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Oracle {
    /// This way must be calibrated first.
    Calibrate(Way),
    /// This way was seen to separate 200 from 404.
    Works(Way),
    /// None does.
    None,
}

/// Status oracles in the order of preference: prefetch runs and shows nothing, an object may.
const ORACLES: [Way; 2] = [Way::Prefetch, Way::Object];

/// How long a frame may take: fetches to the same host have come to their end by then.
const FRAME_MS: u32 = 2_000;

/// The calibration of frames: a file that is there, and a port that is never asked.
const FRAME_FILE: &str = "oracle-frame-file";
const FRAME_PORT: &str = "oracle-frame-port";

impl<'a> Facts<'a> {
    /// The status class of an address asked by an oracle that was first seen to separate a known 200 from a
    /// known 404 of the page's own origin; `None` when not asked or not to be believed.
    pub fn status_class(&self, id: &str) -> Option<StatusClass> {
        let seen = self.saw(id)?;
        if self.oracle() != Oracle::Works(seen.probe.way) && !self.separates(seen.probe.way) {
            return None;
        }
        match seen.saw {
            Saw::Loaded => Some(StatusClass::Success),
            Saw::Errored if self.forbids_framing(seen.probe.host) || self.forbids_use(seen.probe.host) => {
                None
            }
            Saw::Errored => Some(StatusClass::Error),
            _ => None,
        }
    }

    /// True when a host's open path is readable, a success, and an error as an object: it forbids being framed, so
    /// objects tell nothing of it.
    pub(super) fn forbids_framing(&self, host: Host) -> bool {
        let object = self.saw(&open_status_id(host)).filter(|seen| seen.probe.way == Way::Object);
        object.is_some_and(|seen| seen.saw == Saw::Errored)
            && self.answer(Self::open_id(host)).is_some_and(|answer| answer.ok())
    }

    /// True when a way was seen to separate a known 200 from a known 404.
    pub(super) fn separates(&self, way: Way) -> bool {
        let saw = |good| self.saw(calibration_id(way, good)).map(|seen| &seen.saw);
        saw(true) == Some(&Saw::Loaded) && saw(false) == Some(&Saw::Errored)
    }

    /// What to ask to learn whether a host that hides from fetches is there after all: a frame where frames tell, else
    /// an object, which shows answers that Cross-Origin-Resource-Policy keeps from fetches (fact 6). Each is calibrated
    /// first.
    pub fn hidden_asks(&self, host: Host, target: Target) -> Vec<Probe> {
        let in_frame = |id: &str, host, target| {
            let probe = self.get(id, host, target).by(Way::Frame);
            Probe { timeout_ms: FRAME_MS.min(probe.timeout_ms / 2), ..probe }
        };
        match self.frames_tell() {
            Some(true) => vec![in_frame(&frame_id(host), host, target)],
            Some(false) => self.object_asks(host, target),
            None => vec![
                in_frame(FRAME_FILE, Host::Page, self.page_target("preflight.json")),
                in_frame(FRAME_PORT, Host::Page, self.blocked_port()),
            ],
        }
    }

    /// Whether frames of this browser load for answers only: seen on a known file, and on a port that no browser asks. That
    /// nothing came of the port counts where the file came much sooner: a machine that is held up shows neither in time, and
    /// Chromium loads a page of its own for the port.
    fn frames_tell(&self) -> Option<bool> {
        let (file, port) = (self.saw(FRAME_FILE)?, self.saw(FRAME_PORT)?);
        let stays_silent = port.saw == Saw::TimedOut && file.ms.saturating_mul(4) <= port.ms;
        Some(file.saw == Saw::Loaded && (port.saw == Saw::Errored || stays_silent))
    }

    /// Whether a host that hides from fetches answers, where frames tell and were asked. Its silence there is no
    /// proof: an answer without content shows nothing either.
    pub fn answers_in_frame(&self, host: Host) -> Option<bool> {
        let seen = self.saw(&frame_id(host)).filter(|_| self.frames_tell() == Some(true))?;
        Some(seen.saw == Saw::Loaded)
    }

    /// True when answers come from a host, and not one to a fetch: they forbid pages of other origins to use them
    /// (Cross-Origin-Resource-Policy), so that elements fail on them whatever their status is.
    pub fn forbids_use(&self, host: Host) -> bool {
        let hidden = self.saw(&no_cors_id(host)).is_some_and(|seen| seen.saw == Saw::NetworkError);
        hidden && self.answers_in_frame(host) == Some(true)
    }

    fn object_asks(&self, host: Host, target: Target) -> Vec<Probe> {
        if self.separates(Way::Object) {
            return vec![self.get(&object_id(host), host, target).by(Way::Object)];
        }
        self.calibration(Way::Object)
    }

    fn calibration(&self, way: Way) -> Vec<Probe> {
        let missing = self.page_target(&format!("preflight-no-such-file-{}", self.environment.nonce));
        vec![
            self.get(calibration_id(way, true), Host::Page, self.page_target("preflight.json")).by(way),
            self.get(calibration_id(way, false), Host::Page, missing).by(way),
        ]
    }

    /// Which status oracle works in this browser, as far as calibrated.
    pub fn oracle(&self) -> Oracle {
        for way in ORACLES {
            let (good, bad) = (self.saw(calibration_id(way, true)), self.saw(calibration_id(way, false)));
            let (Some(good), Some(bad)) = (good, bad) else { return Oracle::Calibrate(way) };
            if good.saw == Saw::Loaded && bad.saw == Saw::Errored {
                return Oracle::Works(way);
            }
        }
        Oracle::None
    }

    /// What to ask to learn the status class of an address: the calibration first, then the oracle itself.
    pub fn status_asks(&self, id: &str, host: Host, target: Target) -> Vec<Probe> {
        match self.oracle() {
            Oracle::None => Vec::new(),
            Oracle::Works(way) => vec![self.get(id, host, target).by(way)],
            Oracle::Calibrate(way) => self.calibration(way),
        }
    }

    /// True when the search without a key gets an error status that the browser withholds from this page:
    /// a plain request, so no preflight is to blame.
    pub fn search_error_is_hidden(&self) -> bool {
        let unframed = self.forbids_framing(Host::Registry) && self.was_sent(ask::SEARCH_NONE);
        self.failed(ask::SEARCH_NONE)
            && (unframed || self.status_class(ask::SEARCH_STATUS) == Some(StatusClass::Error))
    }
}

/// The id of an oracle's calibration on a known 200 (`good`) or a known 404.
fn calibration_id(way: Way, good: bool) -> &'static str {
    match (way, good) {
        (Way::Prefetch, true) => "oracle-prefetch-200",
        (Way::Prefetch, false) => "oracle-prefetch-404",
        (_, true) => "oracle-object-200",
        (_, false) => "oracle-object-404",
    }
}
