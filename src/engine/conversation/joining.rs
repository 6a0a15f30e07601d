//! Which conversation a call joins.

use std::collections::BTreeSet;
use std::time::Duration;

use crate::engine::conversation::conversations::Conversations;
use crate::engine::conversation::stage::{Bound, Stage};
use crate::history::call_record::{CallRecord, Direction};
use crate::history::conversation::conversation::{Case, Conversation, HeldConversation, State};
use crate::history::conversation::log::Happening;
use crate::history::conversation_id::ConversationId;
use crate::office::continuation::Continuation;
use crate::office::extension::Extension;
use crate::office::phone_number::PhoneNumber;
use crate::office::priority::Priority;
use crate::office::snapshot::Office;
use crate::time::Moment;

impl Conversations {
    /// The conversation that a call of this customer joins (S46, S49, S62), or a new one.
    pub(crate) fn bind(
        &mut self,
        record: &CallRecord,
        customer: Option<PhoneNumber>,
        office: &Office,
        now: Moment,
    ) -> ConversationId {
        let number = record.number.as_ref().and_then(|number| office.numbers.get(number));
        let rule = number.map(|number| number.continuation).unwrap_or_default();
        let known = customer.as_ref().and_then(|customer| office.customer(customer));
        let numbers: Vec<PhoneNumber> = match known {
            Some(known) => known.numbers().cloned().collect(),
            None => customer.iter().cloned().collect(),
        };
        let found = self.earlier(&numbers, rule, now);
        let id = found.unwrap_or_else(|| self.begin(record, now));
        if let Some(held) = self.held.get_mut(&id) {
            let conversation = &mut held.conversation;
            conversation.customer = customer.or_else(|| conversation.customer.take());
            if let Some(known) = known.filter(|known| !known.name.is_empty()) {
                conversation.name.clone_from(&known.name);
            }
        }
        self.join(id, record, now);
        id
    }

    /// A call that somebody makes from the conversation joins it, whatever the setting (S53, S54,
    /// S69).
    pub(crate) fn bind_to(&mut self, file: &Conversation, record: &CallRecord, now: Moment) {
        let kept = HeldConversation::whole(file.clone());
        self.held.entry(file.id).or_insert(kept);
        if let Some(agent) = record.agent.clone().or_else(|| Extension::parse(&record.from).ok()) {
            self.log(file.id, None, Happening::CalledBack { agent }, now);
            self.change(file.id, |conversation| conversation.case.called_back += 1);
        }
        self.join(file.id, record, now);
    }

    /// S46–S49: not closed before closed, and of several the one that was active last.
    fn earlier(
        &mut self,
        numbers: &[PhoneNumber],
        rule: Continuation,
        now: Moment,
    ) -> Option<ConversationId> {
        if rule == Continuation::Off {
            return None;
        }
        let is_theirs = |conversation: &Conversation| {
            conversation.customer.as_ref().is_some_and(|customer| numbers.contains(customer))
                && conversation.state != State::Initial
                && !conversation.state.is_closed()
        };
        let open = self.held.values().map(|kept| &kept.conversation).filter(|one| is_theirs(one));
        if let Some(open) = open.max_by_key(|open| (open.active(), open.id)) {
            return Some(open.id);
        }
        let (conversation, closed) = self.shelf.newest(numbers)?;
        let since = now.unix_millis().saturating_sub(closed);
        let since = Duration::from_millis(u64::try_from(since).unwrap_or_default());
        if !rule.reaches(since) {
            return None;
        }
        let id = conversation.id;
        self.held.entry(id).or_insert(HeldConversation::by_id(conversation));
        Some(id)
    }

    fn begin(&mut self, record: &CallRecord, now: Moment) -> ConversationId {
        let id = self.next;
        self.next = ConversationId(id.0 + 1);
        let at = now.unix_millis();
        let conversation = Conversation {
            id,
            customer: None,
            name: match record.direction {
                Direction::Inbound => record.from_name.clone(),
                Direction::Outbound | Direction::Internal => String::new(),
            },
            number: None,
            direction: record.direction,
            created: at,
            state: State::Initial,
            team: None,
            assignee: None,
            followers: BTreeSet::new(),
            tags: BTreeSet::new(),
            description: String::new(),
            priority: Priority::default(),
            last_call: at,
            last_note: None,
            handled: None,
            reminded: None,
            case: Case { seq: 1, opened: at, ..Case::default() },
        };
        self.held.insert(id, HeldConversation::whole(conversation));
        id
    }

    fn join(&mut self, id: ConversationId, record: &CallRecord, now: Moment) {
        self.calls.insert(record.id, Bound { id, stage: Stage::Before });
        let (call, direction) = (record.id, record.direction);
        self.log(id, None, Happening::Called { call, direction }, now);
        if let Some(held) = self.held.get_mut(&id) {
            held.conversation.last_call = record.started;
            if record.number.is_some() {
                held.conversation.number.clone_from(&record.number);
            }
        }
        self.keep(id);
    }
}
