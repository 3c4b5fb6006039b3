//! The desk's program: runs in a worker of the page (see `src/desk/worker.js`) and only passes questions on.

#[cfg(target_arch = "wasm32")]
mod worker {
    use wasm_bindgen::prelude::*;

    /// Answers a question, or throws a sentence.
    #[wasm_bindgen]
    pub fn answer(request: &str) -> Result<String, JsValue> {
        preflight::desk::answer(request).map_err(JsValue::from)
    }
}

#[cfg(target_arch = "wasm32")]
fn main() {}

#[cfg(not(target_arch = "wasm32"))]
fn main() {
    eprintln!("The desk is a part of the page: `make serve` builds it and opens it on loopback.");
}
