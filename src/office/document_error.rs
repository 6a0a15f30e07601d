//! What is wrong with a document, where, and what would be right.

use crate::words::Words;

/// One mistake in a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DocumentError {
    /// Counted from 1; `None` where YAML cannot tell.
    pub line: Option<u64>,
    /// Counted from 1.
    pub column: Option<u64>,
    /// Such as `numbers[0].ring_time`; empty when the whole text is meant.
    pub field: String,
    /// What is wrong, and what would be right.
    pub message: Words,
}
