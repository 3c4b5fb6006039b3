//! What is under test. Everything here is parsed once at the edge and cannot be half valid afterwards.

pub mod address;
pub mod clock;
pub mod config;
pub mod credential;
pub mod form;
pub mod jwt;
pub mod key;
pub mod redact;
pub mod scheme;

use serde::{Deserialize, Serialize};

pub use address::{Base, Origin, Target, UrlParser, UrlParts};
pub use credential::Credential;
pub use key::{KeyPrefix, KeyReading, KeyShape};
pub use scheme::AuthScheme;

/// A deployment under test, ready to be asked.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Deployment {
    /// The origin of the registry (gateway, proxy or MLflow itself) plus the path under which MLflow's REST
    /// API is expected; empty path when MLflow sits at the root.
    pub mlflow: Base,
    /// True when `preflight.json` names this very path for this host, and this auth service: then neither is a typing
    /// mistake.
    #[serde(default)]
    pub path_is_listed: bool,
    /// The auth service, when the deployment has one that this page may ask.
    pub auth: Option<AuthService>,
    /// How the key is presented.
    pub scheme: AuthScheme,
    /// A header of the deployment's own that may carry the key, where the usual scheme is another one.
    #[serde(default)]
    pub own_header: Option<String>,
    /// The service the key is asked about at the auth service.
    pub service_id: Option<String>,
    /// A path on the registry host that answers without a key. MLflow's own `/health` when not configured.
    pub open_path: String,
    /// Further paths on the registry host that answer well without a key, when configured.
    #[serde(default)]
    pub health_paths: Vec<String>,
    /// What keys of this deployment look like, when configured.
    pub key_shape: Option<KeyShape>,
}

/// The auth service of a deployment and the paths it answers on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AuthService {
    /// Where it is.
    pub base: Base,
    /// Answers 200 without a key when the service is up.
    pub health_path: String,
    /// `POST` here with the key in the `Authorization` header tells whether the key is good.
    pub validate_path: String,
    /// Where it says what it is, when configured.
    #[serde(default)]
    pub root_path: Option<String>,
    /// Services that keys of this deployment may be for, when configured.
    #[serde(default)]
    pub service_ids: Vec<String>,
    /// Fields of its questions and answers that are called otherwise here: the usual name (one of [`AUTH_FIELDS`]),
    /// then its own.
    #[serde(default)]
    pub fields: Vec<(String, String)>,
}

impl AuthService {
    /// What it calls a field of its questions or answers. `usual` is one of [`AUTH_FIELDS`].
    pub fn field<'a>(&'a self, usual: &'a str) -> &'a str {
        self.fields.iter().find(|(known, _)| known == usual).map_or(usual, |(_, own)| own)
    }
}

/// One of the hosts a run talks to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Host {
    /// The page's own origin: the only control a run uses.
    Page,
    /// The registry host.
    Registry,
    /// The auth service.
    Auth,
}

impl Deployment {
    /// The base address of a host, `None` when the deployment has no such host.
    pub fn base(&self, host: Host) -> Option<&Base> {
        match host {
            Host::Page => None,
            Host::Registry => Some(&self.mlflow),
            Host::Auth => self.auth.as_ref().map(|auth| &auth.base),
        }
    }

    /// The hosts under test, in the order of the way.
    pub fn hosts(&self) -> impl Iterator<Item = Host> + '_ {
        [Host::Registry, Host::Auth].into_iter().filter(|host| self.base(*host).is_some())
    }

    /// Origins that the key may be sent to: those shown on the form, and no other.
    pub fn key_origins(&self) -> Vec<Origin> {
        let mut origins = vec![self.mlflow.origin.clone()];
        if let Some(auth) = &self.auth
            && !origins.contains(&auth.base.origin)
        {
            origins.push(auth.base.origin.clone());
        }
        origins
    }
}

/// Default for [`AuthService::health_path`].
pub const AUTH_HEALTH_PATH: &str = "/health";
/// Default for [`AuthService::validate_path`] (facts/source-scripts.md, part 4).
pub const AUTH_VALIDATE_PATH: &str = "/api/v1/keys/validate";
/// Fields of the questions to and the answers of an auth service, as they are usually called (facts/source-scripts.md
/// 6.5): what is asked, then what is answered.
pub const AUTH_FIELDS: [&str; 10] = [
    "api_key",
    "service_id",
    "client_ip",
    "is_valid",
    "scopes",
    "rate_limit_per_hour",
    "billing_plan",
    "has_sufficient_balance",
    "balance",
    "expires_at",
];
