//! axe-core (from npm) looks at the page in each of its states, in both themes, wide and on a phone. Chromium only: what
//! it judges is the document, and only Chromium changes theme and size in flight.

use super::examples;
use super::fleet;
use super::form;
use super::session::{Session, Trouble};
use crate::lab::stage::Stage;
use serde_json::{Value, json};

/// States and the row that leads to each; without a row the page as it opens.
const STATES: [(&str, Option<&str>); 4] = [
    ("idle", None),
    ("healthy", Some("healthy")),
    ("broken", Some("auth-service-down")),
    ("shortlist", Some("host-unreachable")),
];

/// Every detail opened, then all of axe's rules; gives one line per rule that is broken.
const LOOK: &str = r"
    const done = arguments[arguments.length - 1];
    document.querySelectorAll('details').forEach((details) => { details.open = true; });
    axe.run(document).then(
        (found) => done(found.violations.map((rule) => `${rule.id}: ${rule.nodes.map((node) => node.target).join(' ')}`)),
        (error) => done([String(error)]));
";

/// What would leave the page is looked at as well.
const PREVIEW: &str = r"
    const done = arguments[arguments.length - 1];
    document.getElementById('export-preview').click();
    let left = 400;
    const timer = setInterval(() => {
        const shown = document.querySelector('.preview pre') !== null;
        if (shown || --left < 0) { clearInterval(timer); done(shown); }
    }, 25);
";

/// Looks at every state; `None` where axe-core or this browser's tools are missing.
pub async fn look(session: &Session, stage: &Stage) -> Option<Result<(), Trouble>> {
    let axe = std::env::var("PREFLIGHT_AXE").ok().filter(|path| !path.is_empty())?;
    if session.engine.name != "chromium" {
        return None;
    }
    let looked = match std::fs::read_to_string(&axe) {
        Ok(source) => states(session, stage, &source).await,
        Err(error) => Err(format!("{axe}: {error}")),
    };
    let tidied = session.devtools("Emulation.setEmulatedMedia", json!({ "features": [] })).await;
    Some(looked.and(tidied.map(drop)))
}

async fn states(session: &Session, stage: &Stage, axe: &str) -> Result<(), Trouble> {
    let mut found = Vec::new();
    for (name, row) in STATES {
        form::open(session, stage).await?;
        if let Some(id) = row {
            let open = stage.row(id).ok_or_else(|| format!("the table has no row {id}"))?;
            form::fill(session, open, open.row.key).await?;
            form::press(session, "run").await?;
            form::finish(session).await?;
            let shown = session.script_async(PREVIEW, Vec::new()).await?;
            if shown != true {
                return Err("what leaves is not shown".to_owned());
            }
        }
        found.extend(in_both_themes(session, name, axe).await?);
    }
    fleet::overview(session, stage).await?;
    found.extend(in_both_themes(session, "fleet", axe).await?);
    examples::show(session, stage, 0).await?;
    found.extend(in_both_themes(session, "example", axe).await?);
    // It must be able to find something.
    session.script("document.querySelector('main').append(new Image())", Vec::new()).await?;
    let planted = session.script_async(LOOK, Vec::new()).await?;
    if planted.as_array().is_none_or(Vec::is_empty) {
        found.push("a picture without words was planted, and axe-core did not object".to_owned());
    }
    if found.is_empty() { Ok(()) } else { Err(found.join("\n")) }
}

/// What is wrong with the page as it stands.
async fn in_both_themes(session: &Session, name: &str, axe: &str) -> Result<Vec<String>, Trouble> {
    let mut found = Vec::new();
    session.script(axe, Vec::new()).await?;
    for scheme in ["light", "dark"] {
        let media = json!({ "features": [{ "name": "prefers-color-scheme", "value": scheme }] });
        session.devtools("Emulation.setEmulatedMedia", media).await?;
        let broken = session.script_async(LOOK, Vec::new()).await?;
        let broken = broken.as_array().ok_or_else(|| format!("axe-core said {broken}"))?;
        found.extend(broken.iter().filter_map(Value::as_str).map(|rule| format!("{name}, {scheme}: {rule}")));
    }
    Ok(found)
}
