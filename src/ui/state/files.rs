//! Reports as files: what leaves the page, as it is shown before, and what comes back. The desk writes and reads them.

use super::Store;
use crate::browser::{desk, download, file};
use crate::desk::import::{LARGEST, TOO_LARGE};
use crate::json::{self, Value};
use crate::run::Phase;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos::web_sys::Event;

/// The exports: name, what it is for, ending, media type.
pub const FORMATS: [(&str, &str, &str, &str); 5] = [
    ("markdown", "Markdown, for an issue or a chat", "md", "text/markdown"),
    ("json", "JSON, which this page opens again", "json", "application/json"),
    ("har", "HAR, for DevTools", "har", "application/json"),
    ("junit", "JUnit XML, for CI", "xml", "application/xml"),
    ("html", "HTML, to print", "html", "text/html"),
];

/// What is to leave.
#[derive(Clone, Copy, PartialEq)]
pub struct Wanted {
    /// A place in [`FORMATS`].
    pub format: usize,
    /// With the names of hosts.
    pub hosts: bool,
    /// With bodies of answers and what is quoted from them.
    pub bodies: bool,
}

/// What the desk made last.
#[derive(Clone, PartialEq)]
pub struct Files {
    /// What is to leave.
    pub wanted: Wanted,
    /// Somebody wants to see it.
    pub asked: bool,
    /// Exactly what would leave; or why there is nothing.
    pub preview: Option<Result<String, String>>,
    /// The address of an issue that is filled in with it.
    pub issue: Option<String>,
    /// Why a file could not be taken.
    pub refused: String,
    /// A comparison: headings and lines.
    pub compared: Vec<(String, Vec<String>)>,
    /// The file that was compared.
    other: String,
}

impl Default for Files {
    fn default() -> Files {
        Files {
            wanted: Wanted { format: 0, hosts: true, bodies: true },
            asked: false,
            preview: None,
            issue: None,
            refused: String::new(),
            compared: Vec::new(),
            other: String::new(),
        }
    }
}

impl Store {
    /// Asks the desk for what would leave.
    pub fn preview(self, wanted: Wanted) {
        let Some(report) = self.report() else { return };
        self.files.update(|files| {
            files.asked = true;
            (files.wanted, files.preview, files.issue) = (wanted, None, None);
        });
        let switch = |on: bool| if on { "true" } else { "false" };
        let rest = [
            ",\"hosts\":",
            switch(wanted.hosts),
            ",\"bodies\":",
            switch(wanted.bodies),
            ",\"report\":",
            &report,
            "}",
        ];
        let rest = rest.concat();
        let name = FORMATS.get(wanted.format).map_or("", |format| format.0);
        let tracker =
            self.form.with_untracked(|form| form.config.tracker.clone()).filter(|_| name == "markdown");
        let turn = self.turn();
        spawn_local(async move {
            let text = desk::ask(&["{\"task\":\"export\",\"format\":\"", name, "\"", &rest].concat()).await;
            let issue = match tracker {
                Some(tracker) => {
                    desk::ask(&["{\"task\":\"issue\",\"tracker\":", &json::quote(&tracker), &rest].concat())
                        .await
                        .ok()
                }
                None => None,
            };
            if self.turn() == turn && self.files.with_untracked(|files| files.wanted == wanted) {
                self.files.update(|files| (files.preview, files.issue) = (Some(text), issue));
            }
        });
    }

    /// Saves what is previewed.
    pub fn save_preview(self) {
        let files = self.files.get_untracked();
        let Some((_, _, ending, media_type)) = FORMATS.get(files.wanted.format) else { return };
        let name = self.shown.with_untracked(|shown| {
            let run = &shown.as_ref()?.run;
            let plain = |c: char| if c.is_ascii_alphanumeric() { c } else { '-' };
            let host: String = run.deployment.mlflow.origin.host.chars().map(plain).collect();
            let host = if files.wanted.hosts { host.trim_matches('-') } else { "report" };
            let date = run.environment.started_at.get(..10).unwrap_or_default();
            Some(["preflight-", host, "-", date, ".", ending].concat())
        });
        if let (Some(name), Some(Ok(text))) = (name, &files.preview) {
            download::save(&name, media_type, text);
        }
    }

    /// A file was chosen or dropped: it is opened, or compared with the report that is shown.
    pub fn bring(self, event: &Event, dropped: bool) {
        let event = event.clone();
        spawn_local(async move {
            match file::text(&event, dropped, LARGEST).await {
                Ok(Some(text)) => self.take_file(text).await,
                Ok(None) => {}
                Err(()) => self.refuse(TOO_LARGE.to_owned()),
            }
        });
    }

    fn refuse(self, sentence: String) {
        self.files.update(|files| (files.refused, files.compared) = (sentence, Vec::new()));
    }

    async fn take_file(self, text: String) {
        let ended = self
            .shown
            .with_untracked(|shown| shown.as_ref().is_some_and(|shown| shown.run.phase != Phase::Running));
        let report = self.report().filter(|_| ended);
        let Some(report) = report else { return self.open_file(text).await };
        let turn = self.turn();
        let request =
            ["{\"task\":\"compare\",\"text\":", &json::quote(&text), ",\"report\":", &report, "}"].concat();
        let answer = desk::ask(&request).await;
        if self.turn() != turn {
            return;
        }
        match answer {
            Ok(answer) => self.files.update(|files| {
                (files.refused, files.compared, files.other) = (String::new(), sections(&answer), text);
            }),
            Err(sentence) => self.refuse(sentence),
        }
    }

    async fn open_file(self, text: String) {
        let turn = self.turn();
        let answer = desk::ask(&["{\"task\":\"import\",\"text\":", &json::quote(&text), "}"].concat()).await;
        if self.turn() != turn {
            return;
        }
        match answer {
            Ok(wire) if self.show_report(&wire).await => {}
            Ok(_) => self.refuse(
                "This report names addresses that no browser can ask, so it was not read.".to_owned(),
            ),
            Err(sentence) => self.refuse(sentence),
        }
    }

    /// Opens the file that was compared, in the place of what is shown.
    pub fn open_other(self) {
        let text = self.files.with_untracked(|files| files.other.clone());
        spawn_local(self.open_file(text));
    }
}

fn sections(answer: &str) -> Vec<(String, Vec<String>)> {
    let list = json::parse(answer).unwrap_or(Value::Null);
    let text = |value: Option<&Value>| value.and_then(Value::as_str).unwrap_or_default().to_owned();
    let section = |section: &Value| {
        let lines = section.get("lines").and_then(Value::as_array).into_iter().flatten();
        (text(section.get("title")), lines.map(|line| text(Some(line))).collect())
    };
    list.as_array().into_iter().flatten().map(section).collect()
}
