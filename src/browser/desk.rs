//! The desk ([`crate::desk`]), a program of its own in a worker: loaded when it is first asked.

use wasm_bindgen::prelude::*;

#[wasm_bindgen(module = "/src/browser/desk.js")]
extern "C" {
    #[wasm_bindgen(catch, js_name = ask)]
    async fn js_ask(request: &str) -> Result<JsValue, JsValue>;
}

/// Asks the desk (see [`crate::desk::answer`] for requests). A desk that did not load or did not survive is
/// an `Err` with a sentence as well; the next question starts it anew.
pub async fn ask(request: &str) -> Result<String, String> {
    let text = |value: JsValue| value.as_string().unwrap_or_default();
    js_ask(request).await.map(text).map_err(text)
}
