//! The office's workflows, as a document tells them.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use crate::office::document::conditions::read_condition;
use crate::office::document::field::{read_name, twice};
use crate::office::document::hours::read_hours_name;
use crate::office::document::keys::{Errors, Keys};
use crate::office::document::steps::{Known, read_step};
use crate::office::duration;
use crate::office::library::Library;
use crate::office::snapshot::Office;
use crate::office::workflow::action::Action;
use crate::office::workflow::check::check;
use crate::office::workflow::condition::Condition;
use crate::office::workflow::name::WorkflowName;
use crate::office::workflow::workflow::{Missed, Run, Scope, Step, Trigger, Workflow};
use crate::words::Words;
use crate::yaml::Part;

const WORKFLOW_KEYS: [&str; 10] =
    ["name", "active", "trigger", "run", "only", "delay", "repeat", "scope", "missed", "steps"];

/// L205.
const MOST_ACTIVE: usize = 200;
/// L207.
const MOST_STEPS: usize = 300;
/// L76: one minute unless told, up to 72 hours.
const AFTER_CALL: Duration = Duration::from_secs(60);
const LONGEST_AFTER_CALL: Duration = Duration::from_secs(72 * 3_600);
/// Our choice within the queue's hour (L120).
const IN_QUEUE: Duration = Duration::from_secs(30);
const LONGEST_IN_QUEUE: Duration = Duration::from_secs(3_600);
const MOST_REPEATS: u32 = 100;

pub(crate) fn read_workflows(
    items: &[Part<'_>],
    library: &Library,
    office: &mut Office,
    errors: &mut Errors,
) {
    let mut places = Vec::new();
    for item in items {
        let Some((workflow, steps)) = read_one(item, Known { office, library }, errors) else {
            continue;
        };
        if office.workflow(&workflow.name).is_some() {
            item.refuse(twice(&workflow.name.0), errors);
            continue;
        }
        if workflow.active && office.workflows.iter().filter(|w| w.active).count() == MOST_ACTIVE {
            let message = Words::new(
                format!("동작 중인 워크플로우는 {MOST_ACTIVE}개까지입니다"),
                format!("at most {MOST_ACTIVE} workflows may be active"),
            );
            item.refuse(message, errors);
        }
        office.workflows.push(Arc::new(workflow));
        places.push((item, steps));
    }
    for (workflow, (_, steps)) in office.workflows.iter().zip(&places) {
        for (step, part) in workflow.steps.iter().zip(steps) {
            if let Action::Module(name) = &step.action {
                check_module(part, (workflow, name), office, errors);
            }
        }
    }
}

fn read_one<'a>(
    item: &Part<'a>,
    known: Known<'_>,
    errors: &mut Errors,
) -> Option<(Workflow, Vec<Part<'a>>)> {
    let keys = item.keys(&WORKFLOW_KEYS, errors)?;
    let name = keys.need("name", errors).and_then(|part| read_name(part, errors));
    let active = match keys.get("active") {
        Some(part) => part.truth(errors),
        None => Some(true),
    };
    let trigger = keys.need("trigger", errors).and_then(|part| read_trigger(part, &keys, errors));
    let run = match keys.get("run") {
        Some(part) => read_run(part, known.office, errors),
        None => Some(Run::Always),
    };
    let only = match keys.get("only") {
        Some(part) => read_condition(part, known.office, errors),
        None => Some(Condition::default()),
    };
    let (steps, parts) = read_steps(&keys, known, errors)?;
    let workflow = Workflow {
        name: WorkflowName(name?),
        active: active?,
        trigger: trigger?,
        run: run?,
        only: only?,
        steps,
    };
    for finding in check(&workflow) {
        let index = finding.step.and_then(|name| {
            workflow.steps.iter().position(|step| step.name == name).map(|index| (name, index))
        });
        match index.and_then(|(name, index)| Some((name, parts.get(index)?))) {
            Some((name, part)) => {
                let Words { ko, en } = finding.words;
                let words =
                    Words::new(format!("'{name}' 단계: {ko}"), format!("step '{name}': {en}"));
                part.refuse(words, errors);
            }
            None => item.refuse(finding.words, errors),
        }
    }
    Some((workflow, parts))
}

