//! A number that the office has met and that is no customer yet.

use serde::{Deserialize, Serialize};

use crate::office::phone_number::PhoneNumber;

/// Learnt from the first call to or from it (L21, L43). Times are milliseconds since 1970.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Lead {
    #[schema(value_type = String)]
    pub number: PhoneNumber,
    /// What the network said of the caller; often empty.
    pub name: String,
    pub first_met: i64,
    pub last_met: i64,
}
