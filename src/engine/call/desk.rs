//! What a call may look at while it decides.

use std::collections::BTreeSet;

use crate::engine::agent::ledger::Ledger;
use crate::engine::agent::presence::Presence;
use crate::engine::conversation::conversations::Conversations;
use crate::engine::mailbox::Mailbox;
use crate::engine::opening::Switches;
use crate::engine::queue::promises::Callbacks;
use crate::engine::queue::queue::Queues;
use crate::history::webhook::WebhookId;
use crate::leg::{LegId, PlayId, RecordingId, RoomId};
use crate::office::phone_number::PhoneNumber;
use crate::office::snapshot::Office;
use crate::time::Moment;

/// The numbers for what the engine places and plays; each is given out once.
#[derive(Clone, Debug, Default)]
pub struct Ids {
    legs: u64,
    plays: u64,
    recordings: u64,
    rooms: u64,
    webhooks: u64,
}

impl Ids {
    pub(crate) fn leg(&mut self) -> LegId {
        self.legs += 1;
        LegId::placed(self.legs)
    }

    pub(crate) fn recording(&mut self) -> RecordingId {
        self.recordings += 1;
        RecordingId(self.recordings)
    }

    pub(crate) fn room(&mut self) -> RoomId {
        self.rooms += 1;
        RoomId(self.rooms)
    }

    pub(crate) fn webhook(&mut self) -> WebhookId {
        self.webhooks += 1;
        WebhookId(self.webhooks)
    }

    pub(crate) fn play(&mut self) -> PlayId {
        self.plays += 1;
        PlayId(self.plays)
    }
}

/// The office as it is now, and what of it a call may move.
#[derive(Debug)]
pub(crate) struct Desk<'a> {
    pub(crate) office: &'a Office,
    pub(crate) presence: &'a mut Presence,
    pub(crate) ledger: &'a mut Ledger,
    pub(crate) queues: &'a Queues,
    pub(crate) mailbox: &'a mut Mailbox,
    pub(crate) callbacks: &'a mut Callbacks,
    pub(crate) switches: &'a Switches,
    /// Numbers that the office has given back (P3).
    pub(crate) released: &'a BTreeSet<PhoneNumber>,
    pub(crate) conversations: &'a Conversations,
    pub(crate) ids: &'a mut Ids,
    pub(crate) now: Moment,
}
