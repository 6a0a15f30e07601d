//! A step that tells another system of a call.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::office::web_address::WebAddress;
use crate::office::workflow::name::Next;

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Webhook {
    pub url: WebAddress,
    /// The caller is kept waiting for the answer; nobody is, without it.
    pub wait: Option<Patience>,
}

/// For how long an answer is waited for, and where to go without a good one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Patience {
    pub limit: Duration,
    pub failed: Next,
}
