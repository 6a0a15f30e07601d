//! Which conversation a call joins, what becomes of it, and whom somebody must call back.

use std::time::Duration;

use naru::duty::DutyWish;
use naru::engine::command::{Command, KeepCommand};
use naru::engine::input::Input;
use naru::history::call_record::Outcome;
use naru::history::conversation::conversation::{Conversation, Memory, Shelved, State};
use naru::history::conversation::log::Happening;
use naru::history::conversation::wish::ConversationWish;
use naru::history::conversation_id::ConversationId;
use naru::history::missed_reason::MissedReason;
use naru::history::remembered::Remembered;
use naru::history::trail::trail::{Decision, Shown};
use naru::leg::{LegId, Target};
use naru::live::{AgentState, Update};
use naru::office::document::document::parse;
use naru::office::phone_number::PhoneNumber;
use naru::office::tag::Tag;

use crate::simulation::{Desk, OFFICE, extension, office_with};

/// Routed to 103, without a greeting.
const NUMBER: &str = "+827012345672";
const CUSTOMER: &str = "+821012345678";
const MINUTE: u64 = 60;

fn with(continuation: &str) -> Desk {
    let direct = "route: {agent: \"103\"}, ringback: national";
    Desk::open_with(office_with(direct, &format!("{direct}, continuation: {continuation}")))
}

/// Each conversation as the store has it last, oldest first.
pub(crate) fn stored(desk: &Desk) -> Vec<Conversation> {
    let mut found = std::collections::BTreeMap::new();
    for command in &desk.commands {
        if let Command::Keep(KeepCommand::Conversation(kept)) = command {
            let mut new = kept.conversation.clone();
            if let Some(before) = found.get(&new.id).filter(|_| !kept.whole) {
                new.complete_from(before);
            }
            found.insert(new.id, new);
        }
    }
    found.into_values().collect()
}

pub(crate) fn only(desk: &Desk) -> Conversation {
    let mut all = stored(desk);
    assert_eq!(all.len(), 1, "{all:#?}");
    all.remove(0)
}

fn is_missed(conversation: &Conversation, wanted: MissedReason) -> bool {
    matches!(conversation.state, State::Missed { reason, .. } if reason == wanted)
}

fn answered(desk: &mut Desk) -> LegId {
    let caller = desk.calls(CUSTOMER, NUMBER);
    desk.answers(desk.phone("103"));
    caller
}

fn talked(desk: &mut Desk) {
    let caller = answered(desk);
    desk.hangs_up(caller);
}

fn missed(desk: &mut Desk) {
    let caller = desk.calls(CUSTOMER, NUMBER);
    desk.hangs_up(caller);
}

fn wish(desk: &mut Desk, wish: ConversationWish) {
    let file = Box::new(stored(desk).pop().unwrap());
    desk.tell(Input::Conversation { file, wish, who: "minji".to_owned() });
}

fn call_back(desk: &mut Desk, agent: &str) -> LegId {
    let file = Box::new(stored(desk).pop().unwrap());
    desk.tell(Input::CallBack { file, agent: extension(agent) });
    let own = desk.phone(agent);
    desk.answers(own);
    own
}

fn happened(desk: &Desk, wanted: impl Fn(&Happening) -> bool) -> usize {
    let told = desk.commands.iter().filter(|command| match command {
        Command::Keep(KeepCommand::ConversationLogged(entry)) => wanted(&entry.what),
        _ => false,
    });
    told.count()
}

#[test]
fn every_call_opens_a_conversation_of_its_own_unless_told_otherwise() {
    // S59, S60, C4
    let mut desk = Desk::open();
    talked(&mut desk);
    missed(&mut desk);
    missed(&mut desk);
    assert_eq!(stored(&desk).len(), 3);
    let named: Vec<_> = desk.ended.iter().map(|record| record.conversation.unwrap().0).collect();
    assert_eq!(named, [1, 2, 3], "each record names its own");
}

#[test]
fn an_answered_call_is_closed_when_it_ends_and_belongs_to_who_answered() {
    // S26, L28, S84
    let mut desk = Desk::open();
    let caller = answered(&mut desk);
    let open = only(&desk);
    assert_eq!(open.state, State::Opened);
    assert_eq!(open.assignee, Some(extension("103")));
    assert!(open.followers.contains(&extension("103")), "L28");
    desk.hangs_up(caller);
    let closed = only(&desk);
    assert!(closed.state.is_closed());
    assert_eq!((closed.case.seq, closed.case.missed), (1, 0));
    assert!(closed.case.answered.is_some() && closed.case.closed.is_some());
    assert_eq!(closed.number.unwrap().as_str(), NUMBER);
}

