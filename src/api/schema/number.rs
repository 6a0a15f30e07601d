//! What the API says of the office's numbers.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::office::number_document::HeldDocument;

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
    /// What is kept with it (S9).
    #[serde(default)]
    pub document: Option<DocumentLine>,
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
    /// The same as the clock of the number's operating hours shows it: `2026-12-25T10:00`.
    pub at_local: Option<String>,
    /// Keys that the caller presses, one after the other: `["1", "2"]`.
    #[serde(default)]
    pub keys: Vec<String>,
}

/// A document that is kept with a number (S9).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct DocumentLine {
    pub number: String,
    pub name: String,
    pub media_type: String,
    pub octets: u64,
    /// Since when, in milliseconds since 1970.
    pub added: i64,
    /// The user of the box who came by the socket, or `token`.
    pub who: String,
}

impl From<&HeldDocument> for DocumentLine {
    fn from(held: &HeldDocument) -> Self {
        Self {
            number: held.number.to_string(),
            name: held.name.to_string(),
            media_type: held.media_type.as_str().to_owned(),
            octets: held.octets,
            added: held.added,
            who: held.who.clone(),
        }
    }
}
