//! The one machine that decides: every call of the office, and the queue of what is to be done.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::Arc;
use std::time::Instant;

use tracing::debug;

use crate::duty::DutyWish;
use crate::engine::agent::ledger::Ledger;
use crate::engine::agent::presence::Presence;
use crate::engine::bells::Bells;
use crate::engine::call::call::Call;
use crate::engine::call::customers::lead_of;
use crate::engine::call::desk::{Desk, Ids};
use crate::engine::call::draft::Ending;
use crate::engine::command::{Command, KeepCommand};
use crate::engine::conversation::conversations::Conversations;
use crate::engine::input::Input;
use crate::engine::lamps::Lamps;
use crate::engine::mailbox::Mailbox;
use crate::engine::opening::Switches;
use crate::engine::queue::promises::Callbacks;
use crate::engine::queue::queue::Queues;
use crate::engine::targets::Targets;
use crate::engine::workflow::follow_ups::FollowUps;
use crate::history::call_id::CallId;
use crate::history::call_record::Direction;
use crate::history::missed_reason::MissedReason;
use crate::history::remembered::Remembered;
use crate::history::trail::trail::Decision;
use crate::leg::{HangupCause, LegId};
use crate::live::{LiveAgent, Update};
use crate::office::device::Username;
use crate::office::extension::Extension;
use crate::office::hours::hours::HoursName;
use crate::office::phone_number::PhoneNumber;
use crate::office::snapshot::Office;
use crate::time::Moment;

/// Twenty times the busiest office we build for (goals.md: 50 calls at peak).
const MOST_CALLS: usize = 1_000;

/// Kept free above that for emergency numbers.
const EMERGENCY_RESERVE: usize = 20;

/// Whether new calls are let in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Doors {
    Open,
    Closed,
}

/// See ARCHITECTURE.md, "How state machines are written": feed one input, perform every command
/// until `None`, then sleep until the next input or the timeout.
#[derive(Clone, Debug)]
pub struct CallEngine {
    pub(crate) office: Arc<Office>,
    doors: Doors,
    pub(crate) calls: BTreeMap<CallId, Call>,
    /// Every leg that lives or has yet to report its end.
    pub(crate) legs: BTreeMap<LegId, CallId>,
    /// Legs that were told to end, and when we stop waiting for the word that they have.
    pub(crate) ending: BTreeMap<LegId, Instant>,
    pub(crate) presence: Presence,
    pub(crate) switches: Switches,
    /// Numbers that were the office's and are no longer (P3).
    released: BTreeSet<PhoneNumber>,
    /// What watchers were last told of each agent.
    pub(crate) announced: BTreeMap<Extension, LiveAgent>,
    pub(crate) ledger: Ledger,
    pub(crate) queues: Queues,
    pub(crate) mailbox: Mailbox,
    pub(crate) lamps: Lamps,
    pub(crate) callbacks: Callbacks,
    pub(crate) ids: Ids,
    next_call: CallId,
    pub(crate) bells: Bells,
    pub(crate) conversations: Conversations,
    pub(crate) follow_ups: FollowUps,
    pub(crate) targets: Targets,
    pub(crate) commands: VecDeque<Command>,
}

impl CallEngine {
    /// `first_call` is the first number that no call of the history has.
    #[must_use]
    pub fn new(office: Arc<Office>, first_call: CallId) -> Self {
        let mut presence = Presence::default();
        for agent in office.agents.keys() {
            presence.touch(agent.clone());
        }
        Self {
            office,
            doors: Doors::Open,
            calls: BTreeMap::new(),
            legs: BTreeMap::new(),
            ending: BTreeMap::new(),
            presence,
            switches: Switches::default(),
            released: BTreeSet::new(),
            announced: BTreeMap::new(),
            ledger: Ledger::default(),
            queues: Queues::default(),
            mailbox: Mailbox::default(),
            lamps: Lamps::default(),
            callbacks: Callbacks::default(),
            ids: Ids::default(),
            next_call: first_call,
            bells: Bells::default(),
            conversations: Conversations::default(),
            follow_ups: FollowUps::default(),
            targets: Targets::default(),
            commands: VecDeque::new(),
        }
    }

