//! A question that has to be answered before something is done. On the page, not in a dialog of the browser: those
//! stop everything, and say who asks in words that users take for the browser's own.

use super::dom::{self, El, el};
use super::parts::{button, p};
use super::state::Store;
use leptos::prelude::*;
use std::rc::Rc;
use std::time::Duration;

/// What is asked.
pub struct Question {
    /// In one sentence.
    pub title: &'static str,
    /// What it means.
    pub text: &'static str,
    /// What it is about, one a line, as it stands on the wire.
    pub list: Vec<String>,
    /// The button that lets it happen.
    pub yes: &'static str,
    /// The other one.
    pub no: &'static str,
    /// What happens then.
    pub answer: Box<dyn Fn(bool)>,
}

impl Store {
    /// Asks, in the place of what was asked before.
    pub fn ask(self, question: Question) {
        self.question.set(Some(Rc::new(question)));
        // It is drawn a moment later. The safe answer is the one under the finger.
        set_timeout(|| dom::focus("#cancel"), Duration::ZERO);
    }

    fn answer(self, yes: bool) {
        let question = self.question.get_untracked();
        self.question.set(None);
        if let Some(question) = question {
            (question.answer)(yes);
        }
    }
}

/// The place of the question.
pub fn question(store: Store) -> El {
    el("section.question")
        .attr("role", "alertdialog")
        .attr("aria-labelledby", "question-title")
        .attr("aria-describedby", "question-text")
        .live_flag("hidden", move || store.question.with(Option::is_none))
        .live(move || {
            let Some(question) = store.question.get() else { return Some(Vec::new()) };
            let lines = question.list.iter().map(|line| el("li").child(el("code").text(line)));
            let choice = |id, class, label, yes| {
                button(class, label).attr("id", id).on("click", move |_| store.answer(yes))
            };
            Some(vec![
                el("h2").attr("id", "question-title").text(question.title),
                p(question.text).attr("id", "question-text"),
                el("ul").children(lines.collect()),
                el("p.buttons").child(choice("confirm", "", question.yes, true)).child(choice(
                    "cancel",
                    "main",
                    question.no,
                    false,
                )),
            ])
        })
}
