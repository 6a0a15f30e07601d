//! One change of the office, as it is kept to be read and taken back.

/// Who changes the office, and when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signature {
    /// A user of the box, or how else somebody came in.
    pub who: String,
    /// Milliseconds since 1970.
    pub at: i64,
}

/// A change that was saved. The documents hold passwords: they stay inside the daemon.
#[derive(Clone, PartialEq, Eq)]
pub struct OfficeChange {
    /// Grows by one, never used again.
    pub id: u64,
    pub signature: Signature,
    /// The office documents with passwords.
    pub before: String,
    pub after: String,
}

impl std::fmt::Debug for OfficeChange {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("OfficeChange")
            .field("id", &self.id)
            .field("signature", &self.signature)
            .finish_non_exhaustive()
    }
}