    pub fn handle(&mut self, input: Input, now: Moment) {
        match input {
            Input::OfficeChanged(office) => self.office_changed(office, now),
            Input::Remembered(remembered) => self.remembered(*remembered, now),
            Input::SwitchHours { hours, open, who } => self.switch_hours(&hours, open, &who, now),
            Input::Leg(event) => self.leg_event(event, now),
            Input::Digit { leg, digit } => {
                self.leg_told(leg, now, |call, desk| call.digit_pressed(leg, digit, desk));
            }
            Input::PlayEnded { leg, play } => {
                self.leg_told(leg, now, |call, desk| call.play_ended(leg, play, desk));
            }
            Input::MediaLost { leg } => {
                self.leg_told(leg, now, |call, desk| call.media_lost(leg, desk));
            }
            Input::SoundTrouble { leg, trouble } => {
                self.leg_told(leg, now, |call, desk| call.sounds_odd(leg, trouble, desk));
            }
            Input::Registered { device, registered } => self.registered(device, registered),
            Input::PlayTo { agent, listening } => {
                let id = self.next_call_id();
                let call = Call::asked_to_hear(id, &agent, listening, &self.desk(now));
                self.begin(call, false, now);
            }
            Input::Originate { agent, dialled, number } => {
                if let Some(number) = number {
                    self.agent_wishes(&agent, DutyWish::Show(Some(number)), now);
                }
                self.originate(&agent, &dialled, now);
            }
            Input::Conversation { file, wish, who } => {
                self.conversation_wished(*file, wish, &who, now);
            }
            Input::FollowUp { id, file } => self.follow_up_found(&id, file, now),
            Input::CallBack { file, agent } => self.call_back(file, &agent, now),
            Input::Agent { agent, wish } => self.agent_wishes(&agent, wish, now),
            Input::SoundRoom { sound, volume } => self.sound_room(sound, volume),
            Input::Record { call, wish } => {
                self.call_told(call, now, |call, desk| call.recording_wished(wish, desk));
            }
            Input::Conference { call, wish } => {
                self.call_told(call, now, |call, desk| call.conference_wished(&wish, desk));
            }
            Input::RecordingBegan { recording, name } => {
                self.call_told(name.call, now, |call, desk| {
                    call.recording_began(recording, &name, desk)
                });
            }
            Input::RecordingEnded { recording, call, end, length, spoken } => {
                self.call_told(call, now, |call, desk| {
                    call.recording_ended(recording, end, (length, spoken), desk)
                });
            }
            Input::WebhookEnded { id, call, step, end } => {
                self.webhook_ended((id, call), step, end, now);
            }
            Input::TodayCounted(today) => self.today_counted(&today, now),
            Input::Message { name, wish, who } => {
                self.commands.extend(self.mailbox.wished(&name, wish, &who, now));
            }
            Input::Queue { call, wish, who } => self.queue_wished(call, wish, &who, now),
            Input::HangUp { call } => {
                self.call_told(call, now, Call::ended_by_admin);
            }
            Input::Stop => {
                self.doors = Doors::Closed;
                for call in self.calls.keys().copied().collect::<Vec<_>>() {
                    self.call_told(call, now, Call::stopped);
                }
            }
        }
        self.settle(now);
        self.wrap_ups_end(now);
        self.commands.extend(self.lamps.light(&mut self.mailbox, &self.office));
        self.commands.extend(self.conversations.take_commands());
    }

    /// What to do next, in order.
    pub fn poll_command(&mut self) -> Option<Command> {
        self.commands.pop_front()
    }

    /// What was still to be done is somebody else's.
    pub(crate) fn forget_commands(&mut self) {
        self.commands.clear();
    }

