//! The key, as a type that cannot be printed, serialised, compared or cloned into anything.
//!
//! It leaves this type only as request headers or a request body for an origin that the form shows
//! ([`Credential::headers_for`], [`Credential::body_for`]); everything that comes back from the network passes
//! [`Credential::scrub`] before it is written down, in case a server echoes what it was sent.

use super::{AuthScheme, KeyPrefix, KeyShape, Origin, Target, redact};

/// Which credential a probe presents. This, never the credential itself, stands in probes and reports.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub enum Presented {
    /// No credential.
    Nothing,
    /// A made-up key of the deployment's shape ([`fake_key`]).
    Fake,
    /// The user's key in a header.
    Key,
    /// The user's key in the JSON body, where [`KEY_PLACE`] stands, and in no header.
    KeyInBody,
}

/// Stands in a body for the key, as it does in what comes back.
pub const KEY_PLACE: &str = "[key]";

/// The user's key, bound to the origins it may be sent to. Deliberately without `Debug`, `Display`, `Clone`,
/// `PartialEq` and `Serialize`.
pub struct Credential {
    key: String,
    fake: String,
    scheme: AuthScheme,
    origins: Vec<Origin>,
    prefixes: Vec<KeyPrefix>,
}

impl Credential {
    /// Binds a cleaned key (see [`super::key::read`]) to a scheme and to the origins on the form. An empty
    /// key makes a credential that presents nothing but can still present the fake key.
    pub fn new(
        key: String,
        shape: Option<&KeyShape>,
        scheme: AuthScheme,
        origins: Vec<Origin>,
    ) -> Credential {
        let fake = fake_key(shape, &scheme);
        let prefixes = shape.map(|shape| shape.prefixes.clone()).unwrap_or_default();
        Credential { key, fake, scheme, origins, prefixes }
    }

    /// How this deployment's gateway wants a key.
    pub fn scheme(&self) -> &AuthScheme {
        &self.scheme
    }

    /// The headers that present a credential to `target` in a scheme; `None` when that must not happen: the origin is
    /// not on the form, or there is no key.
    pub fn headers_for(
        &self,
        presented: Presented,
        target: &Target,
        scheme: &AuthScheme,
    ) -> Option<Vec<(String, String)>> {
        match presented {
            Presented::Nothing => Some(Vec::new()),
            Presented::Fake => Some(scheme.headers(&self.fake)),
            // What is no user and password is not sent as if it were.
            Presented::Key
                if *scheme == AuthScheme::Basic && self.scheme != *scheme && !self.key.contains(':') =>
            {
                None
            }
            Presented::Key if self.may_send(target) => Some(scheme.headers(&self.key)),
            Presented::KeyInBody if self.may_send(target) => Some(Vec::new()),
            Presented::Key | Presented::KeyInBody => None,
        }
    }

    /// A body with the key in its place, as JSON text; without that place the body as it is. `None` as above.
    pub fn body_for(&self, presented: Presented, target: &Target, body: &str) -> Option<String> {
        match presented {
            Presented::KeyInBody if self.may_send(target) => {
                let quoted = crate::json::quote(&self.key);
                Some(body.replacen(&["\"", KEY_PLACE, "\""].concat(), &quoted, 1))
            }
            Presented::KeyInBody => None,
            _ => Some(body.to_owned()),
        }
    }

    /// Takes out of a text from the network what must not be written down: the key, and what looks like a secret
    /// of somebody else ([`redact`]).
    pub fn scrub(&self, text: &mut String) {
        self.scrub_key(text);
        *text = redact::text(text, &self.prefixes);
    }

    /// The same for the value of a header, which its name may give away as a secret.
    pub fn scrub_header(&self, name: &str, value: &mut String) {
        self.scrub_key(value);
        *value = redact::header(name, value, &self.prefixes);
    }

