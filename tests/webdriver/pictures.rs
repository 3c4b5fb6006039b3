//! Screenshots for people: every state of the page, wide and narrow, light and dark.

use super::crash;
use super::examples;
use super::fleet;
use super::session::{Session, Trouble};
use super::{form, links, registration};
use crate::lab::scenarios::{self, Row};
use crate::lab::stage::Stage;
use serde_json::json;
use std::path::Path;
use std::time::Duration;

const SIZES: [(&str, u32, u32); 2] = [("wide", 1280, 900), ("phone", 390, 844)];
const SCHEMES: [&str; 2] = ["light", "dark"];
/// Names of pictures and the rows they show, after the end of a run.
const FINISHED: [(&str, &str); 3] =
    [("healthy", "healthy"), ("outage", "auth-service-down"), ("shortlist", "host-unreachable")];

/// The row shown with forced colours, and when the page has stopped working.
const FORCED: &str = "auth-service-down";

/// The row shown while it runs: it takes long enough.
const RUNNING: &str = "timeout";

/// The rows that the pictures need.
pub fn rows() -> Vec<&'static Row> {
    FINISHED.iter().map(|(_, id)| *id).chain([RUNNING]).filter_map(scenarios::named).collect()
}

/// Takes all pictures into `folder`. Chromium only: the others cannot change size and scheme in flight.
pub async fn take(session: &Session, stage: &Stage, folder: &Path) -> Result<(), Trouble> {
    std::fs::create_dir_all(folder).map_err(|error| error.to_string())?;
    form::open(session, stage).await?;
    all(session, folder, "idle", false).await?;

    if let Some(silent) = stage.row(RUNNING) {
        for (size, width, height) in SIZES {
            for scheme in SCHEMES {
                form::open(session, stage).await?;
                form::fill(session, silent, silent.row.key).await?;
                look(session, width, height, scheme).await?;
                form::press(session, "run").await?;
                under_way(session).await?;
                save(session, &folder.join(format!("running-{size}-{scheme}.png"))).await?;
                form::finish(session).await?;
            }
        }
    }
    let mut shared = None;
    for (name, id) in FINISHED {
        let Some(open) = stage.row(id) else { continue };
        form::run(session, stage, open).await?;
        all(session, folder, name, true).await?;
        shared = Some(links::result_link(session).await?);
    }
    if let Some(address) = shared {
        links::anew(session, &address, "shared").await?;
        all(session, folder, "shared", true).await?;
    }
    fleet::overview(session, stage).await?;
    all(session, folder, "fleet", true).await?;
    others(session, stage, folder).await?;
    examples::show(session, stage, 0).await?;
    all(session, folder, "example", true).await?;
    links::asked_about(session, stage, all(session, folder, "question", false)).await?;
    watched(session, stage, folder).await?;
    closer(session, stage, folder).await?;
    if let Some(down) = stage.row(FORCED) {
        form::run(session, stage, down).await?;
        crash::provoke(session).await?;
        all(session, folder, "failed", false).await?;
        // The last one: what forced colours leave behind would be in others.
        form::run(session, stage, down).await?;
        forced(session, folder, "outage").await?;
    }
    session.devtools("Emulation.clearDeviceMetricsOverride", json!({})).await?;
    session.devtools("Emulation.setEmulatedMedia", json!({ "features": [] })).await.map(drop)
}

/// A watch after its first run.
async fn watched(session: &Session, stage: &Stage, folder: &Path) -> Result<(), Trouble> {
    let Some(open) = stage.row("healthy") else { return Ok(()) };
    form::run(session, stage, open).await?;
    form::enter(session, json!({ "watch": "30" })).await?;
    session.wait_for_state(&["running"], Duration::from_secs(5)).await?;
    form::finish(session).await?;
    let [(size, width, height), _] = SIZES;
    for scheme in SCHEMES {
        look(session, width, height, scheme).await?;
        session.script("document.querySelector('.watch').scrollIntoView()", Vec::new()).await?;
        save(session, &folder.join(format!("watch-{size}-{scheme}.png"))).await?;
    }
    Ok(())
}

/// After *Look closer*: the second line of the way, and every request by time. And what a closed tab left.
async fn closer(session: &Session, stage: &Stage, folder: &Path) -> Result<(), Trouble> {
    let Some(open) = stage.row("healthy") else { return Ok(()) };
    form::run(session, stage, open).await?;
    form::press(session, "look-closer").await?;
    session.wait_for_state(&["running"], Duration::from_secs(5)).await?;
    form::finish(session).await?;
    session.script("document.querySelector('.waterfall details').open = true", Vec::new()).await?;
    all(session, folder, "closer", true).await?;
    registration::leave_something(session, stage, open).await?;
    all(session, folder, "remains", true).await?;
    registration::clean_up(session).await
}

