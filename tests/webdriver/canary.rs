//! Keys are planted and searched for: in every export, preview and link, the document as it is printed, storage, console,
//! and every request that the lab saw.

use super::form;
use super::links;
use super::promises::row;
use super::session::{Session, Trouble};
use super::table::from_browser;
use crate::lab::answers::PLANTED;
use crate::lab::keys::Key;
use crate::lab::loopback;
use crate::lab::record::Place;
use crate::lab::stage::Stage;
use crate::lab::web::{Ask, Reply, handler, header, json, listen, reply, set};
use hyper::header::{HeaderName, LOCATION};
use miniz_oxide::inflate::decompress_to_vec_with_limit;
use preflight::deployment::redact::MARK;
use preflight::report::{Report, link};
use serde_json::json as value;

/// Plants a key, runs, and searches every output and every request.
pub async fn own_key(session: &Session, stage: &Stage, id: &str) -> Result<(), Trouble> {
    let open = row(stage, id)?;
    let key = Key::Canary.text();
    // Only what this run says counts.
    session.console().await?;
    let mark = stage.log.mark();
    form::open(session, stage).await?;
    form::fill(session, open, Key::Canary).await?;
    form::press(session, "run").await?;
    form::finish(session).await?;
    search(session, key, "").await?;
    let seen = stage.log.since(mark);
    let seen: Vec<_> = seen.iter().collect();
    let mut arrived = false;
    for request in from_browser(&seen) {
        let on_form =
            [&open.registry_url, &open.auth_url].iter().any(|url| **url == *request.listener_origin);
        for place in request.places_of(key) {
            if place == Place::Target || !on_form {
                return Err(format!("the key is in the {place:?} of a request to {}", request.listener));
            }
            arrived = true;
        }
    }
    // A canary that never left the cage proves nothing.
    if arrived { Ok(()) } else { Err("no request carried the key, so nothing was tested".to_owned()) }
}

/// A server that says the key back in bodies, in headers, and in addresses that it leads to.
pub async fn said_back(session: &Session, stage: &Stage) -> Result<(), Trouble> {
    let key = Key::Canary.text();
    let server =
        listen(loopback::SERVERS, 0, "parrot", &stage.log, handler(|ask| async move { parrot(&ask) }));
    let server = server.await.map_err(|error| error.to_string())?;
    session.console().await?;
    form::open(session, stage).await?;
    form::enter(session, value!({ "registry-url": server.origin, "mlflow-path": "/api/mlflow" })).await?;
    form::enter(session, value!({ "api-key": key })).await?;
    form::press(session, "run").await?;
    let said = form::finish(session).await?;
    let report = said.report.and_then(|report| serde_json::from_str::<Report>(&report).ok());
    let report = report.ok_or("there is no report")?;
    // It came back in all three, or nothing was tested: what was taken out has left its mark.
    let answers: Vec<_> = report.observations.iter().filter_map(|seen| seen.answer()).collect();
    let marked = |text: &str| text.contains("[key]") || text.contains(MARK);
    if !answers.iter().any(|answer| marked(&answer.body.text)) {
        return Err("no body said the key".to_owned());
    }
    if !answers.iter().any(|answer| answer.headers.iter().any(|(_, value)| marked(value))) {
        return Err("no header said the key".to_owned());
    }
    if !answers.iter().any(|answer| answer.landed.as_deref().is_some_and(marked)) {
        return Err("no address said the key".to_owned());
    }
    // Browsers write addresses that fail into the console themselves, also those that a server has led to.
    search(session, key, &away(key)).await
}

/// Where it leads.
fn away(key: &str) -> String {
    format!("/seen/{key}/health?api_key={key}&of={key}")
}

/// It knows the key before it was sent to it: whatever a server says is planted from the start.
fn parrot(ask: &Ask) -> Reply {
    let key = Key::Canary.text();
    let origin = header(ask, "origin").unwrap_or("*").to_owned();
    let path = ask.uri().path();
    let mut answer = if ask.method() == hyper::Method::OPTIONS {
        reply(204, "text/plain", "")
    } else if path == "/health" {
        let mut answer = reply(302, "text/plain", "");
        set(&mut answer, LOCATION, &away(key));
        answer
    } else {
        let encoded = key.replace('_', "%5F");
        json(
            500,
            format!(
                "{{\"detail\":\"{key} is not known, nor is {encoded}\",\"you\":{{\"sent\":[\"Bearer {key}\"]}}}}"
            ),
        )
    };
    let own = [
        ("access-control-allow-origin", origin.as_str()),
        ("access-control-allow-headers", "authorization, content-type"),
        ("access-control-allow-methods", "GET, POST, PUT, PATCH, DELETE"),
        ("access-control-expose-headers", "x-you-sent, x-request-url"),
        ("x-you-sent", key),
    ];
    for (name, value) in own {
        set(&mut answer, HeaderName::from_static(name), value);
    }
    set(
        &mut answer,
        HeaderName::from_static("x-request-url"),
        &format!("https://u:{key}@h.example/?k={key}"),
    );
    answer
}

