//! What this page's own policy blocks: `securitypolicyviolation` events.

use super::event::Listener;
use super::{document, text_property};

/// Calls `blocked` with each address that the policy really blocked (not only reported), until dropped.
pub fn listen(mut blocked: impl FnMut(String) + 'static) -> Option<Listener> {
    Some(Listener::on(document()?.as_ref(), "securitypolicyviolation", move |event| {
        if text_property(&event, "disposition").as_deref() == Some("enforce")
            && let Some(address) = text_property(&event, "blockedURI")
            // Others are words (`inline`, `eval`) or belong to browser extensions.
            && (address.starts_with("http") || address.starts_with("ws"))
        {
            blocked(address);
        }
    }))
}