#[test]
fn always_is_always_the_same_conversation() {
    // S63, S64, L177
    let mut desk = with("always");
    for _ in 0..3 {
        talked(&mut desk);
        desk.passes(400 * 86_400);
    }
    let one = only(&desk);
    assert_eq!(one.case.seq, 3, "each opening after a close is a case");
    assert_eq!(desk.ended.len(), 3, "S73: the calls are three");
}

#[test]
fn the_window_is_counted_from_the_close() {
    // S62, S68
    let mut desk = with("10m");
    let caller = answered(&mut desk);
    desk.passes(30 * MINUTE);
    desk.hangs_up(caller);
    desk.passes(10 * MINUTE);
    talked(&mut desk);
    assert_eq!(only(&desk).case.seq, 2, "thirty minutes of talk do not count");
    desk.passes(10 * MINUTE + 1);
    talked(&mut desk);
    assert_eq!(stored(&desk).len(), 2);
}

#[test]
fn what_is_not_closed_is_continued_however_old_and_before_what_is() {
    // S49, SA4
    let mut desk = with("1m");
    missed(&mut desk);
    desk.passes(30 * 86_400);
    missed(&mut desk);
    assert_eq!(only(&desk).case.missed, 2);
    let mut desk = with("always");
    talked(&mut desk);
    let first = only(&desk).id;
    desk.tell(Input::Conversation {
        file: Box::new(only(&desk)),
        wish: ConversationWish::Open,
        who: "a".to_owned(),
    });
    talked(&mut desk);
    assert_eq!(only(&desk).id, first);
}

#[test]
fn the_most_recent_is_the_one_with_the_newest_call_or_note() {
    // S47
    let shelved = |id: u64, active| Shelved {
        customer: PhoneNumber::parse(CUSTOMER).unwrap(),
        id: ConversationId(id),
        closed: 1_000,
        active,
        cases: 1,
    };
    let mut desk = with("always");
    let memory = Memory {
        next: ConversationId(10),
        shelved: vec![shelved(3, 5_000), shelved(4, 9_000), shelved(5, 7_000)],
        ..Memory::default()
    };
    desk.tell(Input::Remembered(Box::new(Remembered {
        conversations: memory,
        ..Remembered::default()
    })));
    missed(&mut desk);
    assert_eq!(only(&desk).id, ConversationId(4));
    assert_eq!(only(&desk).case.seq, 2);
}

#[test]
fn a_new_call_clears_team_and_assignee_and_routes_again() {
    // S50, S51
    let mut desk = with("always");
    missed(&mut desk);
    let team = Some(naru::office::team::TeamName("support".to_owned()));
    wish(&mut desk, ConversationWish::Assign { agent: Some(extension("101")), team });
    assert_eq!(only(&desk).assignee, Some(extension("101")));
    desk.calls(CUSTOMER, NUMBER);
    let again = only(&desk);
    assert_eq!((again.assignee, again.team), (Some(extension("103")), None));
    assert!(again.followers.contains(&extension("101")), "followers stay");
}

#[test]
fn a_missed_call_keeps_its_reason_until_it_is_opened_or_called_again() {
    // L60, S56, S57, S58
    let mut desk = with("always");
    missed(&mut desk);
    assert!(is_missed(&only(&desk), MissedReason::UserLeft));
    wish(&mut desk, ConversationWish::Open);
    assert_eq!(only(&desk).state, State::Opened, "S56, C1");
    missed(&mut desk);
    desk.calls(CUSTOMER, NUMBER);
    assert_eq!(only(&desk).state, State::Opened, "S57");
    desk.passes(121);
    assert!(is_missed(&only(&desk), MissedReason::RingTimeOver), "S58: the newest call's");
    wish(&mut desk, ConversationWish::Snooze { length: 60_000 });
    assert!(matches!(only(&desk).state, State::Snoozed { .. }), "S56, L64");
    desk.passes(61);
    assert_eq!(only(&desk).state, State::Opened);
    missed(&mut desk);
    wish(&mut desk, ConversationWish::Close);
    let closed = only(&desk).state;
    assert!(closed.is_closed());
    assert_eq!(closed.missed_reason(), Some(MissedReason::UserLeft), "S56: but for a close");
    talked(&mut desk);
    assert_eq!(only(&desk).state.missed_reason(), None, "S57: answered, then closed");
}

