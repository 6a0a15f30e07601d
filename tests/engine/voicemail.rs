//! Callers who leave word, and agents who listen to them (L98).

use std::time::Duration;

use naru::audio::builtin::Prompt;
use naru::engine::command::{Command, KeepCommand, LegCommand, RecordCommand, SoundCommand};
use naru::engine::input::Input;
use naru::engine::rehearsal::Rehearsed;
use naru::history::call_id::CallId;
use naru::history::call_record::Outcome;
use naru::history::conversation::conversation::State;
use naru::history::missed_reason::MissedReason;
use naru::history::recording_name::{Kept, RecordingName};
use naru::history::remembered::Remembered;
use naru::history::trail::trail::Decision;
use naru::history::trail::voicemail::MessageStory;
use naru::history::voice_message::{MessageWish, VoiceMessage};
use naru::history::walk_record::WalkEnd;
use naru::leg::{HangupCause, LegId, RecordingEnd, RecordingId, Side};
use naru::live::Stage;
use naru::office::announcement::Sound;
use naru::office::call_recording::Format;
use naru::office::document::document::parse;
use naru::office::language::Language;
use naru::office::saying::Saying;
use naru::office::snapshot::Office;
use naru::office::trunk::TrunkName;

use crate::simulation::{Desk, OFFICE, extension};

const MAIN: &str = "+827012345670";
const CUSTOMER: &str = "01098765432";

const WORKFLOWS: &str = r#"
workflows:
  - name: night
    trigger: customer_called
    steps:
      - name: menu
        menu: {say: greeting, keys: {"1": support, "2": park, "3": leave}}
      - {name: support, assign: {team: support}, next: leave}
      - {name: park, assign: {agent: "103"}, next: leave}
      - {name: leave, voicemail: {limit: 2m, silence: 4s}}
"#;

pub(crate) fn office() -> Office {
    let text = OFFICE.replacen("route: off", "route: {workflow: night}", 1);
    parse(&format!("{text}{WORKFLOWS}"), None).unwrap()
}

fn prompt(prompt: Prompt, language: Language) -> Sound {
    Sound::Prompt { prompt, language }
}

/// What is being recorded, and of which call.
fn recorded(desk: &Desk) -> Option<(RecordingId, CallId)> {
    desk.commands.iter().rev().find_map(|command| match command {
        Command::Record(RecordCommand::Begin { recording, call, kept: Kept::Message, .. }) => {
            Some((*recording, *call))
        }
        _ => None,
    })
}

pub(crate) fn named(call: CallId) -> RecordingName {
    RecordingName { call, kept: Kept::Message, part: 1, format: Format::Opus }
}

/// A caller past the tone, having pressed `key`; recording says that it writes.
pub(crate) fn speaks(desk: &mut Desk, key: char) -> (LegId, RecordingId, CallId) {
    let caller = desk.calls(CUSTOMER, MAIN);
    desk.presses(caller, key);
    desk.clip_ends(caller);
    assert_eq!(desk.hears(caller).unwrap().1, Sound::Beep);
    desk.clip_ends(caller);
    let (recording, call) = recorded(desk).unwrap();
    desk.tell(Input::RecordingBegan { recording, name: named(call) });
    (caller, recording, call)
}

pub(crate) fn ends(
    desk: &mut Desk,
    (recording, call): (RecordingId, CallId),
    end: RecordingEnd,
    spoken: u64,
) {
    let spoken = Duration::from_secs(spoken);
    desk.tell(Input::RecordingEnded { recording, call, end, length: spoken, spoken });
}

fn kept(desk: &Desk) -> Vec<VoiceMessage> {
    desk.engine.messages()
}

