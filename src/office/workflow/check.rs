//! Finds what would leave a caller standing: missing targets, dead ends, unreachable steps, loops.

use std::collections::{BTreeMap, BTreeSet};

use crate::office::workflow::action::{Action, Star};
use crate::office::workflow::chore::Chore;
use crate::office::workflow::name::{Next, StepName};
use crate::office::workflow::phrase::{Figure, Phrase};
use crate::office::workflow::workflow::{Step, Trigger, Workflow};
use crate::words::Words;

/// What is wrong with a step, or with the whole workflow.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Finding {
    pub(crate) step: Option<StepName>,
    pub(crate) words: Words,
}

/// L207: what keeps the workflow from going live; the steps' names are known to be unique.
pub(crate) fn check(workflow: &Workflow) -> Vec<Finding> {
    let mut found = Vec::new();
    let Some(first) = workflow.steps.first() else {
        found.push(Finding {
            step: None,
            words: Words::new("단계가 하나도 없습니다", "it has no steps"),
        });
        return found;
    };
    for step in &workflow.steps {
        found.extend(ways(workflow, step));
        found.extend(place(workflow, step));
    }
    if !found.is_empty() {
        // What follows from a wrong way is not worth telling.
        return found;
    }
    let graph = Graph::of(workflow, first);
    found.extend(graph.unreachable());
    if found.is_empty() {
        found.extend(graph.endless());
    }
    if found.is_empty() {
        found.extend(graph.circle());
    }
    found
}

fn finding(step: &Step, words: Words) -> Finding {
    Finding { step: Some(step.name.clone()), words }
}

fn ways(workflow: &Workflow, step: &Step) -> Vec<Finding> {
    let mut found = Vec::new();
    for exit in step.exits() {
        if let Next::Step(name) = exit
            && workflow.step(name).is_none()
        {
            let words = Words::new(
                format!("'{name}' 단계가 이 워크플로우에 없습니다"),
                format!("there is no step '{name}' in this workflow"),
            );
            found.push(finding(step, words));
        }
    }
    match (&step.next, step.action.has_next()) {
        (Some(_), false) => {
            let words = Words::new(
                "이 동작에는 next를 쓰지 않습니다. 다음 단계는 동작 안에서 정합니다",
                "this action has no next; it names its own ways on, or ends the call",
            );
            found.push(finding(step, words));
        }
        (None, true) if !hangs_up_after(workflow, step) => {
            let words = Words::new(
                "여기서 길이 끊깁니다. next에 다음 단계 이름이나 end를 적으세요",
                "a dead end; write under next the step that follows, or end",
            );
            found.push(finding(step, words));
        }
        (Some(_) | None, _) => {}
    }
    found
}

/// L86: a message with nothing after it ends the call.
fn hangs_up_after(workflow: &Workflow, step: &Step) -> bool {
    let says = matches!(step.action, Action::Say(_));
    says && step.next.is_none() && workflow.trigger == Trigger::CustomerCalled
}

/// What may stand only under certain triggers.
fn place(workflow: &Workflow, step: &Step) -> Vec<Finding> {
    let mut found = Vec::new();
    let word = workflow.trigger.word();
    if step.action.needs_listener() && !workflow.trigger.has_listener() {
        let words = Words::new(
            format!("{word} 워크플로우에는 전화를 듣는 사람이 없어 이 동작을 쓸 수 없습니다"),
            format!("nobody listens under {word}, so this action cannot be used here"),
        );
        found.push(finding(step, words));
    }
    let queued = matches!(workflow.trigger, Trigger::CallQueued { .. });
    if let Action::Menu(menu) = &step.action
        && menu.star == Star::Wait
        && !queued
    {
        let words = Words::new(
            "star: wait는 call_queued 워크플로우에서만 쓸 수 있습니다",
            "star: wait is for call_queued workflows only",
        );
        found.push(finding(step, words));
    }
    if queued && matches!(step.action, Action::Connect { .. }) {
        let words = Words::new(
            "이미 대기열에 있는 전화에는 connect를 쓸 수 없습니다. assign을 쓰세요",
            "a call in the queue cannot be connected again; use assign",
        );
        found.push(finding(step, words));
    }
    if !queued && workflow.trigger != Trigger::Module && matches!(step.action, Action::Callback(_))
    {
        let words = Words::new(
            "callback은 대기열에 있는 고객에게만 씁니다. call_queued 워크플로우로 옮기세요",
            "callback is for callers who wait; move it to a call_queued workflow",
        );
        found.push(finding(step, words));
    }
    let ended = matches!(workflow.trigger, Trigger::CallEnded { .. });
    let converses = |chore: &&Chore| matches!(chore, Chore::Conversation(_));
    if !ended && step.action.chores().iter().any(converses) {
        let words = Words::new(
            "conversation은 call_ended 워크플로우에서만 쓸 수 있습니다",
            "conversation is for call_ended workflows only",
        );
        found.push(finding(step, words));
    }
    found.extend(phrases(workflow, step));
    let calls_module = matches!(step.action, Action::Module(_));
    if calls_module && workflow.trigger == Trigger::Module {
        let words =
            Words::new("모듈은 다른 모듈을 부를 수 없습니다", "a module cannot call a module");
        found.push(finding(step, words));
    }
    found
}

