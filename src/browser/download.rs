//! Ways out of the page that the user asked for: a file, the clipboard.

use super::clock;
use super::{document, environment};
use js_sys::Array;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{Blob, BlobPropertyBag, HtmlElement, Url};

/// Saves text as a file; false when the browser does not let the page do it.
pub fn save(name: &str, media_type: &str, text: &str) -> bool {
    try_save(name, media_type, text).is_some()
}

fn try_save(name: &str, media_type: &str, text: &str) -> Option<()> {
    let options = BlobPropertyBag::new();
    options.set_type(media_type);
    let blob = Blob::new_with_str_sequence_and_options(&Array::of1(&text.into()), &options).ok()?;
    let link: HtmlElement = document()?.create_element("a").ok()?.dyn_into().ok()?;
    let url = Url::create_object_url_with_blob(&blob).ok()?;
    let _ = link.set_attribute("href", &url);
    let _ = link.set_attribute("download", name);
    link.click();
    spawn_local(async move {
        // The browser reads it after this task.
        clock::sleep(10_000).await;
        let _ = Url::revoke_object_url(&url);
    });
    Some(())
}

/// Writes text to the clipboard; false when that failed or is not allowed. Call it while handling a click.
pub async fn copy(text: &str) -> bool {
    let Some(window) = web_sys::window().filter(environment::has_clipboard) else { return false };
    JsFuture::from(window.navigator().clipboard().write_text(text)).await.is_ok()
}
