//! Where a number's calls go.

use serde::{Deserialize, Serialize};

use crate::office::extension::Extension;
use crate::office::team::TeamName;
use crate::office::workflow_name::WorkflowName;

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Route {
    /// Rings every agent who takes unassigned calls (S92).
    #[default]
    Off,
    /// A direct line (S84).
    Agent(Extension),
    /// The whole team (S86).
    Team(TeamName),
    /// A script that speaks with the caller first (S89).
    Workflow(WorkflowName),
}