#[test]
fn a_message_is_left_and_the_call_is_missed_with_it() {
    // L98
    let mut desk = Desk::open_with(office());
    let caller = desk.calls(CUSTOMER, MAIN);
    desk.presses(caller, '1');
    assert_eq!(desk.hears(caller).unwrap().1, prompt(Prompt::Voicemail, Language::Ko));
    assert_eq!(desk.stage(), Some(Stage::Voicemail));
    desk.clip_ends(caller);
    desk.clip_ends(caller);
    let (recording, call) = recorded(&desk).unwrap();
    let (length, silence) = (Duration::from_secs(120), Some(Duration::from_secs(4)));
    let kept_as = Kept::Message;
    desk.place(&Command::Record(RecordCommand::Begin {
        recording,
        call,
        kept: kept_as,
        length,
        silence,
    }));
    desk.place(&Command::Record(RecordCommand::AddLeg {
        recording,
        leg: caller,
        side: Side::Customer,
    }));
    desk.tell(Input::RecordingBegan { recording, name: named(call) });
    assert!(kept(&desk).is_empty(), "not before its end");
    desk.passes(20);
    desk.presses(caller, '#');
    desk.place(&Command::Record(RecordCommand::End { recording }));
    assert_eq!(desk.hung_up(caller), None);
    ends(&mut desk, (recording, call), RecordingEnd::Asked, 19);
    assert_eq!(desk.hears(caller).unwrap().1, prompt(Prompt::VoicemailSaved, Language::Ko));
    desk.clip_ends(caller);
    assert_eq!(desk.hung_up(caller), Some(HangupCause::Normal));

    let record = desk.record();
    assert_eq!(
        (record.outcome, record.missed_reason, record.voicemail),
        (Some(Outcome::Missed), Some(MissedReason::WfVoiceMail), true)
    );
    let [message] = &kept(&desk)[..] else { panic!("{:?}", kept(&desk)) };
    assert_eq!(message.name, named(call));
    assert_eq!((message.seconds, message.heard.as_ref()), (Some(19), None));
    assert_eq!(message.team.as_ref().map(|team| team.0.as_str()), Some("support"));
    assert_eq!(message.conversation, record.conversation);
    let conversation = desk.commands.iter().rev().find_map(|command| match command {
        Command::Keep(KeepCommand::Conversation(kept)) => Some(kept.conversation.clone()),
        _ => None,
    });
    let conversation = conversation.unwrap();
    assert!(matches!(conversation.state, State::Missed { reason: MissedReason::WfVoiceMail, .. }));
    assert_eq!(conversation.team.unwrap().0, "support");
    let walk = desk.commands.iter().find_map(|command| match command {
        Command::Keep(KeepCommand::WalkEnded(walk)) => Some(walk.end),
        _ => None,
    });
    assert_eq!(walk, Some(WalkEnd::Voicemail));
}

#[test]
fn silence_the_limit_and_hanging_up_end_a_message_too() {
    for end in [RecordingEnd::Silence, RecordingEnd::TooLong] {
        let mut desk = Desk::open_with(office());
        let (caller, recording, call) = speaks(&mut desk, '2');
        ends(&mut desk, (recording, call), end, 5);
        desk.clip_ends(caller);
        assert_eq!(desk.record().missed_reason, Some(MissedReason::WfVoiceMail));
        assert_eq!(kept(&desk)[0].agent, Some(extension("103")));
    }
    let mut desk = Desk::open_with(office());
    let (caller, recording, call) = speaks(&mut desk, '3');
    desk.passes(9);
    desk.hangs_up(caller);
    desk.place(&Command::Record(RecordCommand::End { recording }));
    assert!(desk.ended.is_empty(), "what was said is awaited");
    ends(&mut desk, (recording, call), RecordingEnd::Asked, 8);
    assert_eq!(desk.record().missed_reason, Some(MissedReason::WfVoiceMail));
    let message = &kept(&desk)[0];
    assert_eq!((&message.agent, &message.team, message.seconds), (&None, &None, Some(8)));
}

#[test]
fn a_caller_who_says_nothing_is_asked_once_more_and_leaves_nothing() {
    let mut desk = Desk::open_with(office());
    let (caller, recording, call) = speaks(&mut desk, '1');
    ends(&mut desk, (recording, call), RecordingEnd::Silence, 0);
    desk.place(&Command::Keep(KeepCommand::MessageDeleted(named(call))));
    assert_eq!(desk.hears(caller).unwrap().1, prompt(Prompt::VoicemailShort, Language::Ko));
    desk.clip_ends(caller);
    assert_eq!(desk.hears(caller).unwrap().1, Sound::Beep);
    desk.clip_ends(caller);
    let (second, call) = recorded(&desk).unwrap();
    assert_ne!(second, recording);
    ends(&mut desk, (second, call), RecordingEnd::Silence, 1);
    desk.clip_ends(caller);
    assert_eq!(desk.hung_up(caller), Some(HangupCause::Normal));
    // L81: nothing is left in the inbox.
    assert_eq!(desk.record().outcome, Some(Outcome::NotEntered));
    assert!(!desk.record().voicemail && kept(&desk).is_empty());
}

#[test]
fn a_caller_who_hangs_up_before_the_tone_leaves_nothing() {
    let mut desk = Desk::open_with(office());
    let caller = desk.calls(CUSTOMER, MAIN);
    desk.presses(caller, '1');
    desk.hangs_up(caller);
    let record = desk.record();
    assert_eq!(record.missed_reason, Some(MissedReason::UserLeftInIvr));
    assert_eq!((record.outcome, recorded(&desk)), (Some(Outcome::NotEntered), None));
}

