//! The conditions of an address that narrow by hours.

use utoipa::IntoParams;

use crate::api::refusal::{Refusal, RefusalKind};
use crate::history::figures::hours_filter::HoursFilter;

/// All four go together, whatever is listed or counted.
#[derive(Debug, Default, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct HoursQuery {
    /// Only what began while these hours were open, as they stood at that time
    pub hours: Option<String>,
    /// Only what began between these times of the day, such as 09:00-12:00, on the office's clock
    pub time: Option<String>,
    /// The hours as they are defined today, whatever stood then
    pub as_today: Option<bool>,
    /// What began outside of the hours or times instead
    pub outside: Option<bool>,
}

impl HoursQuery {
    /// # Errors
    /// 400 when they make no sense together.
    pub(crate) fn filter(&self) -> Result<Option<HoursFilter>, Refusal> {
        let as_today = self.as_today.unwrap_or_default();
        let (hours, time) = (self.hours.as_deref(), self.time.as_deref());
        HoursFilter::asked((hours, as_today), time, self.outside.unwrap_or_default())
            .map_err(|words| Refusal::new(RefusalKind::BadRequest, words))
    }
}
