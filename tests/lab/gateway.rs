//! The gateway: a reverse proxy with bearer auth in front of MLflow, behaving like the source's real one
//! (facts/incidents.md, last part) and, by one changed field each, like the broken ones.

use super::answers::Answer;
use super::auth_service::AuthService;
use super::cors::{Cors, Layer};
use super::keys::Key;
use super::mlflow::Kind;
use super::web::{Ask, CallError, Caller, Handler, Reply, handler, header, json, reply, set};
use http_body_util::BodyExt;
use hyper::body::Bytes;
use hyper::header::{CONTENT_LENGTH, HOST, HeaderName, HeaderValue, RETRY_AFTER, TRANSFER_ENCODING};
use hyper::{Method, Request, Response};
use serde_json::{Value, json as value};
use std::sync::Arc;
use std::time::Duration;

/// How long the gateway waits for what stands behind it. Shorter than a probe's limit, so that the page sees the
/// gateway's own answer to a silent upstream.
const PATIENCE: Duration = Duration::from_millis(600);
/// MLflow itself may be busy on a small machine.
const MLFLOW_PATIENCE: Duration = Duration::from_secs(10);

/// What stands behind the gateway.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Upstream {
    /// A real MLflow server.
    Mlflow(Kind),
    /// Nothing: its port refuses.
    Dead,
    /// The gateway answers this for every path, once auth has passed.
    Says(Answer),
}

/// Which auth service the gateway asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asks {
    /// The one of the row, which the form may name too.
    TheRows,
    /// Another one that only the gateway knows.
    Own(AuthService),
}

/// What the gateway says when the auth service does not answer properly.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outage {
    /// It waits for the auth service longer than anybody waits for it.
    Waits,
    /// 503 with `Retry-After`.
    Honest,
    /// 401, as if the key were bad; only the text differs.
    As401,
}

/// Where the gateway looks for the key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reads {
    /// `Bearer`, `ApiKey`, then `X-API-Key`: the source's own.
    Usual,
    /// `X-API-Key` alone.
    XApiKey,
    /// `Authorization: ApiKey` alone.
    ApiKeyWord,
    /// The whole value of `Authorization`.
    Raw,
}

/// How the gateway's own refusals are worded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wording {
    /// `{"detail": "…"}`.
    Text,
    /// `{"detail": [{"msg": "…"}]}`, as FastAPI's own checks.
    List,
    /// `{"detail": {"error": "…"}}`.
    Object,
    /// No body at all.
    Empty,
    /// A page of HTML.
    Html,
    /// `{"error": "…"}` inside a 200.
    InA200,
}

/// The auth layer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Guard {
    /// Whom it asks.
    pub asks: Asks,
    /// The service that keys must be for.
    pub service_id: &'static str,
    /// What it says in an outage of the auth service.
    pub outage: Outage,
    /// The key gets lost on the way to the auth service.
    pub loses_key: bool,
    /// Where it looks for the key.
    pub reads: Reads,
    /// How it words what it refuses.
    pub wording: Wording,
    /// The whole registry is for admins, and nobody here is one.
    pub admins_only: bool,
}

impl Guard {
    /// The source's own, and well.
    pub const USUAL: Self = Self {
        asks: Asks::TheRows,
        service_id: "platform",
        outage: Outage::Honest,
        loses_key: false,
        reads: Reads::Usual,
        wording: Wording::Text,
        admins_only: false,
    };
}

/// One gateway. Each value gets its own listener.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Gateway {
    /// Where MLflow is mounted; cut off before a request goes on. Empty: everything goes on.
    pub prefix: &'static str,
    /// What stands behind.
    pub upstream: Upstream,
    /// The auth layer, if there is one.
    pub auth: Option<Guard>,
    /// Paths that the gateway answers itself without a key: always "healthy".
    pub open: &'static [&'static str],
    /// How pages of other origins are treated.
    pub cors: Cors,
    /// No answer, preflights included, comes sooner than this.
    pub delay_ms: u64,
    /// The upstream sees the `Host` that the browser sent.
    pub keeps_host: bool,
    /// It stands on an address that MLflow servers do not list as allowed.
    pub on_unlisted_address: bool,
}

impl Gateway {
    /// A deployment in which nothing is wrong.
    pub const HEALTHY: Self = Self {
        prefix: "/api/mlflow",
        upstream: Upstream::Mlflow(Kind::Healthy),
        auth: Some(Guard::USUAL),
        open: &["/health"],
        cors: Cors::EVERYWHERE,
        delay_ms: 0,
        keeps_host: false,
        on_unlisted_address: false,
    };
    /// No gateway at all: the browser talks to MLflow, and the lab only listens in.
    pub const MLFLOW_ITSELF: Self = Self {
        prefix: "",
        auth: None,
        open: &[],
        cors: Cors::AS_UPSTREAM,
        keeps_host: true,
        ..Self::HEALTHY
    };