#[test]
fn a_key_passes_over_the_prompt() {
    let mut desk = Desk::open_with(office());
    let caller = desk.calls(CUSTOMER, MAIN);
    desk.presses(caller, '1');
    desk.presses(caller, '5');
    assert_eq!(desk.hears(caller).unwrap().1, Sound::Beep);
}

#[test]
fn a_full_disk_is_said_and_a_word_that_is_lost_holds_nobody() {
    let mut desk = Desk::open_with(office());
    let caller = desk.calls(CUSTOMER, MAIN);
    desk.presses(caller, '1');
    desk.clip_ends(caller);
    desk.clip_ends(caller);
    let (recording, call) = recorded(&desk).unwrap();
    ends(&mut desk, (recording, call), RecordingEnd::NoDisk, 0);
    assert_eq!(desk.hears(caller).unwrap().1, prompt(Prompt::VoicemailFull, Language::Ko));
    desk.clip_ends(caller);
    assert_eq!(desk.record().outcome, Some(Outcome::NotEntered));

    // Recording never says a word: the caller is let go, and what was said is not lost.
    let mut desk = Desk::open_with(office());
    let (caller, ..) = speaks(&mut desk, '1');
    desk.passes(133);
    assert_eq!(desk.hears(caller).unwrap().1, prompt(Prompt::VoicemailSaved, Language::Ko));
    desk.clip_ends(caller);
    assert_eq!(kept(&desk).len(), 1);
}

#[test]
fn what_was_said_until_the_daemon_stops_is_kept() {
    let mut desk = Desk::open_with(office());
    speaks(&mut desk, '1');
    desk.passes(30);
    desk.tell(Input::Stop);
    assert_eq!(desk.record().missed_reason, Some(MissedReason::WfVoiceMail));
    assert_eq!(kept(&desk)[0].seconds, Some(30));
    let mut desk = Desk::open_with(office());
    let (_, _, call) = speaks(&mut desk, '1');
    desk.passes(1);
    desk.tell(Input::HangUp { call });
    assert_eq!(desk.record().outcome, Some(Outcome::NotEntered));
    assert!(kept(&desk).is_empty());
}

/// An office with a message for the team, one for 103 and one for nobody.
fn three_messages() -> Desk {
    let mut desk = Desk::open_with(office());
    for key in ['1', '2', '3'] {
        let (caller, recording, call) = speaks(&mut desk, key);
        desk.passes(10);
        ends(&mut desk, (recording, call), RecordingEnd::Asked, 9);
        desk.clip_ends(caller);
        desk.passes(60);
    }
    desk.commands.clear();
    desk
}

fn played(desk: &Desk) -> Vec<RecordingName> {
    let played = desk.commands.iter().filter_map(|command| match command {
        Command::Sound(SoundCommand::PlayMessage { name, .. }) => Some(*name),
        _ => None,
    });
    played.collect()
}

fn message_ends(desk: &mut Desk, leg: LegId) {
    let play = desk.commands.iter().rev().find_map(|command| match command {
        Command::Sound(SoundCommand::PlayMessage { play, .. }) => Some(*play),
        _ => None,
    });
    desk.tell(Input::PlayEnded { leg, play: play.unwrap() });
}

fn counted(desk: &Desk, leg: LegId) -> Sound {
    desk.hears(leg).unwrap().1
}

