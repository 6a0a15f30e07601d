//! What a list of recordings says of the calls that they are of.

use serde::{Deserialize, Serialize};

/// Times are milliseconds since 1970.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct RecordedCall {
    pub started: i64,
    pub from: String,
    pub from_name: String,
    pub to: String,
    /// Extension of the agent who talked.
    pub agent: Option<String>,
    /// From the answer to the end; none: nobody answered, or it is still up.
    pub talked_ms: Option<i64>,
}
