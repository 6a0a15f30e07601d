//! What `naru simulate` tells is what a call does.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use naru::duty::{Activity, DutyWish};
use naru::engine::command::{Command, LegCommand, SoundCommand};
use naru::engine::input::Input;
use naru::engine::rehearsal::{CLIP, Keystroke, Rehearsed};
use naru::history::call_record::{CallRecord, Outcome};
use naru::history::missed_reason::MissedReason;
use naru::history::trail::trail::Decision;
use naru::leg::{LegId, PlayId};
use naru::office::document::document::parse;
use naru::office::hours::hours::HoursName;
use naru::office::language::Language;
use naru::office::snapshot::Office;
use naru::office::trunk::TrunkName;
use naru::time::Moment;
use proptest::prelude::*;
use proptest::sample::select;

use crate::simulation::{Desk, OFFICE, extension};

const NUMBERS: [&str; 5] =
    ["+827012345670", "07012345671", "+827012345672", "+8225550100", "+827012345699"];
const CALLERS: [&str; 4] = ["01098765432", "+81312345678", "", "+12125550100"];
/// Monday, 23 November 2026, in Seoul, in seconds since 1970.
const MONDAY: u64 = 1_795_359_600;
const WEEKS: u64 = 1_209_600;

fn office() -> Office {
    let text = OFFICE
        .replace("route: {team: support}", "hours: office\n    route: {team: support}")
        .replace("\"+827012345672\", route:", "\"+827012345672\", hours: office, route:");
    let hours =
        "hours:\n  - {name: office, week: {mon: [\"09:00-18:00\"], wed: [\"22:00-06:00\"]}}\n";
    parse(&format!("{text}{hours}"), None).unwrap()
}

const SCRIPTS: &str = r#"
workflows:
  - name: main
    trigger: customer_called
    steps:
      - {name: menu, menu: {say: greeting, keys: {"1": queue, "2": park, "3": closed, "9": bye, "0": done}, star: start, wait: 5s, tries: 2}}
      - {name: queue, assign: {team: support}, next: connect}
      - {name: connect, connect: {unavailable: other}}
      - {name: other, clear: team, next: park}
      - {name: park, assign: {agent: "101"}, next: try}
      - {name: try, connect: {unavailable: sorry}}
      - {name: sorry, say: all_busy}
      - {name: closed, say: closed}
      - {name: bye, hang_up: missed}
      - {name: done, hang_up: done}
  - name: patience
    trigger: call_queued
    delay: 20s
    repeat: 1
    steps:
      - {name: offer, menu: {say: all_busy, keys: {"1": leave, "2": raise}, star: wait, wait: 5s, tries: 1}}
      - {name: leave, hang_up: missed}
      - {name: raise, priority: high, next: end}
"#;
const HOURS: &str = r#"hours:
  - {name: office, timezone: Asia/Seoul, week: {mon: ["09:00-12:00", "13:00-18:00"], tue: ["09:00-18:00"], thu: ["00:00-24:00"], fri: ["00:00-24:00"]}, holidays: [{date: 2026-11-27, name: 쉬는 날}]}
  - {name: night, timezone: Asia/Seoul, week: {mon: ["20:00-24:00"], thu: ["00:00-12:00"], fri: ["06:00-24:00"]}}
"#;