/// Waits until the run says how far it is.
async fn under_way(session: &Session) -> Result<(), Trouble> {
    let says = r#"document.querySelector(".progress")?.innerText.includes("checks known")"#;
    session.until("the run does not say how far it is", says).await
}

/// States in which the page has little to show.
async fn others(session: &Session, stage: &Stage, folder: &Path) -> Result<(), Trouble> {
    if let Some(silent) = stage.row(RUNNING) {
        form::open(session, stage).await?;
        form::fill(session, silent, silent.row.key).await?;
        form::press(session, "run").await?;
        under_way(session).await?;
        form::press(session, "stop").await?;
        session.wait_for_state(&["stopped"], Duration::from_secs(5)).await?;
        all(session, folder, "stopped", false).await?;

        form::open(session, stage).await?;
        form::fill(session, silent, silent.row.key).await?;
        session.set_offline(true).await?;
        form::press(session, "run").await?;
        let ended = form::finish(session).await;
        session.set_offline(false).await?;
        ended?;
        all(session, folder, "offline", false).await?;
    }
    let newer = [stage.page.origin.as_str(), "/#r=99.AAAA"].concat();
    links::anew(session, &newer, "idle").await?;
    all(session, folder, "newer-link", false).await?;

    session.devtools("Network.enable", json!({})).await?;
    session.devtools("Network.setBlockedURLs", json!({ "urls": ["*/preflight.json"] })).await?;
    form::open(session, stage).await?;
    all(session, folder, "no-configuration", false).await?;
    session.devtools("Network.setBlockedURLs", json!({ "urls": [] })).await?;

    let without = json!({ "source": "delete globalThis.WebAssembly" });
    let added = session.devtools("Page.addScriptToEvaluateOnNewDocument", without).await?;
    session.load("about:blank").await?;
    session.load(&stage.page.origin).await?;
    all(session, folder, "no-webassembly", false).await?;
    let id = json!({ "identifier": added["identifier"] });
    session.devtools("Page.removeScriptToEvaluateOnNewDocument", id).await.map(drop)
}

/// The page as it stands, in every size and scheme; with `whole` also from top to bottom.
async fn all(session: &Session, folder: &Path, name: &str, whole: bool) -> Result<(), Trouble> {
    for (size, width, height) in SIZES {
        for scheme in SCHEMES {
            look(session, width, height, scheme).await?;
            session.script("window.scrollTo(0, 0)", Vec::new()).await?;
            save(session, &folder.join(format!("{name}-{size}-{scheme}.png"))).await?;
            if whole {
                let full = session.script("return document.documentElement.scrollHeight", Vec::new()).await?;
                let full = full.as_u64().and_then(|full| u32::try_from(full).ok()).unwrap_or(height);
                look(session, width, full.clamp(height, 16_000), scheme).await?;
                save(session, &folder.join(format!("{name}-{size}-{scheme}-whole.png"))).await?;
            }
        }
    }
    Ok(())
}

/// The page as it is printed, and with the colours of the system instead of its own, as high contrast modes have it.
async fn forced(session: &Session, folder: &Path, name: &str) -> Result<(), Trouble> {
    let [(size, width, height), _] = SIZES;
    look(session, width, 2 * height, SCHEMES[0]).await?;
    session.devtools("Emulation.setEmulatedMedia", json!({ "media": "print" })).await?;
    save(session, &folder.join(format!("{name}-print.png"))).await?;
    session.devtools("Emulation.setEmulatedMedia", json!({ "media": "" })).await?;
    look(session, width, height, SCHEMES[1]).await?;
    let media = json!({ "features": [
        { "name": "prefers-color-scheme", "value": SCHEMES[1] },
        { "name": "forced-colors", "value": "active" },
    ] });
    session.devtools("Emulation.setEmulatedMedia", media).await?;
    save(session, &folder.join(format!("{name}-{size}-forced.png"))).await
}

async fn look(session: &Session, width: u32, height: u32, scheme: &str) -> Result<(), Trouble> {
    let metrics = json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 600 });
    session.devtools("Emulation.setDeviceMetricsOverride", metrics).await?;
    let media = json!({ "features": [{ "name": "prefers-color-scheme", "value": scheme }] });
    session.devtools("Emulation.setEmulatedMedia", media).await.map(drop)
}

async fn save(session: &Session, path: &Path) -> Result<(), Trouble> {
    let picture = session.screenshot().await?;
    std::fs::write(path, picture).map_err(|error| format!("{}: {error}", path.display()))
}
