//! A double of the deployment that this page was made for: its shipped entry in `docs/preflight.hokus.json` with nothing
//! but the two origins replaced, and at them what facts/source-scripts.md 6.6 and facts/incidents.md say of its hosts.
//! The live hosts are never asked.

use super::answers::Answer;
use super::cors::{AllowOrigin, Cors, Layer, On};
use super::gateway::Gateway;
use super::web::{Ask, Handler, Reply, handler, json, reply};
use std::sync::Arc;

/// The file as it ships.
pub const FILE: &str = include_str!("../../docs/preflight.hokus.json");
const REGISTRY: &str = "https://registry.hokus.ai";
const AUTH: &str = "https://auth.hokus.ai";
/// What the names of both live hosts end with.
const LIVE: &str = ".hokus.ai";

/// How keys begin there; for the rest they are the lab's own.
pub const KEYS: &str = "hk_";

/// The file with loopback origins in the place of the live ones, and otherwise as it ships.
pub fn file_at(registry: &str, auth: &str) -> Result<String, String> {
    if !FILE.contains(REGISTRY) || !FILE.contains(AUTH) {
        return Err(format!("the shipped file does not name {REGISTRY} and {AUTH}"));
    }
    let text = FILE.replace(REGISTRY, registry).replace(AUTH, auth);
    match text.contains(LIVE) {
        true => Err(format!("the shipped file names a live host besides {REGISTRY} and {AUTH}")),
        false => Ok(text),
    }
}

/// What stands where the API's tasks should.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Api {
    /// The API itself.
    Up,
    /// The load balancer answers for it, without CORS headers.
    Replaced(Answer),
    /// Requests are taken and never answered.
    Silent,
}

/// What the health paths say. All of them stand outside of the key check.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Health {
    /// All is well.
    Well,
    /// Redis is out of reach (I27, I32): everything is said to work, less well.
    WithoutRedis,
    /// The circuit breaker towards MLflow is open (I07, I11, I16).
    WithoutMlflow,
}

/// The registry's host: the API with its proxy to MLflow, and MLflow's own gateway for admins beside it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Source {
    /// The API proxy, which takes everything that is not below `/mlflow`.
    pub proxy: Gateway,
    /// What takes everything below `/mlflow`.
    pub direct: Gateway,
    /// Whether the API is there.
    pub api: Api,
    /// What the API's health paths say.
    pub health: Health,
}

/// What pages of other origins may read: every origin is allowed with a star, and preflights pass.
const READABLE: Cors = Cors { origin: AllowOrigin::Star, ..Cors::EVERYWHERE };
/// The same as it really is: the auth layer stands outside of what adds CORS headers.
pub const AS_IT_IS: Cors = Cors { on: On::NotOnAuthRefusals, ..READABLE };

impl Source {
    /// Everything is well, and refusals may be read.
    pub const WELL: Self = Self {
        proxy: Gateway { cors: READABLE, open: &[], ..Gateway::HEALTHY },
        direct: Gateway { prefix: "/mlflow", cors: READABLE, open: &[], ..Gateway::HEALTHY },
        api: Api::Up,
        health: Health::Well,
    };

    /// A listener's work. Each gateway has its own upstream; both ask the same auth service.
    pub fn handler(self, proxied: String, direct: String, auth: String) -> Handler {
        let running = Arc::new(Running {
            set_up: self,
            proxy: self.proxy.handler(proxied, auth.clone()),
            direct: self.direct.handler(direct, auth),
        });
        handler(move |ask| {
            let running = running.clone();
            async move { running.answer(ask).await }
        })
    }
}

struct Running {
    set_up: Source,
    proxy: Handler,
    direct: Handler,
}

