//! Addresses: origins, base addresses and targets, all read by a WHATWG URL parser.
//!
//! The parser itself is an argument ([`UrlParser`]): the browser's own `URL` on the page, the `url` crate in
//! native tests. Both implement the URL standard, and neither costs a byte in the page.

use serde::{Deserialize, Serialize};
use std::fmt;

/// What a URL parser makes of an absolute URL. Names follow the `URL` interface of the URL standard.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct UrlParts {
    /// Without the colon: `https`.
    pub scheme: String,
    /// True when the URL has a user name or a password.
    pub has_credentials: bool,
    /// Lower case, punycode, IPv6 in brackets.
    pub hostname: String,
    /// The explicit port; `None` when absent or the scheme's default.
    pub port: Option<u16>,
    /// Starts with `/` for http and https.
    pub path: String,
    /// With the leading `?`, or empty.
    pub query: String,
    /// With the leading `#`, or empty.
    pub fragment: String,
}

/// Parses an absolute URL by the URL standard; `None` when it is not one.
pub type UrlParser = fn(&str) -> Option<UrlParts>;

/// Scheme, host and port.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Origin {
    /// True for https.
    pub secure: bool,
    /// As serialised by the URL parser: lower case, punycode, IPv6 in brackets.
    pub host: String,
    /// Always explicit.
    pub port: u16,
}

impl Origin {
    /// The origin of a parsed http or https URL.
    pub fn of(parts: &UrlParts) -> Option<Origin> {
        let secure = match parts.scheme.as_str() {
            "https" => true,
            "http" => false,
            _ => return None,
        };
        if parts.hostname.is_empty() {
            return None;
        }
        let port = parts.port.unwrap_or(if secure { 443 } else { 80 });
        Some(Origin { secure, host: parts.hostname.clone(), port })
    }

    /// `https` or `http`.
    pub fn scheme(&self) -> &'static str {
        if self.secure { "https" } else { "http" }
    }

    /// True for addresses that stay on this machine (`localhost`, `127.0.0.0/8`, `[::1]`): browsers treat
    /// them as trustworthy, so they are no mixed content (measured, browser-observability.md 2c).
    pub fn is_loopback(&self) -> bool {
        self.host == "localhost"
            || self.host.ends_with(".localhost")
            || self.host == "[::1]"
            || (self.host.starts_with("127.") && self.is_ip())
    }

    /// True when the host is an IP literal, so that no name had to be resolved.
    pub fn is_ip(&self) -> bool {
        self.host.starts_with('[')
            || (self.host.split('.').count() == 4
                && self.host.split('.').all(|part| part.parse::<u8>().is_ok()))
    }

    /// True for addresses of private networks, by their literal or by a name only a private network has.
    pub fn is_private(&self) -> bool {
        if self.is_loopback() {
            return true;
        }
        if self.is_ip() {
            let octet = |n: usize| self.host.split('.').nth(n).and_then(|part| part.parse::<u8>().ok());
            return match (octet(0), octet(1)) {
                (Some(10), _) | (Some(192), Some(168)) | (Some(169), Some(254)) => true,
                (Some(172), Some(second)) => (16..32).contains(&second),
                _ => ["[fc", "[fd", "[fe8", "[fe9", "[fea", "[feb"].iter().any(|p| self.host.starts_with(p)),
            };
        }
        !self.host.contains('.') || self.host.ends_with(".local") || self.host.ends_with(".internal")
    }

    /// True when browsers refuse this port before any request (the *bad port* list of the Fetch standard).
    pub fn port_is_blocked(&self) -> bool {
        BAD_PORTS.binary_search(&self.port).is_ok()
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}://{}", self.scheme(), self.host)?;
        let default = if self.secure { 443 } else { 80 };
        if self.port != default { write!(f, ":{}", self.port) } else { Ok(()) }
    }
}

/// An origin and a path without trailing slash (empty for the root).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Base {
    /// Scheme, host and port.
    pub origin: Origin,
    /// Empty, or starts with one slash and ends without one.
    pub path: String,
}

impl Base {
    /// The address of `path_and_query` below this base. `path_and_query` comes from this program or from
    /// [`parse_path`], so it starts with exactly one slash and the origin cannot change.
    pub fn join(&self, path_and_query: &str) -> Target {
        Target { origin: self.origin.clone(), path: format!("{}{path_and_query}", self.path) }
    }

