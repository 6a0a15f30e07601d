//! After-call work (S16–S26): nothing rings, until the agent or the limit ends it.

use naru::duty::{Activity, Duty, DutyWish};
use naru::engine::command::{Command, KeepCommand};
use naru::engine::input::Input;
use naru::history::agent_log::{AgentLog, AgentStatus, WrapUpDone};
use naru::history::missed_reason::MissedReason;
use naru::history::trail::trail::{Decision, Skip};
use naru::leg::HangupCause;
use naru::live::{AgentState, LiveAgent};
use naru::office::announcement::Sound;
use naru::office::document::document::parse;
use naru::office::snapshot::Office;

use crate::simulation::{Desk, OFFICE, extension};

const TEAM: &str = "+827012345671";
const DIRECT: &str = "+827012345672";
const CUSTOMER: &str = "01098765432";

fn office(rule: &str, changes: &[(&str, &str)]) -> Office {
    let policies = format!("policies:\n  wrap_up: {rule}\n");
    let mut text = OFFICE.replacen("policies:\n", &policies, 1);
    for (part, by) in changes {
        assert!(text.contains(part), "{part}");
        text = text.replacen(part, by, 1);
    }
    parse(&text, None).unwrap()
}

fn desk(rule: &str) -> Desk {
    Desk::open_with(office(rule, &[]))
}

fn seen(desk: &Desk, agent: &str) -> LiveAgent {
    let live = desk.engine.live().agents;
    live.into_iter().find(|live| live.extension == extension(agent)).unwrap()
}

/// 103 talks with a customer, who then hangs up.
fn talks(desk: &mut Desk) {
    let caller = desk.calls(CUSTOMER, DIRECT);
    desk.answers(desk.phone("103"));
    desk.passes(30);
    desk.hangs_up(caller);
}

fn kept(desk: &Desk) -> Vec<Duty> {
    let duties = desk.commands.iter().filter_map(|command| match command {
        Command::Keep(KeepCommand::Duty(duty)) => Some((**duty).clone()),
        _ => None,
    });
    duties.collect()
}

#[test]
fn nothing_rings_until_the_limit_and_then_the_next_call_does() {
    // S19, S21, S22
    let mut desk = desk("{enabled: true}");
    talks(&mut desk);
    let since = desk.now.unix_millis();
    let agent = seen(&desk, "103");
    let wrap_up = agent.wrap_up.unwrap();
    assert_eq!((agent.state, agent.since), (AgentState::WrappingUp, since));
    assert_eq!((wrap_up.call, wrap_up.since), (desk.ended[0].id, since));
    assert_eq!(wrap_up.until, Some(since + 120_000), "S22: two minutes unless told");
    let rung = desk.rung().len();
    desk.calls("01011112222", DIRECT);
    let colleague = desk.dials("102", "103");
    assert_eq!(desk.hung_up(colleague), Some(HangupCause::Busy), "S19: nothing rings");
    desk.passes(119);
    desk.calls("01011113333", DIRECT);
    assert_eq!(desk.rung().len(), rung);
    let missed = desk.ended.iter().find(|record| record.from == "+821011112222").unwrap();
    assert_eq!(missed.missed_reason, Some(MissedReason::NoOperator));
    assert!(missed.trail.iter().any(|entry| matches!(
        entry.decision,
        Decision::Skipped { because: Skip::WrappingUp, .. }
    )));
    desk.passes(1);
    assert_eq!(desk.state("103"), AgentState::Waiting);
    desk.calls("01011114444", DIRECT);
    assert_eq!(desk.rung().len(), rung + 1);
}

#[test]
fn the_agent_ends_it_by_hand() {
    // S20
    let mut desk = desk("{enabled: true, limit: 60m}");
    talks(&mut desk);
    desk.tell(Input::Agent { agent: extension("103"), wish: DutyWish::EndWrapUp });
    assert_eq!(desk.state("103"), AgentState::Waiting);
    talks(&mut desk);
    assert_eq!(desk.state("103"), AgentState::WrappingUp);
    let dialled = desk.dials("103", "*55");
    assert_eq!(desk.hears(dialled).unwrap().1, Sound::Chime);
    desk.clip_ends(dialled);
    assert_eq!(desk.state("103"), AgentState::Waiting);
    let states: Vec<bool> = kept(&desk).iter().map(|duty| duty.wrap_up.is_some()).collect();
    assert_eq!(states, [true, false, true, false], "each step is written down");
    assert_eq!(desk.engine.poll_timeout(), None, "no clock runs on");
}

