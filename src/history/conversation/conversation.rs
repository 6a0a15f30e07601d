//! The thread that calls and notes with a customer join.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::history::call_record::{CallRecord, Direction};
use crate::history::conversation::log::LogEntry;
use crate::history::conversation_id::ConversationId;
use crate::history::missed_reason::MissedReason;
use crate::office::extension::Extension;
use crate::office::phone_number::PhoneNumber;
use crate::office::priority::Priority;
use crate::office::tag::{CONVERSATION_TAGS, Tag, add_tag};
use crate::office::team::TeamName;

/// In characters (L30).
pub const LONGEST_DESCRIPTION: usize = 1_000;
/// Of one note; a thought, not a book.
pub const LONGEST_NOTE: usize = 4_000;
/// For so long after its close a case takes further tags (L178).
pub const CASE_RECORDS_MS: i64 = 3_600_000;

/// Where a conversation stands (L24). Times are milliseconds since 1970.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum State {
    /// The call has not come in yet: the customer is in a menu (L81).
    Initial,
    /// The customer waits for a free agent.
    Queued,
    Opened,
    /// Comes back by itself (L25).
    Snoozed {
        since: i64,
        until: i64,
    },
    /// Nobody answered the newest call; `reason` is that call's (S58).
    Missed {
        since: i64,
        reason: MissedReason,
    },
    /// `reason`: it was closed as missed, and nobody has called since (S56).
    Closed {
        at: i64,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<MissedReason>,
    },
}

impl State {
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Initial => "initial",
            Self::Queued => "queued",
            Self::Opened => "opened",
            Self::Snoozed { .. } => "snoozed",
            Self::Missed { .. } => "missed",
            Self::Closed { .. } => "closed",
        }
    }

    /// Why the newest call was missed, as long as that says something of it (S56–S58).
    #[must_use]
    pub fn missed_reason(self) -> Option<MissedReason> {
        match self {
            Self::Missed { reason, .. } => Some(reason),
            Self::Closed { reason, .. } => reason,
            Self::Initial | Self::Queued | Self::Opened | Self::Snoozed { .. } => None,
        }
    }

    #[must_use]
    pub fn is_missed(self) -> bool {
        match self {
            Self::Missed { .. } => true,
            Self::Initial
            | Self::Queued
            | Self::Opened
            | Self::Snoozed { .. }
            | Self::Closed { .. } => false,
        }
    }

    #[must_use]
    pub fn is_closed(self) -> bool {
        match self {
            Self::Closed { .. } => true,
            Self::Initial
            | Self::Queued
            | Self::Opened
            | Self::Snoozed { .. }
            | Self::Missed { .. } => false,
        }
    }
}

/// One cycle from open to close (L177).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Case {
    /// 1 for a conversation's first.
    pub seq: u32,
    pub opened: i64,
    pub queued: Option<i64>,
    pub answered: Option<i64>,
    pub closed: Option<i64>,
    /// Time spent snoozed, in milliseconds.
    pub snoozed_ms: i64,
    pub snoozed: u32,
    /// Calls that were missed.
    pub missed: u32,
    /// How often somebody has tried to call the customer back (L61).
    #[serde(default)]
    pub called_back: u32,
    /// Who was the first to be responsible for it; none: nobody yet (L174).
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    pub first_assignee: Option<Extension>,
    #[schema(value_type = Vec<String>)]
    pub tags: BTreeSet<Tag>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Conversation {
    #[schema(value_type = u64)]
    pub id: ConversationId,
    /// Whom it is with; none: the number was withheld.
    #[schema(value_type = Option<String>)]
    pub customer: Option<PhoneNumber>,
    pub name: String,
    /// The office's number of the newest call: what the customer dialled, or saw.
    #[schema(value_type = Option<String>)]
    pub number: Option<PhoneNumber>,
    /// Of the first call (L180).
    pub direction: Direction,
    pub created: i64,
    #[serde(flatten)]
    pub state: State,
    #[schema(value_type = Option<String>)]
    pub team: Option<TeamName>,
    /// Who is responsible for closing it (L28).
    #[schema(value_type = Option<String>)]
    pub assignee: Option<Extension>,
    #[schema(value_type = Vec<String>)]
    pub followers: BTreeSet<Extension>,
    /// At most [`CONVERSATION_TAGS`].
    #[schema(value_type = Vec<String>)]
    pub tags: BTreeSet<Tag>,
    pub description: String,
    /// Who of several is looked after first (L122).
    #[serde(default)]
    pub priority: Priority,
    /// When the newest call started.
    pub last_call: i64,
    pub last_note: Option<i64>,
    /// When somebody got through to the customer after a missed call (L66).
    pub handled: Option<i64>,
    /// When agents were last reminded that nobody has answered (L16).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reminded: Option<i64>,
    pub case: Case,
}

