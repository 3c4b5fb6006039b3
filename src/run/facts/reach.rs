//! How far requests to a host come: not sent, no answer, an answer that may not be read, a readable one.

use super::{
    BLOCKED_PORT, Facts, METHODS, OPEN_REPEATS, SEARCH_REPEATS, StatusClass, ask, manual_id, no_cors_id,
    object_id,
};
use crate::deployment::{Host, Origin, Target};
use crate::probe::{Entry, Method, Observation, Probe, Saw, Who};
use crate::run::{Refusal, Registration};

/// Within which time this many of a hundred of the sorted times are.
pub fn within(times: &[u32], share: usize) -> Option<u32> {
    times.get(times.len() * share / 100).or(times.last()).copied()
}

/// How far requests to a host come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// Not seen yet.
    Unknown,
    /// The browser refuses to send anything there.
    Barred,
    /// Connections fail, or are never made.
    NoAnswer,
    /// Requests are neither answered nor refused.
    Silent,
    /// Something answers, and this page may read none of it.
    Unreadable,
    /// At least one answer could be read.
    Readable,
}

impl<'a> Facts<'a> {
    /// True when the page is https and the host is http and not on this machine: browsers refuse that. Not where the
    /// browser may make an exception ([`Self::may_be_mixed_content`]).
    pub fn is_mixed_content(&self, host: Host) -> bool {
        self.mixed_content(host) == Some(false)
    }

    /// The same, where the address is one of a private network, and the browser asks its user about those: some let such
    /// requests through then (Local Network Access, *mixed content*).
    pub fn may_be_mixed_content(&self, host: Host) -> bool {
        self.mixed_content(host) == Some(true)
    }

    /// Whether an exception may be made, where content would be mixed.
    fn mixed_content(&self, host: Host) -> Option<bool> {
        let origin = &self.deployment.base(host)?.origin;
        let is_mixed = self.environment.page_origin.secure && !origin.secure && !origin.is_loopback();
        let is_asked = || matches!(self.environment.local_network.as_deref(), Some("prompt" | "granted"));
        // Of names only those in `.local`: where others lead is not known before they are asked.
        let is_exempt = || origin.is_private() && (origin.is_ip() || origin.host.ends_with(".local"));
        is_mixed.then(|| is_exempt() && is_asked())
    }

    /// True when the host's port is on the list that browsers refuse.
    pub fn is_port_blocked(&self, host: Host) -> bool {
        self.deployment.base(host).is_some_and(|base| base.origin.port_is_blocked())
    }

    /// True when this page's own policy stopped a request to the host.
    pub fn is_policy_blocked(&self, host: Host) -> bool {
        self.deployment.base(host).is_some_and(|base| {
            let origin = base.origin.to_string();
            // A blocked WebSocket is reported as ws: or wss:.
            let same = |address: &String| {
                let address = address.replacen("ws", "http", usize::from(address.starts_with("ws")));
                address == origin || address.starts_with(&format!("{origin}/"))
            };
            self.policy_blocked.iter().any(same)
        })
    }

    /// How far requests to a host come.
    pub fn reach(&self, host: Host) -> Reach {
        if self.is_mixed_content(host) || self.is_port_blocked(host) {
            return Reach::Barred;
        }
        let seen = || self.of_host(host);
        if seen().any(|seen| seen.answer().is_some()) {
            return Reach::Readable;
        }
        if self.is_policy_blocked(host) {
            return Reach::Barred;
        }
        if seen().any(Observation::proves_answer)
            || self.status_class(&object_id(host)) == Some(StatusClass::Success)
            || self.answers_in_frame(host) == Some(true)
        {
            return Reach::Unreadable;
        }
        let (Some(plain), Some(opaque)) = (self.saw(Self::open_id(host)), self.saw(&no_cors_id(host))) else {
            return Reach::Unknown;
        };
        match (&plain.saw, &opaque.saw) {
            (Saw::TimedOut, Saw::TimedOut) => Reach::Silent,
            // A name that is not found at once, and then not at all: what fails for want of CORS does so however it follows
            // redirects.
            (Saw::NetworkError, Saw::TimedOut)
                if self.saw(&manual_id(host)).is_some_and(|seen| seen.saw == Saw::TimedOut) =>
            {
                Reach::NoAnswer
            }
            // Headers came, or the request would not have failed at once; then the body stalled
            // (browser-observability.md 2b).
            (Saw::NetworkError, Saw::TimedOut) => Reach::Unreadable,
            (Saw::Stopped, _) | (_, Saw::Stopped) => Reach::Unknown,
            _ => Reach::NoAnswer,
        }
    }

