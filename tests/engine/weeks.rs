//! A whole office for weeks: customers in menus and queues, agents with breaks and after-call work,
//! hours that end, holidays, hands on the switch, admins who change everything meanwhile, and
//! crashes. A model of its own knows who may be rung, and what the figures must come to.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use naru::duty::{Activity, Duty, DutyWish};
use naru::engine::call_engine::CallEngine;
use naru::engine::command::{Command, ConferenceCommand, KeepCommand, LegCommand, SoundCommand};
use naru::engine::input::Input;
use naru::history::call_filter::CallFilter;
use naru::history::call_id::CallId;
use naru::history::call_record::{CallRecord, Direction, Outcome};
use naru::history::conversation::conversation::Conversation;
use naru::history::figures::figures::{CallFigures, Figures, FiguresFilter, TARGET};
use naru::history::figures::span::Span;
use naru::history::hours_switch::HoursSwitch;
use naru::history::missed_reason::MissedReason;
use naru::history::office_change::Signature;
use naru::history::remembered::Remembered;
use naru::leg::{
    Arrival, ConferenceWish, HangupCause, LegEvent, LegId, Origin, PlayId, RingRequest, Target,
};
use naru::live::{LiveCall, Stage};
use naru::office::document::document::parse;
use naru::office::extension::Extension;
use naru::office::hours::hours::HoursName;
use naru::office::phone_number::PhoneNumber;
use naru::office::route::Route;
use naru::office::snapshot::Office;
use naru::office::team::TeamName;
use naru::office::trunk::TrunkName;
use naru::office::wrap_up::WrapUpRule;
use naru::store::open::open;
use naru::store::reader::Reader;
use naru::store::run::start;
use naru::time::Moment;

use crate::dice::{Dice, Seed};
use crate::simulation::{extension, username};
use crate::weeks_hours;

const AGENTS: [&str; 6] = ["101", "102", "103", "104", "105", "106"];
const NUMBERS: [&str; 5] =
    ["+827012345671", "+827012345672", "+827012345673", "+827012345674", "+827012345675"];
/// A menu before the agents, and one for who waits. `hours` are those of Seoul's week.
const SCRIPTS: &str = r#"
workflows:
  - name: main
    trigger: customer_called
    steps:
      - {name: menu, menu: {say: greeting, keys: {"1": queue, "2": all, "3": closed, "9": bye, "0": done}, wait: 5s, tries: 2}}
      - {name: queue, assign: {team: queue}, next: connect}
      - {name: connect, connect: {unavailable: sorry}}
      - {name: all, assign: {team: all}, next: try}
      - {name: try, connect: {unavailable: other}}
      - {name: other, clear: team, next: queue}
      - {name: sorry, say: all_busy}
      - {name: closed, say: closed}
      - {name: bye, hang_up: missed}
      - {name: done, hang_up: done}
  - name: patience
    trigger: call_queued
    delay: 20s
    repeat: 3
    steps:
      - {name: offer, menu: {say: all_busy, keys: {"1": leave, "2": raise}, star: wait, wait: 5s, tries: 1}}
      - {name: leave, hang_up: missed}
      - {name: raise, priority: high, next: end}
hours:
  - {name: day, timezone: Asia/Seoul, week: {mon: ["08:00-12:00", "13:00-20:00"], tue: ["08:00-20:00"], wed: ["08:00-20:00"], thu: ["08:00-20:00"], fri: ["08:00-20:00"], sat: ["09:00-13:00"]}, holidays: [{date: 2026-11-25, name: 쉬는 날}]}
  - {name: long, timezone: Asia/Seoul, week: {mon: ["06:00-24:00"], tue: ["00:00-24:00"], wed: ["00:00-24:00"], thu: ["00:00-24:00"], fri: ["00:00-24:00"], sat: ["00:00-24:00"], sun: ["10:00-22:00"]}}
"#;
/// Monday, 23 November 2026, 07:00 in Seoul, after 1970.
const MORNING: Duration = Duration::from_secs(1_795_359_600 + 7 * 3_600);
/// The longest that a phone of this office needs until it rings, with some rounding.
const SLACK: i64 = 2_000;

/// Team `queue` is automatic, `all` rings at once; what stands in the places differs by the day.
fn office(assignment: &str, members: &str, wrap_up: &str) -> Arc<Office> {
    let agents: String = AGENTS
        .iter()
        .map(|agent| {
            format!(
                "  - {{extension: \"{agent}\", name: A{agent}, unassigned_calls: true, \
                 devices: [{{username: \"{agent}\", password: x}}]}}\n"
            )
        })
        .collect();
    let text = format!(
        "agents:\n{agents}teams:\n\
         \x20 - {{name: queue, members: [{members}], assignment: {assignment}}}\n\
         \x20 - {{name: all, members: [\"104\", \"105\", \"106\"], wrap_up: {{limit: 20s}}}}\n\
         trunks:\n  - {{name: carrier, peer: \"192.0.2.10:5060\", blocks: [\"+827012345600-+827012345699\"]}}\n\
         numbers:\n\
         \x20 - {{number: \"{}\", default: true, route: {{team: queue}}, hours: day, ring_time: 20s, announcements: {{greeting: {{ko: built-in}}, all_busy: {{ko: built-in}}}}}}\n\
         \x20 - {{number: \"{}\", route: {{team: queue}}, hours: long, priority: high, ring_time: 15s, announcements: {{closed: {{ko: built-in}}}}}}\n\
         \x20 - {{number: \"{}\", route: {{team: all}}, ring_time: 30s}}\n\
         \x20 - {{number: \"{}\", route: off, ring_time: 10s}}\n\
         \x20 - {{number: \"{}\", route: {{workflow: main}}, hours: day, ring_time: 15s}}\n\
         policies:\n  wrap_up: {wrap_up}\n  dial_out: {{countries: [\"+82\"]}}\n{SCRIPTS}",
        NUMBERS[0], NUMBERS[1], NUMBERS[2], NUMBERS[3], NUMBERS[4]
    );
    Arc::new(parse(&text, None).unwrap())
}

