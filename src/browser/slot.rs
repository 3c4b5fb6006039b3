//! Where the first thing that comes of a probe is put: an element's event, the time limit or the user's stop.
//! Whoever comes later changes nothing.

use crate::probe::Saw;
use js_sys::Promise;
use std::cell::RefCell;
use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Poll, Waker};
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;

/// A shared place for one [`Saw`].
#[derive(Clone, Default)]
pub struct Slot(Rc<Inner>);

#[derive(Default)]
struct Inner {
    saw: RefCell<Option<Saw>>,
    waker: RefCell<Option<Waker>>,
}

impl Slot {
    /// Puts `saw` in, unless something is in already, and wakes whoever waits.
    pub fn settle(&self, saw: Saw) {
        if self.get().is_some() {
            return;
        }
        self.0.saw.replace(Some(saw));
        if let Some(waker) = self.0.waker.take() {
            waker.wake();
        }
    }

    /// What is in.
    pub fn get(&self) -> Option<Saw> {
        self.0.saw.borrow().clone()
    }

    /// Waits until something is in.
    pub async fn wait(&self) -> Saw {
        poll_fn(|context| {
            self.0.waker.replace(Some(context.waker().clone()));
            self.get().map_or(Poll::Pending, Poll::Ready)
        })
        .await
    }

    /// Waits for a promise, or until something is in: that is the `Err` outside. So our own limit and the
    /// user's stop never have to be told from an `AbortError`, which in Firefox also comes from a reset body.
    pub async fn or(&self, promise: Promise) -> Result<Result<JsValue, JsValue>, Saw> {
        let mut promise = JsFuture::from(promise);
        poll_fn(|context| {
            if let Some(saw) = self.get() {
                return Poll::Ready(Err(saw));
            }
            self.0.waker.replace(Some(context.waker().clone()));
            Pin::new(&mut promise).poll(context).map(Ok)
        })
        .await
    }
}
