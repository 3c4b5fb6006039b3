//! Puts the user's own values into the words of the catalogue, quoted for the language they get into.

use crate::json::quote;
use crate::probe::curl::shell_quote;

/// Fills the placeholders of a text. `language` is that of a block to copy, or empty for a sentence. `None` when
/// `value` does not know one of them.
pub fn fill(text: &str, language: &str, value: impl Fn(&str) -> Option<String>) -> Option<String> {
    let mut filled = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        filled.push_str(before);
        rest = match after.split_once('}') {
            Some((name, end)) if is_name(name) => {
                filled.push_str(&word(&value(name)?, name, language));
                end
            }
            _ => {
                filled.push('{');
                after
            }
        };
    }
    filled.push_str(rest);
    Some(filled)
}

/// A name has a hyphen: so the braces of configuration languages (`{host}` of Caddy, `{}` of Python) stay what they are.
fn is_name(text: &str) -> bool {
    text.contains('-') && text.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-')
}

/// A value as one word of a language. What a language cannot hold for certain is not put in: the name stands there
/// in capitals instead, for people to replace.
fn word(value: &str, name: &str, language: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "._~:/-[]".contains(c);
    match language {
        "" => return value.to_owned(),
        _ if value.chars().any(char::is_control) => {}
        "sh" => return shell_quote(value),
        // A JSON string is one in these languages too.
        "json" | "python" | "yaml" => return quote(value),
        _ if value.chars().all(plain) => return value.to_owned(),
        // In double quotes these mean nothing else in any of the configuration languages.
        _ if value.chars().all(|c| plain(c) || ", =*".contains(c)) => return ["\"", value, "\""].concat(),
        _ => {}
    }
    name.to_ascii_uppercase().replace('-', "_")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn filled(text: &str, language: &str, value: &str) -> Option<String> {
        fill(text, language, |name| (name == "page-origin").then(|| value.to_owned()))
    }

    #[test]
    fn names_become_values_and_other_braces_stay() {
        let caddy = "header {host} {page-origin} {\n}";
        assert_eq!(
            filled(caddy, "caddy", "https://p.example").unwrap(),
            "header {host} https://p.example {\n}"
        );
        assert_eq!(filled("a {page-origin", "sh", "x").unwrap(), "a {page-origin");
        assert_eq!(filled("a {other-value}", "sh", "x"), None);
    }

    #[test]
    fn values_are_quoted_for_their_language() {
        let odd = "https://a'b\"$c;d";
        assert_eq!(filled("{page-origin}", "", odd).unwrap(), odd);
        assert_eq!(filled("{page-origin}", "sh", odd).unwrap(), "'https://a'\\''b\"$c;d'");
        assert_eq!(filled("[{page-origin}]", "python", odd).unwrap(), "[\"https://a'b\\\"$c;d\"]");
        assert_eq!(filled("x {page-origin};", "nginx", odd).unwrap(), "x PAGE_ORIGIN;");
        assert_eq!(filled("x {page-origin};", "nginx", "a, b").unwrap(), "x \"a, b\";");
        assert_eq!(filled("{page-origin}", "sh", "a\nb").unwrap(), "PAGE_ORIGIN");
    }

    proptest! {
        /// No value ends the word it stands in.
        #[test]
        fn values_stay_one_word(value in "\\PC{0,20}") {
            for language in ["nginx", "caddy", "haproxy", "text"] {
                let word = filled("{page-origin}", language, &value).unwrap();
                let inner = word.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
                let free = |c: char| c.is_ascii_alphanumeric() || "._~:/-[]".contains(c);
                match inner {
                    Some(inner) => prop_assert!(inner.chars().all(|c| free(c) || ", =*".contains(c))),
                    None => prop_assert!(word.chars().all(free) || word == "PAGE_ORIGIN"),
                }
            }
            for language in ["json", "python", "yaml"] {
                let word = filled("{page-origin}", language, &value).unwrap();
                prop_assert_eq!(serde_json::from_str::<String>(&word).unwrap(), value.clone());
            }
        }

        /// Text without names is left alone.
        #[test]
        fn text_without_names_stays(text in "[^-]{0,40}") {
            prop_assert_eq!(filled(&text, "nginx", "x").unwrap(), text);
        }
    }
}
