//! Workflows in people's words: what starts one, what a step does, where it leads.

use crate::office::condition_words::condition;
use crate::office::duration;
use crate::office::workflow::action::Action;
use crate::office::workflow::name::Next;
use crate::office::workflow::workflow::{Missed, Run, Scope, Step, Trigger};
use crate::office::workflow_action_words::does;
use crate::words::Words;

/// One way out of a step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Way {
    /// The key that is pressed, if it is one.
    pub key: Option<char>,
    /// What leads there; empty: it just follows.
    pub by: Words,
    pub to: Next,
}

/// What starts it, without its figures.
#[must_use]
pub fn beginning(trigger: &Trigger) -> Words {
    match trigger {
        Trigger::CustomerCalled => Words::new("고객이 걸었을 때", "a customer calls"),
        Trigger::CallEntered => Words::new("연결되기 전", "before agents ring"),
        Trigger::CallQueued { .. } => Words::new("기다리는 동안", "while they wait"),
        Trigger::AgentCalled => Words::new("매니저가 걸 때", "an agent calls out"),
        Trigger::CallEnded { .. } => Words::new("전화가 끝난 뒤", "after the call"),
        Trigger::Module => Words::new("다른 워크플로우가 부름", "another calls it"),
    }
}

/// How long after that, how often, and for which calls; nothing where there is nothing to say.
#[must_use]
pub fn beginning_in_full(trigger: &Trigger) -> Words {
    match trigger {
        Trigger::CustomerCalled | Trigger::CallEntered | Trigger::AgentCalled | Trigger::Module => {
            Words::same("")
        }
        Trigger::CallQueued { delay, repeat } => {
            let wait = duration::words(*delay);
            let after = Words::new(format!("{} 뒤", wait.ko), format!("after {}", wait.en));
            let again = match repeat {
                0 => Words::same(""),
                _ => Words::new(
                    format!("{}마다 {repeat}번 더", wait.ko),
                    format!("{repeat} times more, {} apart", wait.en),
                ),
            };
            Words::joined(&[after, again], ", ")
        }
        Trigger::CallEnded { delay, scope, missed } => {
            let wait = duration::words(*delay);
            let after = Words::new(format!("{} 뒤", wait.ko), format!("after {}", wait.en));
            let which = match scope {
                Scope::All => Words::same(""),
                Scope::Entered => {
                    Words::new("매니저에게 간 전화만", "only calls that came to agents")
                }
                Scope::NotEntered => {
                    Words::new("매니저에게 가지 않은 전화만", "only calls that came to no agent")
                }
            };
            let reasons = Missed::ALL.into_iter().filter(|(one, _)| missed.contains(one));
            let reasons: Vec<Words> = reasons.map(|(one, _)| missed_reason(one)).collect();
            let reasons = Words::joined(&reasons, ", ");
            let why = if missed.is_empty() || missed.len() == Missed::ALL.len() {
                Words::same("")
            } else {
                Words::new(format!("부재중: {}", reasons.ko), format!("missed: {}", reasons.en))
            };
            Words::joined(&[after, which, why], ", ")
        }
    }
}

fn missed_reason(missed: Missed) -> Words {
    match missed {
        Missed::NotInOperation => Words::new("운영 시간 아님", "closed"),
        Missed::UserLeft => Words::new("고객이 끊음", "caller left"),
        Missed::RingTimeOver => Words::new("연결 시간 초과", "ring time over"),
        Missed::NoOperator => Words::new("받을 사람 없음", "nobody to answer"),
        Missed::ExceededQueue => Words::new("대기열이 가득 참", "the queue was full"),
        Missed::AbandonedInQueue => Words::new("대기 시간 초과", "waited too long in the queue"),
        Missed::Workflow => Words::new("워크플로우가 종료", "ended by a workflow"),
    }
}

/// When it may run; nothing: always.
#[must_use]
pub fn running(run: &Run) -> Words {
    match run {
        Run::Always => Words::same(""),
        Run::InHours(name) => {
            Words::new(format!("운영시간 '{name}' 안에만"), format!("only within hours '{name}'"))
        }
        Run::OutsideHours(name) => {
            Words::new(format!("운영시간 '{name}' 밖에만"), format!("only outside hours '{name}'"))
        }
    }
}

/// Every way out of a step, what just follows last.
#[must_use]
pub fn ways(step: &Step) -> Vec<Way> {
    let way = |key: Option<char>, by: Words, to: &Next| Way { key, by, to: to.clone() };
    let on = |ko: &str, en: &str, to: &Next| way(None, Words::new(ko, en), to);
    let silent = |to: Option<&Next>| to.map(|to| on("누르지 않음", "no key", to));
    let mut ways: Vec<Way> = match &step.action {
        Action::Menu(menu) => {
            let keys = menu.keys.iter();
            let keys = keys.map(|(key, to)| way(Some(*key), Words::same(key.to_string()), to));
            keys.chain(silent(menu.silent.as_ref())).collect()
        }
        Action::Digits(digits) => silent(digits.silent.as_ref()).into_iter().collect(),
        Action::Branch { arms, otherwise } => {
            let arms = arms.iter().map(|arm| way(None, condition(&arm.when), &arm.to));
            arms.chain([on("아니면", "otherwise", otherwise)]).collect()
        }
        Action::Connect { unavailable } => vec![on("받을 사람 없음", "nobody there", unavailable)],
        Action::Callback(callback) => {
            vec![on("걸 수 없음", "cannot be called", &callback.unavailable)]
        }
        Action::Webhook(webhook) => {
            let failed = webhook.wait.as_ref().map(|wait| &wait.failed);
            failed.map(|to| on("답이 없음", "no answer", to)).into_iter().collect()
        }
        Action::Say(_)
        | Action::Quick(_)
        | Action::Do(_)
        | Action::HangUp(_)
        | Action::Voicemail(_)
        | Action::Module(_) => Vec::new(),
    };
    ways.extend(step.next.as_ref().map(|to| way(None, Words::same(""), to)));
    ways
}

/// A step whole: what it does, and where every way leads.
#[must_use]
pub fn told_step(step: &Step) -> Words {
    let leads = ways(step).into_iter().map(|way| {
        let to = match way.to {
            Next::Step(name) => Words::same(name.to_string()),
            Next::End => Words::new("끝", "the end"),
        };
        Words::new(
            format!("{} → {}", way.by.ko, to.ko).trim_start().to_owned(),
            format!("{} → {}", way.by.en, to.en).trim_start().to_owned(),
        )
    });
    let parts: Vec<Words> = std::iter::once(does(&step.action)).chain(leads).collect();
    Words::joined(&parts, "; ")
}