/// An office by chance, as a document.
fn any_office() -> impl Strategy<Value = Arc<Office>> {
    let assignment = select(vec!["manual", "longest_idle", "fast_response", "previous_agent"]);
    let routes = vec!["{team: support}", "{agent: \"102\"}", "off", "{workflow: main}"];
    let number = || {
        let hours = select(vec!["", "hours: office, "]);
        let words = select(vec![
            "",
            "announcements: {greeting: {ko: built-in}}, ",
            "announcements: {all_busy: {ko: built-in, ja: built-in}, closed: {}}, ",
            "announcements: {greeting: {ko: built-in, en: built-in}, closed: {ko: built-in}}, ",
        ]);
        (hours, words, select(vec!["", "priority: high, "]), 10..40_u32)
    };
    let team = select(vec!["", ", hours: night", ", wrap_up: {limit: 30s}"]);
    let wrap_up = select(vec!["{enabled: false}", "{enabled: true, limit: none}"]);
    let customer = select(vec!["language: es", "blocked: true"]);
    let parts = (assignment, team, wrap_up, customer, any::<bool>());
    (parts, [select(routes.clone()), select(routes)], [number(), number()]).prop_map(
        |((assignment, team, wrap_up, customer, has_scripts), routes, numbers)| {
            let mut text = OFFICE
                .replace(
                    r#"members: ["102", "103"]"#,
                    &format!(r#"members: ["102", "103"], assignment: {assignment}{team}"#),
                )
                .replace("policies:\n", &format!("policies:\n  wrap_up: {wrap_up}\n"));
            let (before, after) = text.split_once("numbers:\n").unwrap();
            let (_, policies) = after.split_once("policies:\n").unwrap();
            let mut lines = String::new();
            for ((number, route), (hours, words, priority, seconds)) in
                ["+827012345670", "+827012345671"].iter().zip(routes).zip(numbers)
            {
                let named = if has_scripts { "{workflow: main}" } else { "off" };
                let route = route.replace("{workflow: main}", named);
                lines += &format!(
                    "  - {{number: \"{number}\", {hours}{words}{priority}ring_time: {seconds}s, route: {route}}}\n"
                );
            }
            text = format!(
                "{before}numbers:\n{lines}customers:\n  - {{number: \"+81312345678\", name: 田中, {customer}}}\n\
                 policies:\n{policies}{HOURS}"
            );
            if has_scripts {
                text += SCRIPTS;
            }
            Arc::new(parse(&text, None).unwrap_or_else(|errors| panic!("{errors:?}\n{text}")))
        },
    )
}

/// What the office is doing when the call comes.
#[derive(Clone, Debug)]
struct Scene {
    gone: Vec<&'static str>,
    /// Who hears the echo: busy for as long as the call lasts.
    talks: Vec<&'static str>,
    said: Vec<(&'static str, DutyWish)>,
    /// Others call the team's number before: they ring, or wait.
    others: usize,
    hand: Option<Option<bool>>,
}

fn any_scene() -> impl Strategy<Value = Scene> {
    let phone = || select(vec!["101", "101-soft", "102", "103"]);
    let agent = || select(vec!["101", "102", "103"]);
    let wish = select(vec![
        DutyWish::Seat(false),
        DutyWish::Activity(Activity::Eat),
        DutyWish::Activity(Activity::Off),
        DutyWish::DoNotDisturb(true),
    ]);
    (
        prop::collection::vec(phone(), 0..3),
        prop::collection::vec(agent(), 0..3),
        prop::collection::vec((agent(), wish), 0..3),
        0..3_usize,
        prop::option::of(select(vec![Some(true), Some(false), None])),
    )
        .prop_map(|(gone, talks, said, others, hand)| Scene {
            gone,
            talks,
            said,
            others,
            hand,
        })
}

fn set_up(desk: &mut Desk, scene: &Scene) {
    for device in &scene.gone {
        desk.unregisters(device);
    }
    for agent in &scene.talks {
        desk.dials(agent, "*43");
    }
    for (agent, wish) in &scene.said {
        desk.tell(Input::Agent { agent: extension(agent), wish: wish.clone() });
    }
    if let Some(open) = scene.hand {
        let hours = HoursName("office".to_owned());
        desk.tell(Input::SwitchHours { hours, open, who: "admin".to_owned() });
    }
    for count in 0..scene.others {
        desk.calls(&format!("0105555000{count}"), "+827012345671");
    }
}

fn rehearsed(caller: &str, dialled: &str, keys: &[char], at: SystemTime) -> Rehearsed {
    Rehearsed {
        trunk: TrunkName("carrier".to_owned()),
        caller: caller.to_owned(),
        dialled: dialled.to_owned(),
        keys: keys.iter().copied().map(Keystroke::from).collect(),
        at,
    }
}

fn decisions(record: &CallRecord) -> Vec<Decision> {
    record.trail.iter().map(|entry| entry.decision.clone()).collect()
}

/// A call in the live engine: phones ring, nobody answers, announcements last as long, and keys are
/// pressed when nothing more is said.
struct Made<'a> {
    desk: &'a mut Desk,
    leg: LegId,
    seen: usize,
    plays: Option<(PlayId, Moment)>,
    keys: Vec<char>,
    press: Option<Moment>,
}

impl Made<'_> {
    fn call(desk: &mut Desk, caller: &str, dialled: &str, keys: &[char]) -> CallRecord {
        let seen = desk.commands.len();
        let leg = desk.calls(caller, dialled);
        let keys = keys.iter().rev().copied().collect();
        let mut made = Made { desk, leg, seen, plays: None, keys, press: None };
        for _ in 0..20_000 {
            made.look();
            let of_it =
                |record: &&CallRecord| record.legs.first().is_some_and(|one| one.leg == leg);
            if let Some(record) = made.desk.ended.iter().find(of_it) {
                return record.clone();
            }
            made.goes_on();
        }
        panic!("it never ends");
    }

    /// What the engine wants of the world since the last look; whether that concerns the caller.
    fn look(&mut self) -> bool {
        let mut concerns = false;
        while let Some(command) = self.desk.commands.get(self.seen).cloned() {
            self.seen += 1;
            match command {
                Command::Leg(LegCommand::Ring(request)) => {
                    concerns = true;
                    self.desk.rings(request.leg);
                }
                Command::Sound(SoundCommand::Play { leg, play, repeat, .. }) if leg == self.leg => {
                    concerns = true;
                    let end = self.desk.now.after(CLIP);
                    self.plays = (!repeat).then_some((play, end));
                }
                _ => {}
            }
        }
        concerns
    }

    fn goes_on(&mut self) {
        if let Some((play, end)) = self.plays
            && end.ticks <= self.desk.now.ticks
        {
            self.plays = None;
            self.desk.tell(Input::PlayEnded { leg: self.leg, play });
            let is_silent = !self.look();
            self.press = is_silent.then(|| self.desk.now.after(Duration::from_secs(1)));
        } else if self.press.is_some_and(|at| at.ticks <= self.desk.now.ticks) {
            self.press = None;
            if let Some(digit) = self.keys.pop() {
                self.desk.tell(Input::Digit { leg: self.leg, digit });
            }
        } else {
            let due = self.desk.engine.poll_timeout().map(|(due, _)| due);
            let own = [self.plays.map(|(_, end)| end.ticks), self.press.map(|at| at.ticks), due];
            let next = own.into_iter().flatten().min().unwrap();
            let wait = next.saturating_duration_since(self.desk.now.ticks);
            self.desk.now = self.desk.now.after(wait);
            self.desk.passes(0);
        }
    }
}

