//! Who is told that a customer was missed (L17), or waits for an answer (L16).

use naru::engine::command::{Command, KeepCommand};
use naru::engine::input::Input;
use naru::history::conversation::conversation::{Conversation, Memory, State};
use naru::history::conversation::log::Happening;
use naru::history::conversation::wish::ConversationWish;
use naru::history::conversation_id::ConversationId;
use naru::history::missed_reason::MissedReason;
use naru::history::remembered::Remembered;
use naru::live::{Alert, AlertKind, Update};

use crate::conversations::stored;
use crate::simulation::{Desk, extension, office_with};

const NOBODYS: &str = "+827012345670";
const TEAM: &str = "+827012345671";
const DIRECT: &str = "+827012345672";
const MINUTE: u64 = 60;

fn missed(desk: &mut Desk, caller: &str, number: &str) {
    let caller = desk.calls(caller, number);
    if number == TEAM {
        desk.clip_ends(caller);
    }
    desk.hangs_up(caller);
}

/// Whom an alert of this kind told of which conversations, in their order.
fn alerts(desk: &Desk, kind: AlertKind) -> Vec<(Vec<String>, Vec<u64>)> {
    let told = |alert: &Alert| {
        let agents = alert.agents.iter().map(ToString::to_string).collect();
        (agents, alert.customers.iter().map(|one| one.conversation.0).collect())
    };
    let all = desk.updates.iter().filter_map(|update| match update {
        Update::Alert { alert } if alert.kind == kind => Some(told(alert)),
        _ => None,
    });
    all.collect()
}

fn told(agents: &[&str], conversations: &[u64]) -> (Vec<String>, Vec<u64>) {
    (agents.iter().map(|agent| (*agent).to_owned()).collect(), conversations.to_vec())
}

/// L17
#[test]
fn whose_call_was_missed_is_told_unless_they_do_not_want_to_know() {
    let mut desk = Desk::open();
    missed(&mut desk, "01011110001", DIRECT);
    missed(&mut desk, "01011110002", TEAM);
    missed(&mut desk, "01011110003", NOBODYS);
    let wanted = [told(&["103"], &[1]), told(&["102", "103"], &[2]), told(&["101", "102"], &[3])];
    assert_eq!(alerts(&desk, AlertKind::Missed), wanted);

    let quiet = office_with("name: Park,", "name: Park, missed_alerts: false,");
    let mut desk = Desk::open_with(quiet);
    missed(&mut desk, "01011110001", DIRECT);
    missed(&mut desk, "01011110002", TEAM);
    assert_eq!(alerts(&desk, AlertKind::Missed), [told(&["102"], &[2])]);
    // One that somebody takes is no news.
    desk.updates.clear();
    let caller = desk.calls("01011110001", DIRECT);
    desk.answers(desk.phone("103"));
    desk.hangs_up(caller);
    assert_eq!(alerts(&desk, AlertKind::Missed), []);
}

/// L16: those with the alert for calls that are nobody's, once.
#[test]
fn after_ten_minutes_without_an_answer_the_office_is_reminded_once() {
    let mut desk = Desk::open();
    missed(&mut desk, "01011110001", NOBODYS);
    desk.passes(10 * MINUTE - 1);
    assert_eq!(alerts(&desk, AlertKind::Unanswered), []);
    desk.passes(2);
    let once = [told(&["101", "102"], &[1])];
    assert_eq!(alerts(&desk, AlertKind::Unanswered), once);
    let logged = desk.commands.iter().any(|command| match command {
        Command::Keep(KeepCommand::ConversationLogged(entry)) => {
            matches!(&entry.what, Happening::Reminded { agents } if agents.len() == 2)
        }
        _ => false,
    });
    assert!(logged, "it stands in the conversation");
    desk.passes(24 * 60 * MINUTE);
    assert_eq!(alerts(&desk, AlertKind::Unanswered), once, "not again");
    assert_eq!(desk.engine.poll_timeout(), None);
    // Missed anew: another conversation, another reminder.
    missed(&mut desk, "01011110001", NOBODYS);
    desk.passes(11 * MINUTE);
    assert_eq!(alerts(&desk, AlertKind::Unanswered).len(), 2);
}