    /// The address of `path_and_query` on the same host, not below the base path.
    pub fn at_root(&self, path_and_query: &str) -> Target {
        Target { origin: self.origin.clone(), path: path_and_query.to_owned() }
    }
}

impl fmt::Display for Base {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.origin, self.path)
    }
}

/// What a probe is sent to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Target {
    /// Scheme, host and port.
    pub origin: Origin,
    /// Path and query; starts with one slash.
    pub path: String,
}

impl Target {
    /// True when a URL parser reads this target as its own origin. Asked again right before sending, so that
    /// no path from a form, link or configuration file can ever carry the key elsewhere.
    pub fn is_sound(&self, parse: UrlParser) -> bool {
        self.path.starts_with('/')
            && parse(&self.to_string()).is_some_and(|parts| {
                Origin::of(&parts).as_ref() == Some(&self.origin) && !parts.has_credentials
            })
    }

    /// The path without its query.
    pub fn path_only(&self) -> &str {
        self.path.split('?').next().unwrap_or_default()
    }
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.origin, self.path)
    }
}

/// Why an address cannot be used. Each renders as a sentence that says what to change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AddressProblem {
    /// Nothing was typed.
    Missing,
    /// White space in the middle.
    Space,
    /// Not http or https.
    Scheme(String),
    /// `user:password@`.
    Credentials,
    /// Port 0.
    PortZero,
    /// An IPv6 address without brackets.
    BareIpv6,
    /// The URL parser refused it.
    Unreadable,
    /// The typed path and the path inside the URL differ.
    TwoPaths(String, String),
}

impl fmt::Display for AddressProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing => {
                write!(f, "Type the address of the registry, for example https://registry.example.com.")
            }
            Self::Space => {
                write!(f, "There is a space in the address. Remove it, or write %20 if it belongs there.")
            }
            Self::Scheme(scheme) => write!(
                f,
                "The address starts with {scheme}:, but a page can only ask http: and https: addresses."
            ),
            Self::Credentials => write!(
                f,
                "The address contains a user name or password. Take it out and put the key into the key field: addresses end up in links and logs."
            ),
            Self::PortZero => {
                write!(f, "Port 0 cannot be connected to. Type the port the server really listens on.")
            }
            Self::BareIpv6 => write!(f, "An IPv6 address needs brackets: http://[::1]:5000."),
            Self::Unreadable => write!(
                f,
                "This is not an address that a browser can read. It should look like https://registry.example.com."
            ),
            Self::TwoPaths(in_url, typed) => {
                write!(f, "The address ends in {in_url}, but the MLflow path says {typed}. Keep one of them.")
            }
        }
    }
}

/// Something sensible that was done to what was typed. Each renders as a sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Repair {
    /// The scheme was missing.
    SchemeAdded(&'static str),
    /// Query or fragment dropped.
    QueryDropped,
    /// The part after the base of the REST API was cut off.
    ApiTailDropped(String),
    /// The path of the URL became the MLflow path.
    PathMoved(String),
    /// A missing slash was put in front.
    SlashAdded(String),
    /// Slashes at the end removed.
    TrailingSlash,
    /// The host is shown as the browser sends it.
    Punycode(String),
    /// Browsers refuse this port.
    BlockedPort(u16),
}

impl fmt::Display for Repair {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::SchemeAdded(scheme) => write!(f, "Understood as {scheme}://, because no scheme was typed."),
            Self::QueryDropped => write!(f, "The part from ? or # on is not needed and was left out."),
            Self::ApiTailDropped(tail) => {
                write!(f, "{tail} was left out: the page adds the API paths itself.")
            }
            Self::PathMoved(path) => write!(f, "{path} was taken as the MLflow path."),
            Self::SlashAdded(path) => write!(f, "Understood as {path}."),
            Self::TrailingSlash => write!(f, "The slash at the end was left out."),
            Self::Punycode(host) => write!(f, "The browser sends this name as {host}."),
            Self::BlockedPort(port) => write!(
                f,
                "Browsers refuse port {port} before any request is sent; only other programs can use it."
            ),
        }
    }
}

