//! Compression by the browser itself (`CompressionStream`), in JavaScript (`compress.js`): streams are a few lines
//! there and many here.

use crate::report::link::LinkProblem;
use js_sys::Uint8Array;
use wasm_bindgen::prelude::*;

#[wasm_bindgen(module = "/src/browser/compress.js")]
extern "C" {
    #[wasm_bindgen(js_name = pack, catch)]
    async fn js_pack(text: &str) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(js_name = unpack, catch)]
    async fn js_unpack(bytes: &[u8], most: u32) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(js_name = can_unpack)]
    fn js_can_unpack() -> bool;
}

/// Compresses; `None` where the browser cannot.
pub async fn pack(text: &str) -> Option<Vec<u8>> {
    Some(Uint8Array::from(js_pack(text).await.ok()?).to_vec())
}

/// Unpacks, to `most` bytes and no further.
pub async fn unpack(packed: &[u8], most: u32) -> Result<String, LinkProblem> {
    if !js_can_unpack() {
        return Err(LinkProblem::NoUnpacking);
    }
    // The checksum was right, so this was packed by somebody who wanted it so.
    let text = js_unpack(packed, most).await.map_err(|_| LinkProblem::NotOurs)?;
    text.as_string().ok_or(LinkProblem::NotOurs)
}