#[test]
fn the_limit_is_from_ten_seconds_to_an_hour_or_none() {
    // S23, S24, S25
    for (limit, seconds) in [("10s", 10), ("60m", 3_600)] {
        let mut desk = desk(&format!("{{enabled: true, limit: {limit}}}"));
        talks(&mut desk);
        desk.passes(seconds - 1);
        assert_eq!(desk.state("103"), AgentState::WrappingUp, "{limit}");
        desk.passes(1);
        assert_eq!(desk.state("103"), AgentState::Waiting, "{limit}");
    }
    let mut endless = desk("{enabled: true, limit: none}");
    talks(&mut endless);
    endless.passes(7 * 24 * 3_600);
    assert_eq!(endless.state("103"), AgentState::WrappingUp, "S25");
    for wrong in ["9s", "61m", "0s", "soon", "-1s"] {
        let policy = format!("policies:\n  wrap_up: {{enabled: true, limit: {wrong}}}\n");
        let errors = parse(&OFFICE.replacen("policies:\n", &policy, 1), None).unwrap_err();
        assert_eq!(errors.len(), 1, "{wrong}");
        assert!(errors[0].message.en.contains("from 10s to 60m"), "{wrong}");
    }
}

#[test]
fn without_it_the_next_call_rings_at_once() {
    // S26
    for mut desk in [Desk::open(), desk("{enabled: false, limit: 10m}")] {
        talks(&mut desk);
        assert_eq!(desk.state("103"), AgentState::Waiting);
        assert!(kept(&desk).is_empty());
        let rung = desk.rung().len();
        desk.calls(CUSTOMER, DIRECT);
        assert_eq!(desk.rung().len(), rung + 1);
    }
}