/// A parsed base address, and what was repaired to get it.
pub type Parsed = (Base, Vec<Repair>);

/// Reads what a person typed or pasted as the address of a host.
pub fn parse_base(input: &str, parse: UrlParser) -> Result<Parsed, AddressProblem> {
    let typed = input.trim();
    let mut repairs = Vec::new();
    if typed.is_empty() {
        return Err(AddressProblem::Missing);
    }
    if typed.chars().any(char::is_whitespace) {
        return Err(AddressProblem::Space);
    }
    let text = match typed.split_once(':') {
        _ if typed.contains("://") => typed.to_owned(),
        Some((scheme, _)) if NOT_HOSTS.contains(&scheme.to_ascii_lowercase().as_str()) => {
            return Err(AddressProblem::Scheme(scheme.to_ascii_lowercase()));
        }
        _ => {
            let bare = typed.trim_start_matches('/');
            if bare.parse::<std::net::Ipv6Addr>().is_ok() {
                return Err(AddressProblem::BareIpv6);
            }
            let guess = parse(&format!("http://{bare}")).ok_or(AddressProblem::Unreadable)?;
            let local = Origin::of(&guess).is_some_and(|origin| origin.is_loopback());
            let scheme = if local { "http" } else { "https" };
            repairs.push(Repair::SchemeAdded(scheme));
            format!("{scheme}://{bare}")
        }
    };
    let parts = parse(&text).ok_or_else(|| {
        let host = text.split("://").nth(1).unwrap_or_default();
        if host.matches(':').count() > 1 && !host.starts_with('[') {
            AddressProblem::BareIpv6
        } else {
            AddressProblem::Unreadable
        }
    })?;
    if parts.has_credentials {
        return Err(AddressProblem::Credentials);
    }
    let Some(origin) = Origin::of(&parts) else {
        return Err(if parts.scheme == "http" || parts.scheme == "https" {
            AddressProblem::Unreadable
        } else {
            AddressProblem::Scheme(parts.scheme)
        });
    };
    if origin.port == 0 {
        return Err(AddressProblem::PortZero);
    }
    if origin.port_is_blocked() {
        repairs.push(Repair::BlockedPort(origin.port));
    }
    if origin.host.contains("xn--") && !text.contains("xn--") {
        repairs.push(Repair::Punycode(origin.host.clone()));
    }
    if !parts.query.is_empty() || !parts.fragment.is_empty() {
        repairs.push(Repair::QueryDropped);
    }
    let (path, more) = tidy_path(&parts.path);
    repairs.extend(more);
    Ok((Base { origin, path }, repairs))
}

/// Why a path cannot be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PathProblem {
    /// It would lead to another host, or could be read so by some parser.
    LeavesHost,
    /// Query or fragment.
    Query,
    /// `.` or `..` segments.
    Dots,
    /// White space or control characters.
    Space,
}

impl fmt::Display for PathProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::LeavesHost => write!(
                f,
                "This could lead to another host. Type only the path on the registry host, for example /api/mlflow."
            ),
            Self::Query => write!(f, "A path has no ? or #. Type only the path, for example /api/mlflow."),
            Self::Dots => write!(f, "Write the path without . and .. parts."),
            Self::Space => write!(
                f,
                "There is a space or control character in the path. Remove it, or write %20 if it belongs there."
            ),
        }
    }
}