/// S53, S61, S69: whatever state it is in, and though continuation is off and the agent has another
/// number to show.
/// The customer's first call talks with 103; the second, by another of their phones, is theirs too.
fn second_call_missed(desk: &mut Desk) -> LegId {
    let talking = answered(desk);
    let second = desk.calls(OTHER_PHONE, "+827012345671");
    desk.clip_ends(second);
    desk.hangs_up(second);
    talking
}

const OTHER_PHONE: &str = "+821099998888";

fn of_two_phones(wrap_up: &str) -> Desk {
    let direct = "route: {agent: \"103\"}, ringback: national";
    let team = "    ring_time: 20s\n";
    let office = OFFICE
        .replacen(direct, &format!("{direct}, continuation: always"), 1)
        .replacen(team, &format!("{team}    continuation: always\n"), 1)
        .replacen("policies:\n", &format!("policies:\n  wrap_up: {wrap_up}\n"), 1);
    let customer = format!("customers: [{{number: \"{CUSTOMER}\", also: [\"{OTHER_PHONE}\"]}}]\n");
    Desk::open_with(parse(&format!("{office}{customer}"), None).unwrap())
}

#[test]
fn a_call_missed_while_another_of_the_customer_talks_is_to_be_called_back() {
    // S57, S58: the talk goes on, and its end closes nothing that somebody still waits for.
    let mut desk = of_two_phones("{enabled: false}");
    let talking = second_call_missed(&mut desk);
    assert!(is_missed(&only(&desk), MissedReason::UserLeft), "{:#?}", only(&desk));
    assert_eq!(only(&desk).assignee, Some(extension("103")), "S50 is for a call that takes over");
    desk.hangs_up(talking);
    assert!(is_missed(&only(&desk), MissedReason::UserLeft), "the talk was before it");
    assert_eq!((only(&desk).case.seq, only(&desk).case.missed), (1, 1));
    let own = call_back(&mut desk, "102");
    desk.answers(desk.outside().leg);
    assert_eq!(only(&desk).state, State::Opened, "S57");
    desk.hangs_up(own);
    assert!(only(&desk).state.is_closed());
}

#[test]
fn work_after_the_talk_does_not_close_a_call_that_was_missed_meanwhile() {
    // S20, S58
    let mut desk = of_two_phones("{enabled: true, limit: 30s}");
    let talking = second_call_missed(&mut desk);
    desk.hangs_up(talking);
    desk.passes(60);
    assert!(is_missed(&only(&desk), MissedReason::UserLeft), "{:#?}", only(&desk));
    wish(&mut desk, ConversationWish::Close);
    assert_eq!(only(&desk).state.missed_reason(), Some(MissedReason::UserLeft), "S56");
}

#[test]
fn a_call_from_a_conversation_stays_in_it_whatever_its_state() {
    let snooze = ConversationWish::Snooze { length: 3_600_000 };
    for before in [None, Some(ConversationWish::Open), Some(snooze)] {
        let mut desk = Desk::open();
        talked(&mut desk);
        let seq = only(&desk).case.seq;
        let is_open = before.is_some();
        before.into_iter().for_each(|before| wish(&mut desk, before));
        call_back(&mut desk, "101");
        assert_eq!(desk.outside().caller_number, NUMBER, "the customer knows that one");
        desk.answers(desk.outside().leg);
        let one = only(&desk);
        assert_eq!((one.state, one.assignee.clone()), (State::Opened, Some(extension("101"))));
        assert_eq!(one.case.seq, seq + 1, "open before the call: {is_open}");
        desk.hangs_up(desk.outside().leg);
        assert_eq!(desk.ended.last().unwrap().conversation, Some(one.id));
    }
}

/// S47: among several that are open, or closed, the one with the newest call or note.
#[test]
fn a_note_makes_an_earlier_conversation_the_most_recent() {
    for closed in [true, false] {
        let mut desk = Desk::open();
        let call = if closed { talked } else { missed };
        for _ in 0..2 {
            call(&mut desk);
            desk.passes(60);
        }
        let first = stored(&desk).remove(0);
        let note = ConversationWish::Note { text: "a".to_owned() };
        let (who, file) = ("a".to_owned(), Box::new(first.clone()));
        desk.tell(Input::Conversation { file, wish: note, who });
        desk.passes(60);
        let direct = "route: {agent: \"103\"}, ringback: national";
        let always = office_with(direct, &format!("{direct}, continuation: always"));
        desk.tell(Input::OfficeChanged(always.into()));
        talked(&mut desk);
        assert_eq!(desk.ended.last().unwrap().conversation, Some(first.id), "{closed}");
    }
}

