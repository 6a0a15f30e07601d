//! How many customers called in the last two hours, in steps of five minutes (L162).

use serde::{Deserialize, Serialize};

/// Milliseconds.
pub const STEP: i64 = 300_000;
/// Two hours.
pub const STEPS: u8 = 24;

/// Calls from customers that began within five minutes and are over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Inflow {
    /// Milliseconds since 1970.
    pub from: i64,
    pub inbound: u64,
    pub missed: u64,
}
