//! Whatever a server does on the wire, a run comes to its end, says that something is wrong, and the page goes on working.

use super::form;
use super::session::{Session, Trouble};
use crate::lab::misbehaving::{Manner, Misbehaving};
use crate::lab::stage::Stage;
use serde_json::json;
use std::time::{Duration, Instant};

/// What the scenario table does not have.
const MANNERS: [Manner; 9] = [
    Manner::Endless,
    Manner::HugeHeaders,
    Manner::NotUtf8,
    Manner::LengthTooShort,
    Manner::SlowHeaders(300),
    Manner::SlowBody(300),
    Manner::ResetInBody,
    Manner::ClosedAfterRequest,
    Manner::ResetOnAccept,
];
/// Far above what a run may take with the lab's limit of a second per probe.
const LIMIT: Duration = Duration::from_secs(15);

/// One run at each.
pub async fn any_answer(session: &Session, stage: &Stage) -> Result<(), Trouble> {
    for manner in MANNERS {
        let server = Misbehaving::by(manner).start("survives", &stage.log).await;
        let server = server.map_err(|error| error.to_string())?;
        form::open(session, stage).await?;
        form::enter(session, json!({ "registry-url": server.origin, "auth-scheme": "none" })).await?;
        let begun = Instant::now();
        form::press(session, "run").await?;
        let said = form::finish(session).await.map_err(|trouble| format!("{manner:?}: {trouble}"))?;
        if said.state != "finished" || said.verdict.as_deref() == Some("healthy") {
            return Err(format!("{manner:?}: {} with {:?}", said.state, said.verdict));
        }
        if said.report.is_none() || begun.elapsed() > LIMIT {
            return Err(format!("{manner:?}: no report, or only after {:?}", begun.elapsed()));
        }
        let crashed = session.script("return !document.getElementById('crash').hidden", Vec::new()).await?;
        if crashed != false {
            return Err(format!("{manner:?}: the page crashed"));
        }
    }
    Ok(())
}
