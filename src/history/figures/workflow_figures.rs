//! How callers went through one version of a workflow (L205, L206).

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::history::walk_record::{StepCount, WalkEnd};

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct WorkflowFigures {
    pub workflow: String,
    /// Names the text that was in force; another text is another version.
    pub version: String,
    /// When the version was first run, in milliseconds since 1970.
    pub first: i64,
    /// Ways through it, by how they ended.
    pub runs: BTreeMap<WalkEnd, u64>,
    /// Ways through it, by the day on which they began, as days since 1970 (UTC).
    pub days: BTreeMap<i64, u64>,
    pub steps: BTreeMap<String, StepCount>,
}
