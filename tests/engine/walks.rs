//! Callers on their way through workflows, on a wound clock.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use naru::engine::workflow::command::{Leaving, WalkCommand, WalkInput};
use naru::engine::workflow::facts::Facts;
use naru::engine::workflow::walk::Walk;
use naru::history::walk_record::WalkEnd;
use naru::office::announcement::Situation;
use naru::office::document::document::parse;
use naru::office::language::Language;
use naru::office::phone_number::PhoneNumber;
use naru::office::snapshot::Office;
use naru::office::workflow::action::Leave;
use naru::office::workflow::chore::Chore;
use naru::office::workflow::speech::Speech;
use proptest::prelude::*;

const GREETING: WalkCommand = WalkCommand::Say(Speech::BuiltIn(Situation::Greeting));
const BUSY: WalkCommand = WalkCommand::Say(Speech::BuiltIn(Situation::AllBusy));
const CLOSED: WalkCommand = WalkCommand::Say(Speech::BuiltIn(Situation::Closed));

fn facts() -> Facts {
    Facts {
        now: naru::clock::now(),
        number: PhoneNumber::parse("+827012345678").ok(),
        customer: PhoneNumber::parse("+821098765432").ok(),
        language: Language::Ko,
        known: false,
        customer_tags: BTreeSet::new(),
        tags: BTreeSet::new(),
        open: BTreeSet::new(),
        queues: BTreeMap::new(),
        waits: BTreeMap::new(),
        fields: BTreeMap::new(),
    }
}

fn office(steps: &str) -> Office {
    let text = format!(
        "teams: [{{name: sales}}]\nworkflows:\n  - {{name: w, trigger: customer_called, steps: [{steps}]}}\n  - {{name: m, trigger: module, steps: [{{name: in, menu: {{say: closed, keys: {{\"1\": end}}}}}}]}}\n"
    );
    parse(&text, None).unwrap()
}

struct Caller {
    walk: Walk,
    facts: Facts,
}

impl Caller {
    fn of(steps: &str) -> Self {
        Self::with(steps, facts())
    }

    fn with(steps: &str, facts: Facts) -> Self {
        let office = office(steps);
        let walk = Walk::start(&Arc::clone(&office.workflows[0]), &office, &facts);
        Self { walk, facts }
    }

    fn tell(&mut self, input: WalkInput) -> Vec<WalkCommand> {
        self.walk.handle(input, &self.facts);
        self.done()
    }

    /// What is done, without the names of the steps.
    fn done(&mut self) -> Vec<WalkCommand> {
        std::iter::from_fn(|| self.walk.poll_command())
            .filter(|command| {
                !matches!(command, WalkCommand::Enter { .. } | WalkCommand::Pressed(_))
            })
            .collect()
    }

    fn presses(&mut self, keys: &str) -> Vec<WalkCommand> {
        keys.chars().flat_map(|key| self.tell(WalkInput::Digit(key))).collect()
    }

    /// Until the next time that was asked for.
    fn waits(&mut self) -> (u64, Vec<WalkCommand>) {
        let due = self.walk.poll_timeout().unwrap();
        let wait = due.saturating_duration_since(self.facts.now.ticks);
        self.facts.now = self.facts.now.after(wait);
        (wait.as_secs(), self.tell(WalkInput::Due))
    }
}

const MENU: &str = "{name: menu, menu: {say: greeting, keys: {\"1\": bye, \"#\": menu2}, wait: 7s, tries: 2}}, {name: menu2, menu: {say: all_busy, keys: {\"0\": bye}, star: start, barge_in: false, invalid: closed}}, {name: bye, hang_up: done}";

#[test]
fn a_key_interrupts_the_menu_and_leads_on() {
    // L91
    let mut caller = Caller::of(MENU);
    assert_eq!(caller.done(), [GREETING]);
    assert_eq!(caller.presses("#"), [WalkCommand::Hush, BUSY]);
    assert_eq!(caller.presses("0"), [], "this one lets nobody interrupt");
    assert_eq!(caller.tell(WalkInput::Spoken), []);
    assert_eq!(caller.presses("0"), [WalkCommand::Leave(Leaving::HangUp(Leave::Done))]);
    let record = caller.walk.record(WalkEnd::HungUp);
    let counts: Vec<_> = record.steps.iter().map(|(id, c)| (id.step.as_str(), c.views)).collect();
    assert_eq!(counts, [("bye", 1), ("menu", 1), ("menu2", 1)]);
}

