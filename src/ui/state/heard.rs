//! Takes in what another program saw: the desk reads it, the run is judged anew.

use super::Store;
use crate::browser::{desk, file};
use crate::deployment::{Credential, form};
use crate::json::{self, Value};
use crate::probe::Sighting;
use crate::second;
use crate::ui::dom::{self, El};
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos::web_sys::Event;

/// What was made of what the user brought.
#[derive(Clone, Default)]
pub struct Heard {
    /// What was understood or is missing, in sentences.
    pub said: Vec<String>,
    /// The command to run once more.
    pub again: Option<String>,
    /// Counts what was taken in.
    pub count: u32,
}

impl Store {
    /// Reads what was pasted into a field.
    pub fn hear(self, area: El) {
        let pasted = area.value();
        let text = self.without_key(&pasted);
        if text != pasted {
            area.set_value(&text);
        }
        if text.trim().is_empty() {
            return self.heard.update(|heard| (heard.said, heard.again) = (Vec::new(), None));
        }
        spawn_local(self.ask_desk(text));
    }

    /// Reads a file that was chosen or dropped.
    pub fn hear_file(self, event: &Event, dropped: bool) {
        let event = event.clone();
        spawn_local(async move {
            match file::text(&event, dropped, second::HAR_LIMIT).await {
                Ok(Some(text)) => self.ask_desk(self.without_key(&text)).await,
                Ok(None) => {}
                Err(()) => self.say(vec![second::HAR_TOO_LARGE.to_owned()]),
            }
        });
    }

    fn say(self, said: Vec<String>) {
        self.heard.update(|heard| (heard.said, heard.again) = (said, None));
    }

    /// The key in its field is taken out before anything else sees the text.
    fn without_key(self, text: &str) -> String {
        let mut text = text.to_owned();
        let deployment = self.form.with_untracked(|form| form.understood.deployment.clone());
        if let Some(deployment) = deployment {
            let shape = deployment.key_shape.as_ref();
            let (key, _) = form::read_key(&dom::value_of("api-key"), shape, &deployment.scheme);
            Credential::new(key, shape, deployment.scheme.clone(), Vec::new()).scrub_key(&mut text);
        }
        text
    }

    async fn ask_desk(self, text: String) {
        let turn = self.turn();
        let Some(report) = self.report() else { return };
        let text = json::quote(&text);
        let request =
            ["{\"task\":\"second-opinion\",\"text\":", &text, ",\"report\":", &report, "}"].concat();
        let answer = desk::ask(&request).await;
        if self.turn() != turn {
            return;
        }
        let mut answer = match answer.map(|answer| json::parse(&answer)) {
            Ok(answer) => answer.unwrap_or(Value::Null),
            Err(sentence) => return self.say(vec![sentence]),
        };
        let sightings = answer.get_mut("sightings").map(|list| core::mem::replace(list, Value::Null));
        let sightings: Vec<Sighting> = sightings.and_then(json::of).unwrap_or_default();
        let said = answer.get("said").and_then(Value::as_array).into_iter().flatten();
        let said = said.filter_map(Value::as_str).map(str::to_owned);
        let is_new = !sightings.is_empty();
        self.heard.update(|heard| {
            heard.said = said.collect();
            heard.again = answer.get("again").and_then(Value::as_str).map(str::to_owned);
            heard.count += u32::from(is_new);
        });
        let run = self.shown.with_untracked(|shown| shown.as_ref().map(|shown| shown.run.clone()));
        if let Some(mut run) = run.filter(|_| is_new) {
            run.hear(sightings);
            self.draw(run);
            dom::focus("#second-opinion");
        }
    }
}