    /// When [`Self::handle_timeout`] wants to be called, and why.
    #[must_use]
    pub fn poll_timeout(&self) -> Option<(Instant, &'static str)> {
        let calls = self.calls.values().filter_map(Call::poll_timeout);
        let endings = self.ending.values().map(|until| (*until, "a leg's end"));
        let bell = self.bells.poll_timeout().map(|at| (at, "a bell"));
        let snooze = self.conversations.poll_timeout().map(|at| (at, "a conversation that waits"));
        let wrap_up = self.presence.duties.poll_timeout().map(|at| (at, "wrap-up"));
        let callback = self.callbacks.poll_timeout().map(|at| (at, "a call back"));
        let follow_up = self.follow_ups.poll_timeout().map(|at| (at, "work after a call"));
        let count = self.targets.poll_timeout().map(|at| (at, "a look at today's figures"));
        let rest = [bell, wrap_up, snooze, follow_up, callback, count].into_iter().flatten();
        calls.chain(endings).chain(rest).min_by_key(|(due, _)| *due)
    }

    /// The same for the log of agents, which goes on however little there is to do.
    #[must_use]
    pub fn poll_mark(&self) -> Option<Instant> {
        self.presence.statuses.mark()
    }

    /// Also to be called once at the start, to look at the clock.
    pub fn handle_timeout(&mut self, now: Moment) {
        self.ring_bells(now);
        self.remind(now);
        self.conversations.handle_timeout(now);
        self.callbacks_due(now);
        for agent in self.presence.duties.handle_timeout(now) {
            self.presence.touch(agent);
        }
        let is_due = |call: &Call| call.poll_timeout().is_some_and(|(due, _)| due <= now.ticks);
        let due: Vec<CallId> =
            self.calls.iter().filter(|(_, call)| is_due(call)).map(|(id, _)| *id).collect();
        for call in due {
            self.call_told(call, now, Call::handle_timeout);
        }
        self.forget_overdue_legs(now);
        self.settle(now);
        self.wrap_ups_end(now);
        self.commands.extend(self.lamps.light(&mut self.mailbox, &self.office));
        self.commands.extend(self.conversations.take_commands());
        self.mark_agent_log(now);
        self.follow_ups_due(now);
        self.targets_due(now);
    }

    fn office_changed(&mut self, office: Arc<Office>, now: Moment) {
        for agent in self.office.agents.keys().chain(office.agents.keys()) {
            self.presence.touch(agent.clone());
        }
        if self.office.speaker.bells != office.speaker.bells {
            self.bells.changed(&office.speaker.bells, now);
        }
        self.presence.duties.office_changed(&office);
        let gone = self.office.numbers.keys().filter(|number| !office.numbers.contains_key(number));
        self.released.extend(gone.cloned());
        self.released.retain(|number| !office.numbers.contains_key(number));
        let before = std::mem::replace(&mut self.office, office);
        self.targets_changed(&before, now);
        self.mailbox.office_changed();
        self.commands.push_back(Command::Publish(Update::OfficeChanged));
    }

    fn switch_hours(&mut self, name: &HoursName, open: Option<bool>, who: &str, now: Moment) {
        let Some(hours) = self.office.hours.get(name) else {
            debug!(hours = %name, "hours that are not there are switched");
            return;
        };
        let switch = self.switches.switch(hours, open, who, now.wall);
        self.commands.push_back(Command::Keep(KeepCommand::HoursSwitched(switch)));
        let update = Update::HoursSwitched { hours: name.to_string() };
        self.commands.push_back(Command::Publish(update));
        // C14: who waits in a queue learns at once that it is closed.
        for ticket in self.queues.in_order() {
            self.call_told(ticket.call, now, Call::look_again);
        }
    }

    fn registered(&mut self, device: Username, registered: bool) {
        if let Some((agent, _)) = self.office.device(&device) {
            self.presence.touch(agent.extension.clone());
        }
        let update = Update::Registration { device: device.to_string(), registered };
        self.commands.push_back(Command::Publish(update));
        self.presence.registered(device, registered);
    }

    fn originate(&mut self, agent: &Extension, dialled: &str, now: Moment) {
        let id = self.next_call_id();
        let call = Call::asked_for(id, agent, dialled, &self.desk(now));
        let emergency = self.office.dial_out.is_emergency(dialled);
        self.begin(call, emergency, now);
    }