/// Runs where a server prints secrets, and searches every output.
pub async fn secrets_of_others(session: &Session, stage: &Stage) -> Result<(), Trouble> {
    let open = row(stage, "server-error-with-secrets")?;
    let said = form::run(session, stage, open).await?;
    if !said.report.is_some_and(|report| report.contains("Internal server error") && report.contains(MARK)) {
        return Err("the report does not hold the answer that the secrets were in".to_owned());
    }
    search(session, PLANTED, "").await
}

/// Everything that this page could give away after a run. `address` is one that the browser may have named by itself.
async fn search(session: &Session, secret: &str, address: &str) -> Result<(), Trouble> {
    let found = session.script_until(SEARCH, vec![value!(secret)]).await?;
    if found.as_array().is_none_or(|places| !places.is_empty()) {
        return Err(format!("the secret is in {found}"));
    }
    // Compressed, nobody would see it.
    let link = links::result_link(session).await?;
    let (_, fragment) = link.split_once('#').ok_or("the link has no fragment")?;
    let packed = link::read(fragment).map_err(|problem| problem.to_string())?;
    let text =
        decompress_to_vec_with_limit(&packed, link::UNPACKED as usize).map_err(|error| error.to_string())?;
    let text = String::from_utf8_lossy(&text);
    if text.contains(secret) || text.len() < 500 {
        return Err(format!("the link holds {text}"));
    }
    let own = |line: &String| if address.is_empty() { line.clone() } else { line.replace(address, "") };
    match session.console().await?.iter().map(own).find(|line| line.contains(secret)) {
        Some(line) => Err(format!("the secret is in the console: {line}")),
        None => Ok(()),
    }
}

/// Names the places of the page that hold a secret. The password field itself is the only one that may.
const SEARCH: &str = r##"
const [key, done] = arguments;
const databases = async () => {
  const all = [];
  for (const { name } of (await indexedDB.databases?.()) ?? []) {
    const db = await new Promise((resolve, reject) => {
      const request = indexedDB.open(name);
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
    for (const store of db.objectStoreNames) {
      const read = (what) => new Promise((resolve, reject) => {
        const request = db.transaction(store).objectStore(store)[what]();
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error);
      });
      all.push(name, store, await read("getAll"), await read("getAllKeys"));
    }
    db.close();
  }
  return JSON.stringify(all);
};
(async () => {
  const link = await until("there is no link", () => document.querySelector("#result-link"));
  // What is folded is printed as well.
  for (const part of document.querySelectorAll("details")) part.open = true;
  dispatchEvent(new Event("beforeprint"));
  const store = (name) => { try { return JSON.stringify(Object.entries(window[name])); } catch { return ""; } };
  const formats = ["markdown", "json", "har", "junit", "html"];
  const exported = [];
  for (const format of formats) {
    for (const hosts of [true, false]) {
      exported.push([`export(${format}, ${hosts})`, await window.preflight.export(format, { hosts })]);
    }
  }
  const short = exported.find(([, text]) => typeof text !== "string" || text.length < 100);
  if (short) return done([`${short[0]} gives ${short[1]}`]);
  const select = document.getElementById("export-format");
  document.getElementById("export-preview").click();
  for (const format of formats) {
    select.value = format;
    select.dispatchEvent(new Event("change", { bubbles: true }));
    const wanted = exported.find(([name]) => name === `export(${format}, true)`)[1];
    const shown = () => document.querySelector(".preview pre")?.textContent;
    await until(`the preview of ${format} is not what leaves`, () => shown() === wanted);
    exported.push([`the preview of ${format}`, document.querySelector(".preview").outerHTML]);
  }
  const fields = [...document.querySelectorAll("input, textarea, select, output")]
    .filter((field) => field.name !== "api-key");
  const request = document.querySelector("#request-link");
  if (!request?.textContent.includes("#registry-url=")) return done(["there is no link that fills in the form"]);
  const places = [
    ["report()", String(window.preflight?.report?.() ?? "")],
    ...exported,
    ["the document, also as it is printed", document.documentElement.outerHTML],
    ["another field", fields.map((field) => field.value).join("\n")],
    ["the link to the result", link.href],
    ["the link that fills in the form", request.outerHTML],
    ["an address", [...document.querySelectorAll("[href], [src]")].map((it) => it.href ?? it.src).join("\n")],
    ["localStorage", store("localStorage")],
    ["sessionStorage", store("sessionStorage")],
    ["a database", await databases()],
    ["a cache", JSON.stringify((await window.caches?.keys?.().catch(() => [])) ?? [])],
    ["a cookie", document.cookie],
    ["the title", document.title],
    ["the address", location.href],
    ["window.name", window.name],
    ["history.state", JSON.stringify(history.state) ?? ""],
    ["a timing entry", performance.getEntries().map((entry) => entry.name).join("\n")],
  ];
  const forms = [key, encodeURIComponent(key), key.replaceAll("_", "%5F"), btoa(key)];
  done(places.filter(([, text]) => forms.some((form) => text.includes(form))).map(([place]) => place));
})().catch((error) => done([String(error)]));
"##;
