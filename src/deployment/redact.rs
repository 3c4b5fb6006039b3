//! What looks like a secret in text from the wire. The user's own key is known and taken out by
//! [`super::Credential::scrub`]; this is for the secrets of others: tokens that a server echoes, signed
//! addresses, cookies, passwords in an error page.
//!
//! One pass from left to right, each look ahead bounded, so that no answer can make it slow. It cannot know every
//! secret: it knows the shapes that have names. What a name gives away is taken out whatever it looks like.

use super::KeyPrefix;

/// What stands in the place of a secret.
pub const MARK: &str = "[redacted]";

/// The longest name that is looked at.
const NAME: usize = 64;
/// The longest user name and password in an address.
const USER_INFO: usize = 512;
/// How far the end of a list, of a private key, or of a value that may be none, is looked for.
const FAR: usize = 8_192;

/// The text without what looks like a secret. `prefixes` are the beginnings of the deployment's own keys.
pub fn text(input: &str, prefixes: &[KeyPrefix]) -> String {
    let mut out = String::with_capacity(input.len());
    let (mut at, mut copied) = (0, 0);
    while at < input.len() {
        match secret(input, at, prefixes) {
            Some((start, end)) if end > start && !is_mark(&input[start..end]) => {
                out.push_str(&input[copied..start]);
                out.push_str(MARK);
                (at, copied) = (end, end);
            }
            _ => at += input[at..].chars().next().map_or(1, char::len_utf8),
        }
    }
    out.push_str(&input[copied..]);
    out
}

/// The value of a header without what looks like a secret.
pub fn header(name: &str, value: &str, prefixes: &[KeyPrefix]) -> String {
    if is_secret_header(name) && !value.is_empty() { MARK.to_owned() } else { text(value, prefixes) }
}

/// True when a header carries a secret by its name. Keys often have a header of their own (`X-Registry-Key`); what CORS
/// and challenges say is no secret, whatever words their names are made of.
pub fn is_secret_header(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    let says_rules = name.starts_with("access-control-") || name.ends_with("-authenticate");
    let sounds = name == "key" || name.ends_with("-key") || name.contains("auth") || name.contains("session");
    !says_rules && (sounds || is_secret_name(&name))
}

/// Taken out already, here or by [`super::Credential::scrub`].
fn is_mark(text: &str) -> bool {
    text == MARK || text == "[key]"
}

/// The secret that is announced or begins at `at`, as a range of `input`.
fn secret(input: &str, at: usize, prefixes: &[KeyPrefix]) -> Option<(usize, usize)> {
    let rest = &input[at..];
    let of_rest = |(start, end): (usize, usize)| (at + start, at + end);
    let own = prefixes.iter().find(|known| known.prefix.len() > 2 && rest.starts_with(&known.prefix));
    if let Some(known) = own
        && length(&rest[known.prefix.len()..], is_key) >= 6
    {
        return Some((at, at + known.prefix.len() + length(&rest[known.prefix.len()..], is_key)));
    }
    if rest.starts_with("://") {
        return user_info(input, at).map(of_rest);
    }
    if rest.starts_with("-----BEGIN") {
        let head = rest.get(..64).unwrap_or(rest);
        let near = near(rest);
        let end = near.find("-----END").unwrap_or(near.len());
        return head.contains("PRIVATE KEY").then(|| of_rest((0, end)));
    }
    if !begins_a_word(input, at) {
        return None;
    }
    token(rest).map(|end| of_rest((0, end))).or_else(|| {
        let name = &rest[..length(rest, is_name).min(NAME)];
        credentials(rest, name).or_else(|| named(input, at, name)).map(of_rest)
    })
}

/// True unless a letter or digit stands right before; one that belongs to an escape (`%22`) counts as none.
fn begins_a_word(input: &str, at: usize) -> bool {
    let before = &input.as_bytes()[..at];
    let is_word = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'_';
    if !before.last().is_some_and(is_word) {
        return input.as_bytes().get(at).is_some_and(is_word);
    }
    matches!(before, [.., b'%', a, b] if a.is_ascii_hexdigit() && b.is_ascii_hexdigit())
        || matches!(before, [.., b'\\', b'n' | b'r' | b't'])
}