/// Reads a path on a host. It can never change the origin: whatever a parser might read as a host is refused,
/// and the result is checked with the URL parser itself.
pub fn parse_path(
    input: &str,
    origin: &Origin,
    parse: UrlParser,
) -> Result<(String, Vec<Repair>), PathProblem> {
    let typed = input.trim();
    if typed.is_empty() || typed == "/" {
        return Ok((String::new(), Vec::new()));
    }
    if typed.chars().any(|c| c.is_whitespace() || c.is_control()) {
        return Err(PathProblem::Space);
    }
    if typed.starts_with("//") || typed.contains('\\') || typed.contains("://") || typed.starts_with('@') {
        return Err(PathProblem::LeavesHost);
    }
    if typed.contains(['?', '#']) {
        return Err(PathProblem::Query);
    }
    let mut repairs = Vec::new();
    let absolute = if typed.starts_with('/') {
        typed.to_owned()
    } else {
        // `javascript:x`, `host:80/x`: not a path.
        if typed.split('/').next().is_some_and(|first| first.contains([':', '@'])) {
            return Err(PathProblem::LeavesHost);
        }
        repairs.push(Repair::SlashAdded(format!("/{typed}")));
        format!("/{typed}")
    };
    let dotted = |part: &str| {
        let part = part.to_ascii_lowercase().replace("%2e", ".");
        part == "." || part == ".."
    };
    if absolute.split('/').any(dotted) {
        return Err(PathProblem::Dots);
    }
    let parts = parse(&format!("{origin}{absolute}")).ok_or(PathProblem::LeavesHost)?;
    if Origin::of(&parts).as_ref() != Some(origin) || parts.has_credentials || !parts.path.starts_with('/') {
        return Err(PathProblem::LeavesHost);
    }
    let (path, more) = tidy_path(&parts.path);
    repairs.extend(more);
    if path.starts_with("//") {
        return Err(PathProblem::LeavesHost);
    }
    Ok((path, repairs))
}

/// Takes off what people paste along: the tail of an API call, and slashes at the end.
fn tidy_path(path: &str) -> (String, Vec<Repair>) {
    let mut repairs = Vec::new();
    let mut path = path.to_owned();
    for mark in ["/api/2.0/", "/ajax-api/2.0/", "/api/3.0/", "/ajax-api/3.0/"] {
        if let Some(at) = path.find(mark) {
            repairs.push(Repair::ApiTailDropped(path.split_off(at)));
            return (path.trim_end_matches('/').to_owned(), repairs);
        }
    }
    if path.len() > 1 && path.ends_with('/') {
        repairs.push(Repair::TrailingSlash);
    }
    (path.trim_end_matches('/').to_owned(), repairs)
}

/// Words before a colon that are a scheme and not a host name.
const NOT_HOSTS: [&str; 9] =
    ["javascript", "data", "file", "blob", "about", "mailto", "ws", "wss", "mlflow-artifacts"];