#[test]
fn an_agent_hears_the_new_messages_that_are_theirs() {
    let mut desk = three_messages();
    // 102 is in the team and takes unassigned calls; 103 is in the team and has one of their own.
    let count = |count, language| {
        let sayings = vec![Saying::NewMessages(count)];
        Sound::Said { sayings, language }
    };
    let agent = desk.dials("103", "*97");
    desk.place(&Command::Leg(LegCommand::Answer { leg: agent, like: None }));
    assert_eq!(counted(&desk, agent), count(2, Language::Ko));
    desk.clip_ends(agent);
    let Sound::Said { sayings, .. } = desk.hears(agent).unwrap().1 else { panic!() };
    assert_eq!(sayings[2], Saying::Caller("01098765432".to_owned()));
    desk.clip_ends(agent);
    assert_eq!(played(&desk), [named(CallId(1))]);
    message_ends(&mut desk, agent);
    assert_eq!(desk.hears(agent).unwrap().1, prompt(Prompt::VoicemailMenu, Language::Ko));
    desk.presses(agent, '1');
    desk.clip_ends(agent);
    assert_eq!(played(&desk), [named(CallId(1)), named(CallId(1))], "once more");
    desk.presses(agent, '#');
    desk.clip_ends(agent);
    assert_eq!(played(&desk).last(), Some(&named(CallId(2))));
    desk.presses(agent, '7');
    desk.place(&Command::Keep(KeepCommand::MessageDeleted(named(CallId(2)))));
    assert_eq!(desk.hears(agent).unwrap().1, prompt(Prompt::VoicemailDeleted, Language::Ko));
    desk.clip_ends(agent);
    assert_eq!(desk.hears(agent).unwrap().1, prompt(Prompt::VoicemailEnd, Language::Ko));
    desk.clip_ends(agent);
    assert_eq!(desk.hung_up(agent), Some(HangupCause::Normal));
    let heard: Vec<_> =
        kept(&desk).into_iter().map(|m| (m.name.call.0, m.heard.map(|heard| heard.who))).collect();
    assert_eq!(heard, [(1, Some("103".to_owned())), (3, None)]);
    let record = desk.ended.last().unwrap();
    let story = MessageStory::Deleted { name: named(CallId(2)).to_string() };
    let deleted = Decision::Voicemail { story };
    assert!(record.trail.iter().any(|entry| entry.decision == deleted));

    let agent = desk.dials("103", "*97");
    assert_eq!(desk.hears(agent).unwrap().1, prompt(Prompt::VoicemailNone, Language::Ko));
    desk.clip_ends(agent);
    let agent = desk.dials("101", "*97");
    assert_eq!(counted(&desk, agent), count(1, Language::Ko), "nobody's is everybody's");
}

#[test]
fn a_message_counts_as_new_until_it_was_heard_and_goes_with_its_conversation() {
    let mut desk = three_messages();
    let agent = desk.dials("103", "*97");
    desk.clip_ends(agent);
    desk.hangs_up(agent);
    let new = |desk: &Desk, agent: &str| {
        let theirs = desk.engine.messages_of(&extension(agent)).unwrap();
        theirs.iter().filter(|message| message.heard.is_none()).count()
    };
    assert_eq!((new(&desk, "101"), new(&desk, "102"), new(&desk, "103")), (1, 2, 2));
    // No key comes: one after the other, each heard.
    let agent = desk.dials("103", "*97");
    desk.clip_ends(agent);
    desk.clip_ends(agent);
    message_ends(&mut desk, agent);
    desk.clip_ends(agent);
    desk.passes(11);
    desk.clip_ends(agent);
    message_ends(&mut desk, agent);
    desk.hangs_up(agent);
    assert_eq!((new(&desk, "102"), new(&desk, "103")), (1, 0));
    let name = named(CallId(1));
    desk.tell(Input::Message { name, wish: MessageWish::Unheard, who: "admin".to_owned() });
    assert_eq!(new(&desk, "103"), 1);
    let message = kept(&desk).remove(0);
    let everything = Remembered { messages: kept(&desk), ..Remembered::default() };
    desk.tell(Input::Message { name, wish: MessageWish::Delete, who: "admin".to_owned() });
    assert_eq!(kept(&desk).len(), 2);
    // What was cut off by a crash can be heard.
    let cut = VoiceMessage { seconds: None, ..message };
    let mut again = Desk::open_with(office());
    let messages = vec![cut, everything.messages[1].clone()];
    again.tell(Input::Remembered(Box::new(Remembered { messages, ..Remembered::default() })));
    assert_eq!((new(&again, "102"), new(&again, "103")), (1, 1));
}

#[test]
fn a_simulated_call_ends_at_the_voicemail() {
    let desk = Desk::open_with(office());
    let call = Rehearsed {
        trunk: TrunkName("carrier".to_owned()),
        caller: CUSTOMER.to_owned(),
        dialled: MAIN.to_owned(),
        keys: vec!['1'.into()],
        at: desk.now.wall,
    };
    let record = desk.engine.rehearse(&call, desk.now).unwrap();
    assert_eq!(record.missed_reason, Some(MissedReason::WfVoiceMail));
    assert!(record.voicemail);
    let told: Vec<String> =
        record.trail.iter().map(|entry| entry.decision.words(Language::En)).collect();
    for words in ["pressed 1 at 'menu'", "may leave a message", "message of 15 seconds"] {
        assert!(told.iter().any(|line| line.contains(words)), "{words}: {told:#?}");
    }
    let asked = told.iter().filter(|line| line.contains("leave a message")).count();
    assert_eq!(asked, 1, "said once: {told:#?}");
    assert!(desk.engine.messages().is_empty(), "nothing is left of it");
}
