//! The request link: what to test, for somebody else to run. Its fragment has the names of the form's fields
//! (`#registry-url=…&auth-scheme=bearer&run=1`). It never holds a key, and one in it is not read; it cannot switch on
//! what writes.

use crate::deployment::address::parse_base;
use crate::deployment::config::Preset;
use crate::deployment::form::FormInput;
use crate::deployment::{AuthScheme, Deployment, Origin, UrlParser};

/// Characters of a fragment and of a value that are read at the most.
const READ: usize = 8_000;
const VALUE: usize = 500;

/// What a request link says.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Request {
    /// The fields it fills.
    pub input: FormInput,
    /// Whether it asks to start at once.
    pub run: bool,
    /// Whether something stood where a key does not belong.
    pub had_key: bool,
}

fn fields(input: &mut FormInput) -> [(&'static str, &mut String); 6] {
    [
        ("registry-url", &mut input.registry_url),
        ("mlflow-path", &mut input.mlflow_path),
        ("auth-url", &mut input.auth_url),
        ("auth-scheme", &mut input.auth_scheme),
        ("auth-header", &mut input.auth_header),
        ("service-id", &mut input.service_id),
    ]
}

/// The fragment that fills a form like this one, without `#`.
pub fn write(input: &FormInput) -> String {
    let mut fragment = String::new();
    for (name, value) in fields(&mut input.clone()) {
        // An address with a password in it is refused by the form as well.
        let value = value.trim();
        if value.is_empty() || value.contains('@') && name.ends_with("url") {
            continue;
        }
        if !fragment.is_empty() {
            fragment.push('&');
        }
        fragment.push_str(name);
        fragment.push('=');
        for byte in value.bytes() {
            if byte.is_ascii_alphanumeric() || b"-._~:/".contains(&byte) {
                fragment.push(char::from(byte));
            } else {
                fragment.push('%');
                for half in [byte >> 4, byte & 15] {
                    fragment.extend(char::from_digit(half.into(), 16));
                }
            }
        }
    }
    fragment
}

/// Reads a fragment; `None` when it names no registry.
pub fn read(fragment: &str) -> Option<Request> {
    let mut request = Request::default();
    if fragment.len() > READ {
        return None;
    }
    for part in fragment.trim_start_matches('#').split('&') {
        let Some((name, value)) = part.split_once('=') else { continue };
        match name {
            "run" => request.run = value == "1",
            "api-key" => request.had_key = true,
            _ => {
                if let Some((_, field)) =
                    fields(&mut request.input).into_iter().find(|(known, _)| *known == name)
                {
                    *field = decoded(value);
                }
            }
        }
    }
    let scheme = &mut request.input.auth_scheme;
    if !AuthScheme::CHOICES.iter().any(|(name, _)| name == scheme) {
        *scheme = AuthScheme::default().name().to_owned();
    }
    (!request.input.registry_url.is_empty()).then_some(request)
}

fn decoded(value: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = value.bytes();
    while let Some(byte) = rest.next() {
        let half = |byte: Option<u8>| char::from(byte?).to_digit(16);
        let mut ahead = rest.clone();
        match (byte, half(ahead.next()), half(ahead.next())) {
            (b'%', Some(high), Some(low)) => {
                bytes.push((high * 16 + low) as u8);
                rest = ahead;
            }
            _ => bytes.push(byte),
        }
    }
    String::from_utf8_lossy(&bytes).chars().filter(|c| !c.is_control()).take(VALUE).collect()
}

/// The origins of a deployment that the page's own configuration does not list.
pub fn unlisted(deployment: &Deployment, presets: &[Preset], parse: UrlParser) -> Vec<Origin> {
    let listed = |origin: &Origin| {
        presets
            .iter()
            .flat_map(|preset| [&preset.registry_url, &preset.auth_url])
            .any(|url| parse_base(url, parse).is_ok_and(|(base, _)| base.origin == *origin))
    };
    deployment.key_origins().into_iter().filter(|origin| !listed(origin)).collect()
}

/// Scheme, host and port, each in full.
pub fn in_full(origin: &Origin) -> String {
    [origin.scheme(), "://", &origin.host, ":", &origin.port.to_string()].concat()
}