/// The *bad port* list of the Fetch standard, section 2.9.
const BAD_PORTS: [u16; 84] = [
    0, 1, 7, 9, 11, 13, 15, 17, 19, 20, 21, 22, 23, 25, 37, 42, 43, 53, 69, 77, 79, 87, 95, 101, 102, 103,
    104, 109, 110, 111, 113, 115, 117, 119, 123, 135, 137, 139, 143, 161, 179, 389, 427, 465, 512, 513, 514,
    515, 526, 530, 531, 532, 540, 548, 554, 556, 563, 587, 601, 636, 989, 990, 993, 995, 1719, 1720, 1723,
    2049, 3659, 4045, 4190, 5060, 5061, 6000, 6566, 6665, 6666, 6667, 6668, 6669, 6679, 6697, 10080, 65535,
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::native::parse_url;

    fn base(input: &str) -> Result<String, AddressProblem> {
        parse_base(input, parse_url).map(|(base, _)| base.to_string())
    }

    #[test]
    fn addresses_people_type() {
        for (typed, understood) in [
            ("https://registry.example.com", "https://registry.example.com"),
            (" https://registry.example.com/ ", "https://registry.example.com"),
            ("registry.example.com", "https://registry.example.com"),
            ("//registry.example.com", "https://registry.example.com"),
            ("localhost:5000", "http://localhost:5000"),
            ("127.0.0.1:5000/mlflow/", "http://127.0.0.1:5000/mlflow"),
            ("http://[::1]:5000", "http://[::1]:5000"),
            ("HTTPS://REGISTRY.example.COM:443/api/mlflow", "https://registry.example.com/api/mlflow"),
            ("https://bücher.example", "https://xn--bcher-kva.example"),
            (
                "https://h.example/api/mlflow/api/2.0/mlflow/experiments/search",
                "https://h.example/api/mlflow",
            ),
            ("https://h.example/mlflow#/experiments/0", "https://h.example/mlflow"),
            ("https://h.example:6000", "https://h.example:6000"),
        ] {
            assert_eq!(base(typed), Ok(understood.to_owned()), "{typed}");
        }
    }

    #[test]
    fn addresses_that_cannot_be_used_say_what_to_change() {
        for (typed, problem) in [
            ("", AddressProblem::Missing),
            ("   ", AddressProblem::Missing),
            ("https://a b.example", AddressProblem::Space),
            ("ftp://h.example", AddressProblem::Scheme("ftp".into())),
            ("javascript:alert(1)", AddressProblem::Scheme("javascript".into())),
            ("wss://h.example", AddressProblem::Scheme("wss".into())),
            ("https://user:pass@h.example", AddressProblem::Credentials),
            ("https://h.example:0", AddressProblem::PortZero),
            ("::1", AddressProblem::BareIpv6),
            ("http://::1:5000", AddressProblem::BareIpv6),
            ("https://h.example:99999", AddressProblem::Unreadable),
            ("https://", AddressProblem::Unreadable),
        ] {
            assert_eq!(base(typed), Err(problem), "{typed}");
        }
    }

    #[test]
    fn the_bad_port_list_is_sorted_and_used() {
        assert!(BAD_PORTS.is_sorted());
        assert!(parse_url("http://h:6000").and_then(|p| Origin::of(&p)).is_some_and(|o| o.port_is_blocked()));
        assert!(
            !parse_url("http://h:5000").and_then(|p| Origin::of(&p)).is_some_and(|o| o.port_is_blocked())
        );
    }

    #[test]
    fn private_and_loopback() {
        let origin = |text| Origin::of(&parse_url(text).expect("url")).expect("origin");
        for (text, loopback, private) in [
            ("http://localhost", true, true),
            ("http://127.9.9.9", true, true),
            ("http://127.example.com", false, false),
            ("http://10.0.0.1", false, true),
            ("http://172.31.0.1", false, true),
            ("http://172.32.0.1", false, false),
            ("http://mlflow", false, true),
            ("http://mlflow.local", false, true),
            ("http://[fd00::1]", false, true),
            ("http://[2001:db8::1]", false, false),
            ("https://registry.example.com", false, false),
        ] {
            let o = origin(text);
            assert_eq!((o.is_loopback(), o.is_private()), (loopback, private), "{text}");
        }
    }

    #[test]
    fn paths_never_leave_the_host() {
        let origin = Origin { secure: true, host: "h.example".into(), port: 443 };
        for (typed, path) in [
            ("", ""),
            ("/", ""),
            ("/api/mlflow", "/api/mlflow"),
            ("api/mlflow/", "/api/mlflow"),
            ("/api/2.0/mlflow/", ""),
            ("/a//b", "/a//b"),
            ("/a:b@c", "/a:b@c"),
        ] {
            assert_eq!(parse_path(typed, &origin, parse_url).map(|(p, _)| p), Ok(path.to_owned()), "{typed}");
        }
        for typed in [
            "//evil.example",
            "\\evil.example",
            "/\\evil.example",
            "@evil.example",
            "https://evil.example",
            "evil.example:80/x",
            "javascript:x",
            "///evil",
            "/x\\..\\y",
            "user@evil.example",
        ] {
            assert_eq!(parse_path(typed, &origin, parse_url), Err(PathProblem::LeavesHost), "{typed}");
        }
        for typed in ["/a/../b", "/a/%2e%2E/b", "/./a"] {
            assert_eq!(parse_path(typed, &origin, parse_url), Err(PathProblem::Dots), "{typed}");
        }
    }

    proptest::proptest! {
        #[test]
        fn no_typed_path_changes_the_origin(typed in ".{0,24}", tail in "(/[a-z]{1,4}){0,2}") {
            let origin = Origin { secure: true, host: "h.example".into(), port: 8443 };
            if let Ok((path, _)) = parse_path(&typed, &origin, parse_url) {
                let target = Base { origin: origin.clone(), path }.join(&format!("{tail}/x"));
                proptest::prop_assert!(target.is_sound(parse_url), "{target}");
            }
        }

        #[test]
        fn any_text_is_an_address_or_a_sentence(typed in "\\PC{0,40}") {
            match parse_base(&typed, parse_url) {
                Ok((base, _)) => proptest::prop_assert!(base.join("/x").is_sound(parse_url)),
                Err(problem) => proptest::prop_assert!(problem.to_string().ends_with('.')),
            }
        }
    }
}
