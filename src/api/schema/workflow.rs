//! Workflows as the API tells them.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::history::figures::workflow_figures::WorkflowFigures;
use crate::office::route::Route;
use crate::office::snapshot::Office;
use crate::office::workflow::workflow::{Kind, Workflow};

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct WorkflowList {
    pub workflows: Vec<WorkflowLine>,
    /// By workflow, the newest version first; versions that are no longer in force stay.
    pub figures: Vec<WorkflowFigures>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct WorkflowLine {
    pub name: String,
    pub active: bool,
    /// As the document writes it.
    pub trigger: String,
    pub kind: Kind,
    /// The version in force.
    pub version: String,
    /// The names of its steps, in order.
    pub steps: Vec<String>,
    /// Numbers whose route leads to it (S89).
    pub numbers: Vec<String>,
}

impl WorkflowList {
    #[must_use]
    pub fn new(office: &Office, figures: Vec<WorkflowFigures>) -> Self {
        let workflows = office.workflows.iter().map(|workflow| line(workflow, office)).collect();
        Self { workflows, figures }
    }
}

fn line(workflow: &Workflow, office: &Office) -> WorkflowLine {
    let leads_here =
        |route: &Route| matches!(route, Route::Workflow(name) if *name == workflow.name);
    let numbers = office.numbers.values().filter(|number| leads_here(&number.route));
    WorkflowLine {
        name: workflow.name.to_string(),
        active: workflow.active,
        trigger: workflow.trigger.word().to_owned(),
        kind: workflow.kind(),
        version: workflow.version(),
        steps: workflow.steps.iter().map(|step| step.name.to_string()).collect(),
        numbers: numbers.map(|number| number.number.to_string()).collect(),
    }
}
