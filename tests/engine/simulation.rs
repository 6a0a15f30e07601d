//! A clock that the test winds, and a desk that plays SIP and media for the engine.

use std::sync::Arc;
use std::time::Duration;

use naru::engine::call_engine::CallEngine;
use naru::engine::command::{Command, KeepCommand, LegCommand, SoundCommand};
use naru::engine::input::Input;
use naru::history::call_id::CallId;
use naru::history::call_record::CallRecord;
use naru::history::trail::trail::Decision;
use naru::leg::{Arrival, HangupCause, LegEvent, LegId, Origin, PlayId, RingRequest, Target};
use naru::live::{AgentState, Stage, Update};
use naru::office::announcement::Sound;
use naru::office::device::Username;
use naru::office::document::document::parse;
use naru::office::extension::Extension;
use naru::office::snapshot::Office;
use naru::office::trunk::TrunkName;
use naru::time::Moment;

pub(crate) const OFFICE: &str = r#"
agents:
  - {extension: "101", name: 김민지, unassigned_calls: true, call_waiting: false, devices: [{username: "101", password: a}, {username: 101-soft, password: a}]}
  - {extension: "102", name: Lee Jun, unassigned_calls: true, call_waiting: false, devices: [{username: "102", password: b}]}
  - {extension: "103", name: Park, call_waiting: false, devices: [{username: "103", password: c}]}
teams:
  - {name: support, members: ["102", "103"]}
trunks:
  - {name: carrier, peer: "192.0.2.10:5060", blocks: ["+827012345600-+827012345699"], presentable: ["+8215881234"]}
  - {name: second, peer: "192.0.2.20:5060", blocks: ["+8225550100-+8225550199"], format: national}
numbers:
  - {number: "+827012345670", default: true, presented: "+8215881234", route: off, announcements: {all_busy: {ko: built-in}}}
  - number: "+827012345671"
    route: {team: support}
    ring_time: 20s
    announcements: {greeting: {ko: built-in, en: built-in}, all_busy: {ko: built-in, en: built-in, ja: built-in}}
  - {number: "+827012345672", route: {agent: "103"}, ringback: national, announcements: {all_busy: {}}}
  - {number: "+8225550100", route: {agent: "101"}, ringback: national, announcements: {greeting: {ko: built-in}}}
policies:
  dial_out: {countries: ["+82", "+81"], emergency: ["112", "119"]}
"#;

pub(crate) fn office() -> Office {
    parse(OFFICE, None).unwrap()
}

pub(crate) fn office_with(part: &str, by: &str) -> Office {
    assert!(OFFICE.contains(part), "{part}");
    parse(&OFFICE.replacen(part, by, 1), None).unwrap()
}

pub(crate) fn extension(digits: &str) -> Extension {
    Extension::parse(digits).unwrap()
}

pub(crate) fn username(name: &str) -> Username {
    Username::parse(name).unwrap()
}

pub(crate) struct Desk {
    pub(crate) engine: CallEngine,
    pub(crate) now: Moment,
    /// What the engine wanted, without what is published.
    pub(crate) commands: Vec<Command>,
    pub(crate) updates: Vec<Update>,
    pub(crate) started: Vec<CallRecord>,
    pub(crate) ended: Vec<CallRecord>,
    rung: Vec<RingRequest>,
    arrivals: u64,
}

impl Desk {
    /// An office where every phone is registered.
    pub(crate) fn open() -> Self {
        Self::open_with(office())
    }

    pub(crate) fn open_with(office: Office) -> Self {
        let devices: Vec<Username> = office
            .agents
            .values()
            .flat_map(|agent| agent.devices.iter().map(|device| device.username.clone()))
            .collect();
        let mut desk = Self {
            engine: CallEngine::new(Arc::new(office), CallId(1)),
            now: naru::clock::now(),
            commands: Vec::new(),
            updates: Vec::new(),
            started: Vec::new(),
            ended: Vec::new(),
            rung: Vec::new(),
            arrivals: 0,
        };
        for device in devices {
            desk.tell(Input::Registered { device, registered: true });
        }
        desk.updates.clear();
        // What agents are at the start is written down.
        desk.commands.clear();
        desk
    }

    pub(crate) fn unregisters(&mut self, device: &str) {
        self.tell(Input::Registered { device: username(device), registered: false });
    }

    /// Feeds one input and does what the engine wants; legs end as soon as they are told to.
    pub(crate) fn tell(&mut self, input: Input) {
        self.engine.handle(input, self.now);
        self.perform();
    }

    pub(crate) fn perform(&mut self) {
        while let Some(command) = self.engine.poll_command() {
            match &command {
                Command::Leg(LegCommand::Ring(request)) => self.rung.push(request.clone()),
                Command::Leg(LegCommand::HangUp { leg, cause }) => {
                    let ended = LegEvent::Ended { leg: *leg, cause: *cause };
                    self.engine.handle(Input::Leg(ended), self.now);
                }
                Command::Keep(KeepCommand::CallStarted(record)) => {
                    self.started.push((**record).clone());
                }
                Command::Keep(KeepCommand::CallEnded(record)) => {
                    self.ended.push((**record).clone());
                }
                Command::Publish(update) => {
                    self.updates.push(update.clone());
                    continue;
                }
                Command::Leg(_)
                | Command::Sound(_)
                | Command::Keep(_)
                | Command::Conference(_)
                | Command::Record(_)
                | Command::RoomSound(_)
                | Command::CountToday(_)
                | Command::Lamp { .. }
                | Command::Post(_) => {}
            }
            self.commands.push(command);
        }
    }

