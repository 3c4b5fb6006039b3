//! What stands around a verdict: that it is of another form than the one that is there now, that not every check passes where
//! the way is open, and where the keyboard is.

use super::form;
use super::promises::row;
use super::session::{Session, Trouble};
use crate::lab::stage::Stage;
use serde_json::json;

/// A verdict stays when the form is changed, and says that it is of another one.
pub async fn outdated(session: &Session, stage: &Stage) -> Result<(), Trouble> {
    let open = row(stage, "healthy")?;
    form::run(session, stage, open).await?;
    let path = open.row.form.mlflow_path;
    for (typed, is_outdated) in [(path, false), ("/another", true), (path, false)] {
        form::enter(session, json!({ "mlflow-path": typed })).await?;
        let what = format!("with {typed:?} as the path it should be {is_outdated} that the form has changed");
        session.until(&what, &format!("{SAYS_SO} === {is_outdated}")).await?;
    }
    Ok(())
}

/// MLflow answers, and the auth service does not know the service that is asked about: nothing may say that all is well.
pub async fn not_all_is_well(session: &Session, stage: &Stage) -> Result<(), Trouble> {
    let open = row(stage, "healthy")?;
    form::open(session, stage).await?;
    form::fill(session, open, open.row.key).await?;
    form::enter(session, json!({ "service-id": "no-such-service" })).await?;
    form::press(session, "run").await?;
    let said = form::finish(session).await?;
    let failing: Vec<&String> =
        said.checks.iter().filter(|(_, status)| *status == "fail").map(|(id, _)| id).collect();
    let shown = session.script(HEALTHY, Vec::new()).await?;
    let links: Vec<String> = failing.iter().map(|id| format!("#check-{id}")).collect();
    if said.verdict.as_deref() != Some("healthy") || failing.is_empty() {
        return Err(format!(
            "this is to show a check that fails, and there is {:?} {failing:?}",
            said.verdict
        ));
    }
    if !shown["headline"].as_str().is_some_and(|text| text.contains("not every check passes"))
        || shown["links"] != json!(links)
    {
        return Err(format!("{failing:?} fail, and the verdict says {shown}"));
    }
    Ok(())
}

/// Enter in a field starts a run, which folds the field away: the keyboard goes to the button that starts one.
pub async fn enter_keeps_the_keyboard(session: &Session, stage: &Stage) -> Result<(), Trouble> {
    const ENTER: &str = "\u{e007}";
    let open = row(stage, "healthy")?;
    form::open(session, stage).await?;
    form::fill(session, open, open.row.key).await?;
    session.script("document.getElementById('api-key').focus()", Vec::new()).await?;
    session.keys(ENTER).await?;
    form::finish(session).await?;
    let at = session.script("return document.activeElement.id", Vec::new()).await?;
    if at == "run" { Ok(()) } else { Err(format!("the keyboard is at {at:?}")) }
}

const SAYS_SO: &str = r#"[...document.querySelectorAll(".verdict .note")].some((it) => it.innerText.includes("has changed since") && it.checkVisibility())"#;

const HEALTHY: &str = r#"
const verdict = document.querySelector(".verdict");
return {
  headline: verdict.querySelector("h2").innerText,
  links: [...verdict.querySelectorAll("h2 + ul a")].map((it) => it.getAttribute("href")).sort(),
};
"#;
