//! Small parts that several components use.

use super::dom::{self, El, drawing, el};
use super::state::Store;
use crate::checks::Status;
use leptos::prelude::*;
use std::rc::Rc;
use std::time::Duration;

/// The mark of a status.
pub fn mark(status: Status) -> El {
    drawing(shape(status))
}

/// An own shape for each status, so that none needs its colour.
pub fn shape(status: Status) -> &'static str {
    // A tick, a triangle with "!", a cross in a diamond, a "?" in a circle, a dash.
    match status {
        Status::Pass => "M3 8.5l3.5 3.5L13 4.5",
        Status::Warn => "M8 1.5L15 14.5H1ZM8 6v4M8 12v.8",
        Status::Fail => "M8 .8L15.2 8 8 15.2.8 8ZM5.6 5.6l4.8 4.8M10.4 5.6l-4.8 4.8",
        Status::Unknown => "M8 1.2a6.8 6.8 0 1 0 .01 0ZM6 6.2a2 2 0 1 1 2.6 2c-.5.2-.6.5-.6 1.1M8 11.2v.8",
        Status::Skipped => "M4 8h8",
    }
}

/// Stands before a command with the key in a variable.
pub const KEY_FIRST: &str = "Before it: read -rs PREFLIGHT_KEY; paste the key, press Enter.";

/// A button.
pub fn button(class: &str, label: &str) -> El {
    el("button").attr("type", "button").attr("class", class).text(label)
}

/// A paragraph.
pub fn p(text: &str) -> El {
    el("p").text(text)
}

/// A quiet paragraph that leads to what follows.
pub fn lead(text: &str) -> El {
    el("p.lead").text(text)
}

/// What is told only on demand.
pub fn more(summary: &str) -> El {
    el("details.more").child(el("summary").text(summary))
}

/// When what lies behind a line is drawn.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Drawn {
    /// Together with the line.
    AtOnce,
    /// A moment after all lines, or when the line is pressed before that: nobody waits for what is not seen, and
    /// printing and finding in the page find it all the same.
    Soon,
    /// When the line is pressed.
    WhenOpened,
}

/// After the page has shown the end of a run and has made the link to it.
const A_MOMENT: Duration = Duration::from_millis(150);

/// The place of what lies behind `line`, the summary of `row`. `outdated` says, when signals that it reads have changed, whether
/// another one takes its place, and when that is drawn.
pub fn behind_line(
    row: &El,
    line: &El,
    mut outdated: impl FnMut() -> Option<Drawn> + 'static,
    draw: impl Fn() -> Option<El> + 'static,
) -> El {
    let wanted = RwSignal::new_local(false);
    let want = move || wanted.set(true);
    line.clone().on("click", move |_| want());
    // Others open it too.
    let it = row.clone();
    row.clone().on("toggle", move |_| {
        if it.is_open() {
            want();
        }
    });
    let mut is_there = false;
    el("div").live(move || {
        wanted.track();
        let outdated = outdated();
        if let Some(when) = outdated {
            is_there = false;
            wanted.update_untracked(|wanted| *wanted = when == Drawn::AtOnce);
            if when == Drawn::Soon {
                set_timeout(want, A_MOMENT);
            }
        }
        if !is_there && wanted.get_untracked() {
            let drawn = draw();
            is_there = drawn.is_some();
            return Some(drawn.into_iter().collect());
        }
        outdated.map(|_| Vec::new())
    })
}

/// Text for the wire or from it, with a button that copies it. `what` completes "Copy".
pub fn wire(store: Store, text: String, what: &'static str) -> El {
    let shown = el("pre").child(el("code").text(&text));
    el("div.wire").child(shown).child(copy_button(store, what, move || Some(text.clone())))
}

/// A button that copies what `text` gives.
pub fn copy_button(store: Store, what: &'static str, text: impl Fn() -> Option<String> + 'static) -> El {
    copying(store, button("quiet", ""), ["Copy", what], text)
}

/// How long a button waits for what it copies.
const WHILE_IT_IS_MADE: Duration = Duration::from_millis(400);

/// Makes such a button of `button`. Of what it is called, the first part is seen and the second only read out.
pub fn copying(
    store: Store,
    button: El,
    [seen, unseen]: [&'static str; 2],
    text: impl Fn() -> Option<String> + 'static,
) -> El {
    let label = el("span").text(seen);
    let button = button.child(label.clone()).child(el("span.unseen").text(" ").text(unseen));
    let say = move |word: &str| {
        label.show(word);
        let label = label.clone();
        set_timeout(move || label.show(seen), Duration::from_secs(2));
    };
    let give = Rc::new(move |is_last: bool| {
        let say = say.clone();
        match text() {
            Some(text) => {
                store.copy(text, Box::new(move |done| say(if done { "Copied" } else { "Not allowed here" })));
                true
            }
            None => {
                if is_last {
                    say("Nothing yet");
                }
                is_last
            }
        }
    });
    // At once, as browsers want it; what is being made is waited for.
    button.on("click", move |_| {
        if !give(false) {
            let give = give.clone();
            set_timeout(
                move || {
                    give(true);
                },
                WHILE_IT_IS_MADE,
            );
        }
    })
}

/// A link to the row of a check, which it opens.
pub fn row_link(check: &str, text: &str) -> El {
    let id = ["check-", check].concat();
    el("a").attr("href", &["#", &id].concat()).text(text).on("click", move |event| {
        event.prevent_default();
        dom::open(&id);
    })
}
