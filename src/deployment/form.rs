//! From what stands in the form to a [`Deployment`], with a sentence beside each field that needs one.

use super::address::{AddressProblem, Repair, parse_base, parse_path};
use super::config::{Config, Preset};
use super::key::{self, KeyReading};
use super::{
    AUTH_HEALTH_PATH, AUTH_VALIDATE_PATH, AuthScheme, AuthService, Base, Deployment, KeyShape, UrlParser,
    clock,
};

/// The text fields of the form except the key; names as in the machine interface.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct FormInput {
    /// `registry-url`
    pub registry_url: String,
    /// `mlflow-path`
    pub mlflow_path: String,
    /// `auth-url`
    pub auth_url: String,
    /// `auth-scheme`
    pub auth_scheme: String,
    /// `auth-header`
    pub auth_header: String,
    /// `service-id`
    pub service_id: String,
}

impl FormInput {
    /// The fields as a preset fills them.
    pub fn from_preset(preset: &Preset) -> FormInput {
        FormInput {
            registry_url: preset.registry_url.clone(),
            mlflow_path: preset.mlflow_path.clone(),
            auth_url: preset.auth_url.clone(),
            auth_scheme: preset.auth_scheme.clone(),
            auth_header: preset.auth_header.clone(),
            service_id: preset.service_id.clone(),
        }
    }
}

/// What stands beside a field.
#[derive(Clone, Debug, PartialEq)]
pub struct FieldNote {
    /// The field's `name`.
    pub field: &'static str,
    /// True when a run is not possible before it is changed.
    pub blocks: bool,
    /// What was understood, or what to change.
    pub sentence: String,
}

/// What the form means.
#[derive(Clone, Debug, PartialEq)]
pub struct Understood {
    /// `None` while a field blocks.
    pub deployment: Option<Deployment>,
    /// In the order of the fields.
    pub notes: Vec<FieldNote>,
}

/// Reads the form. `preset` adds what has no field: health paths and the shape of keys.
pub fn understand(input: &FormInput, preset: Option<&Preset>, parse: UrlParser) -> Understood {
    let mut notes = Vec::new();
    let scheme = match AuthScheme::parse(&input.auth_scheme, &input.auth_header) {
        Ok(scheme) => Some(scheme),
        Err(sentence) => {
            let field = if input.auth_scheme.trim() == "custom" { "auth-header" } else { "auth-scheme" };
            notes.push(FieldNote { field, blocks: true, sentence: sentence.to_owned() });
            None
        }
    };
    let mlflow = read_mlflow(input, parse, &mut notes);
    let auth = read_auth(input, preset, parse, &mut notes);
    let open_path = match (&mlflow, preset.and_then(|preset| preset.open_path.as_ref())) {
        (Some(base), Some(path)) => match parse_path(path, &base.origin, parse) {
            Ok((path, _)) => path,
            Err(problem) => {
                notes.push(FieldNote {
                    field: "registry-url",
                    blocks: true,
                    sentence: format!(
                        "The health path of this deployment in preflight.json cannot be used. {problem}"
                    ),
                });
                String::new()
            }
        },
        (Some(base), None) => format!("{}/health", base.path),
        (None, _) => String::new(),
    };
    let mut health_paths = Vec::new();
    if let (Some(base), Some(preset)) = (&mlflow, preset) {
        for path in &preset.health_paths {
            // Some tell more when they are asked for it: `/health?detailed=true`.
            let (bare, query) = path.split_once('?').unwrap_or((path, ""));
            let is_plain = query.chars().all(|c| c.is_ascii_alphanumeric() || "=&_-.".contains(c));
            match parse_path(if is_plain { bare } else { path }, &base.origin, parse) {
                Ok((bare, _)) if query.is_empty() => health_paths.push(bare),
                Ok((bare, _)) => health_paths.push([&bare, "?", query].concat()),
                Err(problem) => notes.push(FieldNote {
                    field: "registry-url",
                    blocks: true,
                    sentence: format!(
                        "A health path of this deployment in preflight.json cannot be used. {problem}"
                    ),
                }),
            }
        }
    }
    let service_id = Some(input.service_id.trim().to_owned()).filter(|id| !id.is_empty());
    let deployment = match (mlflow, auth, scheme, notes.iter().any(|note| note.blocks)) {
        (Some(mlflow), Ok(auth), Some(scheme), false) => Some(Deployment {
            path_is_listed: preset.is_some_and(|preset| {
                !mlflow.path.is_empty()
                    && preset.mlflow_path == mlflow.path
                    && preset.auth_url == input.auth_url
            }),
            mlflow,
            auth,
            own_header: match AuthScheme::parse("custom", &input.auth_header) {
                Ok(AuthScheme::Custom(header)) if scheme.name() != "custom" => Some(header),
                _ => None,
            },
            scheme,
            service_id,
            open_path,
            health_paths,
            key_shape: preset.and_then(|preset| preset.key_shape.clone()),
        }),
        _ => None,
    };
    Understood { deployment, notes }
}

