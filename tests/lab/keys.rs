//! The lab's made-up keys. They open nothing outside the lab and look like it.

/// How every key of the lab begins.
pub const PREFIX: &str = "pf_live_";
/// How many characters follow the prefix.
pub const RANDOM_LENGTHS: [usize; 2] = [32, 40];

/// Which key the user pastes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Key {
    /// Valid for the service `platform`, may read and write.
    Good,
    /// The right shape, but nobody issued it.
    Unknown,
    /// Was valid once.
    Expired,
    /// Valid, but only for reading.
    ReadOnly,
    /// Valid, but for the service `website`.
    OtherService,
    /// Not a key of this deployment by its looks alone.
    Malformed,
    /// A good key that a test searches for wherever it must not be.
    Canary,
    /// Nothing is typed.
    None,
}

impl Key {
    /// Every key there is.
    pub const ALL: [Self; 8] = [
        Self::Good,
        Self::Unknown,
        Self::Expired,
        Self::ReadOnly,
        Self::OtherService,
        Self::Malformed,
        Self::Canary,
        Self::None,
    ];

    /// What is typed into the field.
    pub const fn text(self) -> &'static str {
        match self {
            Self::Good => "pf_live_MadeUpKeyThatWorksInTheLab000001",
            Self::Unknown => "pf_live_MadeUpKeyThatNobodyEverIssued002",
            Self::Expired => "pf_live_MadeUpKeyThatExpiredLongAgo00003",
            Self::ReadOnly => "pf_live_MadeUpKeyThatMayOnlyRead00000004",
            Self::OtherService => "pf_live_MadeUpKeyOfTheWebsiteService0005",
            Self::Malformed => "sk-MadeUpKeyOfAnotherProduct",
            Self::Canary => "pf_live_CanaryThatMustNotLeaveTheForm006",
            Self::None => "",
        }
    }

    /// Which key this text is, if it is one of the lab's.
    pub fn read(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|key| !text.is_empty() && key.text() == text)
    }

    /// The service a valid key was issued for.
    pub const fn service(self) -> Option<&'static str> {
        match self {
            Self::Good | Self::ReadOnly | Self::Canary => Some("platform"),
            Self::OtherService => Some("website"),
            Self::Unknown | Self::Expired | Self::Malformed | Self::None => None,
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
