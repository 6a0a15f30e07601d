//! Our account at a SIP provider, and the numbers it brings.

use std::collections::BTreeSet;
use std::fmt;
use std::net::SocketAddr;

use serde::{Deserialize, Serialize};

use crate::office::device::Secret;
use crate::office::number_form::NumberForm;
use crate::office::phone_number::PhoneNumber;
use crate::office::srtp::SrtpPolicy;
use crate::office::transport::Transport;

/// How a trunk is named; 1 to 64 characters, unique in the office.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct TrunkName(pub String);

impl fmt::Display for TrunkName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A range of numbers that a trunk brings, both ends included.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct NumberBlock {
    first: PhoneNumber,
    last: PhoneNumber,
}

/// The text is no block of numbers.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("'{0}' is not a block of numbers; write first-last, such as +827012345600-+827012345699")]
pub struct NotABlock(String);

impl NumberBlock {
    /// `+827012345600-+827012345699`, or one number alone.
    ///
    /// # Errors
    /// When an end is no number, the ends differ in length, or the first is after the last.
    pub fn parse(text: &str) -> Result<Self, NotABlock> {
        let refuse = || NotABlock(text.to_owned());
        let (first, last) = text.split_once("-+").map_or_else(
            || (text.to_owned(), text.to_owned()),
            |(first, last)| (first.to_owned(), format!("+{last}")),
        );
        let first = PhoneNumber::parse(&first).map_err(|_| refuse())?;
        let last = PhoneNumber::parse(&last).map_err(|_| refuse())?;
        if first.as_str().len() != last.as_str().len() || last < first {
            return Err(refuse());
        }
        Ok(Self { first, last })
    }

    /// Every number of the block, in order.
    pub fn numbers(&self) -> impl Iterator<Item = PhoneNumber> {
        let digits = |number: &PhoneNumber| number.digits().parse::<u64>().unwrap_or_default();
        (digits(&self.first)..=digits(&self.last))
            .filter_map(|number| PhoneNumber::parse(&format!("+{number}")).ok())
    }

    #[must_use]
    pub fn contains(&self, number: &PhoneNumber) -> bool {
        number.as_str().len() == self.first.as_str().len()
            && self.first <= *number
            && *number <= self.last
    }
}

impl fmt::Display for NumberBlock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.first == self.last {
            return self.first.fmt(f);
        }
        write!(f, "{}-{}", self.first, self.last)
    }
}

impl TryFrom<String> for NumberBlock {
    type Error = NotABlock;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::parse(&text)
    }
}

impl From<NumberBlock> for String {
    fn from(block: NumberBlock) -> Self {
        block.to_string()
    }
}

/// How a caller of the trunk hears the ringback of a number that has not answered yet (S36).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BeforeAnswer {
    /// As sound before the answer, from the first ring on.
    #[default]
    Early,
    /// The call is answered when the first phone rings.
    Answered,
    /// The provider is told that it rings, and makes a tone of its own.
    Provider,
}

impl BeforeAnswer {
    pub const ALL: [Self; 3] = [Self::Early, Self::Answered, Self::Provider];

    /// Its word in documents.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Early => "early",
            Self::Answered => "answered",
            Self::Provider => "provider",
        }
    }
}

/// The account of a trunk that wants us to register.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TrunkAccount {
    /// Host or host:port.
    pub server: String,
    pub username: String,
    pub password: Secret,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trunk {
    pub name: TrunkName,
    /// Where its calls come from and go to; the address is how it is known.
    pub peer: Option<SocketAddr>,
    pub register: Option<TrunkAccount>,
    /// How we reach it.
    pub transport: Transport,
    /// The network's label, shown and nothing else (S8).
    pub label: String,
    pub blocks: Vec<NumberBlock>,
    /// Numbers beside its own that the trunk lets us show (P7).
    pub presentable: Vec<PhoneNumber>,
    pub number_form: NumberForm,
    pub ringback: BeforeAnswer,
    pub srtp: SrtpPolicy,
    /// Calling codes with `+` that it may carry calls to; none: all that the office may dial (P8).
    pub countries: Option<BTreeSet<String>>,
}

impl Trunk {
    /// Whether calls to the number may go out here.
    #[must_use]
    pub fn may_carry(&self, number: &PhoneNumber) -> bool {
        let begins = |code: &String| number.as_str().starts_with(code.as_str());
        self.countries.as_ref().is_none_or(|countries| countries.iter().any(begins))
    }

    /// Whether a DID belongs to one of the trunk's blocks.
    #[must_use]
    pub fn brings(&self, number: &PhoneNumber) -> bool {
        self.blocks.iter().any(|block| block.contains(number))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_block_holds_both_ends() {
        let block = NumberBlock::parse("+827012345600-+827012345699").unwrap();
        for (number, inside) in [
            ("+827012345600", true),
            ("+827012345699", true),
            ("+827012345700", false),
            ("+8270123456001", false),
        ] {
            assert_eq!(block.contains(&PhoneNumber::parse(number).unwrap()), inside, "{number}");
        }
    }

    #[test]
    fn a_block_backwards_is_refused() {
        assert!(NumberBlock::parse("+827012345699-+827012345600").is_err());
        assert!(NumberBlock::parse("+82701-+827012345600").is_err());
    }
}
