//! How a key is presented to a host.

use serde::{Deserialize, Serialize};

/// The ways to present a key. The names are those of the form's `auth-scheme` field.
#[derive(Clone, Debug, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum AuthScheme {
    /// The deployment asks for no key.
    None,
    /// `Authorization: Bearer K` (RFC 6750).
    #[default]
    Bearer,
    /// `Authorization: K`.
    Raw,
    /// `Authorization: ApiKey K`.
    ApiKey,
    /// `X-API-Key: K`.
    XApiKey,
    /// A header with a name of its own.
    Custom(String),
    /// `Authorization: Bearer K` and `X-API-Key: K` together.
    Both,
    /// `Authorization: Basic …` (RFC 7617), from `user:password`.
    Basic,
    /// The cookies that this browser has for the host, and no key. Only *Try other ways* asks so, and only if the
    /// user says so; no choice of the form.
    Cookies,
}

impl AuthScheme {
    /// The value of the form field.
    pub fn name(&self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Bearer => "bearer",
            Self::Raw => "raw",
            Self::ApiKey => "apikey",
            Self::XApiKey => "x-api-key",
            Self::Custom(_) => "custom",
            Self::Both => "both",
            Self::Basic => "basic",
            Self::Cookies => "cookies",
        }
    }

    /// All field values with what they mean, in the order of the form.
    pub const CHOICES: [(&'static str, &'static str); 8] = [
        ("none", "No key"),
        ("bearer", "Authorization: Bearer …"),
        ("raw", "Authorization: … (the key alone)"),
        ("apikey", "Authorization: ApiKey …"),
        ("x-api-key", "X-API-Key: …"),
        ("custom", "A header of its own"),
        ("both", "Bearer and X-API-Key together"),
        ("basic", "Basic (user:password)"),
    ];

    /// What it is, for a sentence: as the form offers it.
    pub fn words(&self) -> String {
        match self {
            Self::Custom(header) => [header, ": …"].concat(),
            Self::Cookies => "this browser's cookies".to_owned(),
            _ => {
                let own = Self::CHOICES.iter().find(|(name, _)| *name == self.name());
                own.map_or("", |(_, words)| words).to_owned()
            }
        }
    }

    /// Reads the form's two fields. `Err` holds the sentence for the field.
    pub fn parse(name: &str, header: &str) -> Result<AuthScheme, &'static str> {
        Ok(match name.trim() {
            "none" => Self::None,
            "" | "bearer" => Self::Bearer,
            "raw" => Self::Raw,
            "apikey" => Self::ApiKey,
            "x-api-key" => Self::XApiKey,
            "both" => Self::Both,
            "basic" => Self::Basic,
            "custom" => {
                let header = header.trim().to_ascii_lowercase();
                let token = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(c);
                if header.is_empty() {
                    return Err(
                        "Type the name of the header that carries the key, for example X-Registry-Key.",
                    );
                }
                if !header.chars().all(token) {
                    return Err(
                        "A header name has only letters, digits and - or _. Leave out the colon and the value.",
                    );
                }
                if FORBIDDEN.contains(&header.as_str())
                    || header.starts_with("sec-")
                    || header.starts_with("proxy-")
                {
                    return Err(
                        "Browsers do not let a page set this header. Choose the header your gateway really reads.",
                    );
                }
                Self::Custom(header)
            }
            _ => return Err("This way of presenting a key is not known. Choose one of the list."),
        })
    }

    /// The headers that present `key`. Names are lower case, as browsers send them.
    pub(super) fn headers(&self, key: &str) -> Vec<(String, String)> {
        let authorization = |value: String| ("authorization".to_owned(), value);
        match self {
            Self::None | Self::Cookies => Vec::new(),
            Self::Bearer => vec![authorization(format!("Bearer {key}"))],
            Self::Raw => vec![authorization(key.to_owned())],
            Self::ApiKey => vec![authorization(format!("ApiKey {key}"))],
            Self::XApiKey => vec![("x-api-key".to_owned(), key.to_owned())],
            Self::Custom(header) => vec![(header.clone(), key.to_owned())],
            Self::Both => {
                vec![authorization(format!("Bearer {key}")), ("x-api-key".to_owned(), key.to_owned())]
            }
            Self::Basic => vec![authorization(format!("Basic {}", base64(key.as_bytes())))],
        }
    }

    /// The same headers for a copyable command, the key as the shell variable `$PREFLIGHT_KEY`.
    pub fn shell_headers(&self) -> Vec<String> {
        match self {
            Self::Basic => {
                vec!["Authorization: Basic $(printf %s \"$PREFLIGHT_KEY\" | base64 | tr -d '\\n')".to_owned()]
            }
            Self::Cookies => vec!["Cookie: $PREFLIGHT_COOKIES".to_owned()],
            other => {
                let headers = other.headers("$PREFLIGHT_KEY");
                headers.into_iter().map(|(name, value)| format!("{}: {value}", shown_header(&name))).collect()
            }
        }
    }

    /// The header names a preflight asks permission for.
    pub fn header_names(&self) -> Vec<String> {
        self.headers("").into_iter().map(|(name, _)| name).collect()
    }
}

/// A header's name as people write it.
pub fn shown_header(name: &str) -> String {
    match name {
        "authorization" => "Authorization".to_owned(),
        "x-api-key" => "X-API-Key".to_owned(),
        name => name.to_owned(),
    }
}

/// Forbidden request-header names of the Fetch standard that a person might type.
const FORBIDDEN: [&str; 12] = [
    "accept-encoding",
    "connection",
    "content-length",
    "cookie",
    "date",
    "expect",
    "host",
    "keep-alive",
    "origin",
    "referer",
    "transfer-encoding",
    "upgrade",
];

/// Standard Base64 (RFC 4648), for Basic credentials only.
fn base64(bytes: &[u8]) -> String {
    const TABLE: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::new();
    for chunk in bytes.chunks(3) {
        let byte = |i: usize| u32::from(chunk.get(i).copied().unwrap_or(0));
        let word = byte(0) << 16 | byte(1) << 8 | byte(2);
        for i in 0..4 {
            if i <= chunk.len() {
                out.push(char::from(TABLE[(word >> (18 - 6 * i) & 63) as usize]));
            } else {
                out.push('=');
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_choice_parses_to_its_own_name() {
        for (name, _) in AuthScheme::CHOICES {
            assert_eq!(AuthScheme::parse(name, "X-Key").map(|scheme| scheme.name()), Ok(name));
        }
    }

    #[test]
    fn header_names_that_cannot_work_are_refused() {
        for bad in ["", "Cookie", "sec-fetch-mode", "X Key", "X-Key:", "Proxy-Authorization"] {
            assert!(AuthScheme::parse("custom", bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn basic_is_base64() {
        for (text, encoded) in
            [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("admin:pw", "YWRtaW46cHc=")]
        {
            assert_eq!(base64(text.as_bytes()), encoded);
        }
    }

    #[test]
    fn commands_name_the_key_as_a_variable() {
        assert_eq!(AuthScheme::Bearer.shell_headers(), ["Authorization: Bearer $PREFLIGHT_KEY"]);
        assert!(AuthScheme::Basic.shell_headers()[0].contains("$PREFLIGHT_KEY"));
    }
}
