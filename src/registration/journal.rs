//! What is remembered in this browser until everything is removed: which server, which random id, and every step before
//! it is sent. Never the key.
//!
//! All that clean-up needs is the id and the time, since everything created hangs below two names made of them. The
//! steps are for people, and to know that something was sent at all.

use crate::json;
use crate::run::{Mode, Registration};
use serde::{Deserialize, Serialize};

/// The journal of one registration.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Journal {
    /// Address of MLflow, path included.
    pub base: String,
    /// [`Registration::id`].
    pub id: String,
    /// [`Registration::made_at`].
    pub made_at: String,
    /// Ids of the steps that were sent, or were about to be.
    pub steps: Vec<String>,
}

impl Journal {
    /// An empty one.
    pub fn of(it: &Registration, base: String) -> Journal {
        Journal { base, id: it.id.clone(), made_at: it.made_at.clone(), steps: Vec::new() }
    }

    /// As it is kept.
    pub fn to_text(&self) -> String {
        json::pretty(self)
    }

    /// Reads what was kept; `None` for anything that this program did not write.
    pub fn parse(text: &str) -> Option<Journal> {
        let it: Journal = json::read(text)?;
        it.clean_up().is_sound().then_some(it)
    }

    /// The registration that removes what this one left.
    pub fn clean_up(&self) -> Registration {
        Registration {
            id: self.id.clone(),
            made_at: self.made_at.clone(),
            made_ms: 0,
            mode: Mode::CleanUp,
            refused: None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_this_program_wrote_is_read() {
        let it = Journal {
            base: "https://r.example/api/mlflow".into(),
            id: "abcdefgh2345".into(),
            made_at: "2026-11-24T02:08:44.123Z".into(),
            steps: vec!["write-run-experiment".into()],
        };
        assert_eq!(Journal::parse(&it.to_text()), Some(it.clone()));
        let forged = Journal { id: "x' OR name LIKE '%".into(), ..it.clone() };
        assert_eq!(Journal::parse(&forged.to_text()), None);
        for text in ["", "{}", "null", "[1]"] {
            assert_eq!(Journal::parse(text), None);
        }
    }
}