    /// What a listener of this gateway does. `upstream` and `auth` are origins.
    pub fn handler(self, upstream: String, auth: String) -> Handler {
        let running = Arc::new(Running { set_up: self, upstream, auth, caller: Caller::new() });
        handler(move |ask| {
            let running = running.clone();
            async move { running.answer(ask).await }
        })
    }
}

struct Running {
    set_up: Gateway,
    upstream: String,
    auth: String,
    caller: Caller,
}

impl Running {
    async fn answer(&self, ask: Ask) -> Reply {
        let wait = tokio::time::sleep(Duration::from_millis(self.set_up.delay_ms));
        tokio::join!(wait, self.dressed(&ask)).1
    }

    async fn dressed(&self, ask: &Ask) -> Reply {
        let cors = &self.set_up.cors;
        if let Some(answer) = cors.preflight(ask).await {
            return answer;
        }
        let (mut answer, layer) = self.layers(ask).await;
        cors.dress(&mut answer, ask, layer);
        answer
    }

    /// Open paths first, then auth, and only then routing: an unknown path without a key is a 401.
    async fn layers(&self, ask: &Ask) -> (Reply, Layer) {
        if self.set_up.open.contains(&ask.uri().path()) {
            let text = r#"{"status":"healthy","version":"2.3.1","services":{"api":"healthy","dependency_checks":"skipped"}}"#;
            return (json(200, text), Layer::Inside);
        }
        if let Some(guard) = &self.set_up.auth
            && let Some(refusal) = self.refusal(guard, ask).await
        {
            return (worded(refusal, guard.wording).await, Layer::Auth);
        }
        (self.route(ask).await, Layer::Inside)
    }

    /// What the auth layer says instead of letting a request pass.
    async fn refusal(&self, guard: &Guard, ask: &Ask) -> Option<Reply> {
        let Some(key) = presented_key(ask, guard.reads) else { return Some(detail(401, "API key required")) };
        let url = format!("{}/api/v1/keys/validate", self.auth);
        let mut question = Request::post(url).header("content-type", "application/json");
        if !guard.loses_key {
            question = question.header("authorization", format!("Bearer {key}"));
        }
        let body = value!({ "service_id": guard.service_id, "client_ip": "127.0.0.1" }).to_string();
        // A key with characters that no header may hold.
        let Ok(question) = question.body(Bytes::from(body)) else {
            return Some(detail(401, "Invalid or expired API key"));
        };
        let outage = |what: &str| match guard.outage {
            Outage::As401 => detail(401, what),
            Outage::Honest | Outage::Waits => retry_after(detail(503, what), "1"),
        };
        let patience = if guard.outage == Outage::Waits { MLFLOW_PATIENCE } else { PATIENCE };
        match self.caller.call(question, patience).await {
            Err(CallError::TooLate) => Some(outage("Authentication service timeout")),
            Err(CallError::Broken) => Some(outage("Authentication service unavailable")),
            // Like the real one, it does not look at `is_valid` inside a 200.
            Ok(answer) if answer.status() == 200 && guard.admins_only => Some(json(
                403,
                r#"{"detail":"Admin access required for the model registry","error":"REGISTRY_ADMIN_REQUIRED"}"#,
            )),
            Ok(answer) if answer.status() == 200 && Key::read(&key) == Some(Key::Unpaid) => {
                Some(detail(402, "Insufficient balance"))
            }
            Ok(answer) if answer.status() == 200 => forbidden(Key::read(&key), ask),
            Ok(answer) if answer.status() == 401 => Some(detail(401, "Invalid or expired API key")),
            Ok(answer) if answer.status() == 429 => Some(match guard.outage {
                Outage::As401 => detail(401, "Rate limit exceeded"),
                Outage::Honest | Outage::Waits => retry_after(detail(429, "Rate limit exceeded"), "60"),
            }),
            Ok(_) => Some(outage("Authentication service unavailable")),
        }
    }

    async fn route(&self, ask: &Ask) -> Reply {
        if let Upstream::Says(answer) = self.set_up.upstream {
            return answer.reply();
        }
        let path = ask.uri().path();
        let Some(rest) = path.strip_prefix(self.set_up.prefix).filter(|rest| rest.starts_with('/')) else {
            return Answer::NO_ROUTE.reply();
        };
        let query = ask.uri().query().map(|query| format!("?{query}")).unwrap_or_default();
        match self
            .caller
            .call(self.onward(ask, &format!("{}{rest}{query}", self.upstream)), MLFLOW_PATIENCE)
            .await
        {
            Ok(answer) => self.back(answer, rest),
            Err(CallError::TooLate) => detail(504, "MLflow server request timeout after 10.0s"),
            Err(CallError::Broken) => {
                detail(502, &format!("Failed to connect to MLflow server at {}", self.upstream))
            }
        }
    }