fn offices() -> Vec<Arc<Office>> {
    let three = r#""101", "102", "103""#;
    vec![
        office("longest_idle", three, "{enabled: true, limit: 30s}"),
        office("fast_response", three, "{enabled: true, limit: none}"),
        office("previous_agent", r#""101", "102", "103", "104""#, "{enabled: false}"),
        office("manual", three, "{enabled: true, limit: 10s}"),
        office("longest_idle", r#""102""#, "{enabled: true, limit: 2m}"),
    ]
}

/// What an agent has said, and until when there is work left: `None` for ever.
#[derive(Clone, Debug, Default)]
struct Said {
    seat_empty: bool,
    away: bool,
    silent: bool,
    wrap_up: Option<Option<u64>>,
    /// When they last wanted to hear nothing: a call given to them then may still be theirs.
    was_silent: Option<u64>,
}

#[derive(Clone, Debug)]
struct Leg {
    /// Whose phone; `None` is somebody outside.
    agent: Option<Extension>,
    /// The customer for whom it rings, by their number.
    customer: Option<String>,
    /// A phone that was picked up.
    talks: bool,
    dying: bool,
}

#[derive(Clone, Copy, Debug)]
enum Happens {
    CustomerCalls,
    PhoneDials,
    Wish,
    OfficeChanges,
    HandSwitches,
    Crash,
    Presses(LegId, char),
    /// Somebody asks a colleague to a call.
    Invites,
    /// A phone holds, or takes back.
    Holds,
    Rings(LegId),
    Answers(LegId),
    Ends(LegId, HangupCause),
    ClipEnds(LegId, PlayId),
}

struct Weeks {
    engine: CallEngine,
    dice: Dice,
    start: Moment,
    /// Milliseconds since the start.
    now: u64,
    offices: Vec<Arc<Office>>,
    office: Arc<Office>,
    to_come: BTreeMap<(u64, u64), Happens>,
    happened: u64,
    customers: u64,
    said: BTreeMap<Extension, Said>,
    legs: BTreeMap<LegId, Leg>,
    /// To whom each customer's call was given already.
    given: BTreeMap<String, BTreeSet<Extension>>,
    /// Who stood where in the queue before the last event: team and place.
    queued: BTreeMap<String, (String, usize)>,
    started: BTreeSet<CallId>,
    /// Written down as begun, and not yet as ended.
    open: BTreeMap<CallId, CallRecord>,
    /// What a crash has left open.
    interrupted: BTreeMap<CallId, CallRecord>,
    /// Customers who have talked with somebody.
    talked: BTreeSet<String>,
    switches: BTreeMap<HoursName, HoursSwitch>,
    /// Every hand, as a store keeps them.
    hands: Vec<HoursSwitch>,
    duties: BTreeMap<Extension, Duty>,
    ended: Vec<CallRecord>,
    /// Which number each customer called.
    called: BTreeMap<String, &'static str>,
    /// Whose call each customer's is, as their conversation has it.
    teams: BTreeMap<String, TeamName>,
    /// Whether what rings now was asked to come to a call.
    inviting: bool,
    /// How many came to a call, and how many of them left it before its end.
    guests: (usize, usize),
}

impl Weeks {
    fn new(seed: u64) -> Self {
        let offices = offices();
        let office = Arc::clone(&offices[0]);
        let mut weeks = Self {
            engine: CallEngine::new(Arc::clone(&office), CallId(1)),
            dice: Dice::new(seed),
            start: Moment { wall: SystemTime::UNIX_EPOCH + MORNING, ..naru::clock::now() },
            now: 0,
            offices,
            office,
            to_come: BTreeMap::new(),
            happened: 0,
            customers: 0,
            said: AGENTS.iter().map(|agent| (extension(agent), Said::default())).collect(),
            legs: BTreeMap::new(),
            given: BTreeMap::new(),
            queued: BTreeMap::new(),
            started: BTreeSet::new(),
            open: BTreeMap::new(),
            interrupted: BTreeMap::new(),
            talked: BTreeSet::new(),
            switches: BTreeMap::new(),
            hands: Vec::new(),
            duties: BTreeMap::new(),
            ended: Vec::new(),
            called: BTreeMap::new(),
            teams: BTreeMap::new(),
            inviting: false,
            guests: (0, 0),
        };
        weeks.phones_register();
        for first in
            [Happens::CustomerCalls, Happens::PhoneDials, Happens::Wish, Happens::OfficeChanges]
                .into_iter()
                .chain([Happens::Invites, Happens::Holds])
        {
            weeks.plan(1_000, first);
        }
        weeks.plan(10_000_000, Happens::HandSwitches);
        weeks.plan(20_000_000, Happens::Crash);
        weeks
    }

    fn phones_register(&mut self) {
        for agent in AGENTS {
            let device = username(agent);
            self.tell(Input::Registered { device, registered: true });
        }
    }

    /// The engine is gone in the midst of it all; another begins with what was written down.
    fn crash(&mut self) {
        self.plan_between(20_000_000, 90_000_000, Happens::Crash);
        self.to_come.retain(|_, what| !is_of_a_leg(what));
        self.legs.clear();
        self.queued.clear();
        for record in self.open.values() {
            self.talked.remove(&record.from);
        }
        self.interrupted.append(&mut self.open);
        self.now += self.dice.between(1_000, 60_000);
        let next = self.started.last().map_or(1, |last| last.0 + 1);
        self.engine = CallEngine::new(Arc::clone(&self.office), CallId(next));
        let now = self.moment();
        self.engine.recall(self.duties.values().cloned().collect(), &[], now);
        let switches = self.switches.values().cloned().collect();
        let remembered = Remembered { switches, ..Remembered::default() };
        self.engine.handle(Input::Remembered(Box::new(remembered)), now);
        self.perform();
        self.engine.handle_timeout(now);
        self.phones_register();
        for agent in self.engine.live().agents {
            let said = &self.said[&agent.extension];
            let away = agent.activity != Activity::Available;
            let told = (!agent.seat, away, agent.do_not_disturb, agent.wrap_up.is_some());
            let known = (said.seat_empty, said.away, said.silent, self.is_wrapping_up(said));
            assert_eq!(told, known, "{} is known again", agent.extension);
        }
    }

    fn moment(&self) -> Moment {
        self.start.after(Duration::from_millis(self.now))
    }

    fn plan(&mut self, wait: u64, what: Happens) {
        self.happened += 1;
        self.to_come.insert((self.now + wait, self.happened), what);
    }

    fn plan_between(&mut self, least: u64, most: u64, what: Happens) {
        let wait = self.dice.between(least, most);
        self.plan(wait, what);
    }

    /// The next event, or the next timeout if that comes first.
    fn step(&mut self) {
        let (&(due, turn), _) = self.to_come.first_key_value().unwrap();
        let timeout = self.engine.poll_timeout().map(|(at, _)| {
            let left = at.saturating_duration_since(self.start.ticks);
            u64::try_from(left.as_nanos().div_ceil(1_000_000)).unwrap()
        });
        if let Some(timeout) = timeout.filter(|timeout| *timeout <= due) {
            self.now = self.now.max(timeout);
            let now = self.moment();
            self.engine.handle_timeout(now);
            self.perform();
        } else {
            let what = self.to_come.remove(&(due, turn)).unwrap();
            // What was due while the office was down comes late.
            self.now = self.now.max(due);
            self.happens(what);
        }
        self.check();
    }

    fn happens(&mut self, what: Happens) {
        match what {
            Happens::CustomerCalls => self.customer_calls(),
            Happens::PhoneDials => self.phone_dials(),
            Happens::Wish => self.somebody_says(),
            Happens::OfficeChanges => {
                self.plan_between(600_000, 7_200_000, Happens::OfficeChanges);
                let at = self.dice.roll(self.offices.len());
                self.office = Arc::clone(&self.offices[at]);
                self.tell(Input::OfficeChanged(Arc::clone(&self.office)));
            }
            Happens::HandSwitches => self.hand_switches(),
            Happens::Crash => self.crash(),
            Happens::Presses(leg, digit) => {
                if self.legs.get(&leg).is_some_and(|leg| !leg.dying) {
                    self.tell(Input::Digit { leg, digit });
                }
            }
            Happens::Rings(leg) => self.tell_of(leg, LegEvent::Ringing { leg }),
            Happens::Invites => self.somebody_invites(),
            Happens::Holds => self.somebody_holds(),
            Happens::Answers(leg) => {
                if let Some(leg) = self.legs.get_mut(&leg).filter(|leg| !leg.dying) {
                    leg.talks = leg.agent.is_some();
                }
                self.tell_of(leg, LegEvent::Answered { leg });
            }
            Happens::Ends(leg, cause) => {
                if let Some(gone) = self.legs.remove(&leg) {
                    self.leaves_early(&gone);
                    self.tell(Input::Leg(LegEvent::Ended { leg, cause }));
                }
            }
            Happens::ClipEnds(leg, play) => self.tell(Input::PlayEnded { leg, play }),
        }
    }

    fn tell_of(&mut self, leg: LegId, event: LegEvent) {
        if self.legs.get(&leg).is_some_and(|leg| !leg.dying) {
            self.tell(Input::Leg(event));
        }
    }

    fn arrives(&mut self, origin: Origin, caller: &str, dialled: &str, leg: Leg) -> LegId {
        self.happened += 1;
        let id = LegId::arrived(self.happened);
        self.legs.insert(id, leg);
        self.tell(Input::Leg(LegEvent::Arrived(Arrival {
            leg: id,
            origin,
            dialled: dialled.to_owned(),
            caller_number: caller.to_owned(),
            caller_name: String::new(),
        })));
        id
    }

    /// Rush hours, quiet ones and nights; some lose patience.
    fn customer_calls(&mut self) {
        let most = match self.now / 3_600_000 % 24 {
            1 | 5 => 30_000,
            0..9 => 600_000,
            _ => 3_600_000,
        };
        self.plan_between(500, most, Happens::CustomerCalls);
        self.customers += 1;
        let caller = format!("+8210{:08}", self.customers);
        let number = NUMBERS[[0, 0, 0, 1, 2, 3, 4, 4][self.dice.roll(8)]];
        self.called.insert(caller.clone(), number);
        let leg = Leg { agent: None, customer: Some(caller.clone()), talks: false, dying: false };
        let origin = Origin::Trunk(TrunkName("carrier".to_owned()));
        let leg = self.arrives(origin, &caller, number, leg);
        self.plan_between(2_000, 900_000, Happens::Ends(leg, HangupCause::Normal));
        // In a menu before the agents, and in one for who waits.
        for most in [12_000, 60_000, 120_000] {
            let digit = ['1', '1', '2', '3', '9', '0', '*', '5'][self.dice.roll(8)];
            if self.dice.roll(3) > 0 {
                self.plan_between(1_000, most, Happens::Presses(leg, digit));
            }
        }
    }

    /// L146: by hand, until the schedule turns.
    fn hand_switches(&mut self) {
        self.plan_between(3_600_000, 30_000_000, Happens::HandSwitches);
        let hours = HoursName(["day", "long"][self.dice.roll(2)].to_owned());
        let open = [Some(true), Some(false), None][self.dice.roll(3)];
        self.tell(Input::SwitchHours { hours, open, who: "admin".to_owned() });
    }

    fn phone_dials(&mut self) {
        self.plan_between(60_000, 900_000, Happens::PhoneDials);
        let from = AGENTS[self.dice.roll(AGENTS.len())];
        let dialled =
            ["101", "104", "01055556666", "*43", "*55", "*78", "*79", "119"][self.dice.roll(8)];
        match dialled {
            "*55" => self.model(from).wrap_up = None,
            "*78" => self.keeps_silent(from, true),
            "*79" => self.keeps_silent(from, false),
            _ => {}
        }
        let leg = Leg { agent: Some(extension(from)), customer: None, talks: false, dying: false };
        let leg = self.arrives(Origin::Device(username(from)), "", dialled, leg);
        self.plan_between(1_000, 120_000, Happens::Ends(leg, HangupCause::Normal));
    }

    /// Of a customer's or a colleague's call, whatever it does just now.
    fn somebody_invites(&mut self) {
        self.plan_between(5_000, 60_000, Happens::Invites);
        let calls = self.engine.live().calls.into_iter();
        let calls: Vec<CallId> = calls
            .filter(|call| call.direction != Direction::Outbound && call.participants.len() > 1)
            .map(|call| call.id)
            .collect();
        let Some(&call) = self.dice.pick(&calls) else { return };
        let wish = ConferenceWish::Invite(extension(AGENTS[self.dice.roll(AGENTS.len())]));
        self.inviting = true;
        self.tell(Input::Conference { call, wish });
        self.inviting = false;
    }

    fn somebody_holds(&mut self) {
        self.plan_between(5_000, 120_000, Happens::Holds);
        let talks: Vec<LegId> = self
            .legs
            .iter()
            .filter(|(_, leg)| leg.talks && !leg.dying)
            .map(|(id, _)| *id)
            .collect();
        let Some(&leg) = self.dice.pick(&talks) else { return };
        let holds = self.dice.roll(2) == 0;
        let event = if holds { LegEvent::Held { leg } } else { LegEvent::Resumed { leg } };
        self.tell(Input::Leg(event));
    }

    /// L33, S19: an agent leaves a customer's call that goes on without them.
    fn leaves_early(&mut self, gone: &Leg) {
        let (Some(agent), Some(customer), true) =
            (&gone.agent, &gone.customer, gone.talks && !gone.dying)
        else {
            return;
        };
        let stays = |leg: &&Leg| leg.customer.as_ref() == Some(customer) && !leg.dying;
        let others: Vec<&Leg> = self.legs.values().filter(stays).collect();
        let goes_on = others.iter().any(|leg| leg.agent.is_none())
            && others.iter().any(|leg| leg.agent.is_some() && leg.talks);
        if goes_on {
            self.guests.1 += 1;
            let team = self.teams.get(customer).cloned();
            self.work_begins(&agent.clone(), Some(self.called[customer]), team.as_ref());
        }
    }

    fn somebody_says(&mut self) {
        self.plan_between(5_000, 120_000, Happens::Wish);
        let agent = AGENTS[self.dice.roll(AGENTS.len())];
        let wish = match self.dice.roll(8) {
            0 => DutyWish::Seat(false),
            1 => DutyWish::Activity(Activity::ALL[1 + self.dice.roll(7)]),
            2 => DutyWish::DoNotDisturb(true),
            3 => DutyWish::DoNotDisturb(false),
            4 => DutyWish::EndWrapUp,
            5 | 6 => DutyWish::Activity(Activity::Available),
            _ => DutyWish::Seat(true),
        };
        if let DutyWish::DoNotDisturb(silent) = wish {
            self.keeps_silent(agent, silent);
        }
        let said = self.model(agent);
        match wish {
            DutyWish::Seat(seat) => said.seat_empty = !seat,
            DutyWish::Activity(activity) => said.away = activity != Activity::Available,
            DutyWish::DoNotDisturb(_)
            | DutyWish::DoNotDisturbUntil(_)
            | DutyWish::DoNotDisturbFor(_)
            | DutyWish::Show(_) => {}
            DutyWish::EndWrapUp => said.wrap_up = None,
        }
        self.tell(Input::Agent { agent: extension(agent), wish });
    }

    fn model(&mut self, agent: &str) -> &mut Said {
        self.said.get_mut(&extension(agent)).unwrap()
    }

    fn keeps_silent(&mut self, agent: &str, silent: bool) {
        let now = self.now;
        let said = self.model(agent);
        if said.silent {
            said.was_silent = Some(now);
        }
        said.silent = silent;
    }

    fn tell(&mut self, input: Input) {
        let now = self.moment();
        self.engine.handle(input, now);
        self.perform();
    }

    fn perform(&mut self) {
        while let Some(command) = self.engine.poll_command() {
            match command {
                Command::Leg(LegCommand::Ring(request)) => self.rung(&request),
                Command::Leg(LegCommand::HangUp { leg, cause }) => {
                    self.legs.get_mut(&leg).unwrap().dying = true;
                    self.plan_between(5, 400, Happens::Ends(leg, cause));
                }
                Command::Sound(SoundCommand::Play { leg, play, repeat: false, .. }) => {
                    self.plan(3_000, Happens::ClipEnds(leg, play));
                }
                Command::Sound(SoundCommand::Join { one, other }) => {
                    for leg in [one, other].iter().filter_map(|leg| self.legs.get(leg)) {
                        self.talked.extend(leg.customer.clone().filter(|_| leg.agent.is_none()));
                    }
                    let who = if self.dice.roll(2) == 0 { one } else { other };
                    self.plan_between(3_000, 300_000, Happens::Ends(who, HangupCause::Normal));
                }
                Command::Conference(ConferenceCommand::Join { leg, announced: true, .. }) => {
                    self.guests.0 += 1;
                    let ends = Happens::Ends(leg, HangupCause::Normal);
                    self.plan_between(3_000, 300_000, ends);
                }
                Command::Keep(KeepCommand::CallStarted(record)) => {
                    assert!(self.started.insert(record.id), "{} is a new number", record.id);
                    self.open.insert(record.id, *record);
                }
                Command::Keep(KeepCommand::Duty(duty)) => {
                    self.duties.insert(duty.agent.clone(), *duty);
                }
                Command::Keep(KeepCommand::CallEnded(record)) => self.call_ended(*record),
                Command::Keep(KeepCommand::Conversation(held)) => self.given_to(&held.conversation),
                Command::Keep(KeepCommand::HoursSwitched(switch)) => {
                    self.hands.push(switch.clone());
                    self.switches.insert(switch.hours.clone(), switch);
                }
                Command::Sound(
                    SoundCommand::Play { .. }
                    | SoundCommand::HoldBackStar { .. }
                    | SoundCommand::PassKeys { .. }
                    | SoundCommand::Part { .. }
                    | SoundCommand::PlayMessage { .. }
                    | SoundCommand::Echo { .. },
                )
                | Command::Leg(_)
                | Command::Conference(_)
                | Command::Keep(_)
                | Command::RoomSound(_)
                | Command::Record(_)
                | Command::Post(_)
                | Command::CountToday(_)
                | Command::Lamp { .. }
                | Command::Publish(_) => {}
            }
        }
    }

    /// A phone rings, or somebody outside.
    fn rung(&mut self, request: &RingRequest) {
        let leg = request.leg;
        let customer = request.like.and_then(|like| self.legs.get(&like)?.customer.clone());
        let agent = match &request.target {
            Target::Device(device) => Some(self.office.device(device).unwrap().0.extension.clone()),
            Target::Trunk { .. } => None,
        };
        if let Some(agent) = &agent {
            self.check_rung(agent, customer.as_deref());
        }
        self.legs.insert(leg, Leg { agent, customer, talks: false, dying: false });
        match self.dice.roll(20) {
            0 => self.plan_between(10, 150, Happens::Ends(leg, HangupCause::Unreachable)),
            1 | 2 => {
                self.plan_between(10, 150, Happens::Rings(leg));
                self.plan_between(1_000, 9_000, Happens::Ends(leg, HangupCause::Declined));
            }
            3..6 => self.plan_between(10, 150, Happens::Rings(leg)),
            _ => {
                self.plan_between(10, 150, Happens::Rings(leg));
                self.plan_between(500, 12_000, Happens::Answers(leg));
            }
        }
    }

    fn is_wrapping_up(&self, said: &Said) -> bool {
        said.wrap_up.is_some_and(|until| until.is_none_or(|until| self.now < until))
    }

    fn check_rung(&mut self, agent: &Extension, customer: Option<&str>) {
        let said = &self.said[agent];
        assert!(!self.is_wrapping_up(said), "{agent} is rung in wrap-up: {said:?}");
        assert!(!said.silent, "{agent} wants to hear nothing");
        if self.inviting {
            let theirs = |leg: &&Leg| leg.agent.as_ref() == Some(agent);
            let mut held = self.legs.values().filter(theirs);
            let busy = held.any(|leg| !(leg.dying && leg.customer.is_none()));
            assert!(!busy, "{agent} is on a call and is asked to another");
            return;
        }
        let Some(customer) = customer else { return };
        assert!(!said.away && !said.seat_empty, "{agent} is not there: {said:?}");
        // A call of their own that was refused holds nobody while it ends.
        let holds = |leg: &Leg| !(leg.dying && leg.customer.is_none());
        let theirs = |leg: &Leg| leg.agent.as_ref() == Some(agent) && holds(leg);
        for (id, leg) in self.legs.iter().filter(|(_, leg)| theirs(leg)) {
            let same = leg.customer.as_deref() == Some(customer);
            assert!(same, "{agent} has {id} for {:?} and is rung for {customer}", leg.customer);
        }
        self.check_turn(agent, customer);
        self.given.entry(customer.to_owned()).or_default().insert(agent.clone());
    }

    /// Whoever stood before them had been given to this agent already.
    fn check_turn(&self, agent: &Extension, customer: &str) {
        let Some((team, place)) = self.queued.get(customer) else { return };
        let still: BTreeSet<String> =
            self.queue_now().into_iter().map(|(caller, ..)| caller).collect();
        for (other, (waits_for, before)) in &self.queued {
            if waits_for == team && before < place && still.contains(other) {
                let given = self.given.get(other);
                let tried = given.is_some_and(|given| given.contains(agent));
                assert!(tried, "{customer} at {place} overtakes {other} at {before}");
            }
        }
    }

    fn queue_now(&self) -> Vec<(String, String, usize)> {
        let calls = self.engine.live().calls.into_iter();
        let queued = calls.filter(|call| call.stage == Stage::Queued);
        let place = |call: LiveCall| {
            let place = call.queue.expect("everybody who waits has a place");
            (call.from, place.team.0, place.position)
        };
        queued.map(place).collect()
    }

    fn call_ended(&mut self, record: CallRecord) {
        assert!(self.open.remove(&record.id).is_some(), "{} ends once", record.id);
        assert!(record.outcome.is_some() && record.cause.is_some() && record.ended.is_some());
        let is_missed = record.outcome == Some(Outcome::Missed);
        let has_left_in_menu = record.outcome == Some(Outcome::NotEntered);
        assert!(!is_missed || record.missed_reason.is_some(), "{record:?}");
        assert!(is_missed || has_left_in_menu || record.missed_reason.is_none(), "{record:?}");
        assert!(record.legs.iter().all(|leg| leg.ended.is_some()));
        if record.direction == Direction::Inbound {
            let lasted = record.ended.unwrap() - record.started;
            let clocks = record.clocks;
            assert!(clocks.greeting + clocks.queue + clocks.ringing <= lasted, "{record:?}");
            let number = self.office.numbers.get(record.number.as_ref().unwrap()).unwrap();
            let ring_time = i64::try_from(number.ring_time.get().as_millis()).unwrap();
            assert!(clocks.ringing <= ring_time + SLACK, "{record:?}");
            assert!(clocks.queue <= 3_600_000, "{record:?}");
        }
        self.wrap_up_begins(&record);
        self.ended.push(record);
    }

    fn given_to(&mut self, conversation: &Conversation) {
        let Some(customer) = conversation.customer.as_ref().map(ToString::to_string) else {
            return;
        };
        match &conversation.team {
            Some(team) => self.teams.insert(customer, team.clone()),
            None => self.teams.remove(&customer),
        };
    }

    /// S19, S26 and the two overrides, told once more.
    fn wrap_up_begins(&mut self, record: &CallRecord) {
        let with_customer = match record.direction {
            Direction::Inbound => true,
            Direction::Outbound => record.to != "119",
            Direction::Internal => false,
        };
        if !with_customer || record.engaged.is_none() {
            return;
        }
        let number = record.number.as_ref().map(ToString::to_string);
        let shown = &self.office.numbers[record.number.as_ref().unwrap()];
        let team = match record.direction {
            Direction::Inbound => self.teams.get(&record.from).cloned(),
            // That of the number which the customer has seen.
            Direction::Outbound | Direction::Internal => match &shown.route {
                Route::Team(team) => Some(team.clone()),
                Route::Agent(_) | Route::Workflow(_) | Route::Off => None,
            },
        };
        let to_the_end = record.legs.iter().filter(|leg| leg.ended == record.ended);
        for leg in to_the_end.filter(|leg| leg.answered.is_some()) {
            if let Some(agent) = &leg.agent {
                self.work_begins(agent, number.as_deref(), team.as_ref());
            }
        }
    }

    fn work_begins(&mut self, agent: &Extension, number: Option<&str>, team: Option<&TeamName>) {
        let mut numbers = self.office.numbers.values();
        let number = number.and_then(|text| numbers.find(|known| known.number.as_str() == text));
        let of_number = number.and_then(|number| number.wrap_up);
        let of_team = team.and_then(|team| self.office.teams[team].wrap_up);
        let now = self.now;
        let said = self.said.get_mut(agent).unwrap();
        match of_number.or(of_team).unwrap_or(self.office.wrap_up) {
            WrapUpRule::Off => {}
            WrapUpRule::On { limit: None } => said.wrap_up = Some(None),
            WrapUpRule::On { limit: Some(limit) } => {
                let limit = u64::try_from(limit.get().as_millis()).unwrap();
                said.wrap_up = Some(Some(now + limit));
            }
        }
    }

    fn check(&mut self) {
        assert_eq!(self.engine.stray_leases(), [], "no lease without a leg");
        let queue = self.queue_now();
        let queued: BTreeMap<String, (String, usize)> =
            queue.into_iter().map(|(from, team, place)| (from, (team, place))).collect();
        for team in queued.values().map(|(team, _)| team) {
            let mut places: Vec<usize> =
                queued.values().filter(|(other, _)| other == team).map(|(_, at)| *at).collect();
            places.sort_unstable();
            assert!(places.iter().enumerate().all(|(at, place)| at + 1 == *place), "{places:?}");
        }
        for (customer, (team, _)) in &queued {
            self.check_nobody_idles(customer, team);
        }
        self.check_open();
        self.queued = queued;
    }

    /// C14: nobody waits where it is closed.
    fn check_open(&self) {
        let waiting = self.engine.live().calls.into_iter().filter(|call| call.queue.is_some());
        for call in waiting {
            let number = PhoneNumber::parse(&call.to).unwrap();
            let Some(hours) = &self.office.numbers[&number].hours else { continue };
            let opening = self.engine.opening(&self.office.hours[hours], self.moment().wall);
            assert!(opening.is_open, "{} waits while {hours} are closed", call.from);
        }
    }

    /// Nobody waits for a team of which somebody is free who has not been asked yet.
    fn check_nobody_idles(&self, customer: &str, team: &str) {
        let team = self.office.teams.values().find(|known| known.name.0 == team).unwrap();
        for agent in &team.members {
            let said = &self.said[agent];
            let asked = self.given.get(customer).is_some_and(|given| given.contains(agent));
            let busy = self.legs.values().any(|leg| leg.agent.as_ref() == Some(agent));
            let had_quiet = said.was_silent.is_some_and(|until| self.now < until + 31_000);
            let there = !said.away && !said.seat_empty && !said.silent && !had_quiet;
            let idle = there && !busy && !asked && !self.is_wrapping_up(said);
            assert!(!idle, "{customer} waits while {agent} is free: {said:?}");
        }
    }

    fn close(&mut self) {
        self.tell(Input::Stop);
        while let Some((&at, _)) = self.to_come.iter().find(|(_, what)| match what {
            Happens::Ends(leg, _) => self.legs.contains_key(leg),
            _ => false,
        }) {
            let what = self.to_come.remove(&at).unwrap();
            self.happens(what);
        }
        assert!(self.engine.live().calls.is_empty());
        assert!(self.legs.is_empty(), "{:?}", self.legs);
        assert!(self.open.is_empty(), "no call is left open: {:?}", self.open);
        let ended: BTreeSet<CallId> = self.ended.iter().map(|record| record.id).collect();
        assert_eq!(ended.len(), self.ended.len(), "one record a call");
        assert_eq!(ended.len() + self.interrupted.len(), self.started.len());
        let all = self.ended.iter().chain(self.interrupted.values());
        let customers = all.filter(|record| record.direction == Direction::Inbound).count();
        let customers = u64::try_from(customers).unwrap();
        assert_eq!(customers, self.customers, "no customer is lost");
    }
}

/// What lists and reports make of it, from a store that has seen it all.
impl Weeks {
    fn figures_equal_the_list(&self) {
        let folder = tempfile::tempdir().unwrap();
        self.written_down(folder.path());
        let reader = Reader::open(folder.path()).unwrap();
        let list = whole_list(&reader);
        let ids: BTreeSet<CallId> = list.iter().map(|record| record.id).collect();
        assert_eq!((ids.len(), &ids), (list.len(), &self.started), "each call once");

        let all = reader
            .figures(&FiguresFilter::all(Span { from: 0, to: i64::MAX, target: TARGET }))
            .unwrap();
        let listed = |wanted: &dyn Fn(&CallRecord) -> bool| {
            u64::try_from(list.iter().filter(|record| wanted(record)).count()).unwrap()
        };
        let outbound = |record: &CallRecord| record.direction == Direction::Outbound;
        assert_eq!(all.calls.outbound, listed(&outbound));
        let reached = |record: &CallRecord| outbound(record) && record.engaged.is_some();
        assert_eq!(all.calls.outbound_answered, listed(&reached));
        let internal = |record: &CallRecord| record.direction == Direction::Internal;
        assert_eq!(all.calls.internal, listed(&internal));
        let talked = u64::try_from(self.talked.len()).unwrap();
        assert_eq!(all.calls.answered, talked, "whoever has talked was answered");
        assert_eq!(all.calls.inbound, all.calls.answered + all.calls.missed);
        assert_eq!(all.calls.inbound + all.calls.uncounted, self.customers);
        let left = |record: &CallRecord| record.outcome == Some(Outcome::NotEntered);
        assert_eq!(all.calls.uncounted, listed(&left), "L81");
        let cut = listed(&|record| {
            record.direction == Direction::Inbound && record.outcome == Some(Outcome::Interrupted)
        });
        assert_eq!(all.calls.reasons.values().sum::<u64>() + cut, all.calls.missed);
        let spoken: i64 = list.iter().filter(|record| !internal(record)).map(talk).sum();
        assert_eq!(all.calls.talked, spoken);
        add_up(&all);
        self.days_add_up(&reader, &all.calls);
        weeks_hours::narrow_figures_and_list_alike(&reader, &list);
    }

    fn written_down(&self, folder: &Path) {
        let (handle, threads) = start(open(folder).unwrap().database).unwrap();
        let all: Vec<&CallRecord> = self.ended.iter().chain(self.interrupted.values()).collect();
        for some in all.chunks(500) {
            for record in some {
                if record.ended.is_some() {
                    handle.call_ended((*record).clone());
                } else {
                    handle.call_started((*record).clone());
                }
            }
            // An office is answered when all before it is on disk.
            let by = Signature { who: "admin".to_owned(), at: 1 };
            let saved = handle.save_office(Arc::clone(&self.office), by).blocking_recv();
            saved.unwrap().unwrap();
        }
        self.hands.iter().for_each(|hand| handle.hours_switched(hand.clone()));
        threads.close();
        // The next start closes what a crash has left open.
        let again = open(folder).unwrap();
        assert_eq!(again.interrupted, self.interrupted.len());
    }

    /// S73: a call is counted on one day.
    fn days_add_up(&self, reader: &Reader, all: &CallFigures) {
        let (first, day) = (self.start.unix_millis(), 86_400_000);
        let (mut inbound, mut outbound, mut missed) = (0, 0, 0);
        for count in 0..9 {
            let from = first + count * day;
            let span = Span { from, to: from + day, target: TARGET };
            let figures = reader.figures(&FiguresFilter::all(span)).unwrap().calls;
            inbound += figures.inbound;
            outbound += figures.outbound;
            missed += figures.missed;
        }
        assert_eq!((inbound, outbound, missed), (all.inbound, all.outbound, all.missed));
    }
}

/// Page by page.
fn whole_list(reader: &Reader) -> Vec<CallRecord> {
    let mut list: Vec<CallRecord> = Vec::new();
    loop {
        let before = list.last().map(|record| record.id);
        let page = CallFilter { before, limit: Some(333), ..CallFilter::default() };
        let page = reader.calls(&page).unwrap();
        if page.is_empty() {
            return list;
        }
        list.extend(page);
    }
}

fn talk(record: &CallRecord) -> i64 {
    record.engaged.map_or(0, |engaged| record.ended.unwrap() - engaged)
}

/// The parts of a figure are the whole.
fn add_up(all: &Figures) {
    let sum = |parts: &BTreeMap<String, CallFigures>, of: fn(&CallFigures) -> u64| -> u64 {
        parts.values().map(of).sum()
    };
    assert_eq!(sum(&all.numbers, |figures| figures.inbound), all.calls.inbound);
    assert_eq!(sum(&all.numbers, |figures| figures.missed), all.calls.missed);
    assert_eq!(sum(&all.agents, |figures| figures.answered), all.calls.answered);
    assert_eq!(sum(&all.hours, |figures| figures.inbound), all.calls.inbound);
    assert_eq!(sum(&all.hours, |figures| figures.internal), all.calls.internal);
    for (reason, count) in &all.calls.reasons {
        let parts: u64 =
            all.numbers.values().filter_map(|figures| figures.reasons.get(reason)).sum();
        assert_eq!(parts, *count, "{reason:?}");
    }
}

fn is_of_a_leg(what: &Happens) -> bool {
    match what {
        Happens::Presses(..)
        | Happens::Rings(_)
        | Happens::Answers(_)
        | Happens::Ends(..)
        | Happens::ClipEnds(..) => true,
        Happens::CustomerCalls
        | Happens::PhoneDials
        | Happens::Wish
        | Happens::OfficeChanges
        | Happens::HandSwitches
        | Happens::Invites
        | Happens::Holds
        | Happens::Crash => false,
    }
}

#[test]
fn weeks_of_an_office_break_no_promise() {
    let week = 7 * 24 * 3_600_000;
    let (mut queued, mut answered, mut interrupted) = (0, 0, 0);
    let (mut closed, mut in_menus, mut guests) = (0, 0, (0, 0));
    // More of them look for what three do not meet: `SEEDS=4..20`, by hand.
    let seeds = std::env::var("SEEDS").ok().and_then(|told| {
        let (first, last) = told.split_once("..")?;
        Some(first.parse().ok()?..last.parse().ok()?)
    });
    for seed in seeds.unwrap_or(1..4_u64) {
        let told = Seed(seed);
        let mut weeks = Weeks::new(told.0);
        while weeks.now < week {
            weeks.step();
        }
        weeks.close();
        weeks_hours::were_as_the_engine_saw_them(&weeks.office, &weeks.hands, &weeks.ended);
        if seed % 3 == 1 {
            weeks.figures_equal_the_list();
        }
        let reason = |reason| {
            let of_it = |record: &&CallRecord| record.missed_reason == Some(reason);
            weeks.ended.iter().filter(of_it).count()
        };
        closed += reason(MissedReason::NotInOperation);
        in_menus += reason(MissedReason::WfInputTimeout) + reason(MissedReason::WfEndCall);
        interrupted += weeks.interrupted.len();
        guests = (guests.0 + weeks.guests.0, guests.1 + weeks.guests.1);
        queued += weeks.ended.iter().filter(|record| record.clocks.queue > 0).count();
        let was_answered = |record: &&CallRecord| record.outcome == Some(Outcome::Answered);
        answered += weeks.ended.iter().filter(was_answered).count();
    }
    assert!(queued > 300 && answered > 1_000, "{queued} have waited, {answered} were answered");
    assert!(closed > 100 && in_menus > 50, "{closed} closed, {in_menus} ended by menus");
    assert!(interrupted > 0, "no crash has met a call");
    assert!(guests.0 > 300 && guests.1 > 50, "{guests:?} have come, and left before the end");
}
