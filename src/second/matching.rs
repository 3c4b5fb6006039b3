//! Which question of a run another program asked, and what is missing where that cannot be told.

use super::curl::OWN_COMMAND;
use super::{Exchange, Reading};
use crate::deployment::credential::Presented;
use crate::deployment::{Host, Origin, redact};
use crate::diagnosis::opinion;
use crate::probe::{Came, Probe, Sighting, Way};
use crate::run::Facts;
use crate::run::facts::ask;

/// Sentences that are shown at the most.
const SENTENCES: usize = 6;

/// Finds what belongs to a run.
pub fn reading(facts: &Facts, exchanges: &[Exchange]) -> Reading {
    let mut reading = Reading::default();
    let mut missing = Vec::new();
    let mut other = 0_usize;
    for exchange in exchanges {
        let place = match place(facts, exchange) {
            Ok(place) => place,
            // A HAR file holds the requests of other pages too.
            Err(_) if exchange.by != "curl" && exchanges.len() > 1 => {
                other += 1;
                continue;
            }
            Err(sentence) => {
                missing.push(sentence);
                continue;
            }
        };
        match sighting(facts, exchange, place) {
            // Of a HAR file with the whole run in it only what is new is kept.
            Ok(sighting) if exchange.by != "curl" && !is_new(facts, &sighting) => other += 1,
            Ok(sighting) => reading.sightings.push(sighting),
            // A HAR file holds everything, also what tells nothing.
            Err(_) if exchange.by != "curl" && exchanges.len() > 1 => other += 1,
            Err(sentence) => missing.push(sentence),
        }
    }
    if reading.sightings.is_empty() && missing.is_empty() {
        let names: Vec<String> = facts.deployment.key_origins().iter().map(Origin::to_string).collect();
        missing.push(match other {
            0 => "It does not show what came of the request.".to_owned(),
            _ => format!(
                "None of the {other} requests in it is one of these checks at {}.",
                names.join(" or ")
            ),
        });
    }
    // Of a HAR file with the whole run in it only what is of use is kept: the last of each question.
    let mut kept: Vec<Sighting> = Vec::new();
    for sighting in reading.sightings {
        let same = |old: &Sighting| {
            (&old.question, old.preflight, &old.method)
                == (&sighting.question, sighting.preflight, &sighting.method)
        };
        kept.retain(|old| !same(old));
        kept.push(sighting);
    }
    reading.sightings = kept;
    reading.said = reading.sightings.iter().map(|seen| opinion::told(facts, seen)).take(SENTENCES).collect();
    for sentence in missing {
        if !reading.said.contains(&sentence) && reading.said.len() < SENTENCES {
            reading.said.push(sentence);
        }
    }
    if reading.sightings.is_empty() {
        reading.again = opinion::commands(facts).into_iter().next();
    }
    reading
}

/// True for the questions that settle something, where the browser shows the page no answer.
fn is_new(facts: &Facts, seen: &Sighting) -> bool {
    let asked =
        [Facts::open_id(Host::Registry), Facts::open_id(Host::Auth), ask::SEARCH_NONE, ask::SEARCH_KEY];
    // One permission question for each method is enough.
    let tells = asked.contains(&seen.question.as_str()) || seen.preflight && seen.method != "GET";
    facts.answer(&seen.question).is_none() && tells
}

/// Which host was asked, or the sentence that names the difference.
fn place(facts: &Facts, exchange: &Exchange) -> Result<Host, String> {
    let Some(name) = &exchange.host else {
        return Err(
            "It does not say which address was asked. Paste all that the command prints, also the command itself."
                .to_owned(),
        );
    };
    let mut nearest: Option<(usize, String)> = None;
    for host in facts.deployment.hosts() {
        let Some(base) = facts.deployment.base(host) else { continue };
        let ours = &base.origin;
        let same_host = ours.host.trim_matches(['[', ']']) == name;
        let same_port = exchange.port.is_none_or(|port| port == ours.port)
            && (exchange.port.is_some() || exchange.secure.is_none_or(|secure| default(secure) == ours.port));
        let same_scheme = exchange.secure.is_none_or(|secure| secure == ours.secure);
        // A connection that failed shows no scheme.
        if same_host && same_port && same_scheme {
            return Ok(host);
        }
        let (differs, weight) = match (same_host, same_port) {
            (false, _) => ("host", 0),
            (true, false) => ("port", 1),
            _ => ("scheme", 2),
        };
        let port = exchange.port.map(|port| format!(":{port}")).unwrap_or_default();
        let theirs = match exchange.secure {
            Some(secure) => format!("{}://{name}{port}", if secure { "https" } else { "http" }),
            None => format!("{name}{port}"),
        };
        let sentence = format!(
            "This asked {theirs}, and the checks asked {ours}: another {differs}, so it tells nothing about this run."
        );
        if nearest.as_ref().is_none_or(|(best, _)| *best < weight) {
            nearest = Some((weight, sentence));
        }
    }
    Err(nearest.map(|(_, sentence)| sentence).unwrap_or_default())
}

fn default(secure: bool) -> u16 {
    if secure { 443 } else { 80 }
}

