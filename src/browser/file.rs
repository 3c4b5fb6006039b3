//! Files that the user chooses or drops.

use wasm_bindgen::prelude::*;

#[wasm_bindgen(module = "/src/browser/file.js")]
extern "C" {
    #[wasm_bindgen(catch, js_name = text)]
    async fn js_text(event: &web_sys::Event, dropped: bool, limit: f64) -> Result<JsValue, JsValue>;
}

/// The text of the file that an event brings, `None` when it brings none. One larger than `limit` bytes is not read:
/// that is an `Err`, as is one that cannot be.
pub async fn text(event: &web_sys::Event, dropped: bool, limit: usize) -> Result<Option<String>, ()> {
    match js_text(event, dropped, limit as f64).await {
        Ok(value) if value.is_undefined() => Err(()),
        Ok(value) => Ok(value.as_string()),
        Err(_) => Err(()),
    }
}
