//! What a step makes of a leg that had not been answered before it.

use crate::sip::leg::session::Session;

/// `T` is the arrived or the placed leg.
#[derive(Debug)]
pub enum Unanswered<T> {
    Still(Box<T>),
    /// It is answered now, by us or by the far end.
    Answered(Box<Session>),
}
