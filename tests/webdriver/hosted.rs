//! The page below a path of its host, with files that the browser may keep: everything it asks its own host for lies
//! below that path, and a second visit does what the first one did, from the cache in browsers that have one here.

use super::form;
use super::links;
use super::promises;
use super::session::{Session, Trouble};
use crate::lab::page::BELOW;
use crate::lab::record::Recorded;
use crate::lab::stage::Stage;

/// Two visits, each with a run and the words of the catalogue.
pub async fn below_a_path(session: &Session, stage: &Stage) -> Result<(), Trouble> {
    let open = promises::row(stage, "auth-service-down")?;
    let address = [&stage.page.origin, BELOW.trim_end_matches('/')].concat();
    let mark = stage.log.mark();
    let mut second = mark;
    for visit in ["first", "second"] {
        second = stage.log.mark();
        form::open_at(session, &address).await?;
        form::fill(session, open, open.row.key).await?;
        form::press(session, "run").await?;
        let said = form::finish(session).await?;
        if said.causes.first().is_none_or(|(code, _)| code != "auth-service-down") {
            return Err(format!("the {visit} visit says {:?}", said.causes));
        }
        let link = links::result_link(session).await?;
        if !link.starts_with(&format!("{address}/#")) {
            return Err(format!("the {visit} visit's link is {link}"));
        }
    }
    let seen = stage.log.since(mark);
    let own: Vec<_> = seen.iter().filter(|seen| *seen.listener_origin == *stage.page.origin).collect();
    // Browsers ask for an icon at the root by themselves.
    let is_ours = |target: &str| target.starts_with(BELOW) || target == "/favicon.ico";
    if let Some(stray) = own.iter().find(|seen| !is_ours(&seen.target)) {
        return Err(format!("{} was asked for, which does not lie below {BELOW}", stray.target));
    }
    let is_program = |seen: &&Recorded| seen.target.ends_with(".wasm");
    if !own.iter().copied().any(|seen| is_program(&seen)) {
        return Err("the first visit did not ask for the program".to_owned());
    }
    if session.engine.keeps_files
        && let Some(again) = stage.log.since(second).iter().find(is_program)
    {
        return Err(format!("{} was asked for again, and the browser was to keep it", again.target));
    }
    Ok(())
}
