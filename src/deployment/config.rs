//! `preflight.json`, the file beside the page that names deployments. Its text is text and its links are only
//! `https:` or `mailto:`. A broken part is named with its place and skipped; the rest is used.

mod members;
mod reading;

pub use members::MEMBERS;
pub use reading::parse;

use super::key::KeyShape;

/// All that the file says, after checking.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Config {
    /// Shown as the page's title.
    pub title: Option<String>,
    /// Whom to ask for help.
    pub support: Option<Support>,
    /// Where new issues are opened: an `https:` address, perhaps with `{title}` and `{body}` in it.
    pub tracker: Option<String>,
    /// The folder beside the page that holds recorded examples, if it is another than usual; empty for none.
    pub examples: Option<String>,
    /// For deployments that say nothing else.
    pub patience: Patience,
    /// Deployments to choose from.
    pub deployments: Vec<Preset>,
    /// What could not be used, each with its place in the file.
    pub problems: Vec<String>,
}

/// How long is long.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Patience {
    /// How long one probe may take, milliseconds.
    pub probe_timeout_ms: Option<u32>,
    /// Above this median answers are called slow, milliseconds.
    pub slow_ms: Option<u32>,
}

impl Config {
    /// What holds for a deployment: what it says itself, then what the file says for all.
    pub fn patience(&self, preset: Option<&Preset>) -> Patience {
        let own = preset.map(|preset| preset.patience).unwrap_or_default();
        Patience {
            probe_timeout_ms: own.probe_timeout_ms.or(self.patience.probe_timeout_ms),
            slow_ms: own.slow_ms.or(self.patience.slow_ms),
        }
    }
}

/// A support contact.
#[derive(Clone, Debug, PartialEq)]
pub struct Support {
    /// What to show.
    pub text: String,
    /// An `https:` or `mailto:` link.
    pub link: Option<String>,
}

/// A deployment of the file. Addresses stay text: they go through the same form as typed ones.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Preset {
    /// Its place in the list of the file, the unusable ones counted.
    pub index: usize,
    /// Stable name within the file.
    pub id: String,
    /// Shown in the list.
    pub name: String,
    /// One sentence on what it is.
    pub description: String,
    /// Form field `registry-url`.
    pub registry_url: String,
    /// Form field `mlflow-path`.
    pub mlflow_path: String,
    /// Form field `auth-url`.
    pub auth_url: String,
    /// Form field `auth-scheme`.
    pub auth_scheme: String,
    /// Form field `auth-header`.
    pub auth_header: String,
    /// Form field `service-id`.
    pub service_id: String,
    /// A path on the registry host that answers without a key.
    pub open_path: Option<String>,
    /// Health path of the auth service.
    pub auth_health_path: String,
    /// Validation path of the auth service.
    pub auth_validate_path: String,
    /// Where the auth service says what it is.
    pub auth_root_path: Option<String>,
    /// Services that keys may be for.
    pub auth_service_ids: Vec<String>,
    /// What the auth service calls its fields, where that is unusual.
    pub auth_fields: Vec<(String, String)>,
    /// Further health paths on the registry host that answer without a key.
    pub health_paths: Vec<String>,
    /// What keys look like.
    pub key_shape: Option<KeyShape>,
    /// How long is long here.
    pub patience: Patience,
}
