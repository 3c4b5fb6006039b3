//! *Check again* on a fix card: only what the cause rests on is asked once more; and once it is mended, everything is, and
//! the page says so.

use super::form;
use super::promises::row;
use super::session::{Session, Trouble};
use super::table::from_browser;
use crate::lab::keys::Key;
use crate::lab::loopback::RefusedPort;
use crate::lab::stage::Stage;
use preflight::report::Report;
use serde_json::json;
use std::net::SocketAddr;
use tokio::io::copy_bidirectional;
use tokio::net::{TcpListener, TcpStream};

/// Nothing was mended: the same verdict, from the same few questions.
pub async fn unchanged(session: &Session, stage: &Stage) -> Result<(), Trouble> {
    let open = row(stage, "auth-service-down")?;
    let before = form::run(session, stage, open).await?;
    let report = before.report.as_deref().and_then(|text| serde_json::from_str::<Report>(text).ok());
    let report = report.ok_or("there is no report")?;
    let first = report.verdict.causes.first().ok_or("nothing was named")?;
    let rests = |id: &String| report.observations.iter().find(|seen| seen.probe.id == *id);
    let mut wanted: Vec<&str> =
        first.evidence.iter().filter_map(rests).map(|seen| seen.probe.target.path_only()).collect();
    wanted.sort_unstable();
    let mark = stage.log.mark();
    press(session, &first.code).await?;
    let after = form::finish(session).await?;
    if (&after.verdict, &after.causes, &after.checks) != (&before.verdict, &before.causes, &before.checks) {
        return Err(format!("before {:?}, after {:?}", before.causes, after.causes));
    }
    let seen = stage.log.since(mark);
    let own = open.own(&seen);
    let mut asked: Vec<&str> = from_browser(&own)
        .filter(|request| request.method != "OPTIONS")
        .map(|request| request.target.split('?').next().unwrap_or_default())
        .collect();
    asked.sort_unstable();
    if asked != wanted {
        return Err(format!("it rests on {wanted:?}, and asked was {asked:?}"));
    }
    let says = session.script("return document.querySelector('.verdict').innerText", Vec::new()).await?;
    match says.as_str() {
        Some(text) if text.contains("asked again, and nothing else") => Ok(()),
        _ => Err(format!("the page says {says}")),
    }
}

/// The registry comes up: what the cause rested on comes out otherwise, so everything is asked.
pub async fn mended(session: &Session, stage: &Stage) -> Result<(), Trouble> {
    let open = row(stage, "healthy")?;
    let nobody = RefusedPort::reserve().map_err(|error| error.to_string())?;
    let address = nobody.address;
    form::open(session, stage).await?;
    form::fill(session, open, Key::Canary).await?;
    // Another address clears the key, which is typed for it then.
    form::enter(session, json!({ "registry-url": format!("http://{address}") })).await?;
    form::enter(session, json!({ "api-key": Key::Good.text() })).await?;
    form::press(session, "run").await?;
    let before = form::finish(session).await?;
    let named = before.causes.iter().find(|(code, _)| code == "host-unreachable");
    let (code, _) = named.ok_or_else(|| format!("nobody is there, and named is {:?}", before.causes))?;
    drop(nobody);
    let healthy = open.registry_url.trim_start_matches("http://").to_owned();
    let listener = TcpListener::bind(address).await.map_err(|error| error.to_string())?;
    let forwarding = tokio::spawn(forward(listener, healthy.parse().map_err(|_| healthy.clone())?));
    let result = async {
        press(session, code).await?;
        let after = form::finish(session).await?;
        match after.verdict.as_deref() {
            Some("healthy") => Ok(()),
            other => Err(format!("it is mended, and the page says {other:?} {:?}", after.causes)),
        }
    };
    let result = result.await;
    forwarding.abort();
    result
}

/// Passes everything on.
async fn forward(listener: TcpListener, to: SocketAddr) {
    while let Ok((mut stream, _)) = listener.accept().await {
        tokio::spawn(async move {
            if let Ok(mut behind) = TcpStream::connect(to).await {
                // Either side may end it.
                let _ = copy_bidirectional(&mut stream, &mut behind).await;
            }
        });
    }
}

/// Presses the button on the first card of a cause.
async fn press(session: &Session, code: &str) -> Result<(), Trouble> {
    const PRESS: &str = r#"
const button = document.querySelector(`button[data-again="${arguments[0]}"]`);
button?.click();
return !!button;
"#;
    let pressed = session.script(PRESS, vec![json!(code)]).await?;
    if pressed == true { Ok(()) } else { Err(format!("no card of {code} can be checked again")) }
}