    /// How long answers took, connection set-up included: milliseconds, the quickest first. Those of one host, or of all
    /// under test.
    pub fn answer_times(&self, host: Option<Host>) -> Vec<u32> {
        let is_meant = |probe: &Probe| host.map_or(probe.is_outward(), |host| host == probe.host);
        let answered = |seen: &&Observation| is_meant(&seen.probe) && seen.answer().is_some();
        // Sorted by insertion: a dozen numbers, and the library's sort weighs 3 kB.
        let mut times: Vec<u32> = Vec::new();
        for seen in self.observations.iter().filter(answered) {
            times.insert(times.partition_point(|other| *other <= seen.ms), seen.ms);
        }
        times
    }

    /// True when something on this host answers with a redirect that this page may see and not follow: the redirect
    /// carries CORS headers.
    pub fn redirects(&self, host: Host) -> bool {
        self.of_host(host).any(|seen| seen.saw == Saw::OpaqueRedirect)
    }

    /// How far the open request of a host came, in browsers whose timing entries tell: `Zero` when nothing was
    /// written to a connection, `Positive` when something was. Calibrated on a request that cannot leave the
    /// browser: Firefox has no entry for it, Chromium has one that tells nothing (browser-observability.md, fact 4).
    pub fn stage(&self, host: Host) -> Entry {
        let tells = self.stages_tell();
        // WebKit has no entry for any failed fetch, the open one included: that tells nothing.
        let entry = self.saw(Self::open_id(host)).filter(|_| tells).map_or(Entry::Unknown, |seen| seen.entry);
        if entry == Entry::Absent { Entry::Unknown } else { entry }
    }

    /// True when the browser may be asking its user whether this page may use the local network, or was told that it
    /// may not. A name may lead to a private address; a page on this machine is not asked, though the state reads so.
    pub fn local_network_in_doubt(&self, host: Host) -> bool {
        let state = self.environment.local_network.as_deref();
        let could_be_private =
            self.deployment.base(host).is_some_and(|base| base.origin.is_private() || !base.origin.is_ip());
        could_be_private && matches!(state, Some("prompt" | "denied"))
    }

    /// Whether browsers ask the user before pages like this one get to a host: pages of the private network are not asked
    /// about it, nor those of this machine about anything. By the addresses alone: names may lead anywhere.
    pub fn is_asked_for_local_network(&self, host: Host) -> bool {
        let page = &self.environment.page_origin;
        self.deployment.base(host).is_some_and(|base| {
            if base.origin.is_loopback() { !page.is_loopback() } else { !page.is_private() }
        })
    }

    /// How often the registry's open path was asked plainly, and how often it gave no good answer: a readable 5xx or
    /// none.
    pub fn open_tries(&self) -> (usize, usize) {
        let tries = || self.of_host(Host::Registry).filter(|seen| is_open_try(&seen.probe.id));
        let bad = |seen: &&Observation| seen.failed() || seen.status().is_some_and(|status| status >= 500);
        (tries().count(), tries().filter(bad).count())
    }

    /// True when every bad answer to the registry's open path is the one that nginx gives to what comes too fast.
    pub fn open_tries_may_be_limited(&self) -> bool {
        let mut bad = self
            .of_host(Host::Registry)
            .filter(|seen| is_open_try(&seen.probe.id))
            .filter(|seen| seen.failed() || seen.status().is_some_and(|status| status >= 500));
        self.is_unsteady() && bad.all(|seen| seen.answer().is_some_and(Refusal::may_be_limit))
    }

