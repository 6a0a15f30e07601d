//! Numbers by which a screen knows the answer to its own question.

use std::sync::atomic::{AtomicU64, Ordering};

static LAST: AtomicU64 = AtomicU64::new(0);

/// Never the same twice in a run.
#[must_use]
pub fn next() -> u64 {
    LAST.fetch_add(1, Ordering::Relaxed) + 1
}
