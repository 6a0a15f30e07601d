//! Records on their way to the disk, kept in memory for as long as it takes none.

use std::collections::{BTreeMap, VecDeque};

use crate::binding::BindingChange;
use crate::duty::Duty;
use crate::history::agent_log::AgentLog;
use crate::history::call_id::CallId;
use crate::history::call_record::CallRecord;
use crate::history::callback::Callback;
use crate::history::conversation::conversation::HeldConversation;
use crate::history::conversation::lead::Lead;
use crate::history::conversation::log::LogEntry;
use crate::history::conversation_id::ConversationId;
use crate::history::figures::target_alarm::{Metric, TargetAlarm};
use crate::history::hours_switch::HoursSwitch;
use crate::history::known_quality::KnownQuality;
use crate::history::recording_name::RecordingName;
use crate::history::trail::trail::TrailEntry;
use crate::history::voice_message::VoiceMessage;
use crate::history::walk_record::WalkRecord;
use crate::office::device::Username;
use crate::office::extension::Extension;
use crate::office::phone_number::PhoneNumber;
use crate::office::target::TargetScope;
use crate::store::table::follow_ups::FollowUpChange;
use crate::watcher::WatcherChange;

/// A day of a busy office; some 20 MB at worst (goal R13 asks for 1,000).
const CALLS: usize = 5_000;
/// Lines of the logs of conversations.
const LINES: usize = 20_000;
/// Many times the phones of an office.
const BINDINGS: usize = 10_000;
/// Hands on the switch while the disk takes nothing.
const SWITCHES: usize = 1_000;

/// The latest of every call and binding that is not yet on disk, in a bounded number.
#[derive(Debug, Default)]
pub(crate) struct Waiting {
    calls: BTreeMap<CallId, CallRecord>,
    bindings: BTreeMap<Contact, BindingChange>,
    watchers: BTreeMap<String, WatcherChange>,
    duties: BTreeMap<Extension, Duty>,
    alarms: BTreeMap<(TargetScope, Metric), TargetAlarm>,
    agent_log: VecDeque<AgentLog>,
    walks: VecDeque<WalkRecord>,
    leads: BTreeMap<PhoneNumber, Lead>,
    /// By case too: a row each, and one that is reopened at once must not take its last one's close.
    conversations: BTreeMap<(ConversationId, u32), HeldConversation>,
    log: VecDeque<LogEntry>,
    qualities: VecDeque<KnownQuality>,
    switches: Vec<HoursSwitch>,
    /// None: it is done.
    callbacks: BTreeMap<CallId, Option<Callback>>,
    follow_ups: VecDeque<FollowUpChange>,
    trails: VecDeque<AfterTrail>,
    /// None: it is gone.
    messages: BTreeMap<RecordingName, Option<VoiceMessage>>,
}

/// What is added to the trail of a call that is over.
pub(crate) type AfterTrail = (CallId, Vec<TrailEntry>);
/// What identifies a binding.
type Contact = (Username, String);

/// What goes to disk together.
#[derive(Debug)]
pub(crate) struct Batch {
    pub(crate) calls: Vec<CallRecord>,
    pub(crate) bindings: Vec<BindingChange>,
    pub(crate) watchers: Vec<WatcherChange>,
    pub(crate) duties: Vec<Duty>,
    pub(crate) alarms: Vec<TargetAlarm>,
    pub(crate) agent_log: Vec<AgentLog>,
    pub(crate) walks: Vec<WalkRecord>,
    pub(crate) leads: Vec<Lead>,
    pub(crate) conversations: Vec<HeldConversation>,
    pub(crate) log: Vec<LogEntry>,
    pub(crate) qualities: Vec<KnownQuality>,
    pub(crate) switches: Vec<HoursSwitch>,
    pub(crate) follow_ups: Vec<FollowUpChange>,
    pub(crate) trails: Vec<AfterTrail>,
    pub(crate) messages: Vec<(RecordingName, Option<VoiceMessage>)>,
    pub(crate) callbacks: Vec<(CallId, Option<Callback>)>,
}

impl Waiting {
    pub(crate) fn is_empty(&self) -> bool {
        self.len() == 0
    }

    pub(crate) fn len(&self) -> usize {
        self.calls.len()
            + self.bindings.len()
            + self.watchers.len()
            + self.switches.len()
            + self.walks.len()
            + self.leads.len()
            + self.conversations.len()
            + self.log.len()
            + self.qualities.len()
            + self.duties.len()
            + self.alarms.len()
            + self.agent_log.len()
            + self.follow_ups.len()
            + self.trails.len()
            + self.messages.len()
            + self.callbacks.len()
    }

