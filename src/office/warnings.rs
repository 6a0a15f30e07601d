//! What an office may save and should look at all the same. It never keeps anybody from saving.

use serde::{Deserialize, Serialize};

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
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Warning {
    pub concern: Concern,
    /// The workflow's name.
    pub workflow: String,
    pub message: Words,
}

/// In the order of the office's workflows.
#[must_use]
pub fn warnings(office: &Office) -> Vec<Warning> {
    let has_wrap_up = has_wrap_up(office);
    let mut found = Vec::new();
    for workflow in office.workflows.iter().filter(|workflow| workflow.active) {
        if has_wrap_up && matches!(workflow.trigger, Trigger::CallEnded { .. }) {
            found.push(beside_wrap_up(workflow));
        }
        if never_runs(workflow, office) {
            found.push(Warning {
                concern: Concern::NeverRuns,
                workflow: workflow.name.to_string(),
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
    Warning { concern, workflow: name.to_string(), message }
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
