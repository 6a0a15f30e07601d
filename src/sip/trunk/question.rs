//! A question that tests a trunk.

use crate::office::trunk::TrunkName;
use crate::sip::flow::Flow;
use crate::sip::syntax::message::Request;

/// An OPTIONS on its way, kept so that a challenge can be met.
#[derive(Debug)]
pub struct Question {
    pub trunk: TrunkName,
    pub request: Request,
    pub flow: Flow,
}
