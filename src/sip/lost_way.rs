//! What follows from a connection that has ended, beside the requests that fall with it.

use crate::sip::endpoint::Endpoint;
use crate::sip::flow::Flow;
use crate::time::Moment;

impl Endpoint {
    /// A connection has ended. Trunks behind it register anew, and their tests tell why.
    pub fn connection_lost(&mut self, flow: &Flow, why: Option<&str>, now: Moment) {
        if !flow.transport.is_stream() {
            return;
        }
        for trunk in self.means.trunks.connection_lost(flow, why, now) {
            if let Some(why) = why {
                self.tests.connection_lost(&trunk, why);
            }
        }
    }
}