/// Nothing if a step is wrong: what follows from that is not worth telling.
fn read_steps<'a>(
    keys: &Keys<'a>,
    known: Known<'_>,
    errors: &mut Errors,
) -> Option<(Vec<Step>, Vec<Part<'a>>)> {
    let items = keys.items("steps", errors);
    let (mut steps, mut names) = (Vec::new(), BTreeSet::new());
    if let Some(beyond) = items.get(MOST_STEPS) {
        let message = Words::new(
            format!("워크플로우 하나에 단계는 {MOST_STEPS}개까지입니다"),
            format!("a workflow has at most {MOST_STEPS} steps"),
        );
        beyond.refuse(message, errors);
        return None;
    }
    for item in &items {
        let Some(step) = read_step(item, known, errors) else { continue };
        if step.name.0 == "end" {
            let message = Words::new(
                "end는 워크플로우의 끝을 뜻하므로 단계 이름으로 쓸 수 없습니다",
                "end means the end of the workflow and names no step",
            );
            item.refuse(message, errors);
        }
        if names.insert(step.name.clone()) {
            steps.push(step);
        } else {
            let message = Words::new(
                format!("'{}' 단계가 두 번 나옵니다", step.name),
                format!("the step '{}' is there twice", step.name),
            );
            item.refuse(message, errors);
        }
    }
    (steps.len() == items.len()).then_some((steps, items))
}

fn read_trigger(part: &Part<'_>, keys: &Keys<'_>, errors: &mut Errors) -> Option<Trigger> {
    let expected = Words::new(
        "customer_called, call_entered, call_queued, agent_called, call_ended, module 중 하나입니다",
        "write customer_called, call_entered, call_queued, agent_called, call_ended or module",
    );
    let word = part.text(&expected, errors)?;
    let (trigger, own): (_, &[&str]) = match word.as_str() {
        "customer_called" => (Trigger::CustomerCalled, &[]),
        "call_entered" => (Trigger::CallEntered, &[]),
        "agent_called" => (Trigger::AgentCalled, &[]),
        "module" => (Trigger::Module, &[]),
        "call_queued" => {
            let least = Duration::from_secs(1);
            let delay = read_delay(keys, IN_QUEUE, (least, LONGEST_IN_QUEUE), errors);
            let repeat = read_repeat(keys, errors);
            (Trigger::CallQueued { delay, repeat }, &["delay", "repeat"])
        }
        "call_ended" => {
            let delay = read_delay(keys, AFTER_CALL, (Duration::ZERO, LONGEST_AFTER_CALL), errors);
            let scope = read_scope(keys, errors);
            let missed = read_missed(keys, errors);
            (Trigger::CallEnded { delay, scope, missed }, &["delay", "scope", "missed"])
        }
        _ => {
            part.refuse(expected, errors);
            return None;
        }
    };
    for key in ["delay", "repeat", "scope", "missed"] {
        if let Some(part) = keys.get(key)
            && !own.contains(&key)
        {
            let message = Words::new(
                format!("{word} 트리거에는 이 항목이 없습니다"),
                format!("the trigger {word} has no such key"),
            );
            part.refuse(message, errors);
        }
    }
    Some(trigger)
}

fn read_delay(
    keys: &Keys<'_>,
    usual: Duration,
    (least, most): (Duration, Duration),
    errors: &mut Errors,
) -> Duration {
    let Some(part) = keys.get("delay") else { return usual };
    let (low, high) = (duration::print(least), duration::print(most));
    let expected = Words::new(format!("{low}~{high}로 적습니다"), format!("write {low} to {high}"));
    let delay = part.parsed(&expected, errors, |text| match duration::parse(text) {
        Ok(delay) if (least..=most).contains(&delay) => Ok(delay),
        Ok(_) | Err(_) => Err(()),
    });
    delay.unwrap_or(usual)
}

fn read_repeat(keys: &Keys<'_>, errors: &mut Errors) -> u32 {
    let Some(part) = keys.get("repeat") else { return 0 };
    let expected =
        Words::new(format!("0~{MOST_REPEATS}으로 적습니다"), format!("write 0 to {MOST_REPEATS}"));
    let repeat = part.parsed(&expected, errors, |text| match text.parse() {
        Ok(repeat) if repeat <= MOST_REPEATS => Ok(repeat),
        Ok(_) | Err(_) => Err(()),
    });
    repeat.unwrap_or_default()
}

