//! Drops credentials. What was sent as one is known from the request; others are recognised by their shape
//! ([`crate::deployment::redact`]).

use crate::deployment::redact;

/// Credentials that were seen, so that they can be dropped wherever they stand.
#[derive(Clone, Debug, Default)]
pub struct Secrets(Vec<String>);

/// Secrets that are remembered of one paste.
const REMEMBERED: usize = 64;

impl Secrets {
    /// Remembers the value of a credential header: the whole, and each word of it.
    pub fn remember(&mut self, value: &str) {
        for part in core::iter::once(value.trim()).chain(value.split([' ', ';', ','])) {
            let part = part.split_once('=').map_or(part, |(_, value)| value).trim();
            let is_new = part.len() >= 6 && !self.0.iter().any(|known| known == part);
            // `$PREFLIGHT_KEY` is a variable and not its value.
            if is_new && !part.starts_with('$') && self.0.len() < REMEMBERED {
                self.0.push(part.to_owned());
            }
        }
    }

    /// The text without any credential.
    pub fn dropped_from(&self, text: &str) -> String {
        let mut text = text.to_owned();
        // The longest first: one may be a part of another.
        let mut known: Vec<&String> = self.0.iter().collect();
        known.sort_by_key(|secret| core::cmp::Reverse(secret.len()));
        for secret in known {
            if text.contains(secret.as_str()) {
                text = text.replace(secret.as_str(), "[key]");
            }
        }
        redact::text(&text, &[])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_sent_is_dropped_wherever_it_stands() {
        let mut secrets = Secrets::default();
        secrets.remember("Bearer made-up-key-one");
        secrets.remember("sid=abcdef123; theme=dark-and-long");
        let text = "you sent made-up-key-one with abcdef123";
        assert_eq!(secrets.dropped_from(text), "you sent [key] with [key]");
    }
}