/// L16: somebody's is nobody's reminder, nor is what was dealt with.
#[test]
fn who_is_responsible_or_has_called_back_keeps_the_office_quiet() {
    let mut desk = Desk::open();
    missed(&mut desk, "01011110001", DIRECT);
    missed(&mut desk, "01011110002", NOBODYS);
    let file = Box::new(stored(&desk).pop().unwrap());
    let wish = ConversationWish::Assign { agent: Some(extension("103")), team: None };
    desk.tell(Input::Conversation { file, wish, who: "m".to_owned() });
    missed(&mut desk, "01011110003", NOBODYS);
    let file = Box::new(stored(&desk).pop().unwrap());
    desk.tell(Input::CallBack { file, agent: extension("102") });
    desk.answers(desk.phone("102"));
    let customer = desk.outside().leg;
    desk.answers(customer);
    desk.passes(MINUTE);
    desk.hangs_up(customer);
    desk.passes(60 * MINUTE);
    assert_eq!(alerts(&desk, AlertKind::Unanswered), []);
}

/// L16: many that are due are told together, and no more than once a minute.
#[test]
fn reminders_come_together_and_seldom() {
    let mut desk = Desk::open();
    for caller in 0..5 {
        missed(&mut desk, &format!("0101111000{caller}"), NOBODYS);
        desk.passes(2);
    }
    desk.passes(12 * MINUTE);
    let found = alerts(&desk, AlertKind::Unanswered);
    let told_of: Vec<Vec<u64>> = found.into_iter().map(|(_, of)| of).collect();
    assert_eq!(told_of, [vec![1], vec![2, 3, 4, 5]]);
}

/// L16: without anybody who has the alert nobody is told, and nothing is looked for again.
#[test]
fn without_anybody_who_wants_to_know_nothing_is_told() {
    let text = "name: 김민지, unassigned_calls: true";
    let office = office_with(text, "name: 김민지, unassigned_calls: false");
    let mut office = office;
    office.agents.values_mut().for_each(|agent| agent.unassigned_calls = false);
    let mut desk = Desk::open_with(office);
    let caller = desk.calls("01011110001", NOBODYS);
    desk.clip_ends(caller);
    desk.passes(12 * MINUTE);
    assert_eq!(alerts(&desk, AlertKind::Unanswered), []);
    assert_eq!(desk.engine.poll_timeout(), None);
}

/// L16: a restart neither forgets a reminder nor gives it again.
#[test]
fn a_restart_keeps_the_clock_of_a_reminder() {
    let mut desk = Desk::open();
    missed(&mut desk, "01011110001", NOBODYS);
    let one = stored(&desk).pop().unwrap();
    let again = |reminded: Option<i64>, ago: u64| -> Desk {
        let mut desk = Desk::open();
        let since = desk.now.unix_millis() - i64::try_from(ago * 1000).unwrap();
        let state = State::Missed { since, reason: MissedReason::UserLeft };
        let reminded = reminded.map(|after| since + after);
        let open = vec![Conversation { state, reminded, last_call: since, ..one.clone() }];
        let conversations = Memory { next: ConversationId(2), open, ..Memory::default() };
        let remembered = Remembered { conversations, ..Remembered::default() };
        desk.tell(Input::Remembered(Box::new(remembered)));
        desk
    };
    let mut desk = again(None, 9 * MINUTE);
    desk.passes(59);
    assert_eq!(alerts(&desk, AlertKind::Unanswered), []);
    desk.passes(2);
    assert_eq!(alerts(&desk, AlertKind::Unanswered), [told(&["101", "102"], &[1])]);
    let mut desk = again(Some(600_000), 30 * MINUTE);
    desk.passes(30 * MINUTE);
    assert_eq!(alerts(&desk, AlertKind::Unanswered), [], "was told before the restart");
    let mut desk = again(None, 30 * MINUTE);
    desk.passes(2);
    assert_eq!(alerts(&desk, AlertKind::Unanswered).len(), 1, "came due while naru was down");
}

/// L16: a customer who calls again is looked after, and no clock runs meanwhile.
#[test]
fn while_the_customer_calls_again_nobody_is_reminded() {
    let office = office_with(
        "{number: \"+827012345670\",",
        "{number: \"+827012345670\", continuation: always,",
    );
    let mut desk = Desk::open_with(office);
    missed(&mut desk, "01011110001", NOBODYS);
    desk.passes(10 * MINUTE - 1);
    let caller = desk.calls("01011110001", NOBODYS);
    desk.answers(desk.phone("102"));
    desk.passes(30 * MINUTE);
    assert_eq!(alerts(&desk, AlertKind::Unanswered), []);
    assert_eq!(desk.engine.poll_timeout(), None, "nothing is looked for again and again");
    desk.hangs_up(caller);
    desk.passes(30 * MINUTE);
    assert_eq!(alerts(&desk, AlertKind::Unanswered), []);
}
