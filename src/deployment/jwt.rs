//! JSON Web Tokens (RFC 7519), read on this machine only: never verified, never sent anywhere for it.
//!
//! What is kept of one, and may stand in a report: the names of its claims, its times, and issuer and audience where
//! they look like a name or an address. All other values stay out: they name people and roles, or are secret. What
//! has a query or an `@` is no plain name and stays out too.

use crate::json::{self, Map, Value};

/// Claims with a time, in seconds since 1970.
pub const TIMES: [&str; 3] = ["exp", "nbf", "iat"];

/// Claims that are kept of a token, and characters that are kept of a name.
const KEPT: usize = 24;
const NAME: usize = 80;

/// The claims of a token, each with the value that may be shown, or nothing; `None` when the text is no token.
pub fn claims(text: &str) -> Option<Vec<(String, String)>> {
    let mut parts = text.split('.');
    let (head, payload, _signature) = (parts.next()?, parts.next()?, parts.next()?);
    if parts.next().is_some() {
        return None;
    }
    object(head)?.get("alg")?;
    let payload = object(payload)?;
    let shown = |name: &str, value: &Value| match name {
        // A time may have a fraction (RFC 7519, *NumericDate*).
        _ if TIMES.contains(&name) => value.whole().map(|seconds| seconds.to_string()),
        "iss" | "aud" => plain_name(value),
        _ => None,
    };
    let claims = payload.iter().filter(|(name, _)| is_plain(name));
    let claims = claims.map(|(name, value)| (name.clone(), shown(name, value).unwrap_or_default()));
    Some(claims.take(KEPT).collect())
}

/// The name of a service, or names joined by commas.
fn plain_name(value: &Value) -> Option<String> {
    let names: Vec<&str> = match value {
        Value::String(name) => vec![name],
        Value::Array(names) => names.iter().map(Value::as_str).collect::<Option<_>>()?,
        _ => return None,
    };
    let is_good = !names.is_empty() && names.iter().all(|name| is_plain(name));
    is_good.then(|| names.join(", ")).filter(|joined| joined.len() <= NAME)
}

fn is_plain(name: &str) -> bool {
    !name.is_empty()
        && name.len() <= NAME
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._:/".contains(&byte))
}

fn object(part: &str) -> Option<Map> {
    match json::parse(str::from_utf8(&base64url(part)?).ok()?) {
        Ok(Value::Object(object)) => Some(object),
        _ => None,
    }
}

/// Base64url (RFC 4648), with or without padding.
pub(crate) fn base64url(text: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(text.len());
    let (mut word, mut bits) = (0_u32, 0_u32);
    for byte in text.trim_end_matches('=').bytes() {
        let digit = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'-' => 62,
            b'_' => 63,
            _ => return None,
        };
        word = (word & 0xffff) << 6 | u32::from(digit);
        bits += 6;
        if bits >= 8 {
            bits -= 8;
            bytes.push((word >> bits & 0xff) as u8);
        }
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A token as an issuer makes it; its signature is made up.
    fn token(payload: &str) -> String {
        let encode = |text: &str| {
            let digits = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
            let bits: String = text.bytes().map(|byte| format!("{byte:08b}")).collect();
            let digit = |six: &[u8]| {
                let six = format!("{:0<6}", String::from_utf8_lossy(six));
                char::from(digits[usize::from_str_radix(&six, 2).expect("bits")])
            };
            bits.as_bytes().chunks(6).map(digit).collect::<String>()
        };
        format!("{}.{}.bWFkZS11cA", encode("{\"alg\":\"RS256\",\"typ\":\"JWT\"}"), encode(payload))
    }

    fn read(payload: &str) -> Vec<(String, String)> {
        claims(&token(payload)).expect("a token")
    }

    #[test]
    fn the_example_of_rfc_7519_is_read() {
        let text = "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9.\
            eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ.\
            dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
        let claims = claims(text).expect("a token");
        let value =
            |name: &str| claims.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str());
        assert_eq!(value("iss"), Some("joe"));
        assert_eq!(value("exp"), Some("1300819380"));
        assert_eq!(value("http://example.com/is_root"), Some(""));
    }

    #[test]
    fn times_and_names_are_shown_and_nothing_else() {
        let claims = read(
            "{\"exp\":1700000000.5,\"nbf\":\"soon\",\"iss\":\"https://issuer.example/realms/a\",\
             \"aud\":[\"mlflow\",\"registry\"],\"sub\":\"user-7\",\"email\":\"a@b.example\",\"token\":\"hush\"}",
        );
        let shown: Vec<String> = claims.iter().map(|(name, value)| format!("{name}={value}")).collect();
        assert_eq!(
            shown,
            [
                "aud=mlflow, registry",
                "email=",
                "exp=1700000000",
                "iss=https://issuer.example/realms/a",
                "nbf=",
                "sub=",
                "token="
            ]
        );
    }

    #[test]
    fn names_that_may_hold_more_than_a_name_stay_out() {
        for odd in ["a@b.example", "https://x.example/?token=1", "two words", "", "ä"] {
            let claims = read(&serde_json::json!({ "iss": odd }).to_string());
            assert_eq!(claims, [("iss".to_owned(), String::new())], "{odd}");
        }
    }

    #[test]
    fn what_is_no_token_is_none() {
        let good = token("{}");
        assert_eq!(claims(&good), Some(Vec::new()));
        let (head, rest) = good.split_once('.').expect("dots");
        for text in [
            "",
            "a.b.c",
            "pf_live_MADEUP",
            "1.2.3.4",
            head,
            &format!("{head}.e30"),
            &format!("e30.{rest}"),
            &format!("{good}.x"),
            &good.replace('e', "é"),
        ] {
            assert_eq!(claims(text), None, "{text}");
        }
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_survived(text in "[ -~é]{0,60}", payload in "\\PC{0,40}") {
            claims(&text);
            claims(&token(&payload));
        }
    }
}
