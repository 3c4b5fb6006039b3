//! `preflight.json`, the file beside the page that names deployments. Its text is text and its links are only
//! `https:` or `mailto:`. A broken part is named with its place and skipped; the rest is used.

use super::key::{KeyPrefix, KeyShape};
use super::{AUTH_FIELDS, AUTH_HEALTH_PATH, AUTH_VALIDATE_PATH};
use crate::json::{self, Map, Value};

/// All that the file says, after checking.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Config {
    /// Shown as the page's title.
    pub title: Option<String>,
    /// Whom to ask for help.
    pub support: Option<Support>,
    /// Where new issues are opened: an `https:` address, perhaps with `{title}` and `{body}` in it.
    pub tracker: Option<String>,
    /// How long one probe may take, milliseconds.
    pub probe_timeout_ms: Option<u32>,
    /// Deployments to choose from.
    pub deployments: Vec<Preset>,
    /// What could not be used, each with its place in the file.
    pub problems: Vec<String>,
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
}

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
    reader.known(&root, "", &["$schema", "title", "support", "tracker", "limits", "deployments"]);
    config.title = reader.text(&root, "", "title");
    config.support = reader.object(&root, "", "support").and_then(|support| {
        let place = "support.";
        let link = reader.text(support, place, "link").filter(|link| {
            let safe = link.starts_with("https://") || link.starts_with("mailto:");
            if !safe {
                reader.problems.push("support.link must start with https:// or mailto:.".to_owned());
            }
            safe
        });
        Some(Support { text: reader.text(support, place, "text")?, link })
    });
    config.tracker = reader.text(&root, "", "tracker").filter(|address| {
        let safe = address.starts_with("https://");
        if !safe {
            reader.problems.push("tracker must start with https://.".to_owned());
        }
        safe
    });
    if let Some(limits) = reader.object(&root, "", "limits") {
        config.probe_timeout_ms = match limits.get("probe-timeout-ms") {
            None => None,
            Some(value) => match value.as_u64().and_then(|ms| u32::try_from(ms).ok()) {
                Some(ms) if (200..=60_000).contains(&ms) => Some(ms),
                _ => {
                    reader
                        .problems
                        .push("limits.probe-timeout-ms must be a whole number from 200 to 60000.".to_owned());
                    None
                }
            },
        };
    }
    match root.get("deployments") {
        None => {}
        Some(Value::Array(list)) => {
            for (index, entry) in list.iter().enumerate() {
                if let Some(preset) = reader.preset(entry, index, &config.deployments) {
                    config.deployments.push(preset);
                }
            }
        }
        Some(_) => reader.problems.push("deployments must be a list, [ … ].".to_owned()),
    }
    config
}

struct Reader<'a> {
    problems: &'a mut Vec<String>,
}