fn sighting(facts: &Facts, exchange: &Exchange, host: Host) -> Result<Sighting, String> {
    let Some(came) = exchange.came else {
        return Err(
            "The output ends before an answer came. Let the command come to its end: it gives up by itself after 20 seconds."
                .to_owned(),
        );
    };
    if exchange.proxied {
        return Err(format!(
            "{} went through a proxy, which this browser may not use, so this tells little. Add --noproxy '*' to the command and run it once more.",
            exchange.by
        ));
    }
    if exchange.insecure {
        return Err(
            "The command was told to take any certificate (-k), so this does not show what the browser met. Run it as it is shown."
                .to_owned(),
        );
    }
    let method = exchange.method.clone().unwrap_or_else(|| "GET".to_owned());
    let preflight = method == "OPTIONS" && exchange.asks_method.is_some();
    let asked = Asked {
        host,
        path: exchange.path.as_deref().map(path_only),
        marked: exchange.path.as_deref().and_then(|path| marked(facts, path)),
        method: if preflight { exchange.asks_method.clone().unwrap_or_default() } else { method },
        keyed: exchange.keyed,
        preflight,
    };
    let question = question(facts, &asked);
    // What happens below HTTP is the same for every path of a host.
    if came != Came::Answered {
        let question = question.unwrap_or_else(|| Facts::open_id(host).to_owned());
        return Ok(found(facts, exchange, asked, question, came));
    }
    let Some(question) = question else {
        let tells = opinion::commands(facts).into_iter().next();
        let hint = if tells.is_some() { " Run the command that is shown." } else { "" };
        return Err(format!(
            "This asked {} {}, which the checks did not ask, so it tells nothing about them.{hint}",
            asked.method,
            asked.path.unwrap_or("/")
        ));
    };
    let page = facts.environment.page_origin.to_string();
    match exchange.origin.as_deref() {
        Some(OWN_COMMAND) => {}
        Some(origin) if origin == page => {}
        Some(origin) => {
            return Err(format!(
                "This asked as a page of {origin}, and this page is {page}: servers decide by it. Run the command as it is shown."
            ));
        }
        None if !exchange.shows_headers => {
            return Err(
                "It does not say what was asked. Paste all that the command prints, also the command itself."
                    .to_owned(),
            );
        }
        None => {
            return Err(
                "The request had no Origin header, and servers decide by it. Run the command as it is shown, with all its -H."
                    .to_owned(),
            );
        }
    }
    Ok(found(facts, exchange, asked, question, came))
}

fn found(facts: &Facts, exchange: &Exchange, asked: Asked, question: String, came: Came) -> Sighting {
    // Keys of this deployment are known by how they begin.
    let prefixes =
        facts.deployment.key_shape.as_ref().map(|shape| shape.prefixes.as_slice()).unwrap_or_default();
    let mut answer = exchange.answer.clone().filter(|_| came == Came::Answered);
    if let Some(answer) = &mut answer {
        answer.body.text = redact::text(&answer.body.text, prefixes);
    }
    Sighting {
        id: String::new(),
        by: exchange.by.clone(),
        question,
        host: asked.host,
        method: asked.method,
        preflight: asked.preflight,
        came,
        says: redact::text(&exchange.says, prefixes),
        answer,
    }
}

struct Asked<'a> {
    host: Host,
    path: Option<&'a str>,
    /// Id of the probe, where the address itself says it.
    marked: Option<String>,
    method: String,
    keyed: bool,
    preflight: bool,
}

fn path_only(path: &str) -> &str {
    path.split(['?', '#']).next().unwrap_or_default()
}

/// This page's own requests carry the probe's id, so that caches and timing entries tell them apart.
fn marked(facts: &Facts, path: &str) -> Option<String> {
    let (_, query) = path.split_once('?')?;
    let mark = query.split('&').find_map(|field| field.strip_prefix("preflight="))?;
    let (id, _) = mark.rsplit_once('.')?;
    facts.saw(id).map(|seen| seen.probe.id.clone())
}

/// The question of the run that is the same: the path and the method, and whether a key went along.
fn question(facts: &Facts, asked: &Asked) -> Option<String> {
    if let Some(id) = &asked.marked {
        return Some(id.clone());
    }
    let path = asked.path?;
    let fits = |probe: &Probe| {
        probe.host == asked.host
            && matches!(probe.way, Way::Cors | Way::Manual)
            && probe.target.path_only() == path
            && probe.method.name() == asked.method
    };
    // Answers come in any order, which must decide nothing: what was sent first is meant, as later questions to the same
    // address repeat it. The made-up key is nobody's question but the page's.
    let first = |is_meant: &dyn Fn(&Probe) -> bool| {
        let sent = facts.observations.iter().filter(|seen| fits(&seen.probe) && is_meant(&seen.probe));
        sent.min_by_key(|seen| (seen.probe.way != Way::Cors, seen.start_ms)).map(|seen| &seen.probe)
    };
    let with = |presented: Presented| first(&|probe| probe.presented == presented);
    let found = if asked.preflight {
        let of_key = with(Presented::Key).filter(|probe| probe.is_preflighted());
        of_key.or_else(|| first(&Probe::is_preflighted)).or_else(|| first(&|_| true))
    } else if asked.keyed {
        with(Presented::Key)
    } else {
        with(Presented::Nothing).or_else(|| with(Presented::KeyInBody))
    };
    if let Some(probe) = found {
        return Some(probe.id.clone());
    }
    // The same for what the commands of a shortlist ask, and the browser did not have to.
    let is_search = facts.search_target().path_only() == path && asked.host == Host::Registry;
    let is_open = facts.open_target(asked.host).is_some_and(|target| target.path_only() == path);
    match (asked.method.as_str(), is_search, is_open) {
        ("GET", true, _) if asked.keyed => Some(ask::SEARCH_KEY.to_owned()),
        ("GET", true, _) => Some(ask::SEARCH_NONE.to_owned()),
        ("GET", _, true) if !asked.keyed => Some(Facts::open_id(asked.host).to_owned()),
        _ => None,
    }
}
