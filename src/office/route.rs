//! Where a number's calls go.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::office::extension::Extension;
use crate::office::team::TeamName;
use crate::office::workflow::name::WorkflowName;

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

impl fmt::Display for Route {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Off => f.write_str("off"),
            Self::Agent(extension) => write!(f, "agent {extension}"),
            Self::Team(name) => write!(f, "team {name}"),
            Self::Workflow(name) => write!(f, "workflow {name}"),
        }
    }
}
