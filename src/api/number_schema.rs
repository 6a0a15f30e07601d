//! What the API says of the office's numbers.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A number at a glance (S11).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct NumberLine {
    pub number: String,
    /// Shown when its agents call out; none: the number itself.
    pub presented: Option<String>,
    /// `off`, `agent 101`, `team support`, …
    pub route: String,
    /// Shown by agents to whom no number is routed.
    pub default: bool,
    pub hours: Option<String>,
    /// The trunk that brings it.
    pub trunk: Option<String>,
    /// The network's label (S8).
    pub label: String,
}

/// A number that can be taken into use.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct FreeNumber {
    pub number: String,
    pub trunk: String,
    pub label: String,
}

/// A call to be played without one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SimulateBody {
    /// What is dialled.
    pub number: String,
    /// Who calls; empty or missing: withheld.
    #[serde(default)]
    pub caller: String,
    /// When, in milliseconds since 1970; now unless given.
    pub at: Option<i64>,
    /// Keys that the caller presses, one after the other: `["1", "2"]`.
    #[serde(default)]
    pub keys: Vec<String>,
}
