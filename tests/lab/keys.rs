//! The lab's made-up keys. They open nothing outside the lab and look like it.

use super::source;

/// How every key of the lab begins.
pub const PREFIX: &str = "pf_live_";
/// How keys of the test environment begin.
pub const TEST_PREFIX: &str = "pf_test_";
/// What both begin with.
const OWN: &str = "pf_";
/// How many characters follow the prefix.
pub const RANDOM_LENGTHS: [usize; 2] = [32, 40];

/// Which key the user pastes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Key {
    /// Valid for the service `platform`, may read and write.
    Good,
    /// The right shape, but nobody issued it.
    Unknown,
    /// A good key whose end was not copied along.
    Cut,
    /// Was valid once.
    Expired,
    /// Valid, but only for reading.
    ReadOnly,
    /// Valid, but for the service `website`.
    OtherService,
    /// Valid in the test environment, and unknown here.
    Test,
    /// Valid, but its account cannot pay.
    Unpaid,
    /// A JSON Web Token that has not ended.
    Token,
    /// A JSON Web Token that ended long ago.
    OldToken,
    /// Not a key of this deployment by its looks alone.
    Malformed,
    /// A good key that a test searches for wherever it must not be.
    Canary,
    /// User and password of the MLflow server that asks for them.
    Password,
    /// The user of that server with another password.
    WrongPassword,
    /// Nothing is typed.
    None,
}

impl Key {
    /// Every key there is.
    pub const ALL: [Self; 15] = [
        Self::Good,
        Self::Unknown,
        Self::Cut,
        Self::Expired,
        Self::ReadOnly,
        Self::OtherService,
        Self::Test,
        Self::Unpaid,
        Self::Token,
        Self::OldToken,
        Self::Malformed,
        Self::Canary,
        Self::Password,
        Self::WrongPassword,
        Self::None,
    ];

    /// The same for MLflow's Python client, as its variables.
    pub fn variables(self) -> Vec<(&'static str, &'static str)> {
        match (self, self.text().split_once(':')) {
            (Self::None, _) => Vec::new(),
            (_, Some((user, password))) => {
                vec![("MLFLOW_TRACKING_USERNAME", user), ("MLFLOW_TRACKING_PASSWORD", password)]
            }
            _ => vec![("MLFLOW_TRACKING_TOKEN", self.text())],
        }
    }

    /// What is typed into the field.
    pub const fn text(self) -> &'static str {
        match self {
            Self::Good => "pf_live_MadeUpKeyThatWorksInTheLab000001",
            Self::Unknown => "pf_live_MadeUpKeyThatNobodyEverIssued002",
            Self::Cut => "pf_live_MadeUpKeyThatWorksInTheLab",
            Self::Expired => "pf_live_MadeUpKeyThatExpiredLongAgo00003",
            Self::ReadOnly => "pf_live_MadeUpKeyThatMayOnlyRead00000004",
            Self::OtherService => "pf_live_MadeUpKeyOfTheWebsiteService0005",
            Self::Test => "pf_test_MadeUpKeyOfTheTestEnvironment007",
            Self::Unpaid => "pf_live_MadeUpKeyOfAnEmptyAccount0000008",
            // {"alg":"HS256"} {"exp":4102444800,"iss":"lab-issuer"}, then a made-up signature.
            Self::Token => {
                "eyJhbGciOiJIUzI1NiJ9.eyJleHAiOjQxMDI0NDQ4MDAsImlzcyI6ImxhYi1pc3N1ZXIifQ.bWFkZS11cC10b2tlbi0x"
            }
            // The same with {"exp":1700000000}: November 2023.
            Self::OldToken => {
                "eyJhbGciOiJIUzI1NiJ9.eyJleHAiOjE3MDAwMDAwMDAsImlzcyI6ImxhYi1pc3N1ZXIifQ.bWFkZS11cC10b2tlbi0y"
            }
            Self::Malformed => "sk-MadeUpKeyOfAnotherProduct",
            Self::Canary => "pf_live_CanaryThatMustNotLeaveTheForm006",
            Self::Password => super::mlflow::USER,
            Self::WrongPassword => "admin:another-made-up-password",
            Self::None => "",
        }
    }

    /// Whether it is a JSON Web Token: these have no prefix of a deployment's own.
    pub const fn is_token(self) -> bool {
        matches!(self, Self::Token | Self::OldToken)
    }

    /// The same as it begins in a deployment of the source.
    pub fn text_at_the_source(self) -> String {
        match self.text().strip_prefix(OWN) {
            Some(rest) => [source::KEYS, rest].concat(),
            None => self.text().to_owned(),
        }
    }

    /// Which key this text is, if it is one of the lab's.
    pub fn read(text: &str) -> Option<Self> {
        let is_it = |key: &Self| key.text() == text || key.text_at_the_source() == text;
        Self::ALL.into_iter().find(|key| !text.is_empty() && is_it(key))
    }

    /// The service a valid key was issued for.
    pub const fn service(self) -> Option<&'static str> {
        match self {
            Self::Good | Self::ReadOnly | Self::Canary | Self::Unpaid | Self::Token => Some("platform"),
            Self::OtherService => Some("website"),
            Self::Password
            | Self::WrongPassword
            | Self::Unknown
            | Self::Cut
            | Self::Expired
            | Self::Test
            | Self::OldToken
            | Self::Malformed
            | Self::None => None,
        }
    }

    /// What a valid key may do.
    pub const fn scopes(self) -> &'static [&'static str] {
        match self {
            Self::ReadOnly => &["model:read"],
            _ => &["model:read", "model:write", "mlflow:access"],
        }
    }
}
