//! `<link rel=prefetch>` as an oracle of the status class: in Chromium `load` for 2xx and `error` for 4xx and
//! 5xx, without running anything (browser-observability.md, fact 3). It sends cookies.

use super::document;
use super::event::Listener;
use super::slot::Slot;
use crate::probe::Saw;

/// Asks by prefetch. The element is gone afterwards, whatever came.
pub async fn ask(url: &str, slot: &Slot) -> Saw {
    let Some((link, head)) = document().and_then(|page| page.create_element("link").ok().zip(page.head()))
    else {
        return Saw::NotSent(super::send::REFUSED.to_owned());
    };
    let _loaded = Listener::settle(&link, "load", slot, |_| Saw::Loaded);
    let _errored = Listener::settle(&link, "error", slot, |_| Saw::Errored);
    for (name, value) in [("rel", "prefetch"), ("referrerpolicy", "no-referrer"), ("href", url)] {
        let _ = link.set_attribute(name, value);
    }
    let _ = head.append_child(&link);
    let saw = slot.wait().await;
    let _ = link.remove_attribute("href");
    link.remove();
    saw
}
