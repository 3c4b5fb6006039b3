//! The browser's tab: its title and its icon say how the page is doing, for whoever looks at another one.

use super::dom;
use super::state::{Stage, Store};
use crate::diagnosis::Overall;
use leptos::prelude::*;

/// Follows the page's state.
pub fn follow(store: Store) {
    // The build gives this icon a name of its own.
    let usual = dom::attribute_of("link[rel=icon]", "href").unwrap_or_default();
    dom::react(Box::new(move || {
        let name =
            store.form.with(|form| form.config.title.clone().unwrap_or_else(|| "Preflight".to_owned()));
        let overall = store.shown.with(|shown| {
            let shown = shown.as_ref().filter(|shown| shown.ended())?;
            Some(shown.judged.verdict.overall)
        });
        // While a watch runs again, both keep saying how the last run came out.
        let again = store.watching.with_untracked(|it| it.every.is_some() && it.history.total > 0);
        if again && store.stage.get() == Stage::Running {
            return;
        }
        let (word, icon) = match (store.stage.get(), overall) {
            (Stage::Running, _) => ("Running", None),
            (_, Some(Overall::Healthy)) => ("Nothing is wrong", Some("favicon-healthy.svg")),
            (_, Some(Overall::Problems)) => ("Broken", Some("favicon-broken.svg")),
            (_, Some(Overall::Unknown)) => ("Could not tell", None),
            (_, None) => ("", None),
        };
        let title = if word.is_empty() { name } else { [word, " · ", &name].concat() };
        document().set_title(&title);
        dom::set_attribute_of("link[rel=icon]", "href", icon.unwrap_or(&usual));
    }));
}