fn at_the_time(desk: &mut Desk, seconds: u64) -> SystemTime {
    let at = SystemTime::UNIX_EPOCH + Duration::from_secs(MONDAY + seconds);
    desk.now = Moment { wall: at, ..desk.now };
    at
}

proptest! {
    #[test]
    fn a_rehearsed_call_goes_as_the_call_then_goes(
        number in select(NUMBERS.to_vec()),
        caller in select(CALLERS.to_vec()),
        seconds in 0..WEEKS,
        scene in any_scene(),
    ) {
        let mut desk = Desk::open_with(office());
        let at = at_the_time(&mut desk, seconds);
        set_up(&mut desk, &scene);
        agree(&mut desk, caller, number, &[], at)?;
    }

    /// Whatever the office and whatever it is doing.
    #[test]
    fn any_office_does_what_was_told(
        office in any_office(),
        number in select(vec!["+827012345670", "+827012345671", "+827012345699"]),
        caller in select(CALLERS.to_vec()),
        keys in prop::collection::vec(select(vec!['1', '1', '2', '3', '9', '0', '*', '7']), 0..4),
        seconds in 0..WEEKS,
        scene in any_scene(),
    ) {
        let mut desk = Desk::open_with((*office).clone());
        let at = at_the_time(&mut desk, seconds);
        set_up(&mut desk, &scene);
        agree(&mut desk, caller, number, &keys, at)?;
    }
}