fn read_scope(keys: &Keys<'_>, errors: &mut Errors) -> Scope {
    let Some(part) = keys.get("scope") else { return Scope::All };
    let expected =
        Words::new("all, entered, not_entered 중 하나입니다", "write all, entered or not_entered");
    let scope = part.parsed(&expected, errors, |text| match text {
        "all" => Ok(Scope::All),
        "entered" => Ok(Scope::Entered),
        "not_entered" => Ok(Scope::NotEntered),
        _ => Err(()),
    });
    scope.unwrap_or_default()
}

fn read_missed(keys: &Keys<'_>, errors: &mut Errors) -> BTreeSet<Missed> {
    let list = Missed::ALL.map(|(_, word)| word).join(", ");
    let expected = Words::new(
        format!("부재중 사유는 {list} 가운데 하나입니다"),
        format!("a missed reason is one of {list}"),
    );
    let named = |text: &str| {
        Missed::ALL.into_iter().find(|(_, word)| *word == text).map(|(missed, _)| missed).ok_or(())
    };
    let parts = keys.items("missed", errors);
    parts.iter().filter_map(|part| part.parsed(&expected, errors, named)).collect()
}

fn read_run(part: &Part<'_>, office: &Office, errors: &mut Errors) -> Option<Run> {
    let expected = Words::new(
        "always, {in_hours: 이름} 또는 {outside_hours: 이름}으로 적습니다",
        "write always, {in_hours: name} or {outside_hours: name}",
    );
    if !part.is_section() {
        return part.parsed(&expected, errors, |text| match text {
            "always" => Ok(Run::Always),
            _ => Err(()),
        });
    }
    let keys = part.keys(&["in_hours", "outside_hours"], errors)?;
    let inside = read_hours_name(&keys, "in_hours", office, errors);
    let outside = read_hours_name(&keys, "outside_hours", office, errors);
    match (inside, outside) {
        (Some(hours), None) => Some(Run::InHours(hours)),
        (None, Some(hours)) => Some(Run::OutsideHours(hours)),
        (Some(_), Some(_)) | (None, None) => {
            part.refuse(expected, errors);
            None
        }
    }
}

/// S89: the workflow of a route must be there and must answer customers.
pub(crate) fn check_workflow_routes(
    (numbers, workflows): (&[Part<'_>], &[Part<'_>]),
    office: &Office,
    errors: &mut Errors,
) {
    for number in numbers {
        let route = number.under("route").and_then(|route| route.under("workflow"));
        // A name that is none has been told already.
        let Some(part) = route else { continue };
        let Some(name) = read_name(&part, &mut Errors::new()).map(WorkflowName) else { continue };
        let found = office.workflow(&name);
        // One that could not be read has been told already.
        let is_written = |workflow: &Part<'_>| {
            let part = workflow.under("name");
            part.and_then(|part| read_name(&part, &mut Errors::new())) == Some(name.0.clone())
        };
        if found.is_none() && workflows.iter().any(is_written) {
            continue;
        }
        if found.is_none_or(|workflow| workflow.trigger != Trigger::CustomerCalled) {
            let message = Words::new(
                format!("'{name}' 워크플로우가 없거나 trigger가 customer_called가 아닙니다"),
                format!("there is no workflow '{name}' whose trigger is customer_called"),
            );
            part.refuse(message, errors);
        }
    }
}

/// L102: what is called must be there, be a module, and fit the caller's trigger.
fn check_module(
    part: &Part<'_>,
    (workflow, name): (&Workflow, &WorkflowName),
    office: &Office,
    errors: &mut Errors,
) {
    let module = office.workflow(name).filter(|module| module.trigger == Trigger::Module);
    let Some(module) = module else {
        let message = Words::new(
            format!("'{name}' 모듈이 없습니다. trigger가 module인 워크플로우 이름을 적으세요"),
            format!("there is no module '{name}'; name a workflow whose trigger is module"),
        );
        part.refuse(message, errors);
        return;
    };
    let connects = module.steps.iter().any(|step| matches!(step.action, Action::Connect { .. }));
    if connects && matches!(workflow.trigger, Trigger::CallQueued { .. }) {
        let message = Words::new(
            format!("'{name}' 모듈은 connect를 쓰므로 대기열 워크플로우에서 부를 수 없습니다"),
            format!("the module '{name}' connects, which a call in the queue cannot"),
        );
        part.refuse(message, errors);
    }
}
