//! Calls that were, played through two offices: which of them would go elsewhere.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::SystemTime;

use crate::engine::call_engine::CallEngine;
use crate::engine::input::Input;
use crate::engine::rehearsal::{Keystroke, Rehearsed};
use crate::history::call_id::CallId;
use crate::history::call_record::{CallRecord, Direction};
use crate::history::missed_reason::MissedReason;
use crate::history::trail::trail::Decision;
use crate::history::trail::workflow::WorkflowStory;
use crate::office::extension::Extension;
use crate::office::phone_number::PhoneNumber;
use crate::office::snapshot::Office;
use crate::office::team::TeamName;
use crate::office::workflow::name::WorkflowName;
use crate::time::{Moment, from_unix_millis};
use crate::words::Words;

/// A customer's call that was, as far as it is needed to play it again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Past {
    pub id: CallId,
    pub caller: String,
    pub number: PhoneNumber,
    pub keys: Vec<Keystroke>,
    pub at: SystemTime,
}

impl Past {
    /// None: no customer called one of the office's numbers.
    #[must_use]
    pub fn of(record: &CallRecord) -> Option<Self> {
        if record.direction != Direction::Inbound {
            return None;
        }
        Some(Self {
            id: record.id,
            caller: record.from.clone(),
            number: record.number.clone()?,
            keys: keystrokes(record),
            at: from_unix_millis(record.started),
        })
    }
}

/// What the caller pressed, and where nothing before that: a key that comes after a menu without an
/// answer is not the answer to that menu.
fn keystrokes(record: &CallRecord) -> Vec<Keystroke> {
    let (mut strokes, mut steps) = (Vec::new(), Vec::<String>::new());
    for decision in record.trail.iter().map(|entry| &entry.decision) {
        steps.extend(decision.step().map(str::to_owned));
        let mut pressed = keys(decision).into_iter().map(Keystroke::from).peekable();
        if let Some(first) = pressed.peek_mut() {
            // It was pressed at the last of them.
            steps.pop();
            first.silent_at = std::mem::take(&mut steps);
        }
        strokes.extend(pressed);
    }
    strokes
}

/// What the caller pressed there: a key of a menu, or a form that they handed in.
fn keys(decision: &Decision) -> Vec<char> {
    let Decision::Workflow { story } = decision else { return Vec::new() };
    if let WorkflowStory::Kept { digits, .. } = story {
        return digits.chars().chain(['#']).collect();
    }
    if let WorkflowStory::Pressed { key, .. } = story { vec![*key] } else { Vec::new() }
}

/// Where a call goes, whoever may answer there.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Way {
    stops: Vec<Stop>,
    /// Nobody is asked to answer, because of this.
    reason: Option<MissedReason>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Stop {
    Workflow(WorkflowName),
    Agent(Extension),
    Team(TeamName),
    /// Everybody who takes calls that are nobody's (S92).
    Everybody,
    Rings(BTreeSet<Extension>),
}

impl Way {
    fn of(record: &CallRecord) -> Self {
        let mut stops = Vec::new();
        for stop in record.trail.iter().filter_map(|entry| stop(&entry.decision)) {
            if !stops.contains(&stop) {
                stops.push(stop);
            }
        }
        let is_asked = stops.iter().any(|stop| matches!(stop, Stop::Rings(_)));
        // Somebody is asked and, in a rehearsal, never answers: how that ends is the same for all.
        let reason = record.missed_reason.filter(|_| !is_asked);
        Self { stops, reason }
    }

    /// The call would not reach this office at all.
    fn nowhere() -> Self {
        Self { stops: Vec::new(), reason: Some(MissedReason::UnregisteredNumber) }
    }

