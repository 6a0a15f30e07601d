//! On whose clock the office lives.

use jiff::tz::TimeZone;

use crate::clock;
use crate::office::snapshot::Office;

/// The office's own, else this machine's.
pub(crate) fn zone_of(office: &Office) -> TimeZone {
    office.zone().cloned().unwrap_or_else(clock::zone)
}
