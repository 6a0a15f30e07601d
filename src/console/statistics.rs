//! Which figures a console asks for.

/// Which days are counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Period {
    #[default]
    Today,
    Yesterday,
    /// Seven days, today among them.
    Week,
    /// Thirty days, today among them.
    Month,
    /// As they were typed.
    Typed,
}

impl Period {
    /// The one that a key goes on to.
    #[must_use]
    pub fn next(self) -> Self {
        match self {
            Self::Today => Self::Yesterday,
            Self::Yesterday => Self::Week,
            Self::Week => Self::Month,
            Self::Month | Self::Typed => Self::Today,
        }
    }

    /// Whether it grows with every call.
    #[must_use]
    pub fn is_open(self) -> bool {
        match self {
            Self::Today | Self::Week | Self::Month => true,
            Self::Yesterday | Self::Typed => false,
        }
    }
}

/// Texts as they were typed or chosen; empty: all, or as usual.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StatsFilter {
    pub period: Period,
    /// `2026-11-25`, first and last day.
    pub from: String,
    pub to: String,
    pub number: String,
    pub team: String,
    /// A set of hours, as it stood at that time.
    pub hours: String,
    /// What began outside of them instead.
    pub outside: bool,
    /// Seconds within which an answer is in time.
    pub target: String,
}
