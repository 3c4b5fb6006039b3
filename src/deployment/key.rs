//! What a key looks like, read on this machine only: paste accidents, shape, environment.
//!
//! A shape comes from the deployment's configuration and is never proof that a key is bad: lengths and
//! alphabets are warnings, only what cannot be a key at all is a problem (facts/source-scripts.md 6.1).

use super::jwt;
use serde::{Deserialize, Serialize};
use std::fmt;

/// What keys of a deployment look like.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeyShape {
    /// Known beginnings, the first one is the usual one.
    pub prefixes: Vec<KeyPrefix>,
    /// Usual numbers of characters after the prefix; empty when any.
    pub lengths: Vec<usize>,
    /// True when only `[A-Za-z0-9]` follow the prefix.
    pub alphanumeric: bool,
    /// The environment whose keys this deployment takes, when configured.
    #[serde(default)]
    pub environment: Option<String>,
}

/// A known beginning of a key and the environment it belongs to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeyPrefix {
    /// For example `hk_live_`.
    pub prefix: String,
    /// For example `production`.
    pub environment: String,
}

/// What was seen of a typed key. Holds nothing of the key itself.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeyReading {
    /// False when the field was empty.
    pub present: bool,
    /// Characters after cleaning.
    pub length: usize,
    /// The environment its prefix belongs to.
    pub environment: Option<String>,
    /// What was cleaned away.
    pub repairs: Vec<KeyRepair>,
    /// Why it cannot be a key of this deployment.
    pub problems: Vec<KeyProblem>,
    /// What is unusual, but may be right.
    pub oddities: Vec<KeyOddity>,
    /// The claims of a JSON Web Token, each with what may be shown of it ([`jwt::claims`]); empty for other keys.
    #[serde(default)]
    pub claims: Vec<(String, String)>,
}

/// What was cleaned away from a pasted key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum KeyRepair {
    /// White space or line ends around it.
    Space,
    /// Quotes around it.
    Quotes,
    /// `Bearer ` or another scheme word in front.
    SchemeWord,
    /// `NAME=` of a shell line in front.
    Assignment,
}

/// Why a text cannot be a key of this deployment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum KeyProblem {
    /// White space or a line end in the middle.
    InnerSpace,
    /// Characters that an HTTP header cannot carry.
    Unsendable,
    /// A masked display (`hk_live_abc***`), not the key.
    Masked,
    /// A placeholder or an unexpanded variable.
    Placeholder,
    /// None of the known beginnings.
    Prefix(Vec<String>),
    /// Basic needs `user:password`.
    NotUserPassword,
}

/// What is unusual about a key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum KeyOddity {
    /// Seen and usual numbers of characters after the prefix.
    Length(usize, Vec<usize>),
    /// Characters outside the usual alphabet.
    Alphabet,
}

impl KeyReading {
    /// What may be shown of a claim.
    pub fn claim(&self, name: &str) -> Option<&str> {
        self.claims.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// A time that the token states, in seconds since 1970: `exp`, `nbf` or `iat`.
    pub fn time(&self, name: &str) -> Option<i64> {
        self.claim(name)?.parse().ok()
    }

    /// True when the text can be put into a header at all.
    pub fn sendable(&self) -> bool {
        self.present
            && !self.problems.iter().any(|p| matches!(p, KeyProblem::InnerSpace | KeyProblem::Unsendable))
    }
}

/// Cleans a pasted key and says what was seen of it. The cleaned text is for [`super::Credential`] alone.
pub fn read(typed: &str, shape: Option<&KeyShape>, basic: bool) -> (String, KeyReading) {
    let mut reading = KeyReading::default();
    let mut key = typed;
    let trimmed =
        key.trim_matches(|c: char| c.is_whitespace() || c.is_control() || c == '\u{feff}' || c == '\u{200b}');
    if trimmed.len() != key.len() {
        reading.repairs.push(KeyRepair::Space);
        key = trimmed;
    }
    if let Some((name, value)) = key.split_once('=')
        && !value.is_empty()
        && !name.is_empty()
        && name
            .trim_start_matches("export ")
            .chars()
            .all(|c| c.is_ascii_uppercase() || c == '_' || c.is_ascii_digit())
        && name.contains('_')
    {
        reading.repairs.push(KeyRepair::Assignment);
        key = value.trim();
    }
    key = unquote(key, &mut reading);
    for word in ["authorization:", "x-api-key:", "bearer ", "apikey ", "basic ", "token "] {
        if key.len() > word.len()
            && key.is_char_boundary(word.len())
            && key[..word.len()].eq_ignore_ascii_case(word)
        {
            if !reading.repairs.contains(&KeyRepair::SchemeWord) {
                reading.repairs.push(KeyRepair::SchemeWord);
            }
            key = key[word.len()..].trim_start();
        }
    }
    key = unquote(key, &mut reading);
    reading.present = !key.is_empty();
    reading.length = key.chars().count();
    if reading.present {
        judge(key, shape, basic, &mut reading);
    }
    (key.to_owned(), reading)
}

fn unquote<'a>(key: &'a str, reading: &mut KeyReading) -> &'a str {
    for (open, close) in [('"', '"'), ('\'', '\''), ('`', '`'), ('“', '”'), ('‘', '’')] {
        if key.chars().count() > 2
            && let Some(inner) = key.strip_prefix(open).and_then(|rest| rest.strip_suffix(close))
        {
            reading.repairs.push(KeyRepair::Quotes);
            return inner.trim();
        }
    }
    key
}