impl Conversation {
    /// What "most recent" goes by: the newest call or note (S47).
    #[must_use]
    pub fn active(&self) -> i64 {
        self.last_note.unwrap_or(i64::MIN).max(self.last_call)
    }

    /// Becoming the one responsible makes a follower (L28).
    pub fn assign(&mut self, agent: Option<Extension>) {
        self.followers.extend(agent.clone());
        if self.case.first_assignee.is_none() {
            self.case.first_assignee.clone_from(&agent);
        }
        self.assignee = agent;
    }

    /// Takes over what `before` knows and a conversation that was reopened by its bare id does not.
    pub fn complete_from(&mut self, before: &Self) {
        for tag in before.tags.iter().cloned() {
            add_tag(&mut self.tags, tag, CONVERSATION_TAGS);
        }
        self.followers.extend(before.followers.iter().cloned());
        self.created = before.created;
        self.direction = before.direction;
        self.last_note = self.last_note.max(before.last_note);
        if self.description.is_empty() {
            self.description.clone_from(&before.description);
        }
        if self.name.is_empty() {
            self.name.clone_from(&before.name);
        }
        if self.priority == Priority::default() {
            self.priority = before.priority;
        }
        if self.case.seq == before.case.seq {
            self.case = before.case.clone();
            self.handled = self.handled.or(before.handled);
            self.reminded = self.reminded.max(before.reminded);
        }
        if self.state.is_closed() {
            self.team = self.team.take().or_else(|| before.team.clone());
            self.assignee = self.assignee.take().or_else(|| before.assignee.clone());
        }
    }
}

/// A conversation with all that belongs to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConversationFile {
    pub conversation: Conversation,
    /// The first first.
    pub cases: Vec<Case>,
    /// The newest first.
    pub calls: Vec<CallRecord>,
    /// The first first.
    pub log: Vec<LogEntry>,
}

/// A conversation to be kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeldConversation {
    pub conversation: Conversation,
    /// False: it was reopened by its bare id, and what is on disk completes it.
    pub whole: bool,
    /// Tags that were taken off while it was known by its bare id.
    pub untagged: BTreeSet<Tag>,
}

impl HeldConversation {
    #[must_use]
    pub fn whole(conversation: Conversation) -> Self {
        Self { conversation, whole: true, untagged: BTreeSet::new() }
    }

    #[must_use]
    pub fn by_id(conversation: Conversation) -> Self {
        Self { conversation, whole: false, untagged: BTreeSet::new() }
    }

    /// Takes over what `before` knows, but for the tags that were taken off since.
    pub fn complete_from(&mut self, before: &Conversation) {
        let mut before = before.clone();
        before.tags.retain(|tag| !self.untagged.contains(tag));
        before.case.tags.retain(|tag| !self.untagged.contains(tag));
        self.conversation.complete_from(&before);
    }
}

/// The newest closed conversation of a customer, as far as a call needs it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shelved {
    pub customer: PhoneNumber,
    pub id: ConversationId,
    pub closed: i64,
    pub active: i64,
    pub cases: u32,
}

/// What the engine is given back at the start.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Memory {
    pub next: ConversationId,
    /// Whatever is not closed.
    pub open: Vec<Conversation>,
    /// The newest closed one of each customer.
    pub shelved: Vec<Shelved>,
    /// Those whose customer was ringing when the daemon was cut off.
    pub cut: Vec<ConversationId>,
    /// Those whose customer was leaving word when the daemon was cut off.
    pub speaking: Vec<ConversationId>,
}

impl Default for Memory {
    fn default() -> Self {
        let next = ConversationId(1);
        Self { next, open: vec![], shelved: vec![], cut: vec![], speaking: vec![] }
    }
}