#[test]
fn a_number_or_a_team_may_have_its_own_rule() {
    let team = (r#"members: ["102", "103"]"#, r#"members: ["102", "103"], wrap_up: {limit: 30s}"#);
    let number =
        (r#"route: {agent: "103"}"#, r#"route: {agent: "103"}, wrap_up: {enabled: false}"#);
    let mut desk = Desk::open_with(office("{enabled: true, limit: 10m}", &[team, number]));
    talks(&mut desk);
    assert_eq!(desk.state("103"), AgentState::Waiting, "the number's own rule");
    let caller = desk.calls(CUSTOMER, TEAM);
    desk.clip_ends(caller);
    desk.answers(desk.phone("102"));
    desk.hangs_up(caller);
    desk.passes(29);
    assert_eq!(desk.state("102"), AgentState::WrappingUp, "the team's");
    desk.passes(1);
    assert_eq!(desk.state("102"), AgentState::Waiting);
    assert_eq!(desk.state("103"), AgentState::Waiting, "rung, but not the one who talked");
}

/// S83: the rule is that of the team to which a workflow has given the call, and no longer once it
/// has been given to everybody.
#[test]
fn a_team_keeps_its_rule_when_a_workflow_gives_it_the_call() {
    let team = (r#"members: ["102", "103"]"#, r#"members: ["102", "103"], wrap_up: {limit: 30s}"#);
    let route = (r#"route: {agent: "103"}"#, "route: {workflow: give}");
    for (more, next) in
        [("", "connect"), (", {name: agent, assign: {agent: \"102\"}, next: connect}", "agent")]
    {
        let steps = format!(
            "workflows:\n  - name: give\n    trigger: customer_called\n    steps: [\
             {{name: team, assign: {{team: support}}, next: {next}}}{more}, \
             {{name: connect, connect: {{unavailable: sorry}}}}, {{name: sorry, say: all_busy}}]\n\
             policies:\n"
        );
        let given = ("policies:\n", steps.as_str());
        let mut desk =
            Desk::open_with(office("{enabled: true, limit: 10m}", &[team, given, route]));
        let caller = desk.calls(CUSTOMER, DIRECT);
        desk.answers(desk.phone("102"));
        desk.hangs_up(caller);
        desk.passes(29);
        assert_eq!(desk.state("102"), AgentState::WrappingUp, "{more}");
        desk.passes(1);
        assert_eq!(desk.state("102"), AgentState::Waiting, "{more}");
    }
}

#[test]
fn calls_to_customers_leave_work_too_and_others_do_not() {
    let mut desk = desk("{enabled: true}");
    desk.dials("102", "01055556666");
    desk.answers(desk.outside().leg);
    desk.hangs_up(desk.outside().leg);
    assert_eq!(desk.state("102"), AgentState::WrappingUp);
    let caller = desk.dials("103", "101");
    desk.answers(desk.phone("101"));
    desk.hangs_up(caller);
    assert_eq!(desk.state("101"), AgentState::Waiting, "a colleague is no customer");
    assert_eq!(desk.state("103"), AgentState::Waiting);
    let caller = desk.dials("103", "119");
    desk.answers(desk.outside().leg);
    desk.hangs_up(caller);
    assert_eq!(desk.state("103"), AgentState::Waiting, "nor is an emergency");
    desk.dials("103", "01055556666");
    desk.ends(desk.outside().leg, HangupCause::Busy);
    assert_eq!(desk.state("103"), AgentState::Waiting, "nobody has talked");
}

#[test]
fn a_restart_forgets_neither_the_work_nor_its_clock() {
    let mut before = desk("{enabled: true}");
    talks(&mut before);
    let duty = kept(&before).pop().unwrap();
    let mut after = desk("{enabled: true}");
    after.now = before.now;
    after.passes(100);
    after.engine.recall(vec![duty.clone()], &[], after.now);
    assert_eq!(after.state("103"), AgentState::WrappingUp);
    after.passes(19);
    assert_eq!(after.state("103"), AgentState::WrappingUp);
    after.passes(1);
    assert_eq!(after.state("103"), AgentState::Waiting, "120 s from the call's end");

    let mut late = desk("{enabled: true}");
    late.now = before.now;
    late.passes(500);
    late.engine.recall(vec![duty], &[], late.now);
    late.passes(1);
    assert_eq!(late.state("103"), AgentState::Waiting, "it ended while nobody was there");
}

fn logged(desk: &Desk) -> Vec<AgentLog> {
    let entries = desk.commands.iter().filter_map(|command| match command {
        Command::Keep(KeepCommand::AgentLog(entry)) => Some((**entry).clone()),
        _ => None,
    });
    entries.collect()
}

/// L172, L173: each status is written down with its time, a ring is none, and the work after a call
/// once, when it is over.
#[test]
fn what_an_agent_is_and_has_done_is_written_down() {
    let mut desk = desk("{enabled: true}");
    let begun = desk.now.unix_millis();
    talks(&mut desk);
    let ended = desk.now.unix_millis();
    desk.passes(45);
    desk.tell(Input::Agent { agent: extension("103"), wish: DutyWish::EndWrapUp });
    desk.tell(Input::Agent { agent: extension("103"), wish: DutyWish::Activity(Activity::Eat) });
    desk.tell(Input::Agent { agent: extension("103"), wish: DutyWish::Activity(Activity::Off) });
    desk.passes(60);
    desk.tell(Input::Agent {
        agent: extension("103"),
        wish: DutyWish::Activity(Activity::Available),
    });
    desk.unregisters("103");
    let mine: Vec<_> = logged(&desk)
        .into_iter()
        .filter_map(|entry| match entry {
            AgentLog::Status(change) if change.agent == extension("103") => {
                Some((change.status.unwrap(), change.at))
            }
            _ => None,
        })
        .filter(|(_, at)| *at >= begun)
        .collect();
    let answered = desk.ended[0].engaged.unwrap();
    let free = ended + 45_000;
    let tail: Vec<_> =
        mine.iter().copied().skip_while(|(status, _)| *status != AgentStatus::Talking).collect();
    assert_eq!(
        tail,
        [
            (AgentStatus::Talking, answered),
            (AgentStatus::WrappingUp, ended),
            (AgentStatus::Waiting, free),
            (AgentStatus::Eat, free),
            (AgentStatus::OffDuty, free),
            (AgentStatus::Waiting, free + 60_000),
            (AgentStatus::Offline, free + 60_000),
        ]
    );
    let work: Vec<_> =
        logged(&desk).into_iter().filter(|entry| matches!(entry, AgentLog::WrapUp(_))).collect();
    let (agent, call) = (extension("103"), desk.ended[0].id);
    assert_eq!(work, [AgentLog::WrapUp(WrapUpDone { agent, call, since: ended, until: free })]);
}
