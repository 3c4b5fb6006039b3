//! The only place that calls web APIs, one file per API, without opinions.
//!
//! | file | what it wraps |
//! |---|---|
//! | [`run_loop`] | asks [`crate::engine`] what to send, sends it, feeds events back: the one owner of a run |
//! | [`send`] | one probe from its soundness check to its [`crate::probe::Observation`] |
//! | [`fetch`] | `fetch`, by gloo-net; also reads files that lie beside the page |
//! | [`prefetch`] | `<link rel=prefetch>` as an oracle of the status class |
//! | [`frame`] | `<iframe>` without scripts as a sign of life |
//! | [`object`] | `<object>` inside a sandboxed frame as an oracle of the status class |
//! | [`socket`] | `WebSocket`: opened, or closed with which code |
//! | [`journal`] | what registrations left to remove, and the lock between tabs, in JavaScript |
//! | [`timing`] | resource timing entries |
//! | [`slot`] | the first thing that came of a probe: its answer, its time limit or the user's stop |
//! | [`clock`] | `performance.now` and timers |
//! | [`event`] | event listeners that remove themselves |
//! | [`policy`] | `securitypolicyviolation` events |
//! | [`desk`] | asks the desk, the program in a worker |
//! | [`catalogue`] | the words of the catalogue, which lie beside the page |
//! | [`compress`] | `CompressionStream` and its inverse, for links |
//! | [`fragment`] | the part of the page's address behind `#` |
//! | [`environment`] | what is known of this browser and page |
//! | [`url`] | the browser's URL parser |
//! | [`file`] | files that the user chooses or drops |
//! | [`download`] | saving a file, writing to the clipboard |
//! | [`snapshot`] | `window.preflight` and the crash message, in JavaScript, so that both survive a panic |
//!
//! Nothing here panics because of what a page, a server or a browser extension does. Two kinds of calls need
//! care: those that web-sys declares without `catch`, since a JavaScript exception in them ends the whole task,
//! and those of gloo-net that unwrap.

pub mod catalogue;
pub mod clock;
pub mod compress;
pub mod desk;
pub mod download;
pub mod environment;
pub mod event;
pub mod fetch;
pub mod file;
pub mod fragment;
pub mod frame;
pub mod journal;
pub mod object;
pub mod policy;
pub mod prefetch;
pub mod run_loop;
pub mod send;
pub mod slot;
pub mod snapshot;
pub mod socket;
pub mod timing;
pub mod url;

pub use run_loop::{Running, start};

use wasm_bindgen::JsValue;

/// A property of a JavaScript value; `undefined` when there is none, whatever the value is.
fn property(of: &JsValue, name: &str) -> JsValue {
    js_sys::Reflect::get(of, &JsValue::from_str(name)).unwrap_or_default()
}

/// A property that is a string.
fn text_property(of: &JsValue, name: &str) -> Option<String> {
    property(of, name).as_string()
}

/// The page's document.
fn document() -> Option<web_sys::Document> {
    web_sys::window()?.document()
}