#[test]
fn a_snoozed_one_opens_again_by_itself_and_watchers_are_told() {
    // L25
    let mut desk = Desk::open();
    missed(&mut desk);
    let length = 3 * 86_400_000;
    wish(&mut desk, ConversationWish::Snooze { length });
    desk.updates.clear();
    desk.passes(3 * 86_400 - 1);
    assert!(matches!(only(&desk).state, State::Snoozed { .. }));
    desk.passes(2);
    let one = only(&desk);
    assert_eq!((one.state, one.case.snoozed), (State::Opened, 1));
    assert!(one.case.snoozed_ms >= length, "{}", one.case.snoozed_ms);
    let told = |update: &Update| match update {
        Update::Conversation { conversation } => conversation.state == State::Opened,
        _ => false,
    };
    assert!(desk.updates.iter().any(told));
    assert_eq!(happened(&desk, |what| *what == Happening::Woke), 1);
    assert_eq!(desk.engine.poll_timeout(), None);
}

#[test]
fn a_callback_stays_in_the_conversation_and_shows_the_number_the_customer_dialled() {
    // S54, S61, S69, L44, C2, L63
    let mut desk = Desk::open();
    let caller = desk.calls(CUSTOMER, "+8225550100");
    desk.hangs_up(caller);
    desk.passes(400 * 86_400);
    let picked = PhoneNumber::parse("+827012345671").ok();
    desk.tell(Input::Agent { agent: extension("103"), wish: DutyWish::Show(picked) });
    call_back(&mut desk, "103");
    let outside = desk.outside();
    assert_eq!(
        outside.target,
        Target::Trunk {
            trunk: naru::office::trunk::TrunkName("second".to_owned()),
            dialled: "01012345678".to_owned()
        }
    );
    assert_eq!(
        outside.caller_number, "025550100",
        "though 103 has a number of their own and has picked a third"
    );
    let one = only(&desk);
    assert!(is_missed(&one, MissedReason::UserLeftInGreeting), "L63: calling does not change it");
    assert_eq!(one.handled, None);
    desk.answers(outside.leg);
    let one = only(&desk);
    assert_eq!((one.state, one.assignee.clone()), (State::Opened, Some(extension("103"))));
    assert!(one.handled.is_some(), "L66");
    desk.hangs_up(outside.leg);
    assert!(only(&desk).state.is_closed(), "S26");
    let record = desk.ended.last().unwrap();
    assert_eq!(record.conversation, Some(one.id));
    assert_eq!(record.number.as_ref().unwrap().as_str(), "+8225550100");
    let because = |entry: &naru::history::trail::trail::TrailEntry| {
        matches!(&entry.decision, Decision::NumberShown { because: Shown::DialledByCustomer, .. })
    };
    assert!(record.trail.iter().any(because));
    assert_eq!(happened(&desk, |what| matches!(what, Happening::CalledBack { .. })), 1, "L61");
}

#[test]
fn a_callback_that_nobody_answers_leaves_it_missed() {
    // L63
    let mut desk = Desk::open();
    missed(&mut desk);
    let own = call_back(&mut desk, "101");
    desk.hangs_up(own);
    assert_ne!(desk.ended.last().unwrap().outcome, Some(Outcome::Answered));
    let one = only(&desk);
    assert!(is_missed(&one, MissedReason::UserLeft));
    assert_eq!(one.handled, None);
}

#[test]
fn a_call_that_is_dialled_follows_the_setting_of_the_number_it_shows() {
    // S52, C5
    let mut desk = Desk::open();
    missed(&mut desk);
    let own = desk.dials("103", "01012345678");
    desk.hangs_up(own);
    assert_eq!(stored(&desk).len(), 2, "off: a new window");
    assert!(stored(&desk)[1].state.is_closed(), "nobody answered and nothing is left to do");
    let mut desk = with("always");
    missed(&mut desk);
    let own = desk.dials("103", "01012345678");
    assert!(is_missed(&only(&desk), MissedReason::UserLeft));
    desk.answers(desk.outside().leg);
    assert_eq!(only(&desk).state, State::Opened);
    desk.hangs_up(own);
    assert!(only(&desk).state.is_closed());
}