#[test]
fn a_caller_who_presses_nothing_hears_the_menu_again_and_is_let_go() {
    // L83
    let mut caller = Caller::of(MENU);
    caller.done();
    assert_eq!(caller.tell(WalkInput::Spoken), []);
    assert_eq!(caller.waits(), (7, vec![GREETING]));
    assert_eq!(caller.waits(), (120, vec![]), "a clip whose end is never told");
    assert_eq!(caller.waits(), (7, vec![WalkCommand::Leave(Leaving::NoInput)]));
    assert_eq!(caller.walk.poll_timeout(), None);
}

#[test]
fn a_wrong_key_costs_a_try_and_the_star_costs_none() {
    let mut caller = Caller::of(MENU);
    caller.done();
    assert_eq!(
        caller.presses("***"),
        [WalkCommand::Hush, GREETING, WalkCommand::Hush, GREETING, WalkCommand::Hush, GREETING]
    );
    assert_eq!(caller.presses("5"), [WalkCommand::Hush, GREETING]);
    let gone = [WalkCommand::Hush, WalkCommand::Leave(Leaving::NoInput)];
    assert_eq!(caller.presses("5"), gone);

    let mut caller = Caller::of(MENU);
    caller.done();
    caller.presses("#");
    caller.tell(WalkInput::Spoken);
    assert_eq!(caller.presses("7"), [CLOSED], "told, then asked again");
    assert_eq!(caller.tell(WalkInput::Spoken), [BUSY]);
    caller.tell(WalkInput::Spoken);
    assert_eq!(caller.presses("*"), [GREETING], "back to the first step");
}

#[test]
fn a_message_with_nothing_after_it_ends_the_call() {
    // L86
    let mut caller = Caller::of("{name: a, say: closed}");
    assert_eq!(caller.done(), [CLOSED]);
    assert_eq!(caller.tell(WalkInput::Spoken), [WalkCommand::Leave(Leaving::Said)]);
}

#[test]
fn the_first_condition_that_holds_leads_on() {
    // L93
    let steps = "{name: a, branch: [{when: {country: \"+81\"}, to: b}, {when: {caller: \"+8210\", language: ko}, to: c}, {when: {}, to: b}], otherwise: b}, {name: b, say: closed}, {name: c, say: greeting}";
    assert_eq!(Caller::of(steps).done(), [GREETING]);
    let facts = Facts { language: Language::En, ..facts() };
    assert_eq!(Caller::with(steps, facts).done(), [CLOSED]);
}

#[test]
fn the_wall_clock_and_the_day_are_read_where_the_office_is() {
    let steps = "{name: a, branch: [{when: {time: \"22:00-06:00\", days: [mon], timezone: Asia/Seoul}, to: c}], otherwise: b}, {name: b, say: closed}, {name: c, say: greeting}";
    let at = |text: &str| {
        let wall: jiff::Zoned = text.parse().unwrap();
        let mut facts = facts();
        facts.now.wall = std::time::SystemTime::from(wall.timestamp());
        Caller::with(steps, facts).done()
    };
    assert_eq!(at("2026-11-23T23:59:00[Asia/Seoul]"), [GREETING]);
    assert_eq!(at("2026-11-23T05:59:00[Asia/Seoul]"), [GREETING]);
    assert_eq!(at("2026-11-23T06:00:00[Asia/Seoul]"), [CLOSED]);
    assert_eq!(at("2026-11-24T23:00:00[Asia/Seoul]"), [CLOSED], "a Tuesday");
}

#[test]
fn all_quick_actions_that_hold_are_done() {
    // L94
    let steps = "{name: a, quick: [{when: {language: ko}, priority: high}, {when: {language: en}, tag: x}, {when: {}, note: hi}], next: b}, {name: b, say: closed}";
    let done = Caller::of(steps).done();
    assert_eq!(done.len(), 3, "{done:?}");
    assert_eq!(done[1], WalkCommand::Do(Chore::Note("hi".to_owned())));
    assert_eq!(done[2], CLOSED);
}

