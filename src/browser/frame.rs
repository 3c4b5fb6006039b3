//! `<iframe>` as a sign of life: in Firefox and WebKit its `load` comes for any HTTP answer, whatever the headers forbid,
//! and for nothing below HTTP (browser-observability.md, fact 6; docs/what-browsers-show.md). It sends cookies.
//!
//! The frame's sandbox allows nothing: no scripts, no forms, no downloads, no way to this page.

use super::document;
use super::event::Listener;
use super::slot::Slot;
use crate::probe::Saw;
use wasm_bindgen::JsCast;
use web_sys::{HtmlElement, HtmlIFrameElement};

/// A frame that nobody sees, reads out or gets into by the keyboard. `sandbox` names what it may do.
pub(super) fn unseen(sandbox: &str) -> Option<(HtmlIFrameElement, HtmlElement)> {
    let page = document()?;
    let frame: HtmlIFrameElement = page.create_element("iframe").ok()?.dyn_into().ok()?;
    for (name, value) in [
        ("sandbox", sandbox),
        ("referrerpolicy", "no-referrer"),
        ("aria-hidden", "true"),
        ("tabindex", "-1"),
        ("width", "1"),
        ("height", "1"),
    ] {
        let _ = frame.set_attribute(name, value);
    }
    // Out of sight, yet rendered: what is not rendered need not be loaded. The page's policy allows this way
    // of styling and not the attribute.
    frame.style().set_css_text("position:fixed;left:-9px;top:0;border:0");
    Some((frame, page.body()?))
}

/// Asks by frame. It is gone afterwards, whatever came.
pub async fn ask(url: &str, slot: &Slot) -> Saw {
    let Some((frame, body)) = unseen("") else { return Saw::NotSent(super::send::REFUSED.to_owned()) };
    let _loaded = Listener::settle(&frame, "load", slot, |_| Saw::Loaded);
    let _errored = Listener::settle(&frame, "error", slot, |_| Saw::Errored);
    let _ = frame.set_attribute("src", url);
    let _ = body.append_child(&frame);
    let saw = slot.wait().await;
    frame.remove();
    saw
}