    /// Keeps a record; true when the oldest had to make room for it.
    pub(crate) fn call(&mut self, record: CallRecord) -> bool {
        self.calls.insert(record.id, record);
        self.calls.len() > CALLS && self.calls.pop_first().is_some()
    }

    /// A lost binding costs nothing that the phone's next registration does not mend.
    pub(crate) fn binding(&mut self, change: BindingChange) {
        self.bindings.insert(contact(&change), change);
        if self.bindings.len() > BINDINGS {
            self.bindings.pop_first();
        }
    }

    /// A lost watcher costs nothing that the phone's next question does not mend.
    pub(crate) fn watcher(&mut self, change: WatcherChange) {
        self.watchers.insert(change.tag().to_owned(), change);
        if self.watchers.len() > BINDINGS {
            self.watchers.pop_first();
        }
    }

    /// One an agent, the latest.
    pub(crate) fn duty(&mut self, duty: Duty) {
        self.duties.insert(duty.agent.clone(), duty);
    }

    /// One a figure and setting, the latest.
    pub(crate) fn alarm(&mut self, alarm: TargetAlarm) {
        self.alarms.insert((alarm.scope.clone(), alarm.metric), alarm);
    }

    /// A figure may miss the oldest of a long full disk.
    pub(crate) fn agent_log(&mut self, entry: AgentLog) {
        self.agent_log.push_back(entry);
        if self.agent_log.len() > LINES {
            self.agent_log.pop_front();
        }
    }

    /// A figure may miss the oldest of a long full disk.
    pub(crate) fn walk(&mut self, walk: WalkRecord) {
        self.walks.push_back(walk);
        if self.walks.len() > CALLS {
            self.walks.pop_front();
        }
    }

    /// A lost lead is met again with its next call.
    pub(crate) fn lead(&mut self, lead: Lead) {
        let first_met = self.leads.get(&lead.number).map_or(lead.first_met, |old| old.first_met);
        self.leads.insert(lead.number.clone(), Lead { first_met, ..lead });
        if self.leads.len() > CALLS {
            self.leads.pop_first();
        }
    }

    pub(crate) fn switch(&mut self, switch: HoursSwitch) {
        if self.switches.len() < SWITCHES {
            self.switches.push(switch);
        }
    }

    /// A lost one is on the missed list all the same.
    pub(crate) fn callback(&mut self, call: CallId, callback: Option<Callback>) {
        self.callbacks.insert(call, callback);
        if self.callbacks.len() > CALLS {
            self.callbacks.pop_first();
        }
    }

    /// A lost one is still on the disk, and with its call.
    pub(crate) fn message(&mut self, name: RecordingName, message: Option<VoiceMessage>) {
        self.messages.insert(name, message);
        if self.messages.len() > CALLS {
            self.messages.pop_first();
        }
    }

    /// Keeps a conversation; one that is known by its bare id is completed from what waits here.
    pub(crate) fn conversation(&mut self, mut kept: HeldConversation) {
        let id = kept.conversation.id;
        let newest = self.conversations.range((id, 0)..=(id, u32::MAX)).next_back();
        if let Some((_, before)) = newest.filter(|_| !kept.whole) {
            kept.complete_from(&before.conversation);
            kept.untagged.extend(before.untagged.iter().cloned());
            kept.whole = before.whole;
        }
        self.conversations.insert((id, kept.conversation.case.seq), kept);
        if self.conversations.len() > CALLS {
            self.conversations.pop_first();
        }
    }

    /// The oldest of a long full disk may run twice after a restart, or not at all.
    pub(crate) fn follow_up(&mut self, change: FollowUpChange) {
        self.follow_ups.push_back(change);
        if self.follow_ups.len() > LINES {
            self.follow_ups.pop_front();
        }
    }

    pub(crate) fn trail(&mut self, added: AfterTrail) {
        self.trails.push_back(added);
        if self.trails.len() > CALLS {
            self.trails.pop_front();
        }
    }

    pub(crate) fn logged(&mut self, entry: LogEntry) {
        self.log.push_back(entry);
        if self.log.len() > LINES {
            self.log.pop_front();
        }
    }

    pub(crate) fn quality(&mut self, known: KnownQuality) {
        self.qualities.push_back(known);
        if self.qualities.len() > LINES {
            self.qualities.pop_front();
        }
    }