/// Adds to what could not be used of `preflight.json` what would block the form once a deployment of it is chosen.
pub fn look_over(config: &mut Config, parse: UrlParser) {
    for preset in &config.deployments {
        let notes = understand(&FormInput::from_preset(preset), Some(preset), parse).notes;
        for note in notes.into_iter().filter(|note| note.blocks) {
            let index = preset.index.to_string();
            config.problems.push(["deployments[", &index, "].", note.field, ": ", &note.sentence].concat());
        }
    }
}

/// The deployment of `preflight.json` that the form speaks of: the chosen one while its host still stands in the
/// form, otherwise the first with the same host. Its paths and key shape have no field of their own, and somebody
/// who types the address of a known deployment means that deployment.
pub fn preset_for<'a>(
    input: &FormInput,
    chosen: Option<usize>,
    presets: &'a [Preset],
    parse: UrlParser,
) -> Option<&'a Preset> {
    let typed = parse_base(&input.registry_url, parse).ok()?.0;
    let same_host = |preset: &&Preset| {
        parse_base(&preset.registry_url, parse).is_ok_and(|(base, _)| base.origin == typed.origin)
    };
    let chosen = chosen.and_then(|index| presets.get(index)).filter(same_host);
    chosen.or_else(|| presets.iter().find(same_host))
}

/// The notes beside the key field: what was repaired, what is wrong, what is odd.
pub fn key_notes(reading: &KeyReading) -> Vec<FieldNote> {
    let note = |sentence: String| FieldNote { field: "api-key", blocks: false, sentence };
    let repairs = reading.repairs.iter().map(|repair| note(repair.to_string()));
    let problems = reading.problems.iter().map(|problem| note(problem.to_string()));
    let oddities = reading.oddities.iter().map(|oddity| note(oddity.to_string()));
    let environment = reading.environment.iter().map(|name| note(format!("A key for {name}.")));
    let claims = (!reading.claims.is_empty()).then(|| note(token_note(reading)));
    repairs.chain(problems).chain(oddities).chain(environment).chain(claims).collect()
}

/// What a token says of itself, in a sentence. It was read here, and not verified.
fn token_note(reading: &KeyReading) -> String {
    let mut said = "A token (JWT)".to_owned();
    for (name, word) in [("iss", " issued by "), ("aud", " for ")] {
        if let Some(value) = reading.claim(name).filter(|value| !value.is_empty()) {
            said.push_str(word);
            said.push_str(value);
        }
    }
    for (name, word) in [("iat", ", made on "), ("nbf", ", valid from "), ("exp", ", valid until ")] {
        if let Some(at) = reading.time(name) {
            said.push_str(word);
            said.push_str(&clock::utc(at));
        }
    }
    said.push_str(". Read on this machine, not verified.");
    said
}