#[test]
fn typed_digits_are_handed_in_with_the_hash_and_kept() {
    // L99
    let steps = "{name: a, digits: {say: greeting, field: order, least: 4, most: 6, wait: 9s, tries: 2}, next: b}, {name: b, branch: [{when: {field: order, is: \"1234\"}, to: c}], otherwise: d}, {name: c, say: closed}, {name: d, say: all_busy}";
    let mut caller = Caller::of(steps);
    caller.done();
    assert_eq!(caller.presses("99*1234"), [WalkCommand::Hush], "the first digit interrupts");
    let keep = WalkCommand::Keep { field: "order".to_owned(), digits: "1234".to_owned() };
    assert_eq!(caller.presses("#"), [keep, CLOSED]);

    let mut caller = Caller::of(steps);
    caller.done();
    assert_eq!(caller.presses("12#"), [WalkCommand::Hush, GREETING], "too few");
    assert_eq!(caller.presses("1"), [WalkCommand::Hush]);
    assert_eq!(caller.waits(), (9, vec![WalkCommand::Leave(Leaving::NoInput)]));
}

#[test]
fn a_connection_is_tried_once_a_step() {
    // L106, L108, L113
    let steps = "{name: a, menu: {say: greeting, keys: {\"1\": t}}}, {name: t, assign: {team: sales}, next: c}, {name: c, connect: {unavailable: a}}";
    let mut caller = Caller::of(steps);
    caller.done();
    let done = caller.presses("1");
    assert_eq!(done.last(), Some(&WalkCommand::Connect));
    assert_eq!(caller.tell(WalkInput::Unavailable), [GREETING]);
    let done = caller.presses("1");
    assert_eq!(done.last(), Some(&GREETING), "not a second time");
}

#[test]
fn a_module_comes_back_to_where_it_was_called() {
    // L102
    let mut caller = Caller::of("{name: a, module: m, next: b}, {name: b, say: greeting}");
    assert_eq!(caller.done(), [CLOSED]);
    assert_eq!(caller.presses("1"), [WalkCommand::Hush, GREETING]);
    caller.presses("9");
    let record = caller.walk.record(WalkEnd::CallerLeft);
    let module = record.steps.iter().find(|(id, _)| id.workflow == "m").unwrap();
    assert_eq!(module.1.keys, BTreeMap::from([('1', 1)]));
    let left: Vec<_> = record.steps.iter().filter(|(_, c)| c.left > 0).collect();
    assert_eq!(left[0].0.step, "b", "the drop-off is counted where the caller was");
}

/// A step of any kind that may lead anywhere, also to where it must not.
fn step(at: usize, steps: usize) -> impl Strategy<Value = String> {
    // Onward, mostly: who leads anywhere seldom makes a workflow that fits together.
    let to = move || {
        prop_oneof![3 => Just(at + 1), 1 => 0..=steps]
            .prop_map(move |to| if to == steps { "end".to_owned() } else { format!("s{to}") })
    };
    let chores = vec![
        "tag: [loud]",
        "untag: [loud]",
        "tag_customer: vip",
        "language: en",
        "priority: high",
        "describe: x",
        "note: x",
        "assign: {team: sales}",
        "clear: both",
        "conversation: close",
        "conversation: {snooze: 1h}",
    ];
    let menu =
        (to(), to(), 1..4_u8, prop::sample::select(vec!["repeat", "start", "inactive", "wait"]));
    let speaks = prop_oneof![
        to().prop_map(|to| format!("say: greeting, next: {to}")),
        menu.prop_map(|(x, y, tries, star)| format!("menu: {{say: greeting, keys: {{\"1\": {x}, \"2\": {y}}}, tries: {tries}, star: {star}, invalid: closed}}")),
        (to(), to()).prop_map(|(x, y)| format!("menu: {{say: greeting, keys: {{\"1\": {x}}}, silent: {y}}}")),
        (to(), any::<bool>()).prop_map(|(to, required)| format!("digits: {{say: greeting, field: f, least: 2, required: {required}}}, next: {to}")),
        to().prop_map(|to| format!("connect: {{unavailable: {to}}}")),
        to().prop_map(|to| format!("callback: {{unavailable: {to}}}")),
        prop::sample::select(vec!["hang_up: missed", "hang_up: done", "voicemail: {limit: 1m}"]).prop_map(str::to_owned),
        to().prop_map(|to| format!("module: m, next: {to}")),
        (to(), to()).prop_map(|(to, failed)| format!("webhook: {{url: \"http://a\", wait: 5s, failed: {failed}}}, next: {to}")),
    ];
    let is_silent = prop_oneof![
        (to(), to()).prop_map(|(x, y)| format!("branch: [{{when: {{field: f, is: \"12\"}}, to: {x}}}], otherwise: {y}")),
        (to(), to()).prop_map(|(x, y)| format!("branch: [{{when: {{tags: [loud], language: en}}, to: {x}}}], otherwise: {y}")),
        (to(), prop::sample::select(chores)).prop_map(|(to, chore)| format!("{chore}, next: {to}")),
        to().prop_map(|to| format!("quick: [{{when: {{language: ko}}, tag: [loud]}}, {{when: {{tags: [loud]}}, language: en}}], next: {to}")),
        to().prop_map(|to| format!("webhook: {{url: \"http://a\"}}, next: {to}")),
    ];
    let action = prop_oneof![3 => speaks, 2 => is_silent];
    action.prop_map(move |action| format!("{{name: s{at}, {action}}}"))
}

