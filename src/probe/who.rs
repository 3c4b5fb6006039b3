//! Who answered: from status, content type, body shape and readable headers, the hop that spoke.

use super::{Answer, Said};
use serde::{Deserialize, Serialize};

/// A station on the way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Hop {
    /// This browser.
    Browser,
    /// Between the browser and the first server.
    Network,
    /// Load balancer or proxy.
    Gateway,
    /// The auth service.
    Auth,
    /// The API or proxy application.
    Application,
    /// The MLflow server.
    Mlflow,
    /// Where MLflow keeps files.
    Artifacts,
}

impl Hop {
    /// All stations, in the order of the way.
    pub const ALL: [Hop; 7] =
        [Hop::Browser, Hop::Network, Hop::Gateway, Hop::Auth, Hop::Application, Hop::Mlflow, Hop::Artifacts];

    /// Its name in a sentence.
    pub fn name(self) -> &'static str {
        match self {
            Self::Browser => "this browser",
            Self::Network => "network",
            Self::Gateway => "gateway",
            Self::Auth => "auth service",
            Self::Application => "application",
            Self::Mlflow => "MLflow",
            Self::Artifacts => "artifacts",
        }
    }
}

/// Who spoke, as far as the answer tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Who {
    /// MLflow's REST API: its JSON, its error codes.
    Mlflow,
    /// MLflow's health endpoint, or something that answers just like it.
    MlflowHealth,
    /// MLflow's web page.
    MlflowUi,
    /// A page of the Flask part of MLflow (or of another Flask application): no such route, another method, a crash.
    FlaskPage,
    /// MLflow's host check (`--allowed-hosts`).
    MlflowHostCheck,
    /// MLflow's origin check (`--cors-allowed-origins`).
    MlflowOriginCheck,
    /// MLflow's basic-auth app.
    MlflowBasicAuth,
    /// An application that answers JSON with `detail`, as FastAPI and Starlette do.
    Application,
    /// A page or text that load balancers and proxies make themselves.
    GatewayPage,
    /// A page that asks to sign in.
    LoginPage,
    /// A network that wants a sign-in before it lets anything through, in place of the host.
    Portal,
    /// Some other HTML page.
    WebPage,
    /// Some other JSON.
    Json,
    /// No body.
    Nobody,
    /// Anything else.
    Unknown,
}

impl Who {
    /// What it is called in a sentence.
    pub fn name(self) -> &'static str {
        match self {
            Self::Mlflow | Self::MlflowHealth => "MLflow",
            Self::MlflowUi => "MLflow's web page",
            Self::FlaskPage => "MLflow (or another Flask application)",
            Self::MlflowHostCheck => "MLflow's host check",
            Self::MlflowOriginCheck => "MLflow's origin check",
            Self::MlflowBasicAuth => "MLflow's basic-auth",
            Self::Application => "the proxy application",
            Self::GatewayPage => "a load balancer or proxy",
            Self::LoginPage => "a sign-in page",
            Self::Portal => "the sign-in page of a network",
            Self::WebPage => "a web page",
            Self::Json => "some JSON service",
            Self::Nobody => "an answer without a body",
            Self::Unknown => "an unknown server",
        }
    }

    /// The station that spoke, where the answer tells.
    pub fn hop(self) -> Option<Hop> {
        match self {
            Self::Mlflow | Self::MlflowHealth | Self::MlflowUi | Self::FlaskPage => Some(Hop::Mlflow),
            Self::MlflowHostCheck | Self::MlflowOriginCheck | Self::MlflowBasicAuth => Some(Hop::Mlflow),
            Self::Application => Some(Hop::Application),
            Self::GatewayPage | Self::LoginPage => Some(Hop::Gateway),
            Self::Portal => Some(Hop::Network),
            Self::WebPage | Self::Json | Self::Nobody | Self::Unknown => None,
        }
    }

    /// How far this reading may be trusted: true when nothing else answers so.
    pub fn is_sure(self) -> bool {
        match self {
            Self::Mlflow | Self::MlflowUi | Self::MlflowHostCheck | Self::MlflowOriginCheck => true,
            Self::MlflowBasicAuth => true,
            // A health sentence, JSON with `detail`, words on a page: others may make the like.
            Self::MlflowHealth | Self::FlaskPage | Self::Application | Self::GatewayPage => false,
            Self::LoginPage | Self::Portal | Self::WebPage | Self::Json | Self::Nobody | Self::Unknown => {
                false
            }
        }
    }

    /// Reads an answer.
    pub fn of(answer: &Answer) -> Who {
        use crate::json::Value;
        let text = answer.body.text.trim();
        let lower = text.to_ascii_lowercase();
        let has = |marks: &[&str]| marks.iter().any(|mark| lower.contains(mark));
        if text.is_empty() {
            return Self::Nobody;
        }
        let is_json = text.starts_with('{');
        match Said::of(answer) {
            Some(Said::HostCheck) if answer.status == 400 => return Self::Application,
            Some(Said::HostCheck) => return Self::MlflowHostCheck,
            Some(Said::OriginCheck) => return Self::MlflowOriginCheck,
            Some(Said::NotAuthenticated | Said::Denied) => return Self::MlflowBasicAuth,
            Some(Said::Healthy) => return Self::MlflowHealth,
            Some(Said::WebPage) => return Self::MlflowUi,
            Some(Said::NoRoute) if is_json => return Self::Application,
            Some(Said::NoRoute | Said::WrongMethod) => return Self::FlaskPage,
            Some(Said::Crashed) if !is_json => return Self::FlaskPage,
            None | Some(Said::Data | Said::Done) => {}
            Some(_) => return Self::Mlflow,
        }
        if let Some(Value::Object(object)) = answer.json() {
            let holds = |names: &[&str]| names.iter().any(|name| object.contains_key(name));
            return if holds(&["experiments", "registered_models", "model_versions", "runs", "store_type"]) {
                Self::Mlflow
            } else if holds(&["detail"]) {
                Self::Application
            } else {
                Self::Json
            };
        }
        // More than what is kept of a body: JSON all the same.
        if is_json && answer.body.is_shortened() {
            let is_list =
                answer.ok() && text.get(..40).is_some_and(|start| start.contains("\"experiments\""));
            return if is_list || lower.contains("\"error_code\"") { Self::Mlflow } else { Self::Json };
        }
        let html = answer.media_type().ends_with("html")
            || lower.starts_with("<!doctype html")
            || lower.starts_with("<html");
        if html {
            let signs = [
                "type=\"password\"",
                "type='password'",
                "sign in",
                "sign-in",
                "log in",
                "login",
                "single sign-on",
                "saml",
                "oauth2/",
            ];
            return if answer.status == 511 || has(&PORTAL_MARKS) {
                Self::Portal
            } else if !answer.ok() && has(&GATEWAY_MARKS) {
                Self::GatewayPage
            } else if has(&signs) && answer.status != 404 {
                Self::LoginPage
            } else {
                Self::WebPage
            };
        }
        if has(&PLAIN_GATEWAY_MARKS) {
            return Self::GatewayPage;
        }
        Self::Unknown
    }
}

