//! Customers who wait for tags that workflows have given them.

use std::collections::BTreeSet;

use crate::office::phone_number::PhoneNumber;
use crate::office::tag::Tag;

/// Tags for one customer.
#[derive(Debug)]
pub(crate) struct Tagged {
    pub(crate) number: PhoneNumber,
    pub(crate) name: String,
    pub(crate) tags: BTreeSet<Tag>,
    pub(crate) who: String,
}

#[derive(Debug, Default)]
pub(crate) struct Tagging {
    pub(crate) waiting: Vec<Tagged>,
    /// Our turn to change the office has been asked for.
    pub(crate) asked: bool,
}