/// A text that is a secret by its own shape: JSON in Base64 as every JWT begins, and keys of well-known services.
fn token(rest: &str) -> Option<usize> {
    const KNOWN: [&str; 20] = [
        "sk-",
        "sk_",
        "pk_",
        "rk_",
        "ghp_",
        "gho_",
        "ghs_",
        "ghu_",
        "github_pat_",
        "glpat-",
        "xox",
        "AKIA",
        "ASIA",
        "AIza",
        "hf_",
        "dapi",
        "ya29.",
        "npm_",
        "SG.",
        "whsec_",
    ];
    let end = length(rest, |byte| is_key(byte) || byte == b'.');
    if rest.starts_with("eyJ") {
        return (end >= 16).then_some(end);
    }
    let known = KNOWN.iter().find(|prefix| rest.starts_with(**prefix))?;
    let has_digit = rest[..end].bytes().any(|byte| byte.is_ascii_digit());
    (end >= known.len() + 12 && has_digit).then_some(end)
}

/// `user:password@` in an address that goes on at `://`.
fn user_info(input: &str, at: usize) -> Option<(usize, usize)> {
    let rest = &input[at + 3..];
    let is_web = ["http", "https", "ws", "wss"].iter().any(|scheme| input[..at].ends_with(scheme));
    let inside = |byte: u8| !byte.is_ascii_whitespace() && !b"\"'<>`".contains(&byte);
    // In addresses of databases a password may hold what ends the authority of a web address.
    let end = length(rest, |byte| inside(byte) && !(is_web && b"/?#".contains(&byte))).min(USER_INFO);
    let found = rest.as_bytes()[..end].iter().rposition(|byte| *byte == b'@')?;
    (found > 0).then_some((3, 3 + found))
}

/// What follows the name of an authentication scheme, if it looks like credentials.
fn credentials(rest: &str, scheme: &str) -> Option<(usize, usize)> {
    const SCHEMES: [&str; 6] = ["bearer", "basic", "apikey", "token", "negotiate", "key"];
    SCHEMES.iter().find(|known| known.eq_ignore_ascii_case(scheme))?;
    let after = &rest[scheme.len()..];
    let gap = ["%20", "+", " ", "\t"].iter().find(|gap| after.starts_with(**gap))?.len();
    let start = scheme.len() + gap + length(&after[gap..], |byte| byte == b' ');
    let is_credential = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~+/=:%".contains(&byte);
    let end = start + length(&rest[start..], is_credential);
    looks_secret(&rest[start..end]).then_some((start, end))
}

/// The value that a name announces as a secret.
fn named(input: &str, at: usize, name: &str) -> Option<(usize, usize)> {
    let rest = &input[at..];
    if name.len() < 3 {
        return None;
    }
    let mut here = name.len();
    let closing = quote(&rest[here..]);
    here += closing;
    here += spaces(&rest[here..]);
    let separator =
        ["=>", "=", ":", "%3D", "%3d", "%3A", "%3a", ","].iter().find(|it| rest[here..].starts_with(**it))?;
    let (equals, pair) = (separator.contains(['=', 'D', 'd']), *separator == ",");
    // Names last: most words have nothing behind them, and to look at a name takes longest.
    if (pair && closing == 0) || !(is_secret_name(name) || equals && is_secret_parameter(name)) {
        return None;
    }
    here += separator.len();
    here += spaces(&rest[here..]);
    // `"name":"cookie","value":"…"`
    let mut says_value = false;
    if pair {
        let opening = quote(&rest[here..]);
        let value = &rest[here + opening..];
        if opening > 0 && value.starts_with("value") {
            let after = here + opening + 5;
            let after = after + quote(&rest[after..]);
            let after = after + spaces(&rest[after..]);
            if rest[after..].starts_with(':') {
                says_value = true;
                here = after + 1;
                here += spaces(&rest[here..]);
            }
        }
    }
    let in_list = rest[here..].starts_with('[');
    if in_list {
        here += 1;
        here += spaces(&rest[here..]);
    }
    // Bytes of Python.
    if rest[here..].starts_with("b'") || rest[here..].starts_with("b\"") {
        here += 1;
    }
    let opening = quote(&rest[here..]);
    if opening > 0 {
        let mark = &rest[here..here + opening];
        here += opening;
        let value = if pair { near(&rest[here..]) } else { &rest[here..] };
        let mut end = here + until(value, mark);
        let after = near(&rest[end..]);
        if in_list && let Some(last) = after.find(']').and_then(|list| after[..list].rfind(mark)) {
            end += last;
        }
        let value = &rest[here..end];
        let is_secret = !pair || says_value || value.split(' ').any(looks_secret);
        return is_secret.then_some((here, end));
    }
    if pair || in_list {
        return None;
    }
    if !equals && starts_a_line(input, at) {
        return Some((
            here,
            here + length(&rest[here..], |byte| byte != b'\n' && byte != b'\r' && byte != b'\''),
        ));
    }
    let ends = |byte: u8| byte.is_ascii_whitespace() || b"&;,\"'<>(){}[]|\\".contains(&byte);
    let end = here + length(&rest[here..], |byte| !ends(byte));
    let end = rest[here..end].find("%26").map_or(end, |escaped| here + escaped);
    let value = &rest[here..end];
    if ["true", "false", "null", "None", "undefined"].contains(&value) {
        return None;
    }
    (equals || looks_secret(value)).then_some((here, end))
}