/// The rehearsal leaves no trace, and the call that is then made goes the same way: who rings, what
/// is said, how it ends, and every decision between.
fn agree(
    desk: &mut Desk,
    caller: &str,
    number: &str,
    keys: &[char],
    at: SystemTime,
) -> Result<(), TestCaseError> {
    let before = desk.engine.live();
    let call = rehearsed(caller, number, keys, at);
    let told = desk.engine.rehearse(&call, desk.now).unwrap();
    prop_assert_eq!(desk.engine.live(), before, "nothing has happened");
    prop_assert!(desk.engine.poll_command().is_none());
    let made = Made::call(desk, caller, number, keys);
    prop_assert_eq!(decisions(&told), decisions(&made));
    prop_assert_eq!((told.outcome, told.missed_reason), (made.outcome, made.missed_reason));
    prop_assert_eq!((told.id, &told.to, told.clocks), (made.id, &made.to, made.clocks));
    let parties = |record: &CallRecord| -> Vec<String> {
        record.legs.iter().map(|leg| leg.party.clone()).collect()
    };
    prop_assert_eq!(parties(&told), parties(&made), "whose phones ring");
    prop_assert_ne!(made.outcome, Some(Outcome::Answered));
    Ok(())
}

#[test]
fn another_time_than_now_is_rehearsed_by_its_own_hours() {
    let desk = Desk::open_with(office());
    let monday = SystemTime::UNIX_EPOCH + Duration::from_secs(MONDAY);
    for (hour, reason) in [(10, MissedReason::RingTimeOver), (19, MissedReason::NotInOperation)] {
        let at = monday + Duration::from_secs(hour * 3600);
        let call = rehearsed("01098765432", "+827012345672", &[], at);
        let told = desk.engine.rehearse(&call, desk.now).unwrap();
        assert_eq!(told.missed_reason, Some(reason), "at {hour}");
    }
}

/// The keys are pressed one by one, each when a menu has been heard: two menus, then the agent.
#[test]
fn the_keys_of_a_simulated_call_walk_through_its_menus() {
    let desk = Desk::open_with(crate::workflows::office("{workflow: main}"));
    let keys = |typed: &str| {
        let keys: Vec<char> = typed.chars().collect();
        rehearsed(CALLERS[0], NUMBERS[0], &keys, desk.now.wall)
    };
    let told = |typed: &str| {
        let record = desk.engine.rehearse(&keys(typed), desk.now).unwrap();
        let lines: Vec<String> =
            record.trail.iter().map(|entry| entry.decision.words(Language::En)).collect();
        (record, lines.join("\n"))
    };
    let (record, lines) = told("32");
    for words in ["pressed 3 at 'menu'", "speaks English", "pressed 2 at 'menu'", "extension 103"] {
        assert!(lines.contains(words), "{words}: {lines}");
    }
    assert_eq!(record.missed_reason, Some(MissedReason::RingTimeOver), "nobody answers");
    let (record, _) = told("9");
    assert_eq!(record.missed_reason, Some(MissedReason::WfEndCall));
    // Fewer keys than menus: no key comes (L83).
    let (record, _) = told("3");
    assert_eq!(record.missed_reason, Some(MissedReason::WfInputTimeout));
}