    /// True when a gateway's own error page was read at the registry, and a good answer too.
    pub fn gateway_page_beside_a_good_answer(&self) -> bool {
        let broken = |seen: &Observation| {
            let page = |answer| Who::of(answer) == Who::GatewayPage;
            matches!(seen.status(), Some(502..=504)) && seen.answer().is_some_and(page)
        };
        let good = |seen: &Observation| seen.status().is_some_and(|status| status < 500);
        // Steps that write are many and quick: what befalls them is judged by itself.
        let questions = || self.of_host(Host::Registry).filter(|seen| !Registration::owns(&seen.probe.id));
        questions().any(broken) && questions().any(good)
    }

    /// True when one and the same question to the registry fails unread at one time and is answered at another: asked
    /// again, with another key where one was let through, or by some of the methods that are mostly allowed together.
    pub fn failures_differ(&self) -> bool {
        let failed = |id: &str| self.saw(id).is_some_and(|seen| seen.saw == Saw::NetworkError);
        let answered = |id: &str| self.answer(id).is_some();
        let same = |ids: &[&str]| ids.iter().any(|id| failed(id)) && ids.iter().any(|id| answered(id));
        let [second, third] = SEARCH_REPEATS;
        let [open, again, ..] = OPEN_REPEATS;
        same(&[ask::SEARCH_NONE, second, third])
            || same(&[ask::OPEN, open, again])
            || failed(ask::SEARCH_KEY) && answered(ask::SEARCH_FAKE) && answered(ask::SEARCH_NONE)
            || failed(ask::SEARCH_FAKE) && answered(ask::SEARCH_KEY) && answered(ask::SEARCH_NONE)
            || same(&METHODS.map(|(method, id)| if method == Method::Post { "" } else { id }))
    }

    /// True when the registry's open path is answered well at times and badly at others.
    pub fn is_unsteady(&self) -> bool {
        let (all, bad) = self.open_tries();
        bad > 0 && bad < all && all > 2
    }

    /// True when the page's own server answers: this browser has a network, and it was not asleep.
    pub fn control_works(&self) -> Option<bool> {
        self.saw(ask::CONTROL).map(|seen| seen.answer().is_some())
    }

    /// The question what this browser's timing entries tell; it never leaves the browser.
    pub fn blocked_port_ask(&self) -> Probe {
        self.get(BLOCKED_PORT, Host::Page, self.blocked_port())
    }

    pub(super) fn blocked_port(&self) -> Target {
        let origin = Origin { port: 6000, ..self.environment.page_origin.clone() };
        Target { origin, path: "/".to_owned() }
    }

    /// True when a question failed after it was written to a connection, in browsers whose timing entries tell: it was
    /// answered, and the answer withheld, or the connection broke.
    pub fn was_sent(&self, id: &str) -> bool {
        self.stages_tell()
            && self.saw(id).is_some_and(|seen| seen.saw == Saw::NetworkError && seen.entry == Entry::Positive)
    }

    /// True when this browser has no timing entry for a request that cannot leave it: then its entries tell the stage
    /// that others came to (browser-observability.md, fact 4).
    pub fn stages_tell(&self) -> bool {
        self.saw(BLOCKED_PORT).is_some_and(|seen| seen.entry == Entry::Absent)
    }

    /// True when a question failed before anything of it was written to a connection, in browsers whose timing entries
    /// tell: its permission question failed, or nobody took the connection.
    pub fn was_held_back(&self, id: &str) -> bool {
        // Below that, 0 may be rounding (browser-observability.md, part 4).
        self.stages_tell()
            && self.saw(id).is_some_and(|seen| {
                seen.saw == Saw::NetworkError && seen.entry == Entry::Zero && seen.ms >= 5
            })
    }

    /// True when answers of a host begin and do not end: then what waits may wait for a free connection, and proves
    /// nothing.
    pub fn stalls(&self, host: Host) -> bool {
        let cut = |seen: &Observation| {
            seen.answer().is_some_and(|answer| answer.body.is_cut() && !answer.body.broken)
        };
        self.of_host(host).any(cut)
    }
}

fn is_open_try(id: &str) -> bool {
    id == ask::OPEN || OPEN_REPEATS.contains(&id)
}
