//! What is known of this browser and this page when a run starts.

use super::{property, text_property, url};
use crate::deployment::Origin;
use crate::run::Environment;
use js_sys::{Date, Object, Reflect};
use std::cell::RefCell;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::Window;

thread_local! {
    /// What this browser says of the permissions that it knows. Each stays true by itself.
    static PERMISSIONS: RefCell<Vec<(&'static str, JsValue)>> = const { RefCell::new(Vec::new()) };
}

/// The permissions that matter to private and loopback addresses: Chromium has one for both, Firefox one for each,
/// others none (browser-observability.md, part 6).
const NAMES: [&str; 3] = ["local-network-access", "loopback-network", "local-network"];

/// Asks for the state of the permissions, once: a run would lose ten milliseconds by waiting for it. Shows nothing to
/// the user.
pub fn look_around() {
    for name in NAMES {
        spawn_local(async move {
            if let Some(state) = permission(name).await {
                PERMISSIONS.with_borrow_mut(|known| known.push((name, state)));
            }
        });
    }
}

/// What is known now; `target` is the registry, which decides which permission matters. `None` when this page was
/// not loaded over http or https: then no server could allow it anything.
pub fn read(target: &Origin) -> Option<Environment> {
    let window = web_sys::window()?;
    let here = url::parse(&window.location().href().ok()?)?;
    let folder = here.path.rfind('/').map_or("/", |end| &here.path[..=end]).to_owned();
    Some(Environment {
        page_origin: Origin::of(&here)?,
        page_folder: folder,
        on_line: window.navigator().on_line(),
        local_network: local_network(target),
        user_agent: window.navigator().user_agent().unwrap_or_default(),
        nonce: nonce(&window),
        started_at: String::from(Date::new_0().to_iso_string()),
    })
}

fn local_network(target: &Origin) -> Option<String> {
    let other = if target.is_loopback() { "local-network" } else { "loopback-network" };
    PERMISSIONS.with_borrow(|known| {
        let mine = known.iter().filter(|(name, _)| *name != other);
        let first = mine.min_by_key(|(name, _)| NAMES.iter().position(|one| one == name))?;
        text_property(&first.1, "state")
    })
}

async fn permission(name: &str) -> Option<JsValue> {
    let wanted = Object::new();
    Reflect::set(&wanted, &"name".into(), &name.into()).ok()?;
    let asked = web_sys::window()?.navigator().permissions().ok()?.query(&wanted).ok()?;
    JsFuture::from(asked).await.ok()
}

/// Twelve random lower-case letters and digits.
fn nonce(window: &Window) -> String {
    let mut bytes = [0_u8; 12];
    let random =
        window.crypto().is_ok_and(|crypto| crypto.get_random_values_with_u8_array(&mut bytes).is_ok());
    if !random {
        // Only has to be new, not secret.
        bytes.fill_with(|| (js_sys::Math::random() * 256.0) as u8);
    }
    let letters = b"abcdefghijkmnpqrstuvwxyz23456789";
    bytes.iter().map(|byte| char::from(letters[usize::from(*byte) % letters.len()])).collect()
}

/// True when the clipboard can be written from here: only secure pages have one.
pub(super) fn has_clipboard(window: &Window) -> bool {
    !property(&JsValue::from(window.navigator()), "clipboard").is_undefined()
}
