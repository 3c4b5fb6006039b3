//! Resource timing entries: whether a failed request left one, and whether time passed in it
//! (browser-observability.md, parts 1 and 4).

use super::{clock, property};
use crate::probe::Entry;
use std::cell::Cell;
use wasm_bindgen::JsValue;

/// Entries the browser keeps: more than one run makes. The default of 250 fills up in watch mode.
const BUFFER: u32 = 2_000;
/// Entries that a run makes at the most which begins while others go on: it is bounded in probes, and each may have a
/// preflight.
const FURTHER: u32 = 250;

thread_local! {
    static ROOM: Cell<u32> = const { Cell::new(BUFFER) };
}

/// The entry is written a task or two after the promise is rejected (part 4).
const WRITTEN_AFTER_MS: u32 = 25;

/// Makes room for the entries of one more run. Those of earlier ones go, unless some `go_on`: they have yet to look at
/// theirs, and a missing entry means something.
pub fn make_room(go_on: bool) {
    let Some(performance) = web_sys::window().and_then(|window| window.performance()) else { return };
    if !go_on {
        performance.clear_resource_timings();
    }
    let room = if go_on { ROOM.get().saturating_add(FURTHER) } else { BUFFER };
    ROOM.set(room);
    performance.set_resource_timing_buffer_size(room);
}

/// The entry of a request to exactly this address that has just failed.
pub async fn entry_of_failed(url: &str) -> Entry {
    clock::sleep(WRITTEN_AFTER_MS).await;
    let Some(entry) = entry(url) else { return Entry::Unknown };
    match number(&entry, "duration") {
        None => Entry::Absent,
        Some(duration) if duration > 0.0 => Entry::Positive,
        Some(_) => Entry::Zero,
    }
}

/// How long a request to exactly this address, which has just been answered, waited before it was sent, milliseconds.
/// `None` where the server does not show it, or the entry is not written yet.
pub fn queued(url: &str) -> Option<u32> {
    let entry = entry(url)?;
    // 0 where it is hidden.
    let sent = number(&entry, "requestStart").filter(|sent| *sent > 0.0)?;
    Some((sent - number(&entry, "startTime")?) as u32)
}

/// The newest entry, undefined when there is none; `None` in a browser without such entries, where a missing one means
/// nothing. The newest: the answer to a permission question (OPTIONS) has one of the same name before it in some browsers.
fn entry(url: &str) -> Option<JsValue> {
    let performance = web_sys::window()?.performance()?;
    let entries = performance.get_entries_by_name_with_entry_type(url, "resource");
    Some(entries.get(entries.length().wrapping_sub(1)))
}

fn number(entry: &JsValue, name: &str) -> Option<f64> {
    property(entry, name).as_f64()
}
