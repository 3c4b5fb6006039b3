//! The examples. Records them: runs the incidents' rows, checks that the verdict is the table's, and writes each report
//! down with names in the place of this machine's addresses. And looks at them as a visitor does.

use super::form;
use super::session::{Session, Trouble};
use super::table;
use crate::lab::examples::{self, ALL, Example, FOLDER};
use crate::lab::scenarios::Entry;
use crate::lab::stage::{PROBE_TIMEOUT_MS, Stage};
use serde_json::json;
use std::fs;
use std::path::Path;

/// Exactly what the page saves as JSON.
const EXPORT: &str = "const done = arguments[0]; window.preflight.export('json').then(done, done);";

/// Records all of them anew.
pub async fn record(session: &Session, stage: &Stage) -> Result<(), Trouble> {
    let folder = Path::new(FOLDER);
    let write =
        |name: &str, text: &str| fs::write(folder.join(name), text).map_err(|error| error.to_string());
    fs::create_dir_all(folder).map_err(|error| error.to_string())?;
    for example in ALL {
        let text = recorded(session, stage, example).await?;
        println!("{:<42} {:>8} bytes", example.row, text.len());
        write(&format!("{}.json", example.row), &text)?;
    }
    write("index.json", &examples::index())
}

async fn recorded(session: &Session, stage: &Stage, example: &Example) -> Result<String, Trouble> {
    let open = super::promises::row(stage, example.row)?;
    // The page reads its own configuration during a run: it is that of somebody who has this one deployment.
    let mut deployment = open.deployment().map_err(|error| error.to_string())?;
    // One that ships is chosen by its own name.
    deployment["id"] = json!(match open.row.entry {
        Entry::Shipped(id) => id,
        Entry::Lab => "production",
    });
    deployment["name"] = json!("Production");
    deployment["description"] = json!("The registry behind the gateway");
    let limits = json!({ "probe-timeout-ms": PROBE_TIMEOUT_MS });
    stage.page.configure(json!({ "limits": limits, "deployments": [deployment] }).to_string());
    let said = form::run(session, stage, open).await?;
    if let Some(wrong) = table::wrong_causes(&open.row.expect, &said) {
        return Err(format!("{}: {wrong}", example.row));
    }
    let report = session.script_async(EXPORT, Vec::new()).await?;
    let report = report.as_str().ok_or("the page exports nothing")?;
    let auth = open.auth_origin.as_deref().unwrap_or_default();
    let names = [
        (stage.page.origin.as_str(), "preflight.example.com"),
        (open.registry_url.as_str(), "registry.example.com"),
        (auth, "auth.example.com"),
    ];
    let names: Vec<(&str, &str)> = names.into_iter().filter(|(origin, _)| !origin.is_empty()).collect();
    examples::renamed(report, &names).map_err(|trouble| format!("{}: {trouble}", example.row))
}

/// Nothing of them is loaded before somebody wants to look; then each is listed with its story, and opens as a recording
/// with the verdict of this version, without asking anybody.
pub async fn look(session: &Session, stage: &Stage) -> Result<(), Trouble> {
    let mark = stage.log.mark();
    form::open(session, stage).await?;
    let before = stage.log.since(mark);
    let early = before.iter().find(|request| request.target.contains("examples"));
    if let Some(early) = early {
        return Err(format!("{} is loaded before anybody wants it", early.target));
    }
    let mark = stage.log.mark();
    session.script(WANT, Vec::new()).await?;
    for example in ALL {
        let shown = session.script_async(OPEN, vec![json!(example.title)]).await?;
        let says = |text: &str| shown["first"].as_str().is_some_and(|first| first.contains(text));
        let story = ["A recording: ", example.title, example.believed, example.truth];
        if !story.iter().all(|text| says(text)) || !says("not a live result") {
            return Err(format!("{} is introduced by {shown}", example.row));
        }
        if shown["seen"] != true {
            return Err(format!(
                "{} is opened out of sight: the keyboard is at {}",
                example.row, shown["keyboard"]
            ));
        }
        let said = form::read(session).await?;
        let row = super::promises::row_of(example.row)?;
        if said.state != "shared" || said.verdict.as_deref() != Some("problems") {
            return Err(format!("{}: {} and {:?}", example.row, said.state, said.verdict));
        }
        if let Some(wrong) = table::wrong_causes(&row.expect, &said) {
            return Err(format!("{}: {wrong}", example.row));
        }
    }
    let asked = stage.log.since(mark);
    let elsewhere = asked.iter().find(|request| !stage.is_page(&request.listener_origin));
    match elsewhere {
        Some(request) => Err(format!("{} was asked at {}", request.target, request.listener)),
        None => hidden(session, stage).await,
    }
}

/// Leaves the page with an example, by its place in the list.
pub async fn show(session: &Session, stage: &Stage, index: usize) -> Result<(), Trouble> {
    let example = ALL.get(index).ok_or("there are not so many")?;
    form::open(session, stage).await?;
    session.script(WANT, Vec::new()).await?;
    session.script_async(OPEN, vec![json!(example.title)]).await.map(drop)
}

/// A host that wants none says so.
async fn hidden(session: &Session, stage: &Stage) -> Result<(), Trouble> {
    let was = stage.page.configure(json!({ "examples": "" }).to_string());
    let opened = form::open(session, stage).await;
    stage.page.configure(was);
    opened?;
    let hidden = session.script("return document.getElementById('examples').hidden", Vec::new()).await?;
    if hidden == true { Ok(()) } else { Err("examples are offered where the host wants none".to_owned()) }
}

const WANT: &str = "document.querySelector('#examples button').click()";

const OPEN: &str = r##"
const [title, done] = arguments;
let left = 800;
let pressed = false;
const first = () => document.querySelector(".shared")?.textContent ?? "";
const timer = setInterval(() => {
  const entry = [...document.querySelectorAll(".examples button")].find((button) => button.textContent === title);
  // Once: the list is drawn anew when one is opened.
  if (entry && !pressed) {
    pressed = true;
    entry.click();
  }
  const is_shown = first().startsWith(`A recording: ${title}`) && document.documentElement.dataset.runState === "shared";
  // The list is far below what it opens.
  const { className, tagName } = document.activeElement;
  const { top } = document.activeElement.getBoundingClientRect();
  const seen = className === "shared" && top >= 0 && top < innerHeight;
  if (!(is_shown && seen) && --left > 0) return;
  clearInterval(timer);
  done({ first: first(), seen, keyboard: `${tagName} ${className}, from ${top} on`, page: document.querySelector("#examples")?.textContent });
}, 25);
"##;
