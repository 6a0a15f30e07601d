//! What an office may save and should look at all the same. It never keeps anybody from saving.

use serde::{Deserialize, Serialize};

use crate::office::agent::Agent;
use crate::office::route::Route;
use crate::office::snapshot::Office;
use crate::office::workflow::chore::{Chore, Conversing};
use crate::office::workflow::workflow::{Trigger, Workflow};
use crate::office::wrap_up::WrapUpRule;
use crate::words::Words;

/// What a warning is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Concern {
    /// A workflow ends the work after a call, as wrap-up does (S28). Shown beside wrap-up.
    WrapUpTwice,
    /// A workflow runs after calls while there is wrap-up (S27). Shown beside wrap-up.
    WrapUpBeside,
    /// No number leads to the workflow (S82).
    NeverRuns,
    /// An agent takes calls and none of their phones is to ring (L6).
    RingsNowhere,
    /// New holidays of a document are over already (L147). Told when it is taken, not later.
    HolidaysOver,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Warning {
    pub concern: Concern,
    /// The name of the workflow that it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub workflow: Option<String>,
    /// The extension of the agent that it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agent: Option<String>,
    pub message: Words,
}

/// In the order of the office's agents and workflows.
#[must_use]
pub fn warnings(office: &Office) -> Vec<Warning> {
    let has_wrap_up = has_wrap_up(office);
    let silent = office.agents.values().filter(|agent| agent.rings_nowhere());
    let mut found: Vec<Warning> = silent.map(rings_nowhere).collect();
    for workflow in office.workflows.iter().filter(|workflow| workflow.active) {
        if has_wrap_up && matches!(workflow.trigger, Trigger::CallEnded { .. }) {
            found.push(beside_wrap_up(workflow));
        }
        if never_runs(workflow, office) {
            found.push(Warning {
                concern: Concern::NeverRuns,
                workflow: Some(workflow.name.to_string()),
                agent: None,
                message: Words::new(
                    format!(
                        "'{}' 워크플로우: 모든 번호의 라우팅이 팀이나 매니저로 바로 가서 실행되지 않습니다. 번호의 route를 워크플로우나 off로 두세요",
                        workflow.name
                    ),
                    format!(
                        "workflow '{}': never runs, because every number leads straight to a team or an agent; let a number's route be a workflow or off",
                        workflow.name
                    ),
                ),
            });
        }
    }
    found
}

/// S16, S18: the office's, or that of a team or a number.
fn has_wrap_up(office: &Office) -> bool {
    let is_on = |rule: WrapUpRule| match rule {
        WrapUpRule::On { .. } => true,
        WrapUpRule::Off => false,
    };
    is_on(office.wrap_up)
        || office.teams.values().filter_map(|team| team.wrap_up).any(is_on)
        || office.numbers.values().filter_map(|number| number.wrap_up).any(is_on)
}

fn beside_wrap_up(workflow: &Workflow) -> Warning {
    let name = &workflow.name;
    let ends_work = |chore: &&Chore| {
        matches!(chore, Chore::Conversation(Conversing::Close | Conversing::Snooze(_)))
    };
    let ends_it = workflow.steps.iter().any(|step| step.action.chores().iter().any(ends_work));
    let (concern, message) = if ends_it {
        let message = Words::new(
            format!(
                "'{name}' 워크플로우: 통화가 끝나면 상담을 닫거나 보류해 후처리와 겹칩니다. 후처리를 쓴다면 이 워크플로우를 끄세요"
            ),
            format!(
                "workflow '{name}': closes or snoozes conversations after calls, which wrap-up does too; switch one of them off"
            ),
        );
        (Concern::WrapUpTwice, message)
    } else {
        let message = Words::new(
            format!(
                "'{name}' 워크플로우: 후처리 중에도 실행됩니다. 하는 일이 겹치지 않는지 보세요"
            ),
            format!("workflow '{name}': runs beside wrap-up; see that they do not do the same"),
        );
        (Concern::WrapUpBeside, message)
    };
    Warning { concern, workflow: Some(name.to_string()), agent: None, message }
}

/// L6, L12: calls are still given to them, and nothing tells them so.
fn rings_nowhere(agent: &Agent) -> Warning {
    let Agent { extension, name, .. } = agent;
    let message = Words::new(
        format!(
            "내선 {extension} {name}: 모든 전화기의 벨을 꺼 두어 전화가 배정되어도 알 수 없습니다. 전화기 하나의 rings를 켜거나, 고객 전화를 받지 않게 phone_calls를 끄세요"
        ),
        format!(
            "extension {extension}, {name}: none of their phones rings, so nobody notices calls that are given to them; let a phone ring, or switch phone_calls off"
        ),
    );
    let concern = Concern::RingsNowhere;
    Warning { concern, workflow: None, agent: Some(extension.to_string()), message }
}

/// One that runs after calls still does so after agents' own calls.
fn never_runs(workflow: &Workflow, office: &Office) -> bool {
    let needs_a_number = match workflow.trigger {
        Trigger::CustomerCalled | Trigger::CallEntered | Trigger::CallQueued { .. } => true,
        Trigger::AgentCalled | Trigger::CallEnded { .. } | Trigger::Module => false,
    };
    let is_direct = |route: &Route| match route {
        Route::Agent(_) | Route::Team(_) => true,
        Route::Workflow(_) | Route::Off => false,
    };
    let mut numbers = office.numbers.values();
    needs_a_number && !office.numbers.is_empty() && numbers.all(|number| is_direct(&number.route))
}
