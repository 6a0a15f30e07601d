//! Hours that somebody has switched open or closed by hand.

use serde::{Deserialize, Serialize};

use crate::office::hours::hours::HoursName;

/// Stands before the schedule until its next change to the other state (L146).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct HoursSwitch {
    #[schema(value_type = String)]
    pub hours: HoursName,
    /// None: back to the schedule.
    pub open: Option<bool>,
    /// Milliseconds since 1970.
    pub at: i64,
    /// None: until somebody switches again.
    pub until: Option<i64>,
    /// Whose hand it was.
    pub who: String,
}

/// How a set of hours was defined from a moment on (C9).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct HoursVersion {
    /// Milliseconds since 1970.
    pub since: i64,
    /// The whole set as JSON; none: there was no such set.
    pub definition: Option<String>,
}
