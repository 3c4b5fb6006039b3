//! The whole of `preflight.json`: which member means what.

use super::members::Reader;
use super::{Config, Patience, Preset, Support};
use crate::deployment::key::{KeyPrefix, KeyShape};
use crate::deployment::{AUTH_FIELDS, AUTH_HEALTH_PATH, AUTH_VALIDATE_PATH};
use crate::json::{self, Map, Value};

/// Reads the file. Never fails: what cannot be read becomes a line in [`Config::problems`].
pub fn parse(text: &str) -> Config {
    let mut config = Config::default();
    let value = match json::parse(text) {
        Ok(value) => value,
        Err(broken) => {
            config.problems.push(format!(
                "preflight.json is not JSON (line {}, column {}).",
                broken.line, broken.column
            ));
            return config;
        }
    };
    let Value::Object(root) = value else {
        config.problems.push("preflight.json must hold an object, { … }.".to_owned());
        return config;
    };
    let mut reader = Reader { problems: &mut config.problems };
    reader.known(&root, "");
    config.title = reader.text(&root, "", "title");
    config.support = reader.object(&root, "", "support").and_then(|(support, place)| {
        let safe = |link: &str| link.starts_with("https://") || link.starts_with("mailto:");
        let link = reader.fitting(support, &place, "link", safe, "must start with https:// or mailto:.");
        Some(Support { text: reader.needed(support, &place, "text", ", so nobody is named.")?, link })
    });
    let https = |address: &str| address.starts_with("https://");
    config.tracker = reader.fitting(&root, "", "tracker", https, "must start with https://.");
    config.examples = reader.fitting(
        &root,
        "",
        "examples",
        is_folder,
        "must be a folder beside this page, such as examples, or empty.",
    );
    config.patience = reader.patience(&root, "");
    match root.get("deployments") {
        None => {}
        Some(Value::Array(list)) => {
            for (index, entry) in list.iter().enumerate() {
                if let Some(preset) = reader.preset(entry, index, &config.deployments) {
                    config.deployments.push(preset);
                }
            }
        }
        Some(_) => reader.say("", "deployments", "must be a list, [ … ]."),
    }
    config
}

/// A folder below the page's own, whatever a URL parser makes of it.
fn is_folder(name: &str) -> bool {
    name.split('/').all(|part| {
        let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
        part.chars().all(plain) && (!part.is_empty() || name.is_empty())
    })
}

