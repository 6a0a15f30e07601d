//! What nobody on a call asked for: questions to phones, registrations of trunks, lamps, tests.

use crate::sip::endpoint::Endpoint;
use crate::sip::leg::means::Owner;
use crate::sip::syntax::message::Response;
use crate::sip::transaction::key::ClientKey;
use crate::sip::trunk::trunks::{Routes, routed};
use crate::time::Moment;

impl Endpoint {
    /// Sends the questions to phones and the registrations of trunks that are due.
    pub(crate) fn send_upkeep(&mut self, routes: &mut dyn Routes, now: Moment) -> bool {
        let mut sent = self.ask_tested(routes, now);
        sent |= self.tell_of_messages(routes, now);
        while let Some(probe) = self.registrar.poll_probe() {
            match routed(probe.flow, routes) {
                Some(flow) => {
                    self.means.send(probe.request, flow, Owner::Probe(probe.id), now.ticks);
                    sent = true;
                }
                None => self.registrar.handle_probe(probe.id, false, now),
            }
        }
        while let Some((trunk, target)) = self.means.trunks.wants_register() {
            let flow = routes.way_to(&target);
            let contact = flow.map(|flow| self.means.contact(&flow));
            let uri = contact.as_deref().unwrap_or_default().trim_matches(['<', '>']);
            let Some(request) = self.means.trunks.register(&trunk, uri, now) else { break };
            match flow {
                Some(flow) => {
                    self.means.send(request, flow, Owner::Registration(trunk), now.ticks);
                    sent = true;
                }
                None => self.means.trunks.registered(&trunk, None, now),
            }
        }
        sent
    }

    /// A request that no leg waits for has its outcome.
    pub(crate) fn upkeep_done(&mut self, key: ClientKey, response: Option<&Response>, now: Moment) {
        match self.means.forget(&key) {
            Some(Owner::Farewell(farewell)) => {
                if let Some(response) = response {
                    self.means.farewell_answered(*farewell, response, now);
                }
            }
            Some(Owner::Probe(probe)) => {
                self.registrar.handle_probe(probe, response.is_some(), now);
            }
            Some(Owner::Registration(trunk)) => {
                self.means.trunks.registered(&trunk, response, now);
                if !self.means.trunks.is_registering(&trunk) {
                    self.tests.registration_done(&trunk, response, now.ticks);
                }
            }
            Some(Owner::Notice(notice)) => {
                let status = response.map(|response| response.status);
                self.lamps.answered(&notice, status, now.ticks);
            }
            Some(Owner::TrunkTest(question)) => self.question_answered(*question, response, now),
            Some(Owner::Leg(_) | Owner::Straggler | Owner::Nobody) | None => {}
        }
    }
}
