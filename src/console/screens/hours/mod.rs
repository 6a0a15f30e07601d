//! Operating hours and holidays.

pub mod holiday_file;
pub mod holidays;
pub mod hours;
pub mod hours_form;
pub mod week;
