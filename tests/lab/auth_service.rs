//! A double of the auth service: the contract of the source's deployment (facts/source-scripts.md, part 6).

use super::answers::Answer;
use super::cors::{Cors, Layer};
use super::keys::Key;
use super::web::{Ask, Handler, Reply, handler, header, json, reply};
use hyper::Method;
use serde_json::{Value, json as value};
use std::sync::Arc;
use std::time::Duration;

/// Services that keys can be issued for.
const SERVICES: [&str; 3] = ["platform", "website", "prediction-api"];

/// How the auth service is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Condition {
    /// Answers as it should.
    Up,
    /// A load balancer answers everything in its place, without CORS headers.
    Replaced(Answer),
    /// The service itself answers everything with this status and `{"detail":"Internal server error"}`.
    Failing(u16),
    /// Health and root are fine, but validation takes this many milliseconds.
    Slow(u64),
    /// Health and root are fine, but validation never answers.
    Timeout,
    /// Health and root are fine, but validation is asked too often.
    Limited,
}

/// Where the auth service looks for the key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Looks {
    /// In `Authorization: Bearer`, as the source's does.
    InTheHeader,
    /// In the body's `api_key`, as its documentation once said.
    InTheBody,
}

/// One auth service. Each value gets its own listener.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AuthService {
    /// How it is doing.
    pub condition: Condition,
    /// Which of its answers a page may read.
    pub cors: Cors,
    /// Refusals come as `is_valid: false` inside a 200.
    pub invalid_inside_200: bool,
    /// It tells expired keys from unknown ones.
    pub says_expired: bool,
    /// Its refusals have no body.
    pub says_nothing: bool,
    /// Where it looks for the key.
    pub looks: Looks,
    /// It judges no key without being told for which service, and does not say which one a key is for.
    pub wants_service: bool,
    /// No answer to a browser comes sooner than this. Gateways are near and do not wait.
    pub delay_ms: u64,
}

impl AuthService {
    /// A service that works and can be read by pages.
    pub const UP: Self = Self {
        condition: Condition::Up,
        cors: Cors::EVERYWHERE,
        invalid_inside_200: false,
        says_expired: false,
        says_nothing: false,
        looks: Looks::InTheHeader,
        wants_service: false,
        delay_ms: 0,
    };

    /// What a listener of this service does.
    pub fn handler(self) -> Handler {
        let service = Arc::new(self);
        handler(move |ask| {
            let service = service.clone();
            async move { service.answer(ask).await }
        })
    }

    async fn answer(&self, ask: Ask) -> Reply {
        let delay = if header(&ask, "user-agent").is_some() { self.delay_ms } else { 0 };
        let wait = tokio::time::sleep(Duration::from_millis(delay));
        tokio::join!(wait, self.dressed(&ask)).1
    }

    async fn dressed(&self, ask: &Ask) -> Reply {
        if let Condition::Replaced(page) = self.condition {
            return page.reply();
        }
        if let Some(answer) = self.cors.preflight(ask).await {
            return answer;
        }
        let mut answer = self.service(ask).await;
        self.cors.dress(&mut answer, ask, Layer::Inside);
        answer
    }

    async fn service(&self, ask: &Ask) -> Reply {
        if let Condition::Failing(status) = self.condition {
            return json(status, r#"{"detail":"Internal server error"}"#);
        }
        match (ask.method(), ask.uri().path()) {
            (&Method::GET, "/") => json(
                200,
                r#"{"service":"lab-auth-service","version":"1.4.0","status":"operational","health":"/health"}"#,
            ),
            (&Method::GET, "/health") => json(200, r#"{"status":"healthy"}"#),
            (&Method::POST, "/api/v1/keys/validate") => {
                match self.condition {
                    Condition::Slow(ms) => tokio::time::sleep(Duration::from_millis(ms)).await,
                    Condition::Timeout => std::future::pending().await,
                    Condition::Limited => return json(429, r#"{"detail":"Rate limit exceeded"}"#),
                    _ => {}
                }
                self.validate(ask)
            }
            (_, "/" | "/health" | "/api/v1/keys/validate") => json(405, r#"{"detail":"Method Not Allowed"}"#),
            _ => Answer::NO_ROUTE.reply(),
        }
    }

    /// The key counts only in its place; the body names the service it is wanted for.
    fn validate(&self, ask: &Ask) -> Reply {
        let asked: Value = match ask.body().is_empty() {
            true => value!({}),
            false => match serde_json::from_slice(ask.body()) {
                Ok(asked) => asked,
                Err(_) => {
                    return json(
                        422,
                        r#"{"detail":[{"type":"json_invalid","loc":["body"],"msg":"JSON decode error"}]}"#,
                    );
                }
            },
        };
        let bearer = header(ask, "authorization").and_then(|value| value.strip_prefix("Bearer "));
        let text = match self.looks {
            Looks::InTheHeader => bearer,
            Looks::InTheBody => asked["api_key"].as_str(),
        };
        let Some(text) = text else { return self.refuse("API key required") };
        if self.says_expired && [Some(Key::Expired), Some(Key::OldToken)].contains(&Key::read(text)) {
            return self.refuse("API key has expired");
        }
        let Some((key, issued_for)) = Key::read(text).and_then(|key| Some((key, key.service()?))) else {
            return self.refuse("Invalid or expired API key");
        };
        let wanted = asked["service_id"].as_str();
        if self.wants_service && wanted.is_none() {
            return json(
                422,
                r#"{"detail":[{"type":"missing","loc":["body","service_id"],"msg":"Field required"}]}"#,
            );
        }
        if self.wants_service && wanted != Some(issued_for) {
            return self.refuse("Invalid or expired API key");
        }
        if let Some(wanted) = wanted.filter(|wanted| *wanted != issued_for) {
            return self.refuse(&format!(
                "API key does not have access to service '{wanted}'. This key is registered for '{issued_for}'. \
                 Valid service ids: {}",
                SERVICES.join(", ")
            ));
        }
        let answer = value!({
            "is_valid": true,
            "key_id": "00000000-0000-4000-8000-00000000000a",
            "user_id": "made-up-user",
            "service_id": issued_for,
            "scopes": key.scopes(),
            "rate_limit_per_hour": 1000,
            "billing_plan": "free",
            "has_sufficient_balance": key != Key::Unpaid,
        });
        json(200, answer.to_string())
    }

    fn refuse(&self, detail: &str) -> Reply {
        if self.invalid_inside_200 {
            return json(200, value!({ "is_valid": false, "error": detail }).to_string());
        }
        if self.says_nothing {
            return reply(401, "text/plain", "");
        }
        json(401, value!({ "detail": detail }).to_string())
    }
}
