//! A customer's call that somebody talked on, as the automatic assignment looks back on it.

use crate::office::extension::Extension;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Handled {
    /// As in the record: E.164 where it can be made out, else empty.
    pub customer: String,
    pub agent: Extension,
    /// Milliseconds since 1970.
    pub at: i64,
}
