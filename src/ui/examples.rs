//! Recorded examples: incidents that happened, as files beside the page. Nothing of them is loaded before somebody wants
//! to look, and nothing else of the page knows more of this than [`examples`].

use super::dom::{El, el};
use super::parts::{button, p};
use super::state::{Recording, Store};
use crate::browser::{desk, fetch};
use crate::json::{self, Value};
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::rc::Rc;

/// Where they lie, unless `preflight.json` says otherwise.
const FOLDER: &str = "examples";
const NOT_LOADED: &str = "The examples did not load. Look at the connection and try again.";

/// An entry of the index.
#[derive(Clone)]
struct Example {
    file: String,
    recording: Rc<Recording>,
}

/// The list, and why something did not work.
#[derive(Clone, Copy)]
struct Examples {
    list: RwSignal<Vec<Example>, LocalStorage>,
    said: RwSignal<String, LocalStorage>,
}

/// The list.
pub fn examples(store: Store) -> El {
    let it = Examples {
        list: RwSignal::new_local(Vec::new()),
        said: RwSignal::new_local("The list is being loaded.".to_owned()),
    };
    let folder = store.form.with_untracked(|form| form.config.examples.clone());
    let folder = folder.unwrap_or_else(|| FOLDER.to_owned());
    spawn_local(it.load(folder));
    let list = el("ul.examples").live(move || {
        let entries = it.list.get().into_iter().map(|example| {
            let recording = example.recording.clone();
            let open =
                button("quiet", &recording.title).on("click", move |_| it.open(store, example.clone()));
            el("li").child(open).child(story(&recording))
        });
        Some(entries.collect())
    });
    el("div").child(p("").attr("role", "status").live_text(move || it.said.get())).child(list)
}

/// What was believed, and what was true.
fn story(recording: &Recording) -> El {
    el("p.hint").text(&recording.believed).text(" ").child(el("b").text("In truth: ")).text(&recording.truth)
}

impl Examples {
    async fn load(self, folder: String) {
        let index = fetch::own_file(&[&folder, "/index.json"].concat(), fetch::Cached::AskAgain).await;
        let list = index.and_then(|text| json::parse(&text).ok()).unwrap_or(Value::Null);
        let read = |entry: &Value| {
            let text = |name: &str| entry.get(name).and_then(Value::as_str).map(str::to_owned);
            let id = text("id")?;
            // A name that could lead elsewhere is none.
            if !id.chars().all(|c| c.is_ascii_alphanumeric() || c == '-') {
                return None;
            }
            let file = [&folder, "/", &id, ".json"].concat();
            let recording =
                Recording { title: text("title")?, believed: text("believed")?, truth: text("true")? };
            Some(Example { file, recording: Rc::new(recording) })
        };
        let list: Vec<Example> = list.as_array().into_iter().flatten().filter_map(read).collect();
        self.said.set(if list.is_empty() { NOT_LOADED.to_owned() } else { String::new() });
        self.list.set(list);
    }

    /// Shows one, judged by this version.
    fn open(self, store: Store, example: Example) {
        let turn = store.turn();
        spawn_local(async move {
            let opened = read(&example.file).await;
            if store.turn() != turn {
                return;
            }
            let said = match opened {
                Ok(wire) if store.show_recording(&wire, example.recording).await => String::new(),
                Ok(_) => NOT_LOADED.to_owned(),
                Err(sentence) => sentence,
            };
            self.said.set(said);
        });
    }
}

/// The report in a file, as the page takes any report.
async fn read(file: &str) -> Result<String, String> {
    let Some(text) = fetch::own_file(file, fetch::Cached::AskAgain).await else {
        return Err(NOT_LOADED.to_owned());
    };
    desk::ask(&["{\"task\":\"import\",\"text\":", &json::quote(&text), "}"].concat()).await
}
