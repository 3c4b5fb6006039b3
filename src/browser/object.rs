//! `<object>` as an oracle of the status class: `load` for 2xx and `error` for 4xx and 5xx, also in Firefox,
//! where prefetch tells nothing (browser-observability.md, fact 3). It sends cookies.
//!
//! WebKit calls no listeners inside such a frame. There the object is looked at: what stands inside it is shown when
//! it could not be loaded, and its document is another one when it was (docs/what-browsers-show.md).
//!
//! An object runs what it is given, so it stands inside a frame whose sandbox allows no scripts (part 7 there:
//! the oracle still works in it). The frame keeps this page's origin only so that the object can be put in.

use super::clock::Timer;
use super::event::Listener;
use super::slot::Slot;
use super::{frame, property, text_property};
use crate::probe::Saw;
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use wasm_bindgen::JsCast;
use web_sys::{Element, Event, HtmlElement, HtmlIFrameElement};

/// How often an object is looked at that tells nothing by itself, milliseconds.
const GLANCE_MS: u32 = 25;

/// Asks by object. The frame is gone afterwards, whatever came.
pub async fn ask(url: &str, slot: &Slot) -> Saw {
    let Some((frame, body)) = frame::unseen("allow-same-origin") else {
        return Saw::NotSent(super::send::REFUSED.to_owned());
    };
    let inside: Rc<RefCell<Option<Inside>>> = Rc::default();
    // Firefox replaces the empty document once its frame has loaded, so the object is put in only then.
    let _ready = Listener::on(&frame, "load", {
        let (frame, inside, slot, url) = (frame.clone(), inside.clone(), slot.clone(), url.to_owned());
        move |_| {
            if inside.borrow().is_none() && slot.get().is_none() {
                let made = Inside::put(&frame, &url, &slot);
                inside.replace(made);
            }
        }
    });
    let _ = body.append_child(&frame);
    let saw = slot.wait().await;
    inside.take();
    frame.remove();
    saw
}

/// The object and who listens to it; blanked when dropped.
struct Inside {
    object: Element,
    _loaded: Listener,
    _errored: Listener,
    _looking: Option<Timer>,
}

impl Inside {
    fn put(frame: &HtmlIFrameElement, url: &str, slot: &Slot) -> Option<Inside> {
        let page = frame.content_document()?;
        let object = page.create_element("object").ok()?;
        // Its class is that of the frame, which a checked cast does not know.
        let fallback: HtmlElement = page.create_element("i").ok()?.unchecked_into();
        fallback.set_text_content(Some("-"));
        object.append_child(&fallback).ok()?;
        let looking = (!calls_listeners(&object)).then(|| look(frame, &object, &fallback, slot));
        let inside = Inside {
            _looking: looking,
            _loaded: Listener::settle(&object, "load", slot, |_| Saw::Loaded),
            _errored: Listener::settle(&object, "error", slot, |_| Saw::Errored),
            object,
        };
        inside.object.set_attribute("data", url).ok()?;
        page.body()?.append_child(&inside.object).ok()?;
        Some(inside)
    }
}

/// Whether listeners inside the frame are called at all.
fn calls_listeners(object: &Element) -> bool {
    let called = Rc::new(Cell::new(false));
    let heard = called.clone();
    let _listener = Listener::on(object, "preflight", move |_| heard.set(true));
    let Ok(event) = Event::new("preflight") else { return true };
    let _ = object.dispatch_event(&event);
    called.get()
}

/// Looks at the object from time to time, and puts what is seen into the slot.
fn look(frame: &HtmlIFrameElement, object: &Element, fallback: &HtmlElement, slot: &Slot) -> Timer {
    let (frame, object, fallback, slot) = (frame.clone(), object.clone(), fallback.clone(), slot.clone());
    Timer::every(GLANCE_MS, move || {
        let document = property(&object, "contentDocument");
        let has_frame = frame.content_window().is_some_and(|window| window.length() > 0);
        // The document of another origin cannot be seen.
        let is_other = document.is_null()
            || (text_property(&document, "URL").is_some_and(|url| url != "about:blank")
                && text_property(&document, "readyState").as_deref() == Some("complete"));
        if fallback.offset_width() > 0 {
            slot.settle(Saw::Errored);
        } else if has_frame && is_other {
            slot.settle(Saw::Loaded);
        }
    })
}

impl Drop for Inside {
    fn drop(&mut self) {
        // A frame that is only removed can go on loading and hold one of the six connections to the host.
        let _ = self.object.remove_attribute("data");
        self.object.remove();
    }
}
