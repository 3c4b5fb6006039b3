//! The part of this page's address behind `#`.

use super::event::Listener;
use web_sys::Window;

/// What stands there now; empty without one.
pub fn read() -> String {
    web_sys::window().and_then(|window| window.location().hash().ok()).unwrap_or_default()
}

/// Calls `act` whenever it changes, until dropped.
pub fn listen(mut act: impl FnMut() + 'static) -> Option<Listener> {
    Some(Listener::on(web_sys::window()?.as_ref(), "hashchange", move |_| act()))
}

/// The address of this page with that fragment; without a query, which no link of this page needs.
pub fn address(fragment: &str) -> Option<String> {
    let here = web_sys::window()?.location();
    Some([&here.origin().ok()?, &here.pathname().ok()?, "#", fragment].concat())
}

/// Takes it away, without a trace in the history.
pub fn clear() {
    if let Some(window) = web_sys::window() {
        // Fails for documents without an address of their own.
        let _ = cleared(&window);
    }
}

fn cleared(window: &Window) -> Option<()> {
    let here = window.location();
    let address = [here.pathname().ok()?, here.search().ok()?].concat();
    let history = window.history().ok()?;
    history.replace_state_with_url(&wasm_bindgen::JsValue::NULL, "", Some(&address)).ok()
}
