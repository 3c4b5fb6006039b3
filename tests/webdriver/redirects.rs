//! A server that redirects requests with a key to another host does not get the key there: neither in a header that
//! browsers would pass on, nor in a body.

use super::form;
use super::session::{Session, Trouble};
use crate::lab::keys::Key;
use crate::lab::loopback;
use crate::lab::record::{Log, Recorded};
use crate::lab::stage::Stage;
use crate::lab::web::{Ask, Listening, Reply, handler, header, json as reply_json, listen, reply, set};
use hyper::Method;
use hyper::header::{
    ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_ALLOW_ORIGIN, LOCATION,
};
use serde_json::json;

/// How the key is shown, and the header in which a gateway would look for it.
const SCHEMES: [(&str, &str); 4] =
    [("bearer", "authorization"), ("x-api-key", "x-api-key"), ("both", "x-api-key"), ("custom", "x-own-key")];

/// Where redirects lead, and who redirects. Each has a log of its own.
struct Trap {
    log: Log,
    registry: Listening,
    auth: Listening,
    _end: Listening,
}

impl Trap {
    /// `redirects` is the header whose presence makes the registry redirect. The auth service redirects keys in bodies.
    async fn set(redirects: &'static str) -> Result<Self, Trouble> {
        let log = Log::default();
        let words = |error: std::io::Error| error.to_string();
        let end = handler(|ask| async move { allowed(&ask, reply_json(200, r#"{"experiments":[]}"#)) });
        let end = listen(loopback::SERVERS, 0, "trap/end", &log, end).await.map_err(words)?;
        let to = end.origin.clone();
        let gateway = handler(move |ask| {
            let to = to.clone();
            async move { by_gateway(&ask, redirects, &to) }
        });
        let to = end.origin.clone();
        let service = handler(move |ask| {
            let to = to.clone();
            async move { by_service(&ask, &to) }
        });
        Ok(Self {
            registry: listen(loopback::SERVERS, 0, "trap/registry", &log, gateway).await.map_err(words)?,
            auth: listen(loopback::SERVERS, 0, "trap/auth", &log, service).await.map_err(words)?,
            log,
            _end: end,
        })
    }
}

fn by_gateway(ask: &Ask, redirects: &str, to: &str) -> Reply {
    let answer = match ask.uri().path() {
        "/health" => reply_json(200, r#"{"status":"healthy"}"#),
        _ if header(ask, redirects).is_some() => redirect(ask, to),
        _ => reply_json(401, r#"{"detail":"API key required"}"#),
    };
    allowed(ask, answer)
}

fn by_service(ask: &Ask, to: &str) -> Reply {
    let in_body = String::from_utf8_lossy(ask.body()).contains("api_key");
    let answer = match ask.uri().path() {
        "/health" => reply_json(200, r#"{"status":"healthy"}"#),
        _ if in_body => redirect(ask, to),
        _ => reply_json(401, r#"{"detail":"API key required"}"#),
    };
    allowed(ask, answer)
}

/// The kind of redirect that keeps method and body.
fn redirect(ask: &Ask, to: &str) -> Reply {
    let mut answer = reply(307, "text/plain", "");
    set(&mut answer, LOCATION, &format!("{to}{}", ask.uri().path()));
    answer
}

/// Pages may do all of it.
fn allowed(ask: &Ask, answer: Reply) -> Reply {
    let mut answer = if ask.method() == Method::OPTIONS { reply(204, "text/plain", "") } else { answer };
    set(&mut answer, ACCESS_CONTROL_ALLOW_ORIGIN, "*");
    set(&mut answer, ACCESS_CONTROL_ALLOW_METHODS, "GET, POST, PUT, PATCH, DELETE");
    set(&mut answer, ACCESS_CONTROL_ALLOW_HEADERS, "authorization, content-type, x-api-key, x-own-key");
    answer
}

/// In the usual schemes, then in the other ways that are tried after a refusal.
pub async fn never_take_a_key_along(session: &Session, stage: &Stage) -> Result<(), Trouble> {
    for (scheme, redirects) in SCHEMES {
        let trap = Trap::set(redirects).await?;
        run(session, stage, &trap, scheme).await?;
        caught(&trap, redirects).map_err(|trouble| format!("{scheme}: {trouble}"))?;
    }
    // The registry takes no Bearer and redirects X-API-Key; the auth service sees no key and redirects one in the body.
    let trap = Trap::set("x-api-key").await?;
    run(session, stage, &trap, "bearer").await?;
    form::press(session, "try-other-ways").await?;
    form::finish(session).await?;
    caught(&trap, "x-api-key").map_err(|trouble| format!("other ways: {trouble}"))?;
    let in_body = |it: &Recorded| String::from_utf8_lossy(&it.body).contains(Key::Canary.text());
    match trap.log.since(0).iter().any(|it| &*it.listener == "trap/auth" && in_body(it)) {
        true => Ok(()),
        false => Err("no body carried the key, so that nothing was tested".to_owned()),
    }
}

async fn run(session: &Session, stage: &Stage, trap: &Trap, scheme: &str) -> Result<(), Trouble> {
    form::open(session, stage).await?;
    let values = json!({
        "registry-url": trap.registry.origin,
        "mlflow-path": "/api/mlflow",
        "auth-url": trap.auth.origin,
        "auth-scheme": scheme,
        "auth-header": if scheme == "custom" { "X-Own-Key" } else { "" },
        "service-id": "platform",
        "api-key": Key::Canary.text(),
    });
    form::enter(session, values).await?;
    form::press(session, "run").await?;
    form::finish(session).await.map(drop)
}

/// The one who redirects was shown the key, and where the redirect leads nothing arrived that shows one.
fn caught(trap: &Trap, header: &str) -> Result<(), Trouble> {
    let seen = trap.log.since(0);
    let shown = |it: &&Recorded| {
        &*it.listener == "trap/registry"
            && it.headers.iter().any(|(name, value)| name == header && value.contains(Key::Canary.text()))
    };
    if !seen.iter().any(|it| shown(&it)) {
        return Err("the registry was never shown the key, so that nothing was tested".to_owned());
    }
    let mut at_the_end = seen.iter().filter(|it| &*it.listener == "trap/end");
    match at_the_end.find(|it| it.method != "OPTIONS") {
        Some(request) => {
            let key = request.places_of(Key::Canary.text());
            Err(format!("a request with a key followed the redirect; the key is in {key:?}"))
        }
        None => Ok(()),
    }
}
