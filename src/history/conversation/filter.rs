//! Which conversations a list shall show.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::history::conversation_id::ConversationId;
use crate::office::extension::Extension;
use crate::office::phone_number::PhoneNumber;
use crate::office::tag::Tag;
use crate::office::team::TeamName;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum StateName {
    Initial,
    Queued,
    Opened,
    Snoozed,
    Missed,
    Closed,
}

impl StateName {
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Initial => "initial",
            Self::Queued => "queued",
            Self::Opened => "opened",
            Self::Snoozed => "snoozed",
            Self::Missed => "missed",
            Self::Closed => "closed",
        }
    }
}

/// A place in the list: `ACTIVE.ID` of the last one of a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    pub active: i64,
    pub id: ConversationId,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.active, self.id)
    }
}

impl FromStr for Place {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (active, id) = text.split_once('.').ok_or(())?;
        let (active, id) = (active.parse().map_err(|_| ())?, id.parse().map_err(|_| ())?);
        Ok(Self { active, id: ConversationId(id) })
    }
}

/// Every field narrows the list; the one that something happened in last comes first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ConversationFilter {
    pub state: Option<StateName>,
    /// Part of the customer's number or name.
    pub party: Option<String>,
    pub number: Option<PhoneNumber>,
    pub assignee: Option<Extension>,
    pub team: Option<TeamName>,
    pub tag: Option<Tag>,
    pub before: Option<Place>,
    pub limit: Option<u32>,
}

impl ConversationFilter {
    /// Rows of one page: 100 unless told, never more than 1,000.
    #[must_use]
    pub fn rows(&self) -> u32 {
        self.limit.unwrap_or(100).clamp(1, 1000)
    }
}
