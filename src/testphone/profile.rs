//! Who a test phone is, and what it does when called.

use std::time::Duration;

use crate::audio::g711::Law;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Profile {
    pub username: String,
    pub password: String,
    /// What it speaks, best first.
    pub laws: Vec<Law>,
    pub when_called: WhenCalled,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WhenCalled {
    AnswerAfter(Duration),
    /// Ring and never answer.
    RingOnly,
    /// Refuse at once with this status.
    Refuse(u16),
}
