//! What is under test: fields with a sentence beside each that needs one, the two buttons, and what a run will
//! ask. There is deliberately no `form` element: nothing here can ever be submitted by the browser itself, also
//! not after a crash. The key stands in its field and nowhere else.

use super::dom::{self, El, el, react};
use super::link;
use super::parts::{button, p};
use super::registration;
use super::state::{Form, Stage, Store};
use crate::deployment::form::{FieldNote, FormInput, key_notes};
use crate::deployment::{AuthScheme, Deployment};
use crate::run::{Limits, Phase, Run};
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use leptos::web_sys::{Event, KeyboardEvent};
use std::time::Duration;

/// A text field. `part` is its place in [`FormInput`].
struct Field {
    name: &'static str,
    label: &'static str,
    hint: &'static str,
    example: &'static str,
    part: fn(&mut FormInput) -> &mut String,
}

const REGISTRY: Field = Field {
    name: "registry-url",
    label: "Registry URL",
    hint: "What MLFLOW_TRACKING_URI is set to.",
    example: "https://registry.example.com",
    part: |input| &mut input.registry_url,
};
const PATH: Field = Field {
    name: "mlflow-path",
    label: "MLflow path",
    hint: "Empty when MLflow answers at the root.",
    example: "/api/mlflow",
    part: |input| &mut input.mlflow_path,
};
const AUTH: Field = Field {
    name: "auth-url",
    label: "Auth service URL",
    hint: "Only if there is one that may be asked directly.",
    example: "https://auth.example.com",
    part: |input| &mut input.auth_url,
};
const HEADER: Field = Field {
    name: "auth-header",
    label: "Header name",
    hint: "The header that carries the key.",
    example: "X-Registry-Key",
    part: |input| &mut input.auth_header,
};
const SERVICE: Field = Field {
    name: "service-id",
    label: "Service id",
    hint: "What the auth service is asked about, if it wants to know.",
    example: "",
    part: |input| &mut input.service_id,
};

/// The form, folded into one line once a run has started.
pub fn form(store: Store) -> El {
    let key = text_input("api-key").attr("type", "password");
    let start = {
        let key = key.clone();
        move || {
            if !store.start(&key.value()) {
                // The notes are drawn a moment later.
                set_timeout(|| dom::focus("[aria-invalid]"), Duration::ZERO);
            }
        }
    };
    let enter = {
        let start = start.clone();
        move |event: Event| {
            if let Some(pressed) = event.dyn_ref::<KeyboardEvent>()
                && pressed.key() == "Enter"
                && !pressed.is_composing()
            {
                event.prevent_default();
                start();
                // This field is folded away.
                dom::soon(|| dom::focus("#run"));
            }
        }
    };
    let is_folded = move || store.form.with(|form| form.folded);
    let is_running = move || store.stage.get() == Stage::Running;
    let cleans = |run: &Run| run.phase == Phase::Running;
    let is_busy =
        move || is_running() || store.remains.cleaning.with(|run| run.as_deref().is_some_and(cleans));
    let in_a_line =
        move || store.form.with(|form| form.understood.deployment.as_ref().map(summary).unwrap_or_default());
    let line = el("p.folded")
        .live_flag("hidden", move || !is_folded())
        .child(el("span").text("Under test: ").child(el("code").live_text(in_a_line)))
        .child(button("quiet", "Change").on("click", move |_| store.fold(false)));
    let fields = el("div.fields")
        .live_flag("hidden", is_folded)
        .child(presets(store))
        .child(field(store, REGISTRY))
        .child(field(store, PATH))
        .child(scheme(store))
        .child(
            field(store, HEADER)
                .live_flag("hidden", move || store.form.with(|form| form.input.auth_scheme != "custom")),
        )
        .child(key_field(store, key))
        .child(field(store, AUTH))
        .child(field(store, SERVICE))
        .child(registration::choice(store))
        .on("keydown", enter);
    let announced = move || store.form.with(|form| announcement(form.understood.deployment.as_ref()));
    let again = move || {
        // Not before: Stop stands beside it, and would move.
        if store.shown.with(|shown| shown.as_ref().is_some_and(|shown| shown.ended())) {
            "Run checks again".to_owned()
        } else {
            "Run checks".to_owned()
        }
    };
    let buttons = el("p.buttons")
        .child(
            button("main", "")
                .attr("id", "run")
                .live_text(again)
                .live_attr("aria-disabled", move || is_running().then(|| "true".to_owned()))
                .on("click", move |_| start()),
        )
        .child(
            button("", "Stop")
                .attr("id", "stop")
                // Not `disabled`: what a run has sent can be stopped before that it runs is drawn.
                .live_attr("aria-disabled", move || (!is_busy()).then(|| "true".to_owned()))
                .live_flag("hidden", move || !is_busy() && store.shown.with(Option::is_some))
                .on("click", move |_| {
                    store.stop();
                    // This button goes away; the keyboard stays where the next one is.
                    dom::focus("#run");
                }),
        )
        .child(link::copy(store));
    let is_elsewhere = move || matches!(store.stage.get(), Stage::Shared | Stage::Again);
    el("section")
        .attr("aria-label", "What is under test")
        .live_flag("hidden", is_elsewhere)
        .live_attr("class", move || {
            Some(if is_folded() { "form one-line".to_owned() } else { "form".to_owned() })
        })
        .child(line)
        .child(fields)
        .child(el("p.announcement").live_flag("hidden", is_folded).live_text(announced))
        .child(link::request(store))
        .child(buttons)
}