    fn arrives(&mut self, origin: Origin, caller_number: &str, dialled: &str) -> LegId {
        self.arrivals += 1;
        let leg = LegId::arrived(self.arrivals);
        self.tell(Input::Leg(LegEvent::Arrived(Arrival {
            leg,
            origin,
            dialled: dialled.to_owned(),
            caller_number: caller_number.to_owned(),
            caller_name: String::new(),
        })));
        leg
    }

    /// A phone dials.
    pub(crate) fn dials(&mut self, device: &str, digits: &str) -> LegId {
        self.arrives(Origin::Device(username(device)), "", digits)
    }

    /// A customer calls a number by the first trunk.
    pub(crate) fn calls(&mut self, caller: &str, number: &str) -> LegId {
        self.arrives(Origin::Trunk(TrunkName("carrier".to_owned())), caller, number)
    }

    pub(crate) fn rings(&mut self, leg: LegId) {
        self.tell(Input::Leg(LegEvent::Ringing { leg }));
    }

    pub(crate) fn sounds(&mut self, leg: LegId) {
        self.tell(Input::Leg(LegEvent::EarlyMedia { leg }));
    }

    pub(crate) fn answers(&mut self, leg: LegId) {
        self.tell(Input::Leg(LegEvent::Answered { leg }));
    }

    pub(crate) fn ends(&mut self, leg: LegId, cause: HangupCause) {
        self.tell(Input::Leg(LegEvent::Ended { leg, cause }));
    }

    pub(crate) fn hangs_up(&mut self, leg: LegId) {
        self.ends(leg, HangupCause::Normal);
    }

    /// The caller presses a key.
    pub(crate) fn presses(&mut self, leg: LegId, digit: char) {
        self.tell(Input::Digit { leg, digit });
    }

    /// The clip that plays to the leg is over.
    pub(crate) fn clip_ends(&mut self, leg: LegId) {
        let (play, _) = self.hears(leg).unwrap();
        self.tell(Input::PlayEnded { leg, play });
    }

    /// Time goes by, with every timeout on its way.
    pub(crate) fn passes(&mut self, seconds: u64) {
        let end = self.now.after(Duration::from_secs(seconds));
        while let Some((due, _)) = self.engine.poll_timeout() {
            if due > end.ticks {
                break;
            }
            self.now = self.now.after(due.saturating_duration_since(self.now.ticks));
            self.engine.handle_timeout(self.now);
            self.perform();
        }
        self.now = self.now.after(end.ticks.saturating_duration_since(self.now.ticks));
    }

    /// The last sound that was started on the leg.
    pub(crate) fn hears(&self, leg: LegId) -> Option<(PlayId, Sound)> {
        self.commands.iter().rev().find_map(|command| match command {
            Command::Sound(SoundCommand::Play { leg: to, play, sound, .. }) if *to == leg => {
                Some((*play, sound.clone()))
            }
            _ => None,
        })
    }

    /// The leg that last rang this phone.
    pub(crate) fn phone(&self, device: &str) -> LegId {
        let target = Target::Device(username(device));
        let request = self.rung.iter().rev().find(|request| request.target == target);
        request.unwrap_or_else(|| panic!("{device} never rang")).leg
    }

    /// The last call that went out by a trunk.
    pub(crate) fn outside(&self) -> RingRequest {
        let by_trunk = |request: &&RingRequest| matches!(request.target, Target::Trunk { .. });
        self.rung.iter().rev().find(by_trunk).unwrap().clone()
    }

    /// The phones rung so far, and trunks with what was dialled there.
    pub(crate) fn rung(&self) -> Vec<String> {
        self.rung
            .iter()
            .map(|request| match &request.target {
                Target::Device(device) => device.to_string(),
                Target::Trunk { trunk, dialled } => format!("{trunk}:{dialled}"),
            })
            .collect()
    }

    pub(crate) fn is_joined(&self, one: LegId, other: LegId) -> bool {
        self.commands.contains(&Command::Sound(SoundCommand::Join { one, other }))
    }

    /// Why we hung the leg up.
    pub(crate) fn hung_up(&self, leg: LegId) -> Option<HangupCause> {
        self.commands.iter().find_map(|command| match command {
            Command::Leg(LegCommand::HangUp { leg: ended, cause }) if *ended == leg => Some(*cause),
            _ => None,
        })
    }

    /// Where the command stands in the order of all of them.
    pub(crate) fn place(&self, command: &Command) -> usize {
        self.commands
            .iter()
            .position(|given| given == command)
            .unwrap_or_else(|| panic!("{command:?} is missing in {:#?}", self.commands))
    }

    pub(crate) fn state(&self, agent: &str) -> AgentState {
        let live = self.engine.live();
        live.agents.into_iter().find(|live| live.extension == extension(agent)).unwrap().state
    }

    pub(crate) fn stage(&self) -> Option<Stage> {
        self.engine.live().calls.first().map(|call| call.stage)
    }

    /// The record of the only call, which is over.
    pub(crate) fn record(&self) -> &CallRecord {
        assert_eq!((self.started.len(), self.ended.len()), (1, 1), "one call, one record");
        assert!(self.engine.live().calls.is_empty());
        let record = &self.ended[0];
        assert!(record.legs.iter().all(|leg| leg.ended.is_some() && leg.cause.is_some()));
        record
    }

    pub(crate) fn decided(&self, wanted: impl Fn(&Decision) -> bool) -> bool {
        self.record().trail.iter().any(|entry| wanted(&entry.decision))
    }
}
