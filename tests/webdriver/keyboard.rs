//! A whole run and its link by keyboard alone, as somebody without a mouse does it: no script touches the page, and where
//! the keyboard is can be seen at every stop.

use super::form;
use super::promises;
use super::session::{Session, Trouble};
use crate::lab::stage::Stage;
use serde::Deserialize;
use serde_json::json;
use std::time::Duration;

/// WebDriver's names of keys.
const TAB: &str = "\u{e004}";
const ENTER: &str = "\u{e007}";
/// From the top of the page to its buttons, with what `preflight.json` adds.
const STOPS_TO_RUN: usize = 20;
/// From *Run checks* to the link: it is beside it.
const STOPS_TO_LINK: usize = 3;

/// Where the keyboard is.
#[derive(Debug, Deserialize)]
struct Focus {
    /// The element's id; the page's fields have one each.
    id: String,
    /// What it is called, to say where something is wrong.
    text: String,
    /// Something is drawn around it, and it is where it can be seen.
    seen: bool,
    /// What tells why it cannot be seen: outline, box and window.
    drawn: String,
}

/// Types a deployment in, runs the checks and copies the link.
pub async fn run_and_share(session: &Session, stage: &Stage) -> Result<(), Trouble> {
    let open = promises::row(stage, "auth-service-down")?;
    form::open(session, stage).await?;
    let key = open.text_of(open.row.key);
    let mut values = vec![
        ("registry-url", open.registry_url.as_str()),
        ("mlflow-path", open.row.form.mlflow_path),
        ("api-key", key.as_str()),
        ("auth-url", open.auth_url.as_str()),
    ];
    values.retain(|(_, value)| !value.is_empty());
    for _ in 0..STOPS_TO_RUN {
        let focus = next(session).await?;
        if focus.id == "run" {
            break;
        }
        if let Some(at) = values.iter().position(|(id, _)| *id == focus.id) {
            session.keys(values.remove(at).1).await?;
        }
    }
    if !values.is_empty() {
        let ids: Vec<_> = values.iter().map(|(id, _)| id).collect();
        return Err(format!("the keyboard does not get to {ids:?} before the button that starts"));
    }
    session.keys(ENTER).await?;
    let said = form::finish(session).await?;
    if said.causes.first().is_none_or(|(code, _)| code != "auth-service-down") {
        return Err(format!("the run that was started by keyboard says {:?}", said.causes));
    }
    let mut passed = Vec::new();
    for _ in 0..STOPS_TO_LINK {
        let focus = next(session).await?;
        if focus.id != "copy-link" {
            passed.push(focus.text);
            continue;
        }
        session.keys(ENTER).await?;
        let said = session.script_async(COPIED, vec![json!(PATIENCE.as_millis())]).await?;
        return if said == "Copied" { Ok(()) } else { Err(format!("the button for the link says {said}")) };
    }
    Err(format!("the link is not within {STOPS_TO_LINK} stops of the run, which are {passed:?}"))
}

/// How long the page may take to say that it has copied, and the browser to show where the keyboard is: WebKit scrolls there
/// a moment after the focus has moved.
const PATIENCE: Duration = Duration::from_secs(2);

/// One stop further.
async fn next(session: &Session) -> Result<Focus, Trouble> {
    session.keys(TAB).await?;
    let focus = session.script_async(FOCUS, vec![json!(PATIENCE.as_millis())]).await?;
    let focus: Focus = serde_json::from_value(focus).map_err(|error| error.to_string())?;
    if focus.seen { Ok(focus) } else { Err(format!("nothing shows that the keyboard is at {focus:?}")) }
}

const FOCUS: &str = r#"
const [limit, done] = arguments;
const look = () => {
  const at = document.activeElement;
  const { outlineStyle, outlineWidth } = getComputedStyle(at);
  const { width, top, bottom } = at.getBoundingClientRect();
  return {
    id: at.id,
    text: (at.id || at.innerText || at.tagName).slice(0, 60),
    seen: outlineStyle !== "none" && parseFloat(outlineWidth) > 0 && width > 0 && bottom > 0 && top < innerHeight,
    drawn: `outline ${outlineStyle} ${outlineWidth}, ${width} wide, from ${top} to ${bottom} of ${innerHeight}`,
  };
};
const begun = performance.now();
const timer = setInterval(() => {
  const focus = look();
  if (focus.seen || performance.now() - begun > limit) { clearInterval(timer); done(focus); }
}, 20);
"#;

const COPIED: &str = r#"
const [limit, done] = arguments;
const said = () => document.querySelector('#copy-link span').textContent;
const begun = performance.now();
const timer = setInterval(() => {
  if (said() === "Copied" || performance.now() - begun > limit) { clearInterval(timer); done(said()); }
}, 20);
"#;