/// An input that no browser completes, corrects or keeps.
fn text_input(name: &str) -> El {
    let described = ["hint-", name, " note-", name].concat();
    let off = el("input").attr("id", name).attr("name", name).attr("aria-describedby", &described);
    off.attr("autocomplete", "off")
        .attr("autocapitalize", "off")
        .attr("spellcheck", "false")
        .attr("enterkeyhint", "go")
}

/// A field with its label, its hint and its notes. `mine` gives the notes that are shown now.
fn labelled(
    label: &str,
    name: &str,
    hint: &str,
    input: El,
    mine: impl Fn() -> Vec<FieldNote> + 'static,
) -> El {
    let mut drawn = None;
    let it = input.clone();
    let notes = el("div").attr("id", &["note-", name].concat()).live(move || {
        let now = mine();
        if drawn.as_ref() == Some(&now) {
            return None;
        }
        let blocks = now.iter().any(|note| note.blocks);
        it.set("aria-invalid", blocks.then_some("true"));
        let lines = now
            .iter()
            .map(|note| el(if note.blocks { "p.note.blocks" } else { "p.note" }).text(&note.sentence));
        let lines = lines.collect();
        drawn = Some(now);
        Some(lines)
    });
    el("div.field")
        .child(el("label").attr("for", name).text(label))
        .child(input)
        .child(el("p.hint").attr("id", &["hint-", name].concat()).text(hint))
        .child(notes)
}

fn field(store: Store, field: Field) -> El {
    let Field { name, label, hint, example, part } = field;
    let input = text_input(name).attr("type", "text").attr("placeholder", example);
    let it = input.clone();
    react(Box::new(move || store.form.with(|form| it.set_value(part(&mut form.input.clone())))));
    let it = input.clone();
    let input = input.on("input", move |_| store.typed(part, it.value()));
    let input = input.on("change", move |_| store.addresses_changed());
    labelled(label, name, hint, input, move || {
        store.form.with(|form| {
            // An empty field is no mistake before somebody wants to start.
            let silent = !form.pressed && part(&mut form.input.clone()).is_empty();
            notes_of(form, name, silent)
        })
    })
}

fn notes_of(form: &Form, name: &str, silent: bool) -> Vec<FieldNote> {
    form.understood
        .notes
        .iter()
        .filter(|note| note.field == name && !(note.blocks && silent))
        .cloned()
        .collect()
}

fn notes_of_key(form: &Form) -> Vec<FieldNote> {
    if form.key_cleared {
        let sentence =
            "The addresses have changed, so the key was cleared. Paste the one for these.".to_owned();
        return vec![FieldNote { field: "api-key", blocks: true, sentence }];
    }
    key_notes(&form.key)
}

