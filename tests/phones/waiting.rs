//! Waiting for something to become true, with a deadline.

use std::thread::park_timeout;
use std::time::Duration;

use naru::clock;

/// How long anything on this machine may take that should take milliseconds.
pub(crate) const SOON: Duration = Duration::from_secs(10);
pub(crate) const LOOK_EVERY: Duration = Duration::from_millis(10);

/// Looks until `find` finds something.
///
/// # Panics
/// When it has not within `within`.
pub(crate) fn wait_for<T>(what: &str, within: Duration, mut find: impl FnMut() -> Option<T>) -> T {
    let deadline = clock::now().ticks + within;
    loop {
        if let Some(found) = find() {
            return found;
        }
        assert!(clock::now().ticks < deadline, "{what}: not within {within:?}");
        park_timeout(LOOK_EVERY);
    }
}