/// True at the beginning of a line, as headers stand there, also behind the marks of curl.
fn starts_a_line(input: &str, at: usize) -> bool {
    let line = input[..at].trim_end_matches([' ', '<', '>', '*', '\'', '"']);
    line.is_empty() || line.ends_with(['\n', '\r']) || line.ends_with("-H")
}

/// Names whose values are secrets wherever they stand: headers, members of JSON, parameters.
fn is_secret_name(name: &str) -> bool {
    const PARTS: [&str; 20] = [
        "password",
        "passwd",
        "passphrase",
        "secret",
        "apikey",
        "accesskey",
        "privatekey",
        "authkey",
        "signingkey",
        "encryptionkey",
        "sharedkey",
        "accountkey",
        "subscriptionkey",
        "servicekey",
        "authorization",
        "credential",
        "cookie",
        "signature",
        "sessionid",
        "jwt",
    ];
    let name: String =
        name.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect();
    // A page of a list is named by a token, too.
    let token = name.ends_with("token") && !name.ends_with("pagetoken");
    token
        || PARTS.iter().any(|part| name.contains(part))
        || matches!(name.as_str(), "pwd" | "xauth" | "bearer")
}

/// Names that announce a secret only as parameters (`key=…`); MLflow calls the name of a tag `key` in its JSON.
fn is_secret_parameter(name: &str) -> bool {
    ["key", "sig", "auth", "pass", "sid", "session", "code", "otp"]
        .iter()
        .any(|known| known.eq_ignore_ascii_case(name))
}

/// A word of a sentence does not look like a secret.
fn looks_secret(text: &str) -> bool {
    let bytes = text.as_bytes();
    let turns = bytes.windows(2).any(|two| two[0].is_ascii_lowercase() && two[1].is_ascii_uppercase());
    text.len() >= 6
        && !is_mark(text)
        && (turns || bytes.iter().any(|byte| byte.is_ascii_digit() || b"+/~".contains(byte)))
}

fn is_key(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-'
}

fn is_name(byte: u8) -> bool {
    is_key(byte) || byte == b'.'
}

/// How many bytes from the start fit. Every class of bytes here is either of ASCII or ends at ASCII only.
fn length(text: &str, fits: impl Fn(u8) -> bool) -> usize {
    text.bytes().position(|byte| !fits(byte)).unwrap_or(text.len())
}

/// The beginning of a text.
fn near(text: &str) -> &str {
    let end = (0..=FAR.min(text.len())).rev().find(|end| text.is_char_boundary(*end));
    &text[..end.unwrap_or(0)]
}

fn spaces(text: &str) -> usize {
    length(text, |byte| byte == b' ' || byte == b'\t')
}

/// The length of the quotation mark that text begins with, escaped for JSON inside JSON, for HTML or for a URL; or 0.
fn quote(text: &str) -> usize {
    let slashes = length(text, |byte| byte == b'\\').min(8);
    if text[slashes..].starts_with(['"', '\'']) {
        return slashes + 1;
    }
    let escaped = ["&quot;", "&#34;", "&#39;", "&#x27;", "%22", "%27"];
    escaped.iter().find(|mark| text.starts_with(**mark)).map_or(0, |mark| mark.len())
}

/// Where the quotation mark closes; the end when it does not.
fn until(text: &str, mark: &str) -> usize {
    let bytes = text.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        if bytes[at..].starts_with(mark.as_bytes()) {
            return at;
        }
        // Behind a backslash stands no end.
        at += if bytes[at] == b'\\' && mark.len() == 1 { 2 } else { 1 };
    }
    text.len()
}

#[cfg(test)]
mod tests;