/// Reads the key field for a deployment of this shape and scheme.
pub fn read_key(typed: &str, shape: Option<&KeyShape>, scheme: &AuthScheme) -> (String, KeyReading) {
    key::read(typed, shape, *scheme == AuthScheme::Basic)
}

fn say(notes: &mut Vec<FieldNote>, field: &'static str, repairs: Vec<Repair>) {
    notes.extend(repairs.into_iter().map(|repair| FieldNote {
        field,
        blocks: false,
        sentence: repair.to_string(),
    }));
}

fn block(notes: &mut Vec<FieldNote>, field: &'static str, problem: impl ToString) {
    notes.push(FieldNote { field, blocks: true, sentence: problem.to_string() });
}

fn read_mlflow(input: &FormInput, parse: UrlParser, notes: &mut Vec<FieldNote>) -> Option<Base> {
    let (base, repairs) = match parse_base(&input.registry_url, parse) {
        Ok(parsed) => parsed,
        Err(problem) => {
            block(notes, "registry-url", problem);
            return None;
        }
    };
    say(notes, "registry-url", repairs);
    let (path, repairs) = match parse_path(&input.mlflow_path, &base.origin, parse) {
        Ok(parsed) => parsed,
        Err(problem) => {
            block(notes, "mlflow-path", problem);
            return None;
        }
    };
    say(notes, "mlflow-path", repairs);
    let path = match (base.path.as_str(), path.as_str()) {
        ("", _) => path,
        (in_url, "") => {
            say(notes, "registry-url", vec![Repair::PathMoved(in_url.to_owned())]);
            in_url.to_owned()
        }
        (in_url, typed) if in_url == typed => path,
        (in_url, typed) => {
            block(notes, "mlflow-path", AddressProblem::TwoPaths(in_url.to_owned(), typed.to_owned()));
            return None;
        }
    };
    Some(Base { origin: base.origin, path })
}

