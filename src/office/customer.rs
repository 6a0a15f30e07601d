//! Somebody whom the office knows.

use std::collections::BTreeSet;

use crate::office::language::Language;
use crate::office::phone_number::PhoneNumber;
use crate::office::sought::Sought;
use crate::office::tag::Tag;

/// A customer with a profile; a number without one is a lead (`history/lead`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Customer {
    /// By which the customer is named; unique in the office.
    pub number: PhoneNumber,
    /// Further numbers of the same person, as merging brings them (L195).
    pub also: BTreeSet<PhoneNumber>,
    /// At most 64 characters; may be empty.
    pub name: String,
    /// What the customer is spoken to in, before the number's country decides (S104).
    pub language: Option<Language>,
    /// At most [`crate::office::tag::CUSTOMER_TAGS`].
    pub tags: BTreeSet<Tag>,
    /// Is neither put through nor called (L48, L67, L194).
    pub blocked: bool,
}

impl Customer {
    #[must_use]
    pub fn has(&self, number: &PhoneNumber) -> bool {
        self.number == *number || self.also.contains(number)
    }

    /// Whether the name or a number holds it.
    #[must_use]
    pub fn is_like(&self, sought: &Sought) -> bool {
        let name = self.name.to_lowercase();
        name.contains(&sought.typed().to_lowercase())
            || self.numbers().any(|number| sought.is_in_number(number.as_str()))
    }

    pub fn numbers(&self) -> impl Iterator<Item = &PhoneNumber> {
        std::iter::once(&self.number).chain(&self.also)
    }
}
