//! The loop of a run: asks [`engine`] what to send, sends it, feeds back what comes. The one owner of a [`Run`]
//! while it goes on, and of the credential.

use super::clock::{self, Timer};
use super::event::Listener;
use super::journal::Keeper;
use super::slot::Slot;
use super::{policy, send, timing};
use crate::deployment::Credential;
use crate::engine;
use crate::probe::{Entry, Observation, Probe, Saw};
use crate::registration::{self, part};
use crate::run::{Event, Phase, Run};
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use wasm_bindgen_futures::spawn_local;

/// Addresses blocked by the page's policy that are kept.
const BLOCKED: usize = 64;
/// How long the first questions have the network and the processor for themselves, milliseconds: their answers come
/// sooner, and the run ends sooner (docs/measurements.md).
const HEAD_START: u32 = 15;

thread_local! {
    /// Runs that go on.
    static GOING: Cell<u32> = const { Cell::new(0) };
}

/// A run that goes on until it is finished or stopped, also when this handle is dropped.
#[derive(Clone)]
pub struct Running(Rc<Loop>);

struct Loop {
    /// Shared with `on_change` while that is called: nothing is borrowed meanwhile, so it may call `stop`.
    run: RefCell<Rc<Run>>,
    /// Gone when the run has ended.
    credential: RefCell<Option<Rc<Credential>>>,
    flights: RefCell<Vec<Flight>>,
    policy: RefCell<Option<Listener>>,
    /// Keeps the journal of what is written, and the lock; gone when the run has ended.
    keeper: RefCell<Option<Rc<Keeper>>>,
    started: f64,
    on_change: Box<dyn Fn(&Run)>,
}

/// A probe that is out.
struct Flight {
    id: String,
    slot: Slot,
    _half: Timer,
}

/// Starts a run. Nothing is sent before the caller's own task is over; `on_change` is called after each event,
/// also after the one that ends the run.
pub fn start(
    run: Run,
    credential: Credential,
    keeper: Option<Keeper>,
    on_change: impl Fn(&Run) + 'static,
) -> Running {
    timing::make_room(GOING.replace(GOING.get() + 1) > 0);
    let it = Rc::new(Loop {
        run: RefCell::new(Rc::new(run)),
        credential: RefCell::new(Some(Rc::new(credential))),
        flights: RefCell::default(),
        policy: RefCell::default(),
        keeper: RefCell::new(keeper.map(Rc::new)),
        started: clock::now(),
        on_change: Box::new(on_change),
    });
    let weak = Rc::downgrade(&it);
    it.policy.replace(policy::listen(move |address| {
        let Some(it) = weak.upgrade() else { return };
        let run = it.run();
        let is_new = run.policy_blocked.len() < BLOCKED && !run.policy_blocked.contains(&address);
        drop(run);
        if is_new {
            it.take_in(Event::PolicyBlocked(address));
        }
    }));
    // The first that leads leaves as soon as the caller's task is over, before anything that is drawn because of that.
    it.send_wanted(false);
    let first = it.clone();
    spawn_local(async move {
        first.tell();
        clock::sleep(HEAD_START).await;
        first.go_on();
    });
    Running(it)
}

impl Running {
    /// Ends the run now: everything that is out is aborted, and nothing of it is taken in later.
    pub fn stop(&self) {
        if self.0.run().phase == Phase::Running {
            self.0.end(Phase::Stopped);
            self.0.tell();
        }
    }
}

impl Loop {
    fn run(&self) -> Rc<Run> {
        self.run.borrow().clone()
    }

    fn apply(&self, event: Event) {
        Rc::make_mut(&mut self.run.borrow_mut()).apply(event);
    }

    fn tell(&self) {
        (self.on_change)(&self.run());
    }

    /// Takes an event in and sends what is wanted because of it.
    fn take_in(self: &Rc<Self>, event: Event) {
        if self.run().phase == Phase::Running {
            self.apply(event);
            self.go_on();
        }
    }

