//! A sound held in memory, shared by everyone who plays it.

/// Mono 16-bit samples.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Clip {
    pub rate: u32,
    pub samples: Vec<i16>,
}
