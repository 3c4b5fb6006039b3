//! What to change, as cards for the programs people run, filled with the user's own values.

/// One way to mend a cause.
#[derive(Clone, Debug, PartialEq)]
pub struct Fix {
    /// Whom or which program it is for: `nginx`, `MLflow`, `You`.
    pub whom: &'static str,
    /// What to do, a sentence.
    pub text: String,
    /// What to copy: configuration or a command. Values in it are quoted for its language.
    pub code: Option<String>,
}

impl Fix {
    /// Advice without anything to copy.
    pub fn say(whom: &'static str, text: impl Into<String>) -> Fix {
        Fix { whom, text: text.into(), code: None }
    }

    /// Advice with something to copy.
    pub fn code(whom: &'static str, text: impl Into<String>, code: impl Into<String>) -> Fix {
        Fix { whom, text: text.into(), code: Some(code.into()) }
    }
}
