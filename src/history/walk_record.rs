//! How one call went through one workflow, as step figures count it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// How a way through a workflow ended.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, utoipa::ToSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum WalkEnd {
    /// It came to its end, and the call went on.
    Finished,
    /// It gave the call to somebody.
    Connected,
    /// It ended the call.
    HungUp,
    /// It let the caller leave word (L98).
    Voicemail,
    /// The caller is to be called back (L88).
    Callback,
    /// No key came, and it ended the call (L83).
    NoInput,
    /// The caller hung up on the way.
    CallerLeft,
    /// It could not go on, and the call was given to the agents (P24).
    Failed,
}

/// What happened at one step.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct StepCount {
    /// How often the step was come to.
    pub views: u64,
    /// How often the caller hung up there.
    pub left: u64,
    /// The keys that were pressed there, and how often.
    pub keys: BTreeMap<char, u64>,
}

/// A step of one version of one workflow.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct StepId {
    pub workflow: String,
    /// As `Workflow::version` names it.
    pub version: String,
    pub step: String,
}

/// One way through a workflow, with the modules that it called.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WalkRecord {
    pub workflow: String,
    pub version: String,
    /// Milliseconds since 1970.
    pub began: i64,
    pub end: WalkEnd,
    pub steps: BTreeMap<StepId, StepCount>,
}
