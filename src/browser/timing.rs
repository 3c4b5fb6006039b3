//! Resource timing entries: whether a failed request left one, and whether time passed in it
//! (browser-observability.md, parts 1 and 4).

use super::{clock, property};
use crate::probe::Entry;
use std::cell::Cell;

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
    let Some(performance) = web_sys::window().and_then(|window| window.performance()) else {
        return Entry::Unknown;
    };
    let entries = performance.get_entries_by_name_with_entry_type(url, "resource");
    // The answer to a permission question (OPTIONS) has an entry of the same name before it in some browsers.
    match property(&entries.get(entries.length().wrapping_sub(1)), "duration").as_f64() {
        None => Entry::Absent,
        Some(duration) if duration > 0.0 => Entry::Positive,
        Some(_) => Entry::Zero,
    }
}