#[test]
fn a_dialled_call_to_a_closed_one_opens_it_only_when_it_is_answered() {
    // S52, L49
    let mut desk = with("always");
    talked(&mut desk);
    let own = desk.dials("103", "01012345678");
    desk.hangs_up(own);
    let one = only(&desk);
    assert!(one.state.is_closed());
    assert_eq!(one.case.seq, 1);
    let own = desk.dials("103", "01012345678");
    desk.answers(desk.outside().leg);
    desk.hangs_up(own);
    assert_eq!(only(&desk).case.seq, 2);
}

#[test]
fn all_numbers_of_a_customer_are_one_conversation() {
    // S46, L195
    let customers = "customers:\n  - {number: \"+821012345678\", also: [\"+82212345678\"], name: 이서연}\npolicies:";
    let direct = "route: {agent: \"103\"}, ringback: national";
    let text = OFFICE.replacen(direct, &format!("{direct}, continuation: always"), 1).replacen(
        "policies:",
        customers,
        1,
    );
    let office = parse(&text, None).unwrap();
    let mut desk = Desk::open_with(office);
    talked(&mut desk);
    let caller = desk.calls("02-1234-5678", NUMBER);
    desk.hangs_up(caller);
    let one = only(&desk);
    assert_eq!((one.case.seq, one.name.as_str()), (2, "이서연"));
}

#[test]
fn a_withheld_number_and_a_strangers_dialling_join_nothing() {
    let mut desk = with("always");
    for _ in 0..2 {
        let caller = desk.calls("", NUMBER);
        desk.hangs_up(caller);
    }
    assert_eq!(stored(&desk).len(), 2);
    desk.calls(CUSTOMER, "+827012345699");
    desk.dials("101", "102");
    assert_eq!(stored(&desk).len(), 2, "no number of ours, and colleagues");
}

#[test]
fn notes_tags_and_owners_are_kept_with_who_set_them() {
    // L22, L27, L28, L30, L178
    let mut desk = Desk::open();
    talked(&mut desk);
    let tag = |text: &str| Tag::parse(text).unwrap();
    wish(&mut desk, ConversationWish::Note { text: "내일 다시".to_owned() });
    wish(&mut desk, ConversationWish::Tag { tags: [tag("vip"), tag("환불")].into() });
    wish(&mut desk, ConversationWish::Describe { text: "환불 문의".to_owned() });
    wish(&mut desk, ConversationWish::Assign { agent: Some(extension("102")), team: None });
    let one = only(&desk);
    assert!(one.state.is_closed());
    assert_eq!(one.description, "환불 문의");
    assert!(one.last_note.is_some());
    assert_eq!(one.case.tags.len(), 2, "L178: within the hour after the close");
    desk.passes(3_601);
    wish(&mut desk, ConversationWish::Tag { tags: [tag("늦음")].into() });
    let one = only(&desk);
    assert_eq!((one.tags.len(), one.case.tags.len()), (1, 2), "L178: later the case is complete");
    let who = desk.commands.iter().filter_map(|command| match command {
        Command::Keep(KeepCommand::ConversationLogged(entry)) => entry.who.clone(),
        _ => None,
    });
    assert_eq!(who.filter(|who| who == "minji").count(), 5);
}

#[test]
fn what_is_closed_during_the_call_stays_closed() {
    let mut desk = Desk::open();
    let caller = answered(&mut desk);
    wish(&mut desk, ConversationWish::Close);
    desk.hangs_up(caller);
    assert!(only(&desk).state.is_closed());
    assert_eq!(happened(&desk, |what| *what == Happening::Closed), 1);
}

#[test]
fn a_customer_who_was_ringing_when_the_daemon_was_cut_off_is_to_be_called_back() {
    let mut before = Desk::open();
    before.calls(CUSTOMER, NUMBER);
    let open = stored(&before);
    assert_eq!(open[0].state, State::Opened);
    let mut desk = Desk::open();
    let cut = vec![open[0].id];
    let memory = Memory { next: ConversationId(2), open, cut, ..Memory::default() };
    desk.tell(Input::Remembered(Box::new(Remembered {
        conversations: memory,
        ..Remembered::default()
    })));
    assert!(matches!(only(&desk).state, State::Missed { .. }));
    desk.now = desk.now.after(Duration::from_secs(1));
    missed(&mut desk);
    assert_eq!(stored(&desk)[1].id, ConversationId(2), "numbers go on");
}

