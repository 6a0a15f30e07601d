//! What is asked of and learnt from the daemon for the screens that set the office up: hours,
//! sounds, workflows, trunks on trial, banned addresses.

use crate::api::comparison_schema::OfficeComparison;
use crate::api::hours_schema::HoursState;
use crate::console::edit::Edit;

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SetupRequest {
    /// Open or close hours by hand; none: by the schedule again.
    Switch { hours: String, open: Option<bool> },
    /// What edits would have done to yesterday's calls.
    Compare { edits: Vec<Edit>, ticket: u64 },
}

impl SetupRequest {
    /// Whether it changes anything.
    #[must_use]
    pub fn writes(&self) -> bool {
        match self {
            Self::Switch { .. } => true,
            Self::Compare { .. } => false,
        }
    }
}

#[derive(Clone, Debug)]
pub enum SetupReport {
    Hours(Vec<HoursState>),
    /// None: it could not be said.
    Compared {
        ticket: u64,
        told: Option<OfficeComparison>,
    },
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
