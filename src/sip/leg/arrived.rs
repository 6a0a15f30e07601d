//! A request that came for a leg.

use crate::sip::flow::Flow;
use crate::sip::syntax::message::Request;
use crate::sip::transaction::key::ServerKey;

/// The request, its way and its transaction.
#[derive(Clone, Copy, Debug)]
pub struct Arrived<'a> {
    pub key: &'a ServerKey,
    pub request: &'a Request,
    pub flow: Flow,
}