    /// Replaces the key wherever it stands, in whatever spelling ([`spelt`]) or Base64-encoded as Basic credentials; also
    /// its beginning where the text was cut off in the middle of it.
    pub fn scrub_key(&self, text: &mut String) {
        if self.key.len() < HINT {
            return;
        }
        let mut forms = vec![self.key.clone()];
        for (_, value) in AuthScheme::Basic.headers(&self.key) {
            forms.push(value.replace("Basic ", ""));
        }
        // A password may be said back without its user.
        if let Some((_, word)) = self.key.split_once(':').filter(|(_, word)| word.len() >= PASSWORD) {
            forms.push(word.to_owned());
        }
        for form in forms {
            let (mut out, mut copied, mut at) = (String::new(), 0, 0);
            while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
                match spelt(rest.as_bytes(), form.as_bytes()) {
                    Some(length) => {
                        out.extend([&text[copied..at], KEY_PLACE]);
                        at += length;
                        copied = at;
                    }
                    None => at += rest.chars().next().map_or(1, char::len_utf8),
                }
            }
            if copied > 0 {
                out.push_str(&text[copied..]);
                *text = out;
            }
        }
    }

    fn may_send(&self, target: &Target) -> bool {
        !self.key.is_empty() && self.origins.contains(&target.origin)
    }
}

impl Drop for Credential {
    fn drop(&mut self) {
        // Best effort: the bytes are overwritten before the memory is given back.
        let length = self.key.len();
        self.key.clear();
        self.key.extend(core::iter::repeat_n('\0', length));
    }
}

/// The beginning of a key that is taken for it where a text ends.
const HINT: usize = 4;
/// A password that is shorter may be a word of any text.
const PASSWORD: usize = 6;

/// How much of a text is the key that it begins with; each character may be spelt as it is, as `%XX`, or escaped for JSON.
fn spelt(text: &[u8], key: &[u8]) -> Option<usize> {
    let mut at = 0;
    for (place, byte) in key.iter().enumerate() {
        let rest = &text[at..];
        let hex = |from: usize| {
            let digits = core::str::from_utf8(rest.get(from..from + 2)?).ok()?;
            u8::from_str_radix(digits, 16).ok()
        };
        at += match rest {
            [] => return (place >= HINT).then_some(at),
            [first, ..] if first == byte => 1,
            [b'%', ..] if hex(1) == Some(*byte) => 3,
            [b'\\', b'u', b'0', b'0', ..] if hex(4) == Some(*byte) => 6,
            [b'\\', escaped, ..] if escaped == byte => 2,
            // An escape that is cut off.
            [b'%'] | [b'%', _] if place >= HINT => rest.len(),
            [b'\\', tail @ ..]
                if place >= HINT && tail.len() < 5 && tail.first().is_none_or(|u| *u == b'u') =>
            {
                rest.len()
            }
            _ => return None,
        };
    }
    Some(at)
}

