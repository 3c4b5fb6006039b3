//! Event listeners that remove themselves.

use super::slot::Slot;
use crate::probe::Saw;
use wasm_bindgen::prelude::*;
use web_sys::EventTarget;

/// Listens until it is dropped.
pub struct Listener {
    target: EventTarget,
    name: &'static str,
    handler: Closure<dyn FnMut(JsValue)>,
}

impl Listener {
    /// Calls `act` with each event of this name at `target`.
    pub fn on(target: &EventTarget, name: &'static str, act: impl FnMut(JsValue) + 'static) -> Listener {
        let handler: Closure<dyn FnMut(JsValue)> = Closure::new(act);
        // It fails only for a target that is none.
        let _ = target.add_event_listener_with_callback(name, handler.as_ref().unchecked_ref());
        Listener { target: target.clone(), name, handler }
    }

    /// Puts what `see` makes of the first such event into the slot.
    pub fn settle(
        target: &EventTarget,
        name: &'static str,
        slot: &Slot,
        see: impl Fn(JsValue) -> Saw + 'static,
    ) -> Listener {
        let slot = slot.clone();
        Listener::on(target, name, move |event| slot.settle(see(event)))
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        let _ =
            self.target.remove_event_listener_with_callback(self.name, self.handler.as_ref().unchecked_ref());
    }
}
