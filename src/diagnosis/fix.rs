//! What to change, as cards for the programs people run, filled with the user's own values. What depends on what was
//! seen comes from the cause itself ([`super::Cause::fixes`]), the rest from the catalogue.

use super::{Named, words};
use crate::catalogue::{Card, Catalogue, fill};
use crate::deployment::Host;
use crate::deployment::scheme::shown_header;
use crate::run::Facts;

/// One way to mend a cause.
#[derive(Clone, Debug, PartialEq)]
pub struct Fix {
    /// Whom or which program it is for: `nginx`, `MLflow`, `You`.
    pub whom: String,
    /// What to do, a sentence.
    pub text: String,
    /// What to copy: configuration or a command. Values in it are quoted for its language.
    pub code: Option<String>,
    /// Where the vendor of the program documents it.
    pub source: Option<String>,
    /// False when no test of ours has tried it.
    pub tried: bool,
}

impl Fix {
    /// Advice without anything to copy.
    pub fn say(whom: &str, text: impl Into<String>) -> Fix {
        Fix { whom: whom.to_owned(), text: text.into(), code: None, source: None, tried: true }
    }

    /// Advice with something to copy.
    pub fn code(whom: &str, text: impl Into<String>, code: impl Into<String>) -> Fix {
        Fix { code: Some(code.into()), ..Fix::say(whom, text) }
    }

    /// As lines of plain text.
    pub fn lines(&self) -> String {
        let mut lines = [&self.whom, ": ", &self.text].concat();
        if let Some(code) = &self.code {
            lines.extend(["\n", code]);
        }
        if let Some(source) = &self.source {
            lines.extend(["\n", source, if self.tried { "" } else { " (not tried here)" }]);
        }
        lines
    }
}

/// All ways to mend a cause that a verdict names, as far as the catalogue is loaded.
pub fn all(facts: &Facts, named: &Named, catalogue: &Catalogue) -> Vec<Fix> {
    let mut fixes = named.cause().map(|cause| (cause.fixes)(facts, named.host)).unwrap_or_default();
    let cards = catalogue.cause(&named.code).map(|words| words.cards).unwrap_or_default();
    fixes.extend(cards.iter().filter_map(|card| filled(card, |name| value(facts, named.host, name))));
    fixes
}

/// A card with values in the places of names; `None` when a value is missing.
pub fn filled(card: &Card, value: impl Fn(&str) -> Option<String>) -> Option<Fix> {
    let code = match &card.code {
        Some((language, code)) => Some(fill(code, language, &value)?),
        None => None,
    };
    Some(Fix {
        whom: card.whom.to_owned(),
        text: fill(&card.text, "", &value)?,
        code,
        source: card.source.map(str::to_owned),
        tried: card.tried,
    })
}

/// The user's own value for a placeholder of the catalogue. `host` is where the cause was seen.
pub fn value(facts: &Facts, host: Host, name: &str) -> Option<String> {
    let deployment = &facts.deployment;
    let origin = |host| deployment.base(host).map(|base| base.origin.to_string());
    let bare = |origin: String| origin.split_once("://").map(|(_, host)| host.to_owned());
    match name {
        "page-origin" => Some(words::page(facts)),
        // The host where the cause was seen; hosts come with their port unless it is the usual one.
        "this-origin" => origin(host),
        "this-host" => origin(host).and_then(bare),
        "registry-origin" => origin(Host::Registry),
        "registry-host" => origin(Host::Registry).and_then(bare),
        "auth-origin" => origin(Host::Auth),
        "auth-host" => origin(Host::Auth).and_then(bare),
        "auth-health-url" => {
            deployment.auth.as_ref().map(|auth| auth.base.join(&auth.health_path).to_string())
        }
        "mlflow-url" => Some(deployment.mlflow.to_string()),
        // Empty when MLflow sits at the root.
        "mlflow-path" => Some(deployment.mlflow.path.clone()),
        "key-header" => deployment.scheme.header_names().first().map(|name| shown_header(name)),
        // As it stands in names of variables: `$http_x_api_key`.
        "key-header-snake" => deployment.scheme.header_names().first().map(|name| name.replace('-', "_")),
        "allowed-headers" => {
            let mut names = deployment.scheme.header_names();
            names.push("content-type".to_owned());
            Some(names.join(", "))
        }
        "service-id" => deployment.service_id.clone(),
        "started-at" => Some(facts.environment.started_at.clone()),
        _ => None,
    }
}