fn key_field(store: Store, key: El) -> El {
    let look = move |key: &El| store.look_at_key(&key.value());
    // What a key should look like depends on the scheme and the chosen deployment.
    let it = key.clone();
    react(Box::new(move || {
        store.form.track();
        look(&it);
    }));
    let it = key.clone();
    let key = key.on("input", move |_| store.key_typed(&it.value()));
    let hint = "Stays in this field and in memory until the page is closed.";
    labelled("Key", "api-key", hint, key, move || store.form.with(notes_of_key))
        .live_flag("hidden", move || store.form.with(|form| form.input.auth_scheme == "none"))
}

fn scheme(store: Store) -> El {
    let options = AuthScheme::CHOICES.into_iter().map(|(value, words)| option(value, words)).collect();
    let select = el("select")
        .attr("id", "auth-scheme")
        .attr("name", "auth-scheme")
        .attr("aria-describedby", "note-auth-scheme");
    let select = select.children(options);
    let it = select.clone();
    react(Box::new(move || store.form.with(|form| it.set_value(&form.input.auth_scheme))));
    let it = select.clone();
    let select = select.on("change", move |_| store.typed(|input| &mut input.auth_scheme, it.value()));
    labelled("The key is sent as", "auth-scheme", "", select, move || {
        store.form.with(|form| notes_of(form, "auth-scheme", false))
    })
}

fn option(value: &str, words: &str) -> El {
    el("option").attr("value", value).text(words)
}

/// The deployments of `preflight.json`, if it lists any.
fn presets(store: Store) -> El {
    let mut offered: Vec<String> = Vec::new();
    let select = el("select").attr("id", "preset").attr("name", "preset").live(move || {
        store.form.with(|form| {
            let now: Vec<String> = form.config.deployments.iter().map(|preset| preset.id.clone()).collect();
            if offered == now {
                return None;
            }
            offered = now;
            let listed = form.config.deployments.iter().enumerate().map(|(index, preset)| {
                let option = option(&preset.id, &preset.name);
                if form.chosen == Some(index) { option.attr("selected", "") } else { option }
            });
            Some(core::iter::once(option("", "Another one: type its addresses")).chain(listed).collect())
        })
    });
    let it = select.clone();
    react(Box::new(move || {
        store.form.with(|form| it.set_value(form.preset().map_or("", |preset| &preset.id)))
    }));
    let it = select.clone();
    let select = select.on("change", move |_| {
        let id = it.value();
        store.choose(
            store
                .form
                .with_untracked(|form| form.config.deployments.iter().position(|preset| preset.id == id)),
        );
    });
    let describes = move || {
        store.form.with(|form| form.preset().map(|preset| preset.description.clone()).unwrap_or_default())
    };
    el("div.field.wide")
        .live_flag("hidden", move || store.form.with(|form| form.config.deployments.is_empty()))
        .child(el("label").attr("for", "preset").text("Deployment"))
        .child(select)
        .child(p("").attr("class", "hint").live_text(describes))
}

/// The deployment in one line.
fn summary(deployment: &Deployment) -> String {
    let name = deployment.scheme.name();
    let key = AuthScheme::CHOICES.iter().find(|(value, _)| *value == name).map_or("", |(_, words)| words);
    let mut line = [&deployment.mlflow.to_string(), " · ", key].concat();
    if let Some(auth) = &deployment.auth {
        line.push_str(" · auth service ");
        line.push_str(&auth.base.to_string());
    }
    line
}

/// Which requests a run will send, and where the key goes.
fn announcement(deployment: Option<&Deployment>) -> String {
    let Some(deployment) = deployment else {
        return "A run sends requests to the hosts above and to this page's own server, and to nobody else."
            .to_owned();
    };
    let asked = deployment.key_origins().iter().map(ToString::to_string).collect::<Vec<_>>().join(" and ");
    let key = if deployment.scheme == AuthScheme::None {
        "No key is sent.".to_owned()
    } else {
        let logins = Limits::default().failed_logins;
        format!("The key goes only to {asked}. At most {logins} requests can count as failed logins.")
    };
    format!(
        "A run sends requests to {asked} and to this page's own server. {key} Where answers stay hidden, the page also loads an address as a document without scripts; that carries the cookies this browser has for the host."
    )
}
