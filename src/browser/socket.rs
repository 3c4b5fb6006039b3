//! `WebSocket`: Firefox closes with 1015 where TLS fails (browser-observability.md, fact 5).

use super::event::Listener;
use super::property;
use super::slot::Slot;
use crate::probe::Saw;
use web_sys::WebSocket;

/// Asks by a socket to an http or https address. It is closed afterwards, whatever came.
pub async fn ask(url: &str, slot: &Slot) -> Saw {
    // http becomes ws, https becomes wss.
    let address = ["ws", url.strip_prefix("http").unwrap_or_default()].concat();
    let Ok(socket) = WebSocket::new(&address) else {
        return Saw::NotSent("The browser refused to open a socket to this address.".to_owned());
    };
    let _opened = Listener::settle(&socket, "open", slot, |_| Saw::Opened);
    let _closed = Listener::settle(&socket, "close", slot, |event| {
        Saw::Closed(property(&event, "code").as_f64().unwrap_or_default() as u16)
    });
    let saw = slot.wait().await;
    let _ = socket.close();
    saw
}
