//! How more than two talk on one call.

/// What holds for every call that somebody is invited to (L32).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ConferenceRules {
    /// Whether everybody hears two notes when somebody comes or goes.
    pub tones: bool,
}

impl Default for ConferenceRules {
    fn default() -> Self {
        Self { tones: true }
    }
}
