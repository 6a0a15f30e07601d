//! Codes that a phone dials to do something.

use serde::{Deserialize, Serialize};

use crate::office::extension::Extension;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Feature {
    /// `*43`: hear yourself.
    Echo,
    /// `*81`: speak to the room.
    Page,
    /// `*78` and `*79`: no customer's or colleague's call rings, or they ring again.
    DoNotDisturb { on: bool },
    /// `*45` and `*46`: take the seat, or leave it.
    Seat { on: bool },
    /// `*55`: the work after the last call is done.
    EndWrapUp,
    /// `*60`: what time it is.
    Time,
    /// `*97`: the messages that callers have left.
    Voicemail,
}

impl Feature {
    /// The feature behind exactly these digits.
    #[must_use]
    pub fn dialled(digits: &str) -> Option<Self> {
        match digits {
            "*43" => Some(Self::Echo),
            "*45" => Some(Self::Seat { on: true }),
            "*46" => Some(Self::Seat { on: false }),
            "*55" => Some(Self::EndWrapUp),
            "*60" => Some(Self::Time),
            "*78" => Some(Self::DoNotDisturb { on: true }),
            "*79" => Some(Self::DoNotDisturb { on: false }),
            "*81" => Some(Self::Page),
            "*97" => Some(Self::Voicemail),
            _ => None,
        }
    }
}

/// Whose ringing call is to be taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Pickup {
    /// `**EXT`: what rings at this agent.
    Of(Extension),
    /// `*8`: what rings longest at somebody of one's own teams.
    Team,
}

impl Pickup {
    /// What exactly these digits pick up.
    #[must_use]
    pub fn dialled(digits: &str) -> Option<Self> {
        if digits == "*8" {
            return Some(Self::Team);
        }
        Extension::parse(digits.strip_prefix("**")?).ok().map(Self::Of)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pickup_has_two_codes_and_no_other_feature_has_them() {
        let of = |digits| Pickup::Of(Extension::parse(digits).unwrap());
        assert_eq!(Pickup::dialled("**101"), Some(of("101")));
        assert_eq!(Pickup::dialled("*8"), Some(Pickup::Team));
        for other in ["**", "**1", "*101", "*80", "**10a", "8", "**0101"] {
            assert_eq!(Pickup::dialled(other), None, "{other}");
        }
        assert!(["*8", "**43", "**97"].iter().all(|code| Feature::dialled(code).is_none()));
    }
}
