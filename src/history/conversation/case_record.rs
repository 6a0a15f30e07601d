//! A case as a list shows it: its own times, and what its conversation says of it.

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::history::call_record::Direction;
use crate::history::conversation::conversation::Case;
use crate::history::conversation_id::ConversationId;
use crate::office::extension::Extension;
use crate::office::phone_number::PhoneNumber;
use crate::office::priority::Priority;
use crate::office::tag::Tag;
use crate::office::team::TeamName;

/// One cycle of a conversation from its opening to its close (L180).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct CaseRecord {
    #[schema(value_type = u64)]
    pub conversation: ConversationId,
    #[serde(flatten)]
    pub case: Case,
    /// None: the number was withheld.
    #[schema(value_type = Option<String>)]
    pub customer: Option<PhoneNumber>,
    pub name: String,
    /// The office's number of the case's newest call.
    #[schema(value_type = Option<String>)]
    pub number: Option<PhoneNumber>,
    /// Of the conversation's first call.
    pub direction: Direction,
    pub priority: Priority,
    /// The first that received a call of the conversation.
    pub workflow: Option<String>,
    #[schema(value_type = Option<String>)]
    pub team: Option<TeamName>,
    #[schema(value_type = Option<String>)]
    pub assignee: Option<Extension>,
    /// Of the conversation, now.
    #[schema(value_type = Vec<String>)]
    pub followers: BTreeSet<Extension>,
}

impl CaseRecord {
    /// From the beginning of the wait, or the opening of one that did not wait in a queue, to the first
    /// talk, in milliseconds.
    #[must_use]
    pub fn waiting(&self) -> Option<i64> {
        Some((self.case.answered? - self.case.queued.unwrap_or(self.case.opened)).max(0))
    }

    /// From the opening to the close, in milliseconds.
    #[must_use]
    pub fn resolution(&self) -> Option<i64> {
        Some((self.case.closed? - self.case.opened).max(0))
    }

    /// The same without the time spent snoozed.
    #[must_use]
    pub fn lead(&self) -> Option<i64> {
        Some((self.resolution()? - self.case.snoozed_ms).max(0))
    }

    #[must_use]
    pub fn place(&self) -> CasePlace {
        let Self { conversation, case, .. } = self;
        CasePlace { opened: case.opened, conversation: *conversation, seq: case.seq }
    }
}

/// A place in the list: `OPENED.CONVERSATION.SEQ` of the last one of a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CasePlace {
    pub opened: i64,
    pub conversation: ConversationId,
    pub seq: u32,
}

impl fmt::Display for CasePlace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}", self.opened, self.conversation, self.seq)
    }
}

impl FromStr for CasePlace {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let mut parts = text.splitn(3, '.');
        let mut part = || parts.next().ok_or(());
        let opened = part()?.parse().map_err(|_| ())?;
        let conversation = ConversationId(part()?.parse().map_err(|_| ())?);
        let seq = part()?.parse().map_err(|_| ())?;
        Ok(Self { opened, conversation, seq })
    }
}

/// Every field narrows the list; the one that was opened last comes first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CaseFilter {
    /// Opened at or after, and before, in milliseconds since 1970 (L179).
    pub from: Option<i64>,
    pub to: Option<i64>,
    pub number: Option<PhoneNumber>,
    pub assignee: Option<Extension>,
    pub team: Option<TeamName>,
    pub tag: Option<Tag>,
    pub before: Option<CasePlace>,
    pub limit: Option<u32>,
}

impl CaseFilter {
    /// Rows of one page: 100 unless told, never more than 1,000.
    #[must_use]
    pub fn rows(&self) -> u32 {
        self.limit.unwrap_or(100).clamp(1, 1000)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_read_as_it_is_written() {
        let place = CasePlace { opened: -5, conversation: ConversationId(7), seq: 2 };
        assert_eq!(place.to_string().parse(), Ok(place));
        for wrong in ["", "1", "1.2", "1.2.x", "1.2.3.4", "1.-2.3"] {
            assert_eq!(wrong.parse::<CasePlace>(), Err(()), "{wrong}");
        }
    }
}
