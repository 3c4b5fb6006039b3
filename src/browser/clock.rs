//! Time: `performance.now`, timers, and tasks of their own.

use super::slot::Slot;
use crate::probe::Saw;
use wasm_bindgen::prelude::*;

/// Milliseconds on the page's own steady clock.
pub fn now() -> f64 {
    web_sys::window().and_then(|window| window.performance()).map_or(0.0, |clock| clock.now())
}

/// Whole milliseconds since `start`, a value of [`now`].
pub fn since(start: f64) -> u32 {
    // The cast saturates: a clock that goes wrong gives 0 or the largest number.
    (now() - start + 0.5) as u32
}

/// Milliseconds since 1970 by the machine's own clock, without a fraction.
pub fn wall_ms() -> u64 {
    js_sys::Date::now() as u64
}

/// Waits.
pub async fn sleep(ms: u32) {
    let slot = Slot::default();
    let _timer = Timer::settle(ms, &slot, Saw::TimedOut);
    slot.wait().await;
}

#[wasm_bindgen(module = "/src/browser/clock.js")]
extern "C" {
    #[wasm_bindgen(js_name = soon)]
    fn js_soon(act: JsValue);
    #[wasm_bindgen(js_name = took)]
    fn js_took(what: &str, start: f64);
}

/// Does that in a task of its own, one after the other, so that what is pressed or typed is heard in between; but before
/// the next frame, where the browser lets a page choose. No slower in a tab that nobody sees.
pub fn soon(act: impl FnOnce() + 'static) {
    soon_boxed(Box::new(act));
}

fn soon_boxed(act: Box<dyn FnOnce()>) {
    js_soon(Closure::once_into_js(act));
}

/// Notes how long something took, in the browser's timeline. `start` is a value of [`now`].
pub fn took(what: &str, start: f64) {
    js_took(what, start);
}

/// Something that will be done once. Dropping it prevents that.
pub struct Timer {
    id: Option<i32>,
    _handler: Closure<dyn FnMut()>,
}

impl Timer {
    /// Calls `act` in `ms` milliseconds.
    pub fn after(ms: u32, act: impl FnMut() + 'static) -> Timer {
        Timer::with(ms, Closure::new(act))
    }

    /// Calls `act` every `ms` milliseconds.
    pub fn every(ms: u32, act: impl FnMut() + 'static) -> Timer {
        let handler: Closure<dyn FnMut()> = Closure::new(act);
        let ms = i32::try_from(ms).unwrap_or(i32::MAX);
        let id = web_sys::window().and_then(|window| {
            let act = handler.as_ref().unchecked_ref();
            window.set_interval_with_callback_and_timeout_and_arguments_0(act, ms).ok()
        });
        Timer { id, _handler: handler }
    }

    /// Puts `saw` into the slot in `ms` milliseconds, if nothing came before.
    pub fn settle(ms: u32, slot: &Slot, saw: Saw) -> Timer {
        let (slot, mut saw) = (slot.clone(), Some(saw));
        Timer::after(ms, move || {
            if let Some(saw) = saw.take() {
                slot.settle(saw);
            }
        })
    }

    fn with(ms: u32, handler: Closure<dyn FnMut()>) -> Timer {
        let ms = i32::try_from(ms).unwrap_or(i32::MAX);
        let id = web_sys::window().and_then(|window| {
            window
                .set_timeout_with_callback_and_timeout_and_arguments_0(handler.as_ref().unchecked_ref(), ms)
                .ok()
        });
        Timer { id, _handler: handler }
    }
}

impl Drop for Timer {
    fn drop(&mut self) {
        if let (Some(id), Some(window)) = (self.id, web_sys::window()) {
            // Both kinds of timers have their numbers from one list (HTML standard).
            window.clear_timeout_with_handle(id);
        }
    }
}
