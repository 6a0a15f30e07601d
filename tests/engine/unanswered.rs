//! Numbers whose callers may leave word when nobody answers, without any workflow (L98).

use std::time::Duration;

use naru::audio::builtin::Prompt;
use naru::engine::command::{Command, LegCommand, RecordCommand};
use naru::engine::input::Input;
use naru::history::call_record::Outcome;
use naru::history::missed_reason::MissedReason;
use naru::history::recording_name::{Kept, RecordingName};
use naru::history::trail::trail::Decision;
use naru::history::trail::voicemail::MessageStory;
use naru::leg::{HangupCause, LegId, RecordingEnd};
use naru::live::Stage;
use naru::office::announcement::{Situation, Sound};
use naru::office::call_recording::Format;
use naru::office::document::document::parse;
use naru::office::language::Language;

use crate::simulation::{Desk, OFFICE};

const TEAM: &str = "+827012345671";
const DIRECT: &str = "+827012345672";
const CUSTOMER: &str = "01098765432";

/// The team's number says that all are busy; the agent's says nothing.
fn desk() -> Desk {
    let text = OFFICE
        .replacen("route: {team: support}", "route: {team: support}\n    voicemail: true", 1)
        .replacen("ringback: national", "ringback: national, voicemail: true", 1);
    Desk::open_with(parse(&text, None).unwrap())
}

fn prompt(prompt: Prompt) -> Sound {
    Sound::Prompt { prompt, language: Language::Ko }
}

/// Past prompt and tone; recording has begun and ends after so many seconds of words.
fn speaks(desk: &mut Desk, caller: LegId, seconds: u64) {
    assert_eq!(desk.hears(caller).unwrap().1, prompt(Prompt::Voicemail));
    assert_eq!(desk.stage(), Some(Stage::Voicemail));
    desk.clip_ends(caller);
    assert_eq!(desk.hears(caller).unwrap().1, Sound::Beep);
    desk.clip_ends(caller);
    let begun = desk.commands.iter().rev().find_map(|command| match command {
        Command::Record(RecordCommand::Begin { recording, call, .. }) => Some((*recording, *call)),
        _ => None,
    });
    let (recording, call) = begun.unwrap();
    let name = RecordingName { call, kept: Kept::Message, part: 1, format: Format::Opus };
    desk.tell(Input::RecordingBegan { recording, name });
    let (length, end) = (Duration::from_secs(seconds), RecordingEnd::Silence);
    desk.tell(Input::RecordingEnded { recording, call, end, length, spoken: length });
}

#[test]
fn who_is_not_answered_is_told_why_and_may_leave_a_message() {
    let mut desk = desk();
    let caller = desk.calls(CUSTOMER, TEAM);
    desk.clip_ends(caller);
    assert_eq!(desk.rung(), ["102", "103"]);
    desk.passes(20);
    let busy = Sound::BuiltIn { situation: Situation::AllBusy, language: Language::Ko };
    assert_eq!(desk.hears(caller).unwrap().1, busy);
    desk.clip_ends(caller);
    speaks(&mut desk, caller, 12);
    assert_eq!(desk.hears(caller).unwrap().1, prompt(Prompt::VoicemailSaved));
    desk.clip_ends(caller);
    assert_eq!(desk.hung_up(caller), Some(HangupCause::Normal));
    // S31: the reason is still that ring time was over.
    let record = desk.record();
    assert_eq!(record.outcome, Some(Outcome::Missed));
    assert_eq!((record.missed_reason, record.voicemail), (Some(MissedReason::RingTimeOver), true));
    let [message] = &desk.engine.messages()[..] else { panic!("one message") };
    assert_eq!(message.seconds, Some(12));
    assert_eq!(message.team.as_ref().map(|team| team.0.as_str()), Some("support"));
}

#[test]
fn a_number_with_nothing_to_say_answers_for_the_voicemail_alone() {
    let mut desk = desk();
    let caller = desk.calls(CUSTOMER, DIRECT);
    desk.ends(desk.phone("103"), HangupCause::Busy);
    desk.place(&Command::Leg(LegCommand::Answer { leg: caller, like: None }));
    speaks(&mut desk, caller, 5);
    desk.clip_ends(caller);
    assert_eq!(desk.record().missed_reason, Some(MissedReason::RejectedByOperator));
    let message = &desk.engine.messages()[0];
    assert_eq!(message.agent.as_ref().map(|agent| agent.as_str()), Some("103"));
    // S97: when nobody is there at all, at once.
    let mut desk = self::desk();
    desk.unregisters("103");
    let caller = desk.calls(CUSTOMER, DIRECT);
    assert_eq!(desk.hears(caller).unwrap().1, prompt(Prompt::Voicemail));
    assert!(desk.rung().is_empty());
}

#[test]
fn out_of_hours_a_message_may_be_left() {
    // S99
    let text = OFFICE
        .replacen(
            "route: {team: support}",
            "route: {team: support}\n    hours: none\n    voicemail: true",
            1,
        )
        .replacen("trunks:", "hours: [{name: none, timezone: Asia/Seoul, week: {}}]\ntrunks:", 1);
    let mut desk = Desk::open_with(parse(&text, None).unwrap());
    let caller = desk.calls(CUSTOMER, TEAM);
    desk.clip_ends(caller);
    let closed = Sound::BuiltIn { situation: Situation::Closed, language: Language::Ko };
    assert_eq!(desk.hears(caller).unwrap().1, closed);
    desk.clip_ends(caller);
    speaks(&mut desk, caller, 9);
    desk.hangs_up(caller);
    let record = desk.record();
    assert_eq!(
        (record.missed_reason, record.voicemail),
        (Some(MissedReason::NotInOperation), true)
    );
}

#[test]
fn who_says_nothing_is_missed_as_without_a_voicemail() {
    let reason = Some(MissedReason::RingTimeOver);
    for points in 0..4 {
        let mut desk = desk();
        let caller = desk.calls(CUSTOMER, TEAM);
        desk.clip_ends(caller);
        desk.passes(20);
        // While they are told why, are asked, hear the tone, are listened to.
        (0..points).for_each(|_| desk.clip_ends(caller));
        desk.hangs_up(caller);
        desk.passes(2);
        let record = desk.record();
        assert_eq!((record.missed_reason, record.voicemail), (reason, false), "after {points}");
        assert!(desk.engine.messages().is_empty());
    }
    // A key passes over the words, not over the tone.
    let mut desk = desk();
    let caller = desk.calls(CUSTOMER, TEAM);
    desk.clip_ends(caller);
    desk.passes(20);
    desk.presses(caller, '1');
    assert_eq!(desk.hears(caller).unwrap().1, prompt(Prompt::Voicemail));
    desk.presses(caller, '1');
    assert_eq!(desk.hears(caller).unwrap().1, Sound::Beep);
    // A clip whose end is never told holds nobody up.
    desk.passes(120);
    assert!(
        desk.commands.iter().any(|one| matches!(one, Command::Record(RecordCommand::Begin { .. })))
    );
    desk.tell(Input::Stop);
    desk.passes(5);
    assert_eq!(desk.record().missed_reason, reason);
    let asked = Decision::Voicemail { story: MessageStory::Asked };
    assert!(desk.decided(|one| *one == asked));
}

#[test]
fn without_the_setting_nothing_changes() {
    let mut desk = Desk::open();
    let caller = desk.calls(CUSTOMER, TEAM);
    desk.clip_ends(caller);
    desk.passes(20);
    desk.clip_ends(caller);
    assert_eq!(desk.record().missed_reason, Some(MissedReason::RingTimeOver));
}