/// What may be said only where it is known.
fn phrases(workflow: &Workflow, step: &Step) -> Vec<Finding> {
    let waits = match workflow.trigger {
        Trigger::CallQueued { .. } | Trigger::Module => true,
        Trigger::CustomerCalled
        | Trigger::CallEntered
        | Trigger::AgentCalled
        | Trigger::CallEnded { .. } => false,
    };
    let asked = |field: &str| {
        workflow.trigger == Trigger::Module
            || workflow.steps.iter().any(|other| match &other.action {
                Action::Digits(digits) => digits.field == field,
                Action::Module(_) => true,
                Action::Say(_)
                | Action::Menu(_)
                | Action::Branch { .. }
                | Action::Quick(_)
                | Action::Do(_)
                | Action::Connect { .. }
                | Action::HangUp(_)
                | Action::Callback(_)
                | Action::Webhook(_)
                | Action::Voicemail(_) => false,
            })
    };
    let typed = if let Action::Callback(callback) = &step.action {
        callback.number_of.clone().map(Figure::Field).map(Phrase::Digits)
    } else {
        None
    };
    let said = step.action.words();
    let said = said.iter().flat_map(|words| words.phrases()).chain(&typed);
    let wrong = said.filter_map(|phrase| {
        if phrase.needs_queue() && !waits {
            return Some(Words::new(
                "place와 wait는 call_queued 워크플로우에서만 말할 수 있습니다",
                "place and wait can be said only in call_queued workflows",
            ));
        }
        let field = phrase.field().filter(|field| !asked(field))?;
        Some(Words::new(
            format!("'{field}'을(를) 묻는 digits 단계가 없습니다"),
            format!("no digits step asks for '{field}'"),
        ))
    });
    wrong.map(|words| finding(step, words)).collect()
}

/// The steps by number and where each leads.
struct Graph<'a> {
    workflow: &'a Workflow,
    ways: Vec<BTreeSet<usize>>,
    /// The ways that need no key of the caller.
    unasked: Vec<BTreeSet<usize>>,
    ends: Vec<bool>,
}

impl<'a> Graph<'a> {
    fn of(workflow: &'a Workflow, first: &Step) -> Self {
        let numbers: BTreeMap<&StepName, usize> =
            workflow.steps.iter().enumerate().map(|(number, step)| (&step.name, number)).collect();
        let number = |next: &Next| match next {
            Next::Step(name) => numbers.get(name).copied(),
            Next::End => None,
        };
        let mut graph = Self { workflow, ways: vec![], unasked: vec![], ends: vec![] };
        for step in &workflow.steps {
            let mut ways: BTreeSet<usize> = step.exits().into_iter().filter_map(number).collect();
            let mut unasked: BTreeSet<usize> =
                step.action.unasked_exits().into_iter().filter_map(number).collect();
            if step.action.passes_unasked() {
                unasked.extend(step.next.as_ref().and_then(number));
            }
            let mut ends = step.exits().contains(&&Next::End)
                || step.action.may_end_call()
                || hangs_up_after(workflow, step)
                || matches!(step.action, Action::Connect { .. });
            if let Action::Menu(menu) = &step.action {
                match menu.star {
                    Star::Start => ways.extend(numbers.get(&first.name).copied()),
                    Star::Wait => ends = true,
                    Star::Repeat | Star::Inactive => {}
                }
            }
            graph.ways.push(ways);
            graph.unasked.push(unasked);
            graph.ends.push(ends);
        }
        graph
    }

    fn told(&self, number: usize, words: Words) -> Option<Finding> {
        self.workflow.steps.get(number).map(|step| finding(step, words))
    }

    fn unreachable(&self) -> Vec<Finding> {
        let mut reached = BTreeSet::from([0]);
        let mut waiting = vec![0];
        while let Some(at) = waiting.pop() {
            for way in self.ways.get(at).into_iter().flatten() {
                if reached.insert(*way) {
                    waiting.push(*way);
                }
            }
        }
        let lost = (0..self.ways.len()).filter(|number| !reached.contains(number));
        let words = || {
            Words::new(
                "아무도 이 단계에 올 수 없습니다. 이 단계로 이어지는 곳을 만들거나 지우세요",
                "nobody can come here; lead some step to it, or remove it",
            )
        };
        lost.filter_map(|number| self.told(number, words())).collect()
    }

    /// Steps from which no way leads to an end.
    fn endless(&self) -> Vec<Finding> {
        let mut good: BTreeSet<usize> =
            (0..self.ends.len()).filter(|number| self.ends.get(*number) == Some(&true)).collect();
        loop {
            let leads = |ways: &BTreeSet<usize>| ways.iter().any(|way| good.contains(way));
            let more: Vec<usize> = (0..self.ways.len())
                .filter(|number| !good.contains(number))
                .filter(|number| self.ways.get(*number).is_some_and(leads))
                .collect();
            if more.is_empty() {
                break;
            }
            good.extend(more);
        }
        let words = || {
            Words::new(
                "여기서는 어떻게 해도 끝나지 않습니다. 나가는 길을 만드세요",
                "a loop without exit: from here no way leads to an end",
            )
        };
        let stuck = (0..self.ways.len()).filter(|number| !good.contains(number));
        stuck.filter_map(|number| self.told(number, words())).collect()
    }

    /// A circle that a caller who presses nothing would go round for ever.
    fn circle(&self) -> Option<Finding> {
        let mut left: BTreeMap<usize, BTreeSet<usize>> =
            self.unasked.iter().cloned().enumerate().collect();
        loop {
            let names: BTreeSet<usize> = left.keys().copied().collect();
            let before = left.len();
            for ways in left.values_mut() {
                ways.retain(|way| names.contains(way));
            }
            left.retain(|_, ways| !ways.is_empty());
            if left.len() == before {
                break;
            }
        }
        let words = Words::new(
            "아무 키도 누르지 않는 고객은 이 자리로 끝없이 되돌아옵니다",
            "a loop: a caller who presses no key comes back here for ever",
        );
        left.keys().next().and_then(|number| self.told(*number, words))
    }
}
