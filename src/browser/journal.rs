//! The journals of registrations, kept in this browser (IndexedDB), and the lock that keeps a second tab out.

use super::clock::Timer;
use super::slot::Slot;
use crate::probe::Saw;
use crate::registration::Journal;
use js_sys::{Array, Function, Promise};
use std::cell::RefCell;
use wasm_bindgen::prelude::*;

#[wasm_bindgen(module = "/src/browser/journal.js")]
extern "C" {
    #[wasm_bindgen(js_name = write)]
    fn js_write(id: &str, text: &str) -> Promise;
    #[wasm_bindgen(js_name = remove)]
    fn js_remove(id: &str) -> Promise;
    #[wasm_bindgen(js_name = read)]
    fn js_read() -> Promise;
    #[wasm_bindgen(catch, js_name = hold)]
    fn js_hold() -> Result<Promise, JsValue>;
}

/// A database that takes longer, a second attempt included (`journal.js`), has lost its way.
const PATIENCE_MS: u32 = 9_000;

/// Waits for a promise of the database; `None` when it fails or takes too long.
async fn wait(promise: Promise) -> Option<JsValue> {
    let slot = Slot::default();
    let _limit = Timer::settle(PATIENCE_MS, &slot, Saw::TimedOut);
    slot.or(promise).await.ok()?.ok()
}

/// True when there may be journals: also when that could not be read, which does not mean that there are none.
pub async fn any() -> bool {
    wait(js_read()).await.is_none_or(|texts| Array::from(&texts).length() > 0)
}

/// All journals of this page; `None` when they could not be read, which does not mean that there are none.
pub async fn all() -> Option<Vec<Journal>> {
    let texts = Array::from(&wait(js_read()).await?);
    Some(texts.iter().filter_map(|text| Journal::parse(&text.as_string()?)).collect())
}

/// Forgets a journal.
pub async fn remove(id: &str) {
    wait(js_remove(id)).await;
}

/// The lock; let go when dropped.
pub struct Held(Function);

impl Drop for Held {
    fn drop(&mut self) {
        // Resolves a promise, which does not fail.
        let _ = self.0.call0(&JsValue::UNDEFINED);
    }
}

/// Takes the lock. The error says why not.
pub async fn hold() -> Result<Held, &'static str> {
    let promise = js_hold().ok();
    let held = match promise {
        Some(promise) => wait(promise).await,
        None => None,
    };
    match held {
        None => Err("This browser keeps no data for this page, so a registration could get lost."),
        Some(held) => held
            .dyn_into::<Function>()
            .map(Held)
            .map_err(|_| "Another tab is registering or cleaning up. Close it, or wait for it."),
    }
}

/// The journal of a run that goes on.
pub struct Keeper {
    journal: RefCell<Journal>,
    _held: Held,
}

impl Keeper {
    /// Begins a journal, which is not written before there is a step.
    pub fn new(journal: Journal, held: Held) -> Keeper {
        Keeper { journal: RefCell::new(journal), _held: held }
    }

    /// Writes a step down; false when that failed.
    pub async fn note(&self, step: &str) -> bool {
        let (id, text) = {
            let mut journal = self.journal.borrow_mut();
            journal.steps.push(step.to_owned());
            (journal.id.clone(), journal.to_text())
        };
        wait(js_write(&id, &text)).await.is_some()
    }

    /// Forgets it: nothing is left.
    pub async fn forget(&self) {
        let id = self.journal.borrow().id.clone();
        remove(&id).await;
    }
}
