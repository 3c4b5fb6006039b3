//! `<link rel=prefetch>` as an oracle of the status class: in Chromium `load` for 2xx and `error` for 4xx and
//! 5xx, without running anything (browser-observability.md, fact 3). It sends cookies.
//!
//! WebKit has no prefetch, and its `<link rel=preload>` tells the same. Of the kinds of preload that look at the
//! status (subtitles, styles, scripts, fonts), subtitles is the one that is harmless for a policy to allow
//! (docs/what-browsers-show.md).

use super::document;
use super::event::Listener;
use super::slot::Slot;
use crate::probe::Saw;
use wasm_bindgen::JsCast;
use web_sys::HtmlLinkElement;

/// Asks by prefetch. The element is gone afterwards, whatever came.
pub async fn ask(url: &str, slot: &Slot) -> Saw {
    let made = document().and_then(|page| page.create_element("link").ok().zip(page.head()));
    let Some((link, head)) = made.and_then(|(link, head)| Some((link.dyn_into().ok()?, head))) else {
        return Saw::NotSent(super::send::REFUSED.to_owned());
    };
    let link: HtmlLinkElement = link;
    let _loaded = Listener::settle(&link, "load", slot, |_| Saw::Loaded);
    let _errored = Listener::settle(&link, "error", slot, |_| Saw::Errored);
    let rel = if link.rel_list().supports("prefetch") == Ok(false) {
        let _ = link.set_attribute("as", "track");
        "preload"
    } else {
        "prefetch"
    };
    for (name, value) in [("rel", rel), ("referrerpolicy", "no-referrer"), ("href", url)] {
        let _ = link.set_attribute(name, value);
    }
    let _ = head.append_child(&link);
    let saw = slot.wait().await;
    let _ = link.remove_attribute("href");
    link.remove();
    saw
}