    /// The oldest, at most `limit` of each kind.
    pub(crate) fn take(&mut self, limit: usize) -> Batch {
        let calls = std::iter::from_fn(|| self.calls.pop_first()).take(limit);
        let calls = calls.map(|(_, record)| record).collect();
        let bindings = std::iter::from_fn(|| self.bindings.pop_first()).take(limit);
        let bindings = bindings.map(|(_, change)| change).collect();
        let watchers = std::iter::from_fn(|| self.watchers.pop_first()).take(limit);
        let watchers = watchers.map(|(_, change)| change).collect();
        let duties = std::iter::from_fn(|| self.duties.pop_first()).take(limit);
        let duties = duties.map(|(_, duty)| duty).collect();
        let alarms = std::mem::take(&mut self.alarms).into_values().collect();
        let agent_log = self.agent_log.drain(..limit.min(self.agent_log.len())).collect();
        let leads = std::iter::from_fn(|| self.leads.pop_first()).take(limit);
        let leads = leads.map(|(_, lead)| lead).collect();
        let walks = self.walks.drain(..limit.min(self.walks.len())).collect();
        let switches = std::mem::take(&mut self.switches);
        let kept = std::iter::from_fn(|| self.conversations.pop_first()).take(limit);
        let conversations = kept.map(|(_, kept)| kept).collect();
        let log = self.log.drain(..limit.min(self.log.len())).collect();
        // Behind the records of their calls, or they would find none.
        let is_last = self.calls.is_empty();
        let qualities = if is_last { limit.min(self.qualities.len()) } else { 0 };
        let qualities = self.qualities.drain(..qualities).collect();
        let messages = std::iter::from_fn(|| self.messages.pop_first()).take(limit).collect();
        let callbacks = std::iter::from_fn(|| self.callbacks.pop_first()).take(limit).collect();
        let follow_ups = self.follow_ups.drain(..limit.min(self.follow_ups.len())).collect();
        // A call's record must be there before its trail grows.
        let trails = if self.calls.is_empty() { limit.min(self.trails.len()) } else { 0 };
        let trails = self.trails.drain(..trails).collect();
        Batch {
            calls,
            bindings,
            watchers,
            duties,
            alarms,
            agent_log,
            leads,
            conversations,
            log,
            qualities,
            switches,
            walks,
            messages,
            callbacks,
            follow_ups,
            trails,
        }
    }

    /// The disk did not take it. Nothing has come in meanwhile.
    pub(crate) fn put_back(&mut self, batch: Batch) {
        self.calls.extend(batch.calls.into_iter().map(|record| (record.id, record)));
        for walk in batch.walks.into_iter().rev() {
            self.walks.push_front(walk);
        }
        batch.conversations.into_iter().for_each(|kept| self.conversation(kept));
        for entry in batch.log.into_iter().rev() {
            self.log.push_front(entry);
        }
        for entry in batch.agent_log.into_iter().rev() {
            self.agent_log.push_front(entry);
        }
        for known in batch.qualities.into_iter().rev() {
            self.qualities.push_front(known);
        }
        for change in batch.follow_ups.into_iter().rev() {
            self.follow_ups.push_front(change);
        }
        for added in batch.trails.into_iter().rev() {
            self.trails.push_front(added);
        }
        batch.leads.into_iter().for_each(|lead| self.lead(lead));
        self.switches = batch.switches;
        self.messages.extend(batch.messages);
        self.callbacks.extend(batch.callbacks);
        self.bindings.extend(batch.bindings.into_iter().map(|change| (contact(&change), change)));
        batch.watchers.into_iter().for_each(|change| self.watcher(change));
        self.duties.extend(batch.duties.into_iter().map(|duty| (duty.agent.clone(), duty)));
        batch.alarms.into_iter().for_each(|alarm| self.alarm(alarm));
    }
}

fn contact(change: &BindingChange) -> Contact {
    match change {
        BindingChange::Bound(binding) => (binding.device.clone(), binding.contact.clone()),
        BindingChange::Unbound { device, contact } => (device.clone(), contact.clone()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::history::call_record::{Clocks, Direction};

    fn call(id: u64) -> CallRecord {
        CallRecord {
            id: CallId(id),
            direction: Direction::Internal,
            from: String::new(),
            from_name: String::new(),
            to: String::new(),
            number: None,
            conversation: None,
            presented: None,
            started: 0,
            first_waiting: None,
            first_ring: None,
            engaged: None,
            ended: None,
            outcome: None,
            missed_reason: None,
            voicemail: false,
            cause: None,
            agent: None,
            clocks: Clocks::default(),
            legs: Vec::new(),
            trail: Vec::new(),
        }
    }

    #[test]
    fn a_long_full_disk_pushes_out_the_oldest() {
        let mut waiting = Waiting::default();
        let lost = (1..=CALLS as u64 + 3).filter(|id| waiting.call(call(*id))).count();
        assert_eq!((lost, waiting.len()), (3, CALLS));
        assert!(!waiting.call(call(10)), "a newer record of the same call takes no more room");
        let batch = waiting.take(2);
        assert_eq!(batch.calls[0].id, CallId(4));
        waiting.put_back(batch);
        assert_eq!(waiting.len(), CALLS);
    }
}
