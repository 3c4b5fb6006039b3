//! The report as plain text outside WebAssembly, where a panic cannot reach it: `window.preflight`
//! (`snapshot.js`), and what is shown after a panic.

use wasm_bindgen::prelude::*;

#[wasm_bindgen(module = "/src/browser/snapshot.js")]
extern "C" {
    #[wasm_bindgen(js_name = install)]
    fn js_install();
    #[wasm_bindgen(js_name = set_report)]
    fn js_set_report(json: Option<&str>);
    #[wasm_bindgen(js_name = crashed)]
    fn js_crashed(reason: &str);
}

/// Makes `window.preflight`, and shows the message with the id `crash` when the page panics. Once, at the
/// start of the page.
pub fn install() {
    js_install();
    std::panic::set_hook(Box::new(|panic| {
        // Only the place: a message could quote what was typed.
        let place = panic.location().map(|at| [at.file(), ":", &at.line().to_string()].concat());
        js_crashed(place.as_deref().unwrap_or("an unknown place"));
    }));
}

/// What `window.preflight.report()` returns from now on; `None` before a run.
pub fn set_report(json: Option<&str>) {
    js_set_report(json);
}
