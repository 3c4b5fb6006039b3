//! Members of `preflight.json` one by one: each is read as what it has to be, or what it must be is said with its place.

use crate::deployment::AUTH_FIELDS;
use crate::json::{Map, Value};

/// Every member that is read, by the place of the object it stands in. `docs/preflight.schema.json` says the same, which
/// tests/config.rs holds against this.
pub const MEMBERS: [(&str, &[&str]); 9] = [
    ("", &["$schema", "title", "support", "tracker", "limits", "examples", "deployments"]),
    ("support.", &["text", "link"]),
    ("limits.", &["probe-timeout-ms", "slow-ms"]),
    (
        "deployments[].",
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
            "limits",
            "auth",
            "key",
        ],
    ),
    ("deployments[].limits.", &["probe-timeout-ms", "slow-ms"]),
    ("deployments[].auth.", &["health-path", "validate-path", "root-path", "service-ids", "fields"]),
    ("deployments[].auth.fields.", &AUTH_FIELDS),
    ("deployments[].key.", &["prefixes", "lengths", "alphabet"]),
    ("deployments[].key.prefixes[].", &["prefix", "environment"]),
];

/// The longest text that is read, characters.
const LONGEST: usize = 500;

/// Reads members and notes what could not be used.
pub struct Reader<'a> {
    /// What could not be used, each with its place in the file.
    pub problems: &'a mut Vec<String>,
}

impl Reader<'_> {
    /// Notes that something could not be used.
    pub fn say(&mut self, place: &str, name: &str, what: &str) {
        self.problems.push([place, name, " ", what].concat());
    }

    /// A text, cut where it is too long.
    pub fn text(&mut self, object: &Map, place: &str, name: &str) -> Option<String> {
        match object.get(name)? {
            Value::String(text) => {
                if text.chars().nth(LONGEST).is_some() {
                    self.say(place, name, "is longer than 500 characters and was cut.");
                }
                Some(text.chars().take(LONGEST).filter(|c| !c.is_control()).collect())
            }
            _ => {
                self.say(place, name, "must be a text in quotes.");
                None
            }
        }
    }

    /// A text that fits, or what it must be is said.
    pub fn fitting(
        &mut self,
        object: &Map,
        place: &str,
        name: &str,
        fits: fn(&str) -> bool,
        otherwise: &str,
    ) -> Option<String> {
        let text = self.text(object, place, name)?;
        if !fits(&text) {
            self.say(place, name, otherwise);
            return None;
        }
        Some(text)
    }

    /// A text that has to be there; `so` says what follows where it is not.
    pub fn needed(&mut self, object: &Map, place: &str, name: &str, so: &str) -> Option<String> {
        if object.contains_key(name) {
            let text = self.text(object, place, name)?;
            if !text.is_empty() {
                return Some(text);
            }
        }
        self.say(place, name, &["is missing", so].concat());
        None
    }

    /// An object, with the place of its members.
    pub fn object<'a>(&mut self, object: &'a Map, place: &str, name: &str) -> Option<(&'a Map, String)> {
        match object.get(name)? {
            Value::Object(inner) => {
                let place = [place, name, "."].concat();
                self.known(inner, &place);
                Some((inner, place))
            }
            _ => {
                self.say(place, name, "must be an object, { … }.");
                None
            }
        }
    }

    /// A list of texts, as short as a form could hold.
    pub fn texts(&mut self, object: &Map, place: &str, name: &str) -> Vec<String> {
        const MOST: usize = 12;
        let Some(list) = object.get(name) else { return Vec::new() };
        let texts = list.as_array().map(|list| list.iter().map(Value::as_str).collect::<Option<Vec<&str>>>());
        match texts.flatten() {
            Some(texts) if texts.len() <= MOST => texts.into_iter().map(str::to_owned).collect(),
            _ => {
                self.say(place, name, &format!("must be a list of at most {MOST} texts."));
                Vec::new()
            }
        }
    }

    /// A span of time that makes sense for a probe.
    pub fn milliseconds(&mut self, object: &Map, place: &str, name: &str) -> Option<u32> {
        let ms = object.get(name)?.as_u64().filter(|ms| (200..=60_000).contains(ms));
        if ms.is_none() {
            self.say(place, name, "must be a whole number from 200 to 60000.");
        }
        u32::try_from(ms?).ok()
    }

    /// Names members that nothing reads: mostly typing mistakes, which would otherwise be silent.
    pub fn known(&mut self, object: &Map, place: &str) {
        let bare: String = place.chars().filter(|c| !c.is_ascii_digit()).collect();
        let names = MEMBERS.iter().find(|(place, _)| *place == bare).map_or(&[][..], |(_, names)| names);
        for name in object.keys().filter(|name| !names.contains(&name.as_str())) {
            let name: String = name.chars().take(60).collect();
            self.say(place, &name, "is not known and was ignored.");
        }
    }
}
