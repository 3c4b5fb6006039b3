//! What a run writes to the server, if it writes: its name, its mark, and how much of it is wanted.

use serde::{Deserialize, Serialize};

/// What is to be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Mode {
    /// Register models as the Python client does, and remove everything again.
    Register,
    /// Find the largest upload that passes, at most so many MiB.
    Sizes(u32),
    /// Only remove what an earlier run left.
    CleanUp,
}

/// One registration. Everything it creates hangs below an experiment and a registered model of the same name
/// ([`Registration::name`]), and both carry the tag [`Registration::TAG`] with its random id.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Registration {
    /// Random lower-case letters and digits.
    pub id: String,
    /// When it began, ISO 8601 in UTC.
    pub made_at: String,
    /// The same in whole milliseconds: MLflow stores a fraction as 0 (facts/mlflow.md, values).
    pub made_ms: u64,
    /// What is to be done.
    pub mode: Mode,
    /// Why nothing may be written, a sentence: another tab is at it, or this browser keeps no journal.
    pub refused: Option<String>,
}

impl Registration {
    /// The tag that everything created carries; its value is the id.
    pub const TAG: &str = "preflight.run";

    /// The name of the experiment and of the registered model: says what it is and when it was made.
    pub fn name(&self) -> String {
        let digits = |c: char| if c.is_ascii_digit() { c } else { '-' };
        let when: String = self.made_at.chars().take(16).map(digits).collect();
        ["preflight-", &when, "-", &self.id].concat()
    }

    /// True when id and time are what this program makes, so that no name can become anything else.
    pub fn is_sound(&self) -> bool {
        let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
        (8..=40).contains(&self.id.len())
            && self.id.chars().all(plain)
            && self.made_at.len() >= 16
            && self.made_at.is_ascii()
            && self.made_at.starts_with(|c: char| c.is_ascii_digit())
    }

    /// True for questions that belong to a registration or its clean-up.
    pub fn owns(id: &str) -> bool {
        id.starts_with("write-") || id.starts_with("clean-")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_says_what_it_is_and_when_it_was_made() {
        let mut it = Registration {
            id: "abcdefgh2345".into(),
            made_at: "2026-11-24T02:08:44.123Z".into(),
            made_ms: 1,
            mode: Mode::Register,
            refused: None,
        };
        assert_eq!(it.name(), "preflight-2026-11-24-02-08-abcdefgh2345");
        assert!(it.is_sound());
        for bad in ["", "abc", "abcdefgh'--", "../../etc/passwd"] {
            it.id = bad.into();
            assert!(!it.is_sound(), "{bad}");
        }
    }
}