    /// As people call the places on it.
    #[must_use]
    pub fn words(&self) -> Words {
        let mut ko: Vec<String> = self.stops.iter().map(|stop| stop.words().ko).collect();
        let mut en: Vec<String> = self.stops.iter().map(|stop| stop.words().en).collect();
        match self.reason {
            Some(MissedReason::NotInOperation) => {
                ko.push("운영 시간 아님".to_owned());
                en.push("closed".to_owned());
            }
            Some(MissedReason::UnregisteredNumber | MissedReason::PreservedNumber) => {
                ko.push("받지 않는 번호".to_owned());
                en.push("a number that is not taken".to_owned());
            }
            Some(MissedReason::WfVoiceMail) => {
                ko.push("음성 사서함".to_owned());
                en.push("voicemail".to_owned());
            }
            Some(_) => {
                ko.push("아무도 받지 않음".to_owned());
                en.push("nobody".to_owned());
            }
            None if ko.is_empty() => {
                ko.push("끊김".to_owned());
                en.push("ended".to_owned());
            }
            None => {}
        }
        Words::new(ko.join(" → "), en.join(" → "))
    }
}

impl Stop {
    fn words(&self) -> Words {
        match self {
            Self::Workflow(name) => {
                Words::new(format!("워크플로우 {name}"), format!("workflow {name}"))
            }
            Self::Agent(extension) => {
                Words::new(format!("매니저 {extension}"), format!("agent {extension}"))
            }
            Self::Team(name) => Words::new(format!("팀 {name}"), format!("team {name}")),
            Self::Everybody => Words::new("담당 없는 전화를 받는 모두", "all who take such calls"),
            Self::Rings(agents) => {
                let all: Vec<&str> = agents.iter().map(Extension::as_str).collect();
                let all = all.join(", ");
                Words::new(all.clone(), all)
            }
        }
    }
}

fn stop(decision: &Decision) -> Option<Stop> {
    use Decision as D;
    use WorkflowStory::{Connected, Topmost};
    if let D::Workflow { story: Connected(name) | Topmost(name) } = decision {
        return Some(Stop::Workflow(name.clone()));
    }
    if let D::RoutedToAgent { agent } = decision {
        return Some(Stop::Agent(agent.clone()));
    }
    if let D::RoutedToTeam { team } | D::Queued { team, .. } = decision {
        return Some(Stop::Team(team.clone()));
    }
    if let D::Rings { agents, .. } | D::GivenSilently { agents, .. } = decision {
        return Some(Stop::Rings(agents.iter().map(|agent| agent.extension.clone()).collect()));
    }
    (*decision == D::RouteOff).then_some(Stop::Everybody)
}

/// A call that would go another way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Elsewhere {
    pub id: CallId,
    pub before: Way,
    pub after: Way,
}

/// Plays each call at its own time through both offices, as if everybody sat at their phone and
/// nobody were busy: only what the offices differ in can send a call elsewhere. A call that is not
/// over within hours is taken to go the same way.
#[must_use]
pub fn elsewhere(
    before: &Arc<Office>,
    after: &Arc<Office>,
    calls: &[Past],
    now: Moment,
) -> Vec<Elsewhere> {
    let (old, new) = (attended(before, now), attended(after, now));
    let differs = |call: &Past| {
        let (before, after) = (way(&old, call, now)?, way(&new, call, now)?);
        (before != after).then_some(Elsewhere { id: call.id, before, after })
    };
    calls.iter().filter_map(differs).collect()
}

/// The office with all its phones registered and no call.
fn attended(office: &Arc<Office>, now: Moment) -> CallEngine {
    let mut engine = CallEngine::new(Arc::clone(office), CallId(1));
    let devices = office.agents.values().flat_map(|agent| &agent.devices);
    for device in devices {
        let device = device.username.clone();
        engine.handle(Input::Registered { device, registered: true }, now);
    }
    engine.forget_commands();
    engine
}

fn way(engine: &CallEngine, call: &Past, now: Moment) -> Option<Way> {
    let trunks = engine.office.trunks.values();
    let Some(trunk) = trunks.into_iter().find(|trunk| trunk.brings(&call.number)) else {
        return Some(Way::nowhere());
    };
    let rehearsed = Rehearsed {
        trunk: trunk.name.clone(),
        caller: call.caller.clone(),
        dialled: call.number.to_string(),
        keys: call.keys.clone(),
        at: call.at,
    };
    engine.rehearse(&rehearsed, now).map(|record| Way::of(&record))
}
