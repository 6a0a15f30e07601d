//! Which calls a list shall show.

use serde::{Deserialize, Serialize};

use crate::history::call_id::CallId;
use crate::history::call_record::{Direction, Outcome};
use crate::history::conversation_id::ConversationId;
use crate::history::figures::hours_filter::HoursFilter;
use crate::office::extension::Extension;
use crate::office::phone_number::PhoneNumber;

/// Every field narrows the list; newest calls come first.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CallFilter {
    /// Started at or after; milliseconds since 1970.
    pub from: Option<i64>,
    /// Started before; milliseconds since 1970.
    pub to: Option<i64>,
    /// The one that the calls belong to.
    pub conversation: Option<ConversationId>,
    /// The office's own number.
    pub number: Option<PhoneNumber>,
    /// A part of the caller's or the called party's number or name.
    pub party: Option<String>,
    pub agent: Option<Extension>,
    pub direction: Option<Direction>,
    pub outcome: Option<Outcome>,
    /// By when they began.
    pub hours: Option<HoursFilter>,
    /// Only calls before this one: the last one of the page before.
    pub before: Option<CallId>,
    /// At most so many; see [`CallFilter::rows`].
    pub limit: Option<u32>,
}

impl CallFilter {
    /// Rows of one page: 100 unless told, never more than 1,000.
    #[must_use]
    pub fn rows(&self) -> u32 {
        self.limit.unwrap_or(100).clamp(1, 1000)
    }
}