impl Running {
    async fn answer(&self, ask: Ask) -> Reply {
        let path = ask.uri().path().to_owned();
        if path == "/mlflow" || path.starts_with("/mlflow/") {
            return match path.as_str() {
                "/mlflow/health" => self.openly(&ask, json(200, r#"{"status":"ok"}"#)).await,
                _ => (self.direct)(ask).await,
            };
        }
        match self.set_up.api {
            Api::Replaced(page) => page.reply(),
            Api::Silent => std::future::pending().await,
            Api::Up => {
                let query = ask.uri().query().unwrap_or_default();
                match self.set_up.health.reply(&path, query) {
                    Some(said) => self.openly(&ask, said).await,
                    None => (self.proxy)(ask).await,
                }
            }
        }
    }

    /// An answer from outside of the key check, and inside of what adds CORS headers.
    async fn openly(&self, ask: &Ask, mut said: Reply) -> Reply {
        let cors = &self.set_up.proxy.cors;
        let wait = tokio::time::sleep(std::time::Duration::from_millis(self.set_up.proxy.delay_ms));
        let (_, permission) = tokio::join!(wait, cors.preflight(ask));
        if let Some(permission) = permission {
            return permission;
        }
        cors.dress(&mut said, ask, Layer::Inside);
        said
    }
}

impl Health {
    /// What one of the open paths says; `None` for a path that needs a key.
    fn reply(self, path: &str, query: &str) -> Option<Reply> {
        let (mlflow, redis) = (self != Self::WithoutMlflow, self != Self::WithoutRedis);
        let word = |well: bool| if well { "healthy" } else { "unhealthy" };
        let status = |well: bool| if well { 200 } else { 503 };
        Some(match path {
            // Proves nothing about what stands behind.
            "/health" if !query.contains("detailed=true") => json(
                200,
                r#"{"status":"healthy","version":"1.0.0","services":{"api":"healthy","dependency_checks":"skipped"},"timestamp":1753000000}"#,
            ),
            "/health" | "/health/status" => {
                let overall = if mlflow && redis { "healthy" } else { "degraded" };
                let text = format!(
                    r#"{{"status":"{overall}","version":"1.0.0","services":{{"mlflow":"{}","redis":"{}","message_queue":"disabled","postgres":"healthy","external_api":"healthy"}}}}"#,
                    word(mlflow),
                    word(redis)
                );
                json(200, text)
            }
            "/health/alb" => json(200, r#"{"status":"healthy","timestamp":1753000000}"#),
            "/health/mlflow" => {
                let breaker = if mlflow { "CLOSED" } else { "OPEN" };
                let text = format!(
                    r#"{{"connected":{mlflow},"circuit_breaker_state":"{breaker}","tracking_uri":"http://mlflow.internal:5000","error":null,"dns_resolution":"ok"}}"#
                );
                json(status(mlflow), text)
            }
            "/ready" => {
                let text = format!(
                    r#"{{"ready":{mlflow},"can_serve_traffic":{mlflow},"checks":[{{"name":"mlflow","passed":{mlflow},"critical":true}}],"degraded_mode":{}}}"#,
                    !redis
                );
                json(status(mlflow), text)
            }
            "/live" => json(200, r#"{"alive":true}"#),
            "/version" => json(200, r#"{"version":"1.0.0","commit":"unknown","api_version":"v1"}"#),
            "/metrics" => reply(200, "text/plain; version=0.0.4", "# HELP up Whether it is up.\nup 1\n"),
            "/openapi.json" => {
                json(200, r#"{"openapi":"3.1.0","info":{"title":"API"},"paths":{"/api/mlflow/{path}":{}}}"#)
            }
            "/api/health/mlflow" if mlflow => json(
                200,
                r#"{"status":"ok","tracking_uri":"http://mlflow.internal:5000","latency_ms":12,"sample_model":null}"#,
            ),
            "/api/health/mlflow" => json(
                503,
                r#"{"status":"error","tracking_uri":"http://mlflow.internal:5000","latency_ms":5000,"error_type":"ConnectionError","error":"Connection refused"}"#,
            ),
            path if path.starts_with("/health/") => Answer::NO_ROUTE.reply(),
            _ => return None,
        })
    }
}
