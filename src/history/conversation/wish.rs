//! What somebody asks of a conversation.

use std::collections::BTreeSet;

use crate::office::extension::Extension;
use crate::office::priority::Priority;
use crate::office::tag::Tag;
use crate::office::team::TeamName;

/// Nobody can wish it missed (L63).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ConversationWish {
    Close,
    Open,
    /// Nobody calls the customer in turn any more (L88).
    CancelCallback,
    /// For so long, in milliseconds.
    Snooze {
        length: i64,
    },
    Note {
        text: String,
    },
    /// In the place of those there are.
    Tag {
        tags: BTreeSet<Tag>,
    },
    Describe {
        text: String,
    },
    /// These too.
    Follow {
        agents: BTreeSet<Extension>,
    },
    Prioritise {
        priority: Priority,
    },
    Assign {
        agent: Option<Extension>,
        team: Option<TeamName>,
    },
}

impl ConversationWish {
    /// Whether only those may wish it who hold a seat (L29).
    #[must_use]
    pub fn needs_a_seat(&self) -> bool {
        match self {
            Self::Close | Self::Snooze { .. } => true,
            Self::Open
            | Self::CancelCallback
            | Self::Note { .. }
            | Self::Tag { .. }
            | Self::Describe { .. }
            | Self::Follow { .. }
            | Self::Prioritise { .. }
            | Self::Assign { .. } => false,
        }
    }
}