impl Reader<'_> {
    fn patience(&mut self, object: &Map, place: &str) -> Patience {
        let Some((limits, place)) = self.object(object, place, "limits") else { return Patience::default() };
        Patience {
            probe_timeout_ms: self.milliseconds(limits, &place, "probe-timeout-ms"),
            slow_ms: self.milliseconds(limits, &place, "slow-ms"),
        }
    }

    fn preset(&mut self, entry: &Value, index: usize, before: &[Preset]) -> Option<Preset> {
        let place = format!("deployments[{index}].");
        let Value::Object(object) = entry else {
            self.say(place.trim_end_matches('.'), "", "must be an object, { … }.");
            return None;
        };
        self.known(object, &place);
        let so = ", so this deployment cannot be offered.";
        let registry_url = self.needed(object, &place, "registry-url", so)?;
        let mut field = |name: &str| self.text(object, &place, name).unwrap_or_default();
        let mut preset = Preset {
            index,
            registry_url,
            id: field("id"),
            name: field("name"),
            description: field("description"),
            mlflow_path: field("mlflow-path"),
            auth_url: field("auth-url"),
            auth_scheme: field("auth-scheme"),
            auth_header: field("auth-header"),
            service_id: field("service-id"),
            auth_health_path: AUTH_HEALTH_PATH.to_owned(),
            auth_validate_path: AUTH_VALIDATE_PATH.to_owned(),
            ..Preset::default()
        };
        if preset.id.is_empty() {
            preset.id = format!("deployment-{index}");
        }
        if before.iter().any(|other| other.id == preset.id) {
            self.say(&place, "id", "is used twice; only the first one is offered.");
            return None;
        }
        if preset.name.is_empty() {
            preset.name = preset.registry_url.clone();
        }
        preset.open_path = self.text(object, &place, "health-path");
        preset.patience = self.patience(object, &place);
        if let Some((auth, place)) = self.object(object, &place, "auth") {
            if let Some(path) = self.text(auth, &place, "health-path") {
                preset.auth_health_path = path;
            }
            if let Some(path) = self.text(auth, &place, "validate-path") {
                preset.auth_validate_path = path;
            }
            preset.auth_root_path = self.text(auth, &place, "root-path");
            preset.auth_service_ids = self.texts(auth, &place, "service-ids");
            if let Some((fields, place)) = self.object(auth, &place, "fields") {
                let named = AUTH_FIELDS.iter().filter_map(|usual| {
                    self.text(fields, &place, usual).map(|own| ((*usual).to_owned(), own))
                });
                preset.auth_fields = named.collect();
            }
        }
        preset.health_paths = self.texts(object, &place, "health-paths");
        preset.key_shape = self.object(object, &place, "key").map(|(key, place)| self.key_shape(key, &place));
        if let Some(name) = self.text(object, &place, "environment") {
            preset.key_shape.get_or_insert_default().environment = Some(name);
        }
        Some(preset)
    }

    fn key_shape(&mut self, key: &Map, place: &str) -> KeyShape {
        let mut shape = KeyShape::default();
        match key.get("prefixes") {
            None => {}
            Some(Value::Array(list)) => {
                for (index, entry) in list.iter().enumerate() {
                    let place = format!("{place}prefixes[{index}].");
                    let Value::Object(entry) = entry else {
                        self.say(place.trim_end_matches('.'), "", "must be an object, { … }.");
                        continue;
                    };
                    self.known(entry, &place);
                    if let Some(prefix) = self.needed(entry, &place, "prefix", ".") {
                        let environment = self.text(entry, &place, "environment").unwrap_or_default();
                        shape.prefixes.push(KeyPrefix { prefix, environment });
                    }
                }
            }
            Some(_) => self.say(place, "prefixes", "must be a list, [ … ]."),
        }
        if let Some(list) = key.get("lengths") {
            let read = |n: &Value| n.as_u64().filter(|n| *n <= 4096).and_then(|n| usize::try_from(n).ok());
            match list.as_array().and_then(|list| list.iter().map(read).collect()) {
                Some(lengths) => shape.lengths = lengths,
                None => self.say(place, "lengths", "must be a list of whole numbers up to 4096."),
            }
        }
        match key.get("alphabet").map(|value| value.as_str()) {
            None | Some(Some("any")) => {}
            Some(Some("alphanumeric")) => shape.alphanumeric = true,
            Some(_) => self.say(place, "alphabet", "must be \"alphanumeric\" or \"any\"."),
        }
        shape
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_file_makes_a_generic_page() {
        assert_eq!(parse("{}"), Config::default());
    }

    #[test]
    fn broken_files_name_the_place_and_never_stop_the_page() {
        for (text, problem) in [
            ("{", "preflight.json is not JSON (line 1, column 1)."),
            ("[]", "preflight.json must hold an object, { … }."),
            ("{\"titel\":\"x\"}", "titel is not known and was ignored."),
            ("{\"title\":1}", "title must be a text in quotes."),
            (
                "{\"limits\":{\"probe-timeout-ms\":5}}",
                "limits.probe-timeout-ms must be a whole number from 200 to 60000.",
            ),
            ("{\"deployments\":{}}", "deployments must be a list, [ … ]."),
            ("{\"deployments\":[7]}", "deployments[0] must be an object, { … }."),
            (
                "{\"deployments\":[{\"id\":\"a\"}]}",
                "deployments[0].registry-url is missing, so this deployment cannot be offered.",
            ),
            (
                "{\"deployments\":[{\"id\":\"a\",\"registry-url\":\"x\",\"key\":{\"lengths\":[\"a\"]}}]}",
                "deployments[0].key.lengths must be a list of whole numbers up to 4096.",
            ),
            (
                "{\"deployments\":[{\"registry-url\":\"x\",\"auth\":{\"service-ids\":\"platform\"}}]}",
                "deployments[0].auth.service-ids must be a list of at most 12 texts.",
            ),
            (
                "{\"deployments\":[{\"registry-url\":\"x\",\"auth\":{\"fields\":{\"key\":\"k\"}}}]}",
                "deployments[0].auth.fields.key is not known and was ignored.",
            ),
            (
                "{\"support\":{\"text\":\"Help\",\"link\":\"javascript:alert(1)\"}}",
                "support.link must start with https:// or mailto:.",
            ),
            ("{\"tracker\":\"http://t.example\"}", "tracker must start with https://."),
        ] {
            assert_eq!(parse(text).problems, [problem], "{text}");
        }
    }

    #[test]
    fn one_broken_deployment_does_not_hide_the_others() {
        let config = parse(
            "{\"deployments\":[3,{\"registry-url\":\"https://r.example\",\"key\":{\"prefixes\":[{\"prefix\":\"hk_\"}]}}]}",
        );
        assert_eq!(config.deployments.len(), 1);
        assert_eq!(config.deployments[0].name, "https://r.example");
        assert_eq!(
            config.deployments[0].key_shape.as_ref().map(|s| s.prefixes[0].prefix.as_str()),
            Some("hk_")
        );
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_survived(text in "\\PC{0,200}") {
            parse(&text);
        }
    }
}
