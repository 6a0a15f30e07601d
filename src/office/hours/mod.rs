//! When the office answers: weeks, holidays, and whether it is open at a moment.

pub mod day_range;
pub mod holiday;
pub mod hours;
pub mod ics;
pub mod opening;
pub mod public_holidays;
pub mod week;