#[test]
fn a_customer_who_was_leaving_word_when_the_daemon_was_cut_off_is_missed_with_a_message() {
    let mut before = Desk::open();
    before.calls(CUSTOMER, NUMBER);
    let met = Conversation { state: State::Initial, ..stored(&before)[0].clone() };
    let mut desk = Desk::open();
    let (speaking, open) = (vec![met.id], vec![met]);
    let memory = Memory { next: ConversationId(2), open, speaking, ..Memory::default() };
    desk.tell(Input::Remembered(Box::new(Remembered {
        conversations: memory,
        ..Remembered::default()
    })));
    let state = only(&desk).state;
    assert!(matches!(state, State::Missed { reason: MissedReason::WfVoiceMail, .. }), "{state:?}");
}

fn with_wrap_up() -> Desk {
    let text =
        OFFICE.replacen("policies:\n", "policies:\n  wrap_up: {enabled: true, limit: 10m}\n", 1);
    Desk::open_with(parse(&text, None).unwrap())
}

fn wraps_up(desk: &Desk) -> bool {
    let agents = desk.engine.live().agents;
    agents.iter().any(|agent| agent.state == AgentState::WrappingUp)
}

#[test]
fn the_work_after_a_call_keeps_its_conversation_open_and_closes_it() {
    // S20, S21
    let mut desk = with_wrap_up();
    talked(&mut desk);
    assert_eq!(only(&desk).state, State::Opened);
    desk.passes(10 * MINUTE + 1);
    assert!(only(&desk).state.is_closed() && !wraps_up(&desk));
}

#[test]
fn who_closes_or_snoozes_the_conversation_has_done_the_work() {
    // S20
    for done in [ConversationWish::Close, ConversationWish::Snooze { length: 3_600_000 }] {
        let mut desk = with_wrap_up();
        talked(&mut desk);
        wish(&mut desk, ConversationWish::Note { text: "a".to_owned() });
        assert!(wraps_up(&desk), "a note ends nothing");
        wish(&mut desk, done.clone());
        assert!(!wraps_up(&desk));
        desk.passes(11 * MINUTE);
        assert_eq!(only(&desk).state.is_closed(), done == ConversationWish::Close);
    }
}

#[test]
fn work_that_a_restart_interrupts_still_closes_its_conversation() {
    let mut before = with_wrap_up();
    talked(&mut before);
    let duties = before.commands.iter().filter_map(|command| match command {
        Command::Keep(KeepCommand::Duty(duty)) => Some((**duty).clone()),
        _ => None,
    });
    let mut desk = with_wrap_up();
    desk.engine.recall(duties.collect(), &[], desk.now);
    let memory = Memory { next: ConversationId(2), open: vec![only(&before)], ..Memory::default() };
    desk.tell(Input::Remembered(Box::new(Remembered {
        conversations: memory,
        ..Remembered::default()
    })));
    assert!(wraps_up(&desk));
    desk.passes(11 * MINUTE);
    assert!(only(&desk).state.is_closed());
}

#[test]
fn the_same_calls_make_the_same_conversations() {
    let story = || {
        let mut desk = with("3h");
        talked(&mut desk);
        missed(&mut desk);
        desk.passes(4 * 3_600);
        talked(&mut desk);
        let states = stored(&desk);
        states.iter().map(|one| (one.id, one.case.seq, one.case.missed)).collect::<Vec<_>>()
    };
    assert_eq!(story(), story());
}

#[test]
fn a_case_knows_who_had_it_first_whoever_has_it_between() {
    // L174: A→B→A is A's own; a call that routes it anew begins another.
    let mut desk = with("always");
    let caller = answered(&mut desk);
    let first = |desk: &Desk| only(desk).case.first_assignee;
    assert_eq!(first(&desk), Some(extension("103")));
    for agent in ["101", "103"] {
        let (agent, team) = (Some(extension(agent)), None);
        wish(&mut desk, ConversationWish::Assign { agent, team });
        assert_eq!(first(&desk), Some(extension("103")));
    }
    wish(&mut desk, ConversationWish::Assign { agent: Some(extension("101")), team: None });
    desk.hangs_up(caller);
    assert!(only(&desk).state.is_closed());
    assert_eq!(only(&desk).assignee, Some(extension("101")), "B has closed what A began");
    answered(&mut desk);
    assert_eq!((only(&desk).case.seq, first(&desk)), (2, Some(extension("103"))));
}