    /// Sends what is wanted now, or finishes.
    fn go_on(self: &Rc<Self>) {
        let is_over = self.send_wanted(true);
        self.conclude(is_over);
    }

    /// Sends what is wanted now, `all` of it or what leads; true when there is nothing to send and nothing to wait for.
    fn send_wanted(self: &Rc<Self>, all: bool) -> bool {
        let run = self.run();
        if run.phase != Phase::Running {
            return false;
        }
        let wanted = engine::next(&run);
        let is_over = wanted.is_empty() && run.in_flight.is_empty();
        drop(run);
        let sent = wanted.into_iter().filter(|probe| all || engine::leads(probe));
        for (index, probe) in sent.enumerate() {
            self.apply(Event::Sent(probe.clone()));
            self.launch(probe, all || index > 0);
        }
        is_over
    }

    fn conclude(self: &Rc<Self>, is_over: bool) {
        if self.run().phase == Phase::Running {
            if is_over && !self.forgets() {
                self.end(Phase::Finished);
            }
            self.tell();
        }
    }

    /// When all that was written is gone again, the journal goes too, and the run ends after that.
    fn forgets(self: &Rc<Self>) -> bool {
        let run = self.run();
        let facts = run.facts();
        let is_done =
            facts.writing().is_some() && (part::cleaning(&facts).is_clean() || !facts.may_have_left());
        let Some(keeper) = self.keeper.borrow().clone().filter(|_| is_done) else { return false };
        let it = self.clone();
        spawn_local(async move {
            keeper.forget().await;
            drop(keeper);
            if it.run().phase == Phase::Running {
                it.end(Phase::Finished);
                it.tell();
            }
        });
        true
    }

    /// Sends a probe: as soon as this task is over, or in a task of its own, since a burst of them in one would hold a phone
    /// up. One that was stopped by then is not sent ([`send::send`]).
    fn launch(self: &Rc<Self>, probe: Probe, in_a_task: bool) {
        let Some(credential) = self.credential.borrow().clone() else { return };
        let (weak, id) = (Rc::downgrade(self), probe.id.clone());
        let half = Timer::after(probe.timeout_ms / 2, move || {
            if let Some(it) = weak.upgrade() {
                it.take_in(Event::Waiting(id.clone()));
            }
        });
        let slot = Slot::default();
        self.flights.borrow_mut().push(Flight { id: probe.id.clone(), slot: slot.clone(), _half: half });
        let it = self.clone();
        let sending = async move {
            let seen = match it.may_send(&probe).await {
                true => {
                    let nonce = it.run().environment.nonce.clone();
                    send::send(probe, &credential, &nonce, it.started, &slot).await
                }
                false => unsent(probe, clock::since(it.started)),
            };
            drop(credential);
            it.flights.borrow_mut().retain(|flight| flight.id != seen.probe.id);
            it.take_in(Event::Observed(seen));
        };
        if in_a_task {
            clock::soon(move || spawn_local(sending));
        } else {
            spawn_local(sending);
        }
    }

    /// What writes is written down first, or not sent; and some questions wait a while.
    async fn may_send(&self, probe: &Probe) -> bool {
        let pause = part::pause(&self.run(), &probe.id);
        if pause > 0 {
            clock::sleep(pause).await;
        }
        let keeper = self.keeper.borrow().clone();
        match keeper {
            _ if !registration::is_write(&probe.id) => true,
            Some(keeper) => keeper.note(&probe.id).await,
            None => false,
        }
    }

    fn end(&self, phase: Phase) {
        for flight in self.flights.take() {
            flight.slot.settle(Saw::Stopped);
        }
        if self.credential.take().is_some() {
            GOING.set(GOING.get().saturating_sub(1));
        }
        self.policy.take();
        self.keeper.take();
        self.apply(Event::Ended(phase));
    }
}

/// For a step that could not be written down.
fn unsent(probe: Probe, start_ms: u32) -> Observation {
    let saw = Saw::NotSent("The journal could not be written, so nothing was sent.".to_owned());
    Observation { probe, start_ms, ms: 0, saw, entry: Entry::Unknown }
}