    /// The request as the upstream gets it: everything goes on but what belongs to this connection.
    fn onward(&self, ask: &Ask, url: &str) -> Ask {
        let mut onward = Request::new(ask.body().clone());
        *onward.method_mut() = ask.method().clone();
        *onward.uri_mut() = url.parse().expect("a path that hyper parsed once parses again");
        *onward.headers_mut() = ask.headers().clone();
        for name in [CONTENT_LENGTH, TRANSFER_ENCODING, HeaderName::from_static("connection")] {
            onward.headers_mut().remove(name);
        }
        if !self.set_up.keeps_host {
            onward.headers_mut().remove(HOST);
        }
        onward
    }

    fn back(&self, answer: Response<Bytes>, path: &str) -> Reply {
        let (head, body) = answer.into_parts();
        let html = |kind: &HeaderValue| kind.to_str().is_ok_and(|kind| kind.starts_with("text/html"));
        let is_html = head.headers.get("content-type").is_some_and(html);
        if head.status == 404 && is_html && self.set_up.auth.is_some() {
            let message = format!("The requested resource was not found: {path}");
            return json(404, value!({ "error_code": "RESOURCE_NOT_FOUND", "message": message }).to_string());
        }
        let mut back = Response::from_parts(head, http_body_util::Full::new(body));
        for name in [CONTENT_LENGTH, TRANSFER_ENCODING, HeaderName::from_static("connection")] {
            back.headers_mut().remove(name);
        }
        back
    }
}

/// The key, in the order in which the real proxy looks for it.
fn presented_key(ask: &Ask, reads: Reads) -> Option<String> {
    let authorization = header(ask, "authorization");
    let schemed = |schemes: &[&str]| schemes.iter().find_map(|scheme| authorization?.strip_prefix(scheme));
    let key = match reads {
        Reads::Usual => schemed(&["Bearer ", "ApiKey "]).or_else(|| header(ask, "x-api-key")),
        Reads::XApiKey => header(ask, "x-api-key"),
        Reads::ApiKeyWord => schemed(&["ApiKey "]),
        Reads::Raw => authorization.filter(|value| !value.contains(' ')),
    };
    key.map(str::to_owned).filter(|key| !key.is_empty())
}

/// A 401 in the gateway's own wording.
async fn worded(refusal: Reply, wording: Wording) -> Reply {
    if wording == Wording::Text || refusal.status() != 401 {
        return refusal;
    }
    let body = refusal.into_body().collect().await.map(|body| body.to_bytes()).unwrap_or_default();
    let said = serde_json::from_slice::<Value>(&body).unwrap_or_default()["detail"].clone();
    match wording {
        Wording::List => json(401, value!({ "detail": [{ "loc": ["header"], "msg": said }] }).to_string()),
        Wording::Object => json(401, value!({ "detail": { "error": said } }).to_string()),
        Wording::Html => reply(401, "text/html", "<!doctype html><title>401</title><h1>Unauthorized</h1>"),
        Wording::InA200 => json(200, value!({ "error": said }).to_string()),
        Wording::Empty | Wording::Text => reply(401, "text/plain", ""),
    }
}

/// The refusal of what a valid key may not do: reading is free, changing needs a scope.
fn forbidden(key: Option<Key>, ask: &Ask) -> Option<Reply> {
    let scopes = key.map_or(&[][..], Key::scopes);
    let writes = ![Method::GET, Method::HEAD, Method::OPTIONS].contains(ask.method());
    let may_write =
        scopes.iter().any(|scope| ["model:write", "mlflow:write", "mlflow:access"].contains(scope));
    if !writes || may_write || ask.uri().path().ends_with("/search") {
        return None;
    }
    let refusal = value!({
        "detail": "Insufficient permissions for this operation",
        "error": "FORBIDDEN",
        "message": "This operation needs a key that may write",
        "required_scope": "model:write",
        "current_scopes": scopes,
    });
    Some(json(403, refusal.to_string()))
}

fn detail(status: u16, text: &str) -> Reply {
    json(status, value!({ "detail": text }).to_string())
}

fn retry_after(mut refusal: Reply, seconds: &str) -> Reply {
    set(&mut refusal, RETRY_AFTER, seconds);
    refusal
}