impl Reader<'_> {
    fn text(&mut self, object: &Map, place: &str, name: &str) -> Option<String> {
        match object.get(name)? {
            Value::String(text) => Some(text.chars().filter(|c| !c.is_control()).take(500).collect()),
            _ => {
                self.problems.push(format!("{place}{name} must be a text in quotes."));
                None
            }
        }
    }

    fn object<'a>(&mut self, object: &'a Map, place: &str, name: &str) -> Option<&'a Map> {
        match object.get(name)? {
            Value::Object(inner) => Some(inner),
            _ => {
                self.problems.push(format!("{place}{name} must be an object, {{ … }}."));
                None
            }
        }
    }

    /// A list of texts, as short as a form could hold.
    fn texts(&mut self, object: &Map, place: &str, name: &str) -> Vec<String> {
        const MOST: usize = 12;
        let Some(list) = object.get(name) else { return Vec::new() };
        let texts = list.as_array().map(|list| list.iter().map(Value::as_str).collect::<Option<Vec<&str>>>());
        match texts.flatten() {
            Some(texts) if texts.len() <= MOST => texts.into_iter().map(str::to_owned).collect(),
            _ => {
                self.problems.push(format!("{place}{name} must be a list of at most {MOST} texts."));
                Vec::new()
            }
        }
    }

    /// Names members that nothing reads: mostly typing mistakes, which would otherwise be silent.
    fn known(&mut self, object: &Map, place: &str, names: &[&str]) {
        for name in object.keys().filter(|name| !names.contains(&name.as_str())) {
            let name: String = name.chars().take(60).collect();
            self.problems.push(format!("{place}{name} is not known and was ignored."));
        }
    }

    fn preset(&mut self, entry: &Value, index: usize, before: &[Preset]) -> Option<Preset> {
        let place = format!("deployments[{index}].");
        let Value::Object(object) = entry else {
            self.problems.push(format!("deployments[{index}] must be an object, {{ … }}."));
            return None;
        };
        self.known(
            object,
            &place,
            &[
                "id",
                "name",
                "description",
                "registry-url",
                "mlflow-path",
                "auth-url",
                "auth-scheme",
                "auth-header",
                "service-id",
                "environment",
                "health-path",
                "health-paths",
                "auth",
                "key",
            ],
        );
        let mut field = |name: &str| self.text(object, &place, name).unwrap_or_default();
        let mut preset = Preset {
            id: field("id"),
            name: field("name"),
            description: field("description"),
            registry_url: field("registry-url"),
            mlflow_path: field("mlflow-path"),
            auth_url: field("auth-url"),
            auth_scheme: field("auth-scheme"),
            auth_header: field("auth-header"),
            service_id: field("service-id"),
            auth_health_path: AUTH_HEALTH_PATH.to_owned(),
            auth_validate_path: AUTH_VALIDATE_PATH.to_owned(),
            ..Preset::default()
        };
        if preset.registry_url.is_empty() {
            self.problems
                .push(format!("{place}registry-url is missing, so this deployment cannot be offered."));
            return None;
        }
        if preset.id.is_empty() {
            preset.id = format!("deployment-{index}");
        }
        if before.iter().any(|other| other.id == preset.id) {
            self.problems.push(format!("{place}id is used twice; only the first one is offered."));
            return None;
        }
        if preset.name.is_empty() {
            preset.name = preset.registry_url.clone();
        }
        preset.open_path = self.text(object, &place, "health-path");
        if let Some(auth) = self.object(object, &place, "auth") {
            let place = format!("{place}auth.");
            self.known(auth, &place, &["health-path", "validate-path", "root-path", "service-ids", "fields"]);
            if let Some(path) = self.text(auth, &place, "health-path") {
                preset.auth_health_path = path;
            }
            if let Some(path) = self.text(auth, &place, "validate-path") {
                preset.auth_validate_path = path;
            }
            preset.auth_root_path = self.text(auth, &place, "root-path");
            preset.auth_service_ids = self.texts(auth, &place, "service-ids");
            if let Some(fields) = self.object(auth, &place, "fields") {
                let place = format!("{place}fields.");
                self.known(fields, &place, &AUTH_FIELDS);
                let named = AUTH_FIELDS.iter().filter_map(|usual| {
                    self.text(fields, &place, usual).map(|own| ((*usual).to_owned(), own))
                });
                preset.auth_fields = named.collect();
            }
        }
        preset.health_paths = self.texts(object, &place, "health-paths");
        preset.key_shape =
            self.object(object, &place, "key").map(|key| self.key_shape(key, &format!("{place}key.")));
        if let Some(name) = self.text(object, &place, "environment") {
            preset.key_shape.get_or_insert_default().environment = Some(name);
        }
        Some(preset)
    }

    fn key_shape(&mut self, key: &Map, place: &str) -> KeyShape {
        self.known(key, place, &["prefixes", "lengths", "alphabet"]);
        let mut shape = KeyShape::default();
        if let Some(list) = key.get("prefixes") {
            let read = |entry: &Value| {
                let prefix = entry.get("prefix")?.as_str()?.to_owned();
                let environment =
                    entry.get("environment").and_then(Value::as_str).unwrap_or_default().to_owned();
                (!prefix.is_empty()).then_some(KeyPrefix { prefix, environment })
            };
            let entries: Option<Vec<KeyPrefix>> =
                list.as_array().and_then(|list| list.iter().map(read).collect());
            match entries {
                Some(prefixes) => shape.prefixes = prefixes,
                None => self.problems.push(format!(
                    "{place}prefixes must be a list of {{ \"prefix\": …, \"environment\": … }}."
                )),
            }
        }
        if let Some(list) = key.get("lengths") {
            let read = |n: &Value| n.as_u64().filter(|n| *n <= 4096).and_then(|n| usize::try_from(n).ok());
            match list.as_array().and_then(|list| list.iter().map(read).collect()) {
                Some(lengths) => shape.lengths = lengths,
                None => self.problems.push(format!("{place}lengths must be a list of whole numbers.")),
            }
        }
        match key.get("alphabet").map(|value| value.as_str()) {
            None | Some(Some("any")) => {}
            Some(Some("alphanumeric")) => shape.alphanumeric = true,
            Some(_) => self.problems.push(format!("{place}alphabet must be \"alphanumeric\" or \"any\".")),
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
                "deployments[0].key.lengths must be a list of whole numbers.",
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