fn read_auth(
    input: &FormInput,
    preset: Option<&Preset>,
    parse: UrlParser,
    notes: &mut Vec<FieldNote>,
) -> Result<Option<AuthService>, ()> {
    if input.auth_url.trim().is_empty() {
        return Ok(None);
    }
    let (base, repairs) =
        parse_base(&input.auth_url, parse).map_err(|problem| block(notes, "auth-url", problem))?;
    say(notes, "auth-url", repairs);
    let mut read = |path: &str| {
        parse_path(path, &base.origin, parse).map(|(path, _)| path).map_err(|problem| {
            block(
                notes,
                "auth-url",
                format!("A path of the auth service in preflight.json cannot be used. {problem}"),
            );
        })
    };
    let health_path = read(preset.map_or(AUTH_HEALTH_PATH, |preset| &preset.auth_health_path))?;
    let validate_path = read(preset.map_or(AUTH_VALIDATE_PATH, |preset| &preset.auth_validate_path))?;
    // The root itself is parsed as no path at all.
    let root_path =
        preset.and_then(|preset| preset.auth_root_path.as_ref()).map(|path| read(path)).transpose()?;
    let root_path = root_path.map(|path| if path.is_empty() { "/".to_owned() } else { path });
    Ok(Some(AuthService {
        base,
        health_path,
        validate_path,
        root_path,
        service_ids: preset.map(|preset| preset.auth_service_ids.clone()).unwrap_or_default(),
        fields: preset.map(|preset| preset.auth_fields.clone()).unwrap_or_default(),
    }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::native::parse_url;

    fn read(registry: &str, path: &str) -> Understood {
        let input =
            FormInput { registry_url: registry.into(), mlflow_path: path.into(), ..FormInput::default() };
        understand(&input, None, parse_url)
    }

    #[test]
    fn a_pasted_path_is_moved_and_said() {
        let understood = read("https://r.example/api/mlflow/", "");
        let deployment = understood.deployment.expect("a deployment");
        assert_eq!(deployment.mlflow.to_string(), "https://r.example/api/mlflow");
        assert_eq!(deployment.open_path, "/api/mlflow/health");
        let sentences: Vec<&str> = understood.notes.iter().map(|note| note.sentence.as_str()).collect();
        assert_eq!(
            sentences,
            ["The slash at the end was left out.", "/api/mlflow was taken as the MLflow path."]
        );
    }

    #[test]
    fn two_paths_block() {
        let understood = read("https://r.example/a", "/b");
        assert!(understood.deployment.is_none());
        assert!(understood.notes.iter().any(|note| note.blocks && note.field == "mlflow-path"));
    }

    #[test]
    fn hostile_paths_block_also_from_presets() {
        for path in ["//evil.example", "\\evil.example", "@evil.example", "https://evil.example"] {
            assert!(read("https://r.example", path).deployment.is_none(), "{path}");
            let preset = Preset {
                registry_url: "https://r.example".into(),
                auth_url: "https://a.example".into(),
                auth_health_path: AUTH_HEALTH_PATH.into(),
                auth_validate_path: path.into(),
                ..Preset::default()
            };
            let input = FormInput::from_preset(&preset);
            assert!(understand(&input, Some(&preset), parse_url).deployment.is_none(), "{path}");
        }
    }

    #[test]
    fn what_a_preset_says_of_health_and_auth_is_parsed_too() {
        let mut preset = Preset {
            registry_url: "https://r.example".into(),
            auth_url: "https://a.example".into(),
            auth_health_path: AUTH_HEALTH_PATH.into(),
            auth_validate_path: AUTH_VALIDATE_PATH.into(),
            auth_root_path: Some("/".into()),
            auth_service_ids: vec!["platform".into()],
            auth_fields: vec![("is_valid".into(), "ok".into())],
            health_paths: vec!["/ready".into(), "/health?detailed=true".into()],
            ..Preset::default()
        };
        let understood =
            |preset: &Preset| understand(&FormInput::from_preset(preset), Some(preset), parse_url).deployment;
        let deployment = understood(&preset).expect("a deployment");
        assert_eq!(deployment.health_paths, ["/ready", "/health?detailed=true"]);
        let auth = deployment.auth.expect("an auth service");
        assert_eq!(auth.root_path.as_deref(), Some("/"));
        assert_eq!(auth.field("is_valid"), "ok");
        assert_eq!(auth.field("scopes"), "scopes");
        for hostile in ["//evil.example", "/a?b=//evil.example", "https://evil.example", "/x?a b"] {
            preset.health_paths = vec![hostile.into()];
            assert!(understood(&preset).is_none(), "{hostile}");
        }
    }

    #[test]
    fn a_typed_address_finds_its_deployment() {
        let preset =
            |url: &str, id: &str| Preset { registry_url: url.into(), id: id.into(), ..Preset::default() };
        let presets = [
            preset("https://a.example", "a"),
            preset("https://b.example", "b"),
            preset("https://b.example/x", "c"),
        ];
        let found = |url: &str, chosen| {
            let input = FormInput { registry_url: url.into(), ..FormInput::default() };
            preset_for(&input, chosen, &presets, parse_url).map(|preset| preset.id.as_str())
        };
        assert_eq!(found("https://b.example/", None), Some("b"));
        assert_eq!(found("https://b.example/", Some(2)), Some("c"));
        assert_eq!(found("https://a.example", Some(2)), Some("a"));
        assert_eq!(found("https://a.example:8443", Some(0)), None);
        assert_eq!(found("", Some(0)), None);
    }

    #[test]
    fn the_key_may_go_to_both_hosts_and_no_other() {
        let input = FormInput {
            registry_url: "https://r.example".into(),
            auth_url: "https://a.example".into(),
            ..FormInput::default()
        };
        let deployment = understand(&input, None, parse_url).deployment.expect("a deployment");
        let origins: Vec<String> = deployment.key_origins().iter().map(ToString::to_string).collect();
        assert_eq!(origins, ["https://r.example", "https://a.example"]);
    }
}