    pub(crate) fn begin(&mut self, mut call: Call, emergency: bool, now: Moment) {
        let id = call.record().id;
        self.joins_conversation(&mut call, now);
        let inbound = call.record().direction == Direction::Inbound;
        self.commands
            .push_back(Command::Keep(KeepCommand::CallStarted(Box::new(call.record().clone()))));
        let lead = lead_of(&call, &self.office);
        let reserve = if emergency && !inbound { EMERGENCY_RESERVE } else { 0 };
        let full = self.calls.len() >= MOST_CALLS + reserve;
        self.calls.insert(id, call);
        match self.doors {
            Doors::Open if full => self.call_told(id, now, |call, desk| {
                call.draft.note(Decision::TooManyCalls { limit: MOST_CALLS }, desk.now);
                let cause = HangupCause::Overloaded;
                let ending = if inbound {
                    Ending::missed(MissedReason::ConcurrencyLimit, cause)
                } else {
                    Ending::failed(cause)
                };
                call.refuse(ending, desk.now)
            }),
            Doors::Open => self.call_told(id, now, Call::begin),
            Doors::Closed => self.call_told(id, now, Call::stopped),
        }
        self.commands.extend(lead.map(|lead| Command::Keep(KeepCommand::LeadMet(lead))));
    }

    pub(crate) fn next_call_id(&mut self) -> CallId {
        let id = self.next_call;
        self.next_call = CallId(id.0 + 1);
        id
    }

    pub(crate) fn desk(&mut self, now: Moment) -> Desk<'_> {
        Desk {
            office: &self.office,
            presence: &mut self.presence,
            ledger: &mut self.ledger,
            queues: &self.queues,
            mailbox: &mut self.mailbox,
            callbacks: &mut self.callbacks,
            switches: &self.switches,
            released: &self.released,
            conversations: &self.conversations,
            ids: &mut self.ids,
            now,
        }
    }

    /// Tells one call, takes over what it wants done, and closes it when that was its end.
    pub(crate) fn call_told(
        &mut self,
        id: CallId,
        now: Moment,
        tell: impl FnOnce(&mut Call, &mut Desk<'_>) -> Vec<Command>,
    ) {
        let Some(mut call) = self.calls.remove(&id) else {
            debug!(call = %id, "news of a call that is over");
            return;
        };
        let before = (!call.is_new()).then(|| call.live());
        let room = call.room().cloned();
        let commands = tell(&mut call, &mut self.desk(now));
        for command in commands {
            self.account_for(&command, &call, now);
            self.commands.push_back(command);
        }
        self.room_told(room.as_ref(), call.room().cloned());
        self.follow(&mut call, now);
        if !self.callbacks.is_promised(id) {
            self.queues.waits(id, call.waits_for());
        }
        self.presence.waits_silently(id, call.silent_agent());
        if call.is_over() {
            self.call_leaves_work(&call, now);
            self.conversation_goes_on(&call, now);
            self.callback_ended(&call, now);
            self.plan_follow_ups(&call, now);
            self.commands
                .push_back(Command::Keep(KeepCommand::CallEnded(Box::new(call.record().clone()))));
            self.commands.push_back(Command::Publish(Update::CallEnded { id }));
            return;
        }
        let after = call.live();
        if before.as_ref() != Some(&after) {
            self.commands.push_back(Command::Publish(Update::Call { call: Box::new(after) }));
        }
        self.calls.insert(id, call);
    }

    fn remembered(&mut self, remembered: Remembered, now: Moment) {
        self.switches.remember(remembered.switches);
        self.released = remembered.released;
        self.mailbox.remember(remembered.messages);
        self.conversations_remembered(remembered.conversations, now);
        self.callbacks_remembered(remembered.callbacks, now);
        self.follow_ups.remember(remembered.follow_ups, now);
        self.targets.remember(remembered.alarms);
        self.targets.plan(&self.office, now);
    }
}