/// A key that looks like one of this deployment's and is clearly none: it says so in capitals.
pub fn fake_key(shape: Option<&KeyShape>, scheme: &AuthScheme) -> String {
    if *scheme == AuthScheme::Basic {
        return "preflight-fake-user:preflight-fake-password".to_owned();
    }
    let words = "PREFLIGHTFAKEKEYNOTAREALONE";
    let Some(shape) = shape else { return format!("preflight-{}", words.to_ascii_lowercase()) };
    let prefix = shape.prefixes.first().map(|known| known.prefix.as_str()).unwrap_or_default();
    let length = shape.lengths.first().copied().unwrap_or(32);
    let random: String = words.chars().cycle().take(length).collect();
    format!("{prefix}{random}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn origin(host: &str, port: u16) -> Origin {
        Origin { secure: true, host: host.into(), port }
    }

    fn target(host: &str, port: u16) -> Target {
        Target { origin: origin(host, port), path: "/x".into() }
    }

    #[test]
    fn the_key_goes_only_to_origins_of_the_form() {
        let credential =
            Credential::new("made-up-key".into(), None, AuthScheme::Bearer, vec![origin("r.example", 443)]);
        assert!(
            credential.headers_for(Presented::Key, &target("r.example", 443), &AuthScheme::Bearer).is_some()
        );
        for (host, port) in [("r.example", 8443), ("evil.example", 443)] {
            for scheme in [AuthScheme::Bearer, AuthScheme::XApiKey] {
                assert!(credential.headers_for(Presented::Key, &target(host, port), &scheme).is_none());
            }
            let body = "{\"api_key\":\"[key]\"}";
            assert!(credential.body_for(Presented::KeyInBody, &target(host, port), body).is_none());
        }
    }

    #[test]
    fn without_a_key_nothing_is_presented() {
        let credential =
            Credential::new(String::new(), None, AuthScheme::Bearer, vec![origin("r.example", 443)]);
        let at = target("r.example", 443);
        assert!(credential.headers_for(Presented::Key, &at, &AuthScheme::Bearer).is_none());
        assert!(credential.body_for(Presented::KeyInBody, &at, "{}").is_none());
        assert!(credential.headers_for(Presented::Fake, &at, &AuthScheme::Bearer).is_some());
    }

    #[test]
    fn a_key_in_a_body_is_quoted_for_json_and_in_no_header() {
        let credential =
            Credential::new("made\"up".into(), None, AuthScheme::Bearer, vec![origin("r.example", 443)]);
        let at = target("r.example", 443);
        let body = "{\"api_key\":\"[key]\",\"service_id\":\"s\"}";
        assert_eq!(
            credential.body_for(Presented::KeyInBody, &at, body).as_deref(),
            Some("{\"api_key\":\"made\\\"up\",\"service_id\":\"s\"}")
        );
        assert_eq!(credential.headers_for(Presented::KeyInBody, &at, &AuthScheme::Bearer), Some(Vec::new()));
        // Any other question keeps its body as it is.
        assert_eq!(credential.body_for(Presented::Key, &at, body).as_deref(), Some(body));
    }

    #[test]
    fn echoes_are_scrubbed() {
        let credential = Credential::new("admin:made-up".into(), None, AuthScheme::Basic, Vec::new());
        let mut text = "you sent admin:made-up, that is Basic YWRtaW46bWFkZS11cA==".to_owned();
        credential.scrub(&mut text);
        assert_eq!(text, "you sent [key], that is Basic [key]");
        let mut text = "Login failed for admin / made-up".to_owned();
        credential.scrub(&mut text);
        assert_eq!(text, "Login failed for admin / [key]");
        let mut text = "?key=admin%3Amade-up and cut off: admin:ma".to_owned();
        credential.scrub(&mut text);
        assert_eq!(text, "?key=[key] and cut off: [key]");
    }

    #[test]
    fn the_key_is_known_in_every_spelling() {
        let credential = Credential::new("pf_live_a\"b/c".into(), None, AuthScheme::Bearer, Vec::new());
        for (spelt, left) in [
            ("pf_live_a\"b/c", ""),
            ("pf%5Flive%5fa%22b%2Fc", ""),
            ("pf_live_a%22b/c", ""),
            ("pf_live_a\\\"b\\/c", ""),
            ("pf\\u005flive\\u005Fa\\u0022b/c", ""),
            ("pf_live_a\"b/cé", "é"),
        ] {
            let mut text = ["x=", spelt, "; é ", spelt, "."].concat();
            credential.scrub_key(&mut text);
            assert_eq!(text, ["x=[key]", left, "; é [key]", left, "."].concat(), "{spelt}");
        }
        for cut in ["pf_l", "pf%5Fliv", "pf_live%5", "pf_live%", "pf_live\\", "pf_live\\u00", "pf_live_a"] {
            let mut text = ["cut: ", cut].concat();
            credential.scrub_key(&mut text);
            assert_eq!(text, "cut: [key]", "{cut}");
        }
        // What only begins like it is something else, but at the very end.
        for other in ["pf_live_other", "pf_", "pf%5Flive%5Fz.", "100%", "a\\", "é%é\\é"] {
            let mut text = [other, " "].concat();
            credential.scrub_key(&mut text);
            assert_eq!(text, [other, " "].concat());
        }
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_survived_and_the_key_is_gone(before in "\\PC{0,12}", after in "\\PC{0,12}", key in "[a-z_/%\\\\\"]{6,12}") {
            let credential = Credential::new(key.clone(), None, AuthScheme::Bearer, Vec::new());
            let mut text = [before.as_str(), &key, &after].concat();
            credential.scrub_key(&mut text);
            proptest::prop_assert!(!text.contains(&key), "{}", text);
        }
    }

    #[test]
    fn the_fake_key_has_the_shape_and_says_that_it_is_fake() {
        let shape = KeyShape::example();
        let fake = fake_key(Some(&shape), &AuthScheme::Bearer);
        assert!(fake.starts_with("pf_live_PREFLIGHTFAKEKEY"));
        assert_eq!(fake.len(), "pf_live_".len() + 32);
        assert!(fake_key(None, &AuthScheme::Bearer).contains("fakekey"));
    }
}