fn steps() -> impl Strategy<Value = String> {
    (1..6_usize).prop_flat_map(|count| {
        let steps: Vec<_> = (0..count).map(|at| step(at, count)).collect();
        steps.prop_map(|steps| steps.join(", "))
    })
}

/// L72–L76: those under which nobody listens take only what needs no caller.
fn trigger() -> impl Strategy<Value = &'static str> {
    let silent = ["call_entered", "agent_called", "call_ended, delay: 0s, scope: not_entered"];
    let speaking = ["customer_called", "customer_called", "call_queued, delay: 1s, repeat: 9"];
    prop::sample::select([silent, speaking].concat())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 3_000, ..ProptestConfig::default() })]

    /// Whatever an office may write, a caller may press, and another system may answer: there is an
    /// end, and it is told once.
    #[test]
    fn any_valid_workflow_ends_for_any_caller(trigger in trigger(), steps in steps(), keys in prop::collection::vec(0..19_usize, 0..40), more in 0..4_usize) {
        let text = format!("teams: [{{name: sales}}]\nworkflows:\n  - {{name: w, trigger: {trigger}, steps: [{steps}]}}\n  - {{name: m, trigger: module, steps: [{{name: in, menu: {{say: closed, keys: {{\"1\": end}}, silent: out}}}}, {{name: out, webhook: {{url: \"http://b\", wait: 1s, failed: end}}, next: end}}]}}\n");
        let Ok(office) = parse(&text, None) else { return Ok(()) };
        let mut caller = Caller { walk: Walk::start(&office.workflows[0], &office, &facts()), facts: facts() };
        let mut done = caller.done();
        // Keys without end for some, silence for others.
        let mut keys = keys.into_iter().chain(std::iter::repeat_n([1, 10, 13, 14][more], if more == 0 { 0 } else { 5_000 }));
        for _ in 0..20_000 {
            if done.iter().any(|command| matches!(command, WalkCommand::Leave(_))) {
                break;
            }
            done = if matches!(done.last(), Some(WalkCommand::Connect | WalkCommand::CallBack { .. })) {
                caller.tell(WalkInput::Unavailable)
            } else {
                match keys.next() {
                    Some(key @ 0..12) => caller.tell(WalkInput::Digit("0123456789*#".chars().nth(key).unwrap())),
                    Some(12) => caller.tell(WalkInput::Unavailable),
                    Some(13) => caller.tell(WalkInput::Spoken),
                    // In time, too late, or of a webhook that nobody waits for.
                    Some(well @ (15 | 16)) => caller.tell(WalkInput::Answered { well: well == 15 }),
                    Some(_) | None => caller.waits().1,
                }
            };
        }
        let ends = done.iter().filter(|command| matches!(command, WalkCommand::Leave(_))).count();
        prop_assert_eq!(ends, 1, "{} {:?}", steps, done);
        prop_assert!(matches!(done.last(), Some(WalkCommand::Leave(_))));
        caller.facts.now = caller.facts.now.after(Duration::from_secs(3_600));
        prop_assert_eq!(caller.presses("12*#"), []);
        prop_assert_eq!(caller.tell(WalkInput::Answered { well: true }), []);
        prop_assert_eq!(caller.tell(WalkInput::Due), []);
    }
}