/// What the error pages of nginx, AWS load balancers, HAProxy, Apache, Caddy and CDNs say of themselves.
const GATEWAY_MARKS: [&str; 14] = [
    "nginx",
    "awselb",
    "bad gateway",
    "service unavailable",
    "service temporarily unavailable",
    "gateway time-out",
    "gateway timeout",
    "no server is available",
    "haproxy",
    "cloudflare",
    "cloudfront",
    "varnish",
    "proxy error",
    "envoy",
];

/// What the pages of networks that want a sign-in say of themselves (RFC 8908, and the makers of such networks).
const PORTAL_MARKS: [&str; 6] = [
    "captive portal",
    "captive-portal",
    "network authentication required",
    "wi-fi login",
    "wifi login",
    "<wispaccessgatewayparam",
];

/// What proxies say in plain text: Envoy, Traefik, ingress defaults, AWS fixed responses.
const PLAIN_GATEWAY_MARKS: [&str; 8] = [
    "no healthy upstream",
    "upstream connect error",
    "upstream request timeout",
    "404 page not found",
    "default backend - 404",
    "bad gateway",
    "service unavailable",
    "gateway timeout",
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::probe::Body;

    #[test]
    fn answers_seen_on_real_servers() {
        for (status, kind, text, who) in [
            (200, "text/plain", "OK", Who::MlflowHealth),
            (200, "application/json", "{\"experiments\":[]}", Who::Mlflow),
            (
                400,
                "application/json",
                "{\"error_code\":\"INVALID_PARAMETER_VALUE\",\"message\":\"m\"}",
                Who::Mlflow,
            ),
            (401, "application/json", "{\"detail\":\"API key required\"}", Who::Application),
            (
                403,
                "text/plain",
                "Invalid Host header - possible DNS rebinding attack detected",
                Who::MlflowHostCheck,
            ),
            (403, "text/plain", "Cross-origin request blocked", Who::MlflowOriginCheck),
            (
                401,
                "text/html",
                "You are not authenticated. Please see https://www.mlflow.org/docs/latest/auth/index.html#authenticating-to-mlflow on how to authenticate.",
                Who::MlflowBasicAuth,
            ),
            (
                502,
                "text/html",
                "<html><head><title>502 Bad Gateway</title></head><body><center><h1>502 Bad Gateway</h1></center><hr><center>nginx/1.22.1</center></body></html>",
                Who::GatewayPage,
            ),
            (503, "text/plain", "no healthy upstream", Who::GatewayPage),
            (
                200,
                "text/html",
                "<!doctype html><title>Sign in</title><input type=\"password\">",
                Who::LoginPage,
            ),
            (200, "text/html", "<!doctype html><title>Welcome</title>", Who::WebPage),
            (511, "text/html", "<html><title>Network Authentication Required</title>", Who::Portal),
            (200, "text/html", "<html><title>Hotel Wi-Fi login</title>Sign in", Who::Portal),
            (
                503,
                "text/html",
                "<html><head><title>503 Service Temporarily Unavailable</title></head></html>",
                Who::GatewayPage,
            ),
            (200, "text/html", "<!doctype html><html><head><title>MLflow</title>", Who::MlflowUi),
            (
                404,
                "text/html",
                "<!doctype html>\n<html lang=en>\n<title>404 Not Found</title>\n<h1>Not Found</h1>\n<p>The requested URL was not found on the server. If you entered the URL manually please check your spelling and try again.</p>",
                Who::FlaskPage,
            ),
            (401, "", "", Who::Nobody),
        ] {
            let answer = Answer {
                status,
                landed: None,
                queued_ms: None,
                headers: vec![("content-type".into(), kind.into())],
                body: Body { text: text.into(), ..Body::default() },
            };
            assert_eq!(Who::of(&answer), who, "{text}");
        }
    }
}