fn judge(key: &str, shape: Option<&KeyShape>, basic: bool, reading: &mut KeyReading) {
    if key.chars().any(char::is_whitespace) {
        reading.problems.push(KeyProblem::InnerSpace);
    }
    if key.chars().any(|c| c.is_control() && !c.is_whitespace() || !c.is_ascii() && !c.is_whitespace()) {
        let masked = key.contains(['…', '•', '●']);
        reading.problems.push(if masked { KeyProblem::Masked } else { KeyProblem::Unsendable });
        if masked {
            reading.problems.push(KeyProblem::Unsendable);
        }
    } else if key.contains("***") || key.contains("...") {
        reading.problems.push(KeyProblem::Masked);
    }
    let lower = key.to_ascii_lowercase();
    if key.starts_with('$')
        || key.starts_with('<')
        || key.starts_with("{{")
        || ["your_api_key", "your-api-key", "your_key", "api_key_here", "changeme"]
            .iter()
            .any(|w| lower.contains(w))
    {
        reading.problems.push(KeyProblem::Placeholder);
    }
    if basic && !key.contains(':') {
        reading.problems.push(KeyProblem::NotUserPassword);
    }
    reading.claims = jwt::claims(key).unwrap_or_default();
    // A user and a password look as their server likes.
    let Some(shape) = shape.filter(|_| reading.problems.is_empty() && !basic) else { return };
    let known = shape.prefixes.iter().filter(|known| key.starts_with(&known.prefix));
    let known = known.max_by_key(|known| known.prefix.len());
    if known.is_none() && !shape.prefixes.is_empty() {
        let expected = shape.prefixes.iter().map(|known| known.prefix.clone()).collect();
        reading.problems.push(KeyProblem::Prefix(expected));
        return;
    }
    reading.environment = known.map(|known| known.environment.clone()).filter(|name| !name.is_empty());
    let rest = &key[known.map(|known| known.prefix.len()).unwrap_or(0)..];
    if !shape.lengths.is_empty() && !shape.lengths.contains(&rest.chars().count()) {
        reading.oddities.push(KeyOddity::Length(rest.chars().count(), shape.lengths.clone()));
    }
    if shape.alphanumeric && !rest.chars().all(|c| c.is_ascii_alphanumeric()) {
        reading.oddities.push(KeyOddity::Alphabet);
    }
}

impl fmt::Display for KeyRepair {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Space => "Spaces or line ends around the key were left out.",
            Self::Quotes => "The quotes around the key were left out.",
            Self::SchemeWord => {
                "The word in front of the key (such as Bearer) was left out: the page adds it itself."
            }
            Self::Assignment => "The variable name in front of the key was left out.",
        })
    }
}

impl fmt::Display for KeyProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::InnerSpace => write!(
                f,
                "There is a space or a line end inside the key, so it cannot be sent. It was probably cut or joined while copying."
            ),
            Self::Unsendable => write!(
                f,
                "The key has characters that an HTTP header cannot carry. Copy it again from where it was issued."
            ),
            Self::Masked => write!(
                f,
                "This is a masked display of a key, not the key. Copy the whole key; most services show it only once."
            ),
            Self::Placeholder => write!(f, "This is a placeholder or a variable name, not a key."),
            Self::Prefix(expected) => {
                write!(f, "Keys of this deployment start with {}.", expected.join(" or "))
            }
            Self::NotUserPassword => write!(f, "Basic needs a user name and a password, joined by a colon."),
        }
    }
}

