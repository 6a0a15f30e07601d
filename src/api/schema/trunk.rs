//! The test of a trunk as the API tells it.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::words::Words;

/// What a test of a trunk has found, step by step, and what went to and fro meanwhile.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct TrunkTest {
    pub trunk: String,
    /// Whether no step has failed.
    pub ok: bool,
    pub steps: Vec<TrunkTestStep>,
    pub messages: Vec<TrunkTestMessage>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct TrunkTestStep {
    pub check: TestCheck,
    pub result: TestResult,
    pub milliseconds: u64,
    /// What was found, and what helps.
    pub words: Words,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum TestCheck {
    /// Where the server's name leads.
    Name,
    /// Whether somebody answers there.
    Options,
    /// Whether user name and password are right.
    Registration,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum TestResult {
    Passed,
    Failed,
    NotNeeded,
    NotTried,
}

/// The head of one message; credentials are masked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct TrunkTestMessage {
    /// Milliseconds since the test began.
    pub after: u64,
    /// Whether we sent it.
    pub sent: bool,
    /// Address and port of the other side.
    pub peer: String,
    pub lines: Vec<String>,
}
