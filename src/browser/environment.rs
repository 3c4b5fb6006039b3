//! What is known of this browser and this page when a run starts.

use super::clock::Timer;
use super::slot::Slot;
use super::{property, text_property, url};
use crate::deployment::Origin;
use crate::probe::Saw;
use crate::run::Environment;
use js_sys::{Date, Object, Reflect};
use wasm_bindgen::JsValue;
use web_sys::Window;

/// Looks around; `target` is the registry, which decides which permission matters. `None` when this page was
/// not loaded over http or https: then no server could allow it anything.
pub async fn read(target: &Origin) -> Option<Environment> {
    let window = web_sys::window()?;
    let here = url::parse(&window.location().href().ok()?)?;
    let folder = here.path.rfind('/').map_or("/", |end| &here.path[..=end]).to_owned();
    Some(Environment {
        page_origin: Origin::of(&here)?,
        page_folder: folder,
        on_line: window.navigator().on_line(),
        local_network: local_network(&window, target).await,
        user_agent: window.navigator().user_agent().unwrap_or_default(),
        nonce: nonce(&window),
        started_at: String::from(Date::new_0().to_iso_string()),
    })
}

/// The state of the permission for private and loopback addresses. Chromium has one for both, Firefox one
/// for each, others none (browser-observability.md, part 6).
async fn local_network(window: &Window, target: &Origin) -> Option<String> {
    let own = if target.is_loopback() { "loopback-network" } else { "local-network" };
    for name in ["local-network-access", own] {
        if let Some(state) = permission(window, name).await {
            return Some(state);
        }
    }
    None
}

async fn permission(window: &Window, name: &str) -> Option<String> {
    let wanted = Object::new();
    Reflect::set(&wanted, &"name".into(), &name.into()).ok()?;
    let asked = window.navigator().permissions().ok()?.query(&wanted).ok()?;
    // Asking for the state shows nothing to the user and should take no time.
    let slot = Slot::default();
    let _limit = Timer::settle(500, &slot, Saw::TimedOut);
    text_property(&slot.or(asked).await.ok()?.ok()?, "state")
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