impl fmt::Display for KeyOddity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Length(seen, usual) => {
                let usual: Vec<String> = usual.iter().map(usize::to_string).collect();
                write!(
                    f,
                    "{seen} characters follow the prefix; usual are {}. It may have been cut while copying.",
                    usual.join(" or ")
                )
            }
            Self::Alphabet => write!(
                f,
                "It has other characters than letters and digits after the prefix, which is unusual here."
            ),
        }
    }
}

#[cfg(test)]
impl KeyShape {
    /// The shape of the lab's made-up keys.
    pub fn example() -> KeyShape {
        KeyShape {
            prefixes: vec![
                KeyPrefix { prefix: "pf_live_".into(), environment: "production".into() },
                KeyPrefix { prefix: "pf_test_".into(), environment: "test".into() },
            ],
            lengths: vec![32, 40],
            alphanumeric: true,
            environment: Some("production".into()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const GOOD: &str = "pf_live_MADEUPKEYFORTESTSMADEUPKEYFORTES";

    fn read_example(typed: &str) -> (String, KeyReading) {
        read(typed, Some(&KeyShape::example()), false)
    }

    #[test]
    fn paste_accidents_are_repaired_and_said() {
        for (typed, repairs) in [
            (GOOD.to_owned(), vec![]),
            (format!(" {GOOD}\n"), vec![KeyRepair::Space]),
            (format!("\"{GOOD}\""), vec![KeyRepair::Quotes]),
            (format!("Bearer {GOOD}"), vec![KeyRepair::SchemeWord]),
            (format!("Authorization: bearer {GOOD}"), vec![KeyRepair::SchemeWord]),
            (format!("export PF_API_KEY='{GOOD}'"), vec![KeyRepair::Assignment, KeyRepair::Quotes]),
        ] {
            let (key, reading) = read_example(&typed);
            assert_eq!(key, GOOD, "{typed}");
            assert_eq!(reading.repairs, repairs, "{typed}");
            assert!(reading.problems.is_empty() && reading.oddities.is_empty(), "{typed}: {reading:?}");
            assert_eq!(reading.environment.as_deref(), Some("production"));
        }
    }

    #[test]
    fn what_cannot_be_a_key_is_a_problem() {
        for (typed, problem) in [
            ("pf_live_abc def", KeyProblem::InnerSpace),
            ("pf_live_ключ", KeyProblem::Unsendable),
            ("pf_live_abc***", KeyProblem::Masked),
            ("pf_live_ab…yz", KeyProblem::Masked),
            ("$PF_API_KEY", KeyProblem::Placeholder),
            ("<your key>", KeyProblem::InnerSpace),
            ("YOUR_API_KEY", KeyProblem::Placeholder),
            ("sk-another", KeyProblem::Prefix(vec!["pf_live_".into(), "pf_test_".into()])),
        ] {
            assert_eq!(read_example(typed).1.problems.first(), Some(&problem), "{typed}");
        }
        assert_eq!(read("admin", None, true).1.problems, [KeyProblem::NotUserPassword]);
        assert!(read("admin:secret", Some(&KeyShape::example()), true).1.problems.is_empty());
    }

    proptest! {
        /// Any text is read, and what is seen of it tells nothing of it.
        #[test]
        fn any_text_is_read_without_panic_and_without_leaking(typed in "\\PC{0,40}") {
            let (key, reading) = read(&typed, Some(&KeyShape::example()), false);
            let shown = format!("{reading:?}");
            prop_assert!(key.len() < 9 || !shown.contains(&key));
        }

        /// What is nearly a key, too, and can be written into a report.
        #[test]
        fn anything_that_is_pasted_is_read(
            parts in prop::collection::vec(prop::sample::select(&["pf_live_", "\"", "Bearer ", "export A_B=", "…", ":", " ", "\u{200b}", "é", "x", "-"][..]), 0..9),
            basic in any::<bool>(),
        ) {
            let (key, reading) = read(&parts.concat(), Some(&KeyShape::example()), basic);
            prop_assert_eq!(reading.present, !key.is_empty());
            prop_assert_eq!(crate::json::pretty(&reading), serde_json::to_string_pretty(&reading).unwrap());
        }
    }

    #[test]
    fn odd_lengths_are_only_odd() {
        let (_, reading) = read_example("pf_test_short");
        assert!(reading.problems.is_empty());
        assert_eq!(reading.oddities, [KeyOddity::Length(5, vec![32, 40])]);
        assert_eq!(reading.environment.as_deref(), Some("test"));
    }

    #[test]
    fn no_key_is_no_key() {
        for typed in ["", "  ", "\n"] {
            assert!(!read_example(typed).1.present, "{typed:?}");
        }
    }
}
