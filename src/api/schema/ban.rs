//! An address that is not answered all it asks, as the API tells it.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct BanLine {
    /// IPv6 by its /64.
    pub address: String,
    /// Wrong passwords since it was first seen, copies of a request counted once.
    pub wrong: u32,
    /// Of those, left without an answer.
    pub unanswered: u32,
    /// Requests without a password that were dropped unread: it was asked for one without end and
    /// never gave it.
    #[serde(default)]
    pub dropped: u32,
    /// When it last tried; milliseconds since 1970. An hour of quiet later it is forgotten.
    pub last: i64,
}
