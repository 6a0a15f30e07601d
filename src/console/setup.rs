//! What is asked of and learnt from the daemon for the screens that set the office up: hours,
//! sounds, workflows, trunks on trial, banned addresses.

use crate::api::hours_schema::HoursState;

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SetupRequest {
    /// Open or close hours by hand; none: by the schedule again.
    Switch { hours: String, open: Option<bool> },
}

impl SetupRequest {
    /// Whether it changes anything.
    #[must_use]
    pub fn writes(&self) -> bool {
        match self {
            Self::Switch { .. } => true,
        }
    }
}

#[derive(Clone, Debug)]
pub enum SetupReport {
    Hours(Vec<HoursState>),
}

/// Screens that open above another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SetupPlace {
    NewHours,
    /// The week of this set.
    Week(String),
    /// The form of this set; its cursor on a day such as `wed`, or none.
    HoursForm(String, &'static str),
    Holidays(String),
    NewHoliday(String),
}
