//! What is sent to test a trunk: OPTIONS, and a REGISTER if the trunk registers.

use crate::leg::Origin;
use crate::office::trunk::TrunkName;
use crate::sip::endpoint::Endpoint;
use crate::sip::flow::Flow;
use crate::sip::leg::means::Owner;
use crate::sip::screen::PRODUCT;
use crate::sip::syntax::header::Name;
use crate::sip::syntax::message::{Request, Response};
use crate::sip::syntax::method::Method;
use crate::sip::trunk::question::Question;
use crate::sip::trunk::report::Finding;
use crate::sip::trunk::tests::ReportReply;
use crate::sip::trunk::trunks::Routes;
use crate::time::Moment;

impl Endpoint {
    /// Tests a trunk and reports within six seconds; `None` when there is no such trunk.
    pub(crate) fn test_trunk(&mut self, trunk: TrunkName, reply: ReportReply, now: Moment) {
        if self.means.trunks.line(&trunk).is_none() {
            drop(reply.send(None));
            return;
        }
        let server = self.means.trunks.look_up_again(&trunk, now.ticks);
        self.tests.begin(trunk, server, reply, now.ticks);
    }

    /// Asks the servers of trunks whose names are settled.
    pub(crate) fn ask_tested(&mut self, routes: &mut dyn Routes, now: Moment) -> bool {
        let mut asked = false;
        while let Some(trunk) = self.tests.ready() {
            let registers = self.means.trunks.own_name(&trunk).is_some();
            let Some(target) = self.means.trunks.target(&trunk) else {
                self.tests.not_asked(&trunk, Finding::NotTried, registers, now.ticks);
                continue;
            };
            let Some(flow) = routes.way_to(&target) else {
                self.tests.not_asked(&trunk, Finding::NoWay, registers, now.ticks);
                continue;
            };
            let request = self.question(&trunk, &flow);
            let registration = self.means.trunks.register_again(&trunk);
            self.tests.asked(&trunk, request.call_id(), registration, now.ticks);
            self.ask(Question { trunk, request, flow }, now);
            asked = true;
        }
        asked
    }

    /// RFC 3261 11.1, in the names that calls through the trunk have.
    fn question(&mut self, trunk: &TrunkName, flow: &Flow) -> Request {
        let host = self.means.own_host(flow);
        let server = self.means.trunks.line(trunk).and_then(|line| line.server());
        let server = server.map_or_else(|| flow.remote.to_string(), str::to_owned);
        let from = match self.means.trunks.own_name(trunk) {
            Some(user) => format!("<sip:{}@{server}>", crate::sip::trunk::trunk::escaped(user)),
            None => format!("<sip:naru@{host}>"),
        };
        let mut request = Request::new(Method::Options, format!("sip:{server}"));
        let (tag, call_id) = (self.means.token(), self.means.token());
        let headers = &mut request.headers;
        headers.push(Name::From, format!("{from};tag={tag}"));
        headers.push(Name::To, format!("<sip:{server}>"));
        headers.push(Name::CallId, call_id);
        headers.push(Name::CSeq, "1 OPTIONS");
        headers.push(Name::Contact, self.means.contact(flow));
        headers.push(Name::Accept, "application/sdp");
        headers.push(Name::UserAgent, PRODUCT);
        request
    }

    fn ask(&mut self, question: Question, now: Moment) {
        let (request, flow) = (question.request.clone(), question.flow);
        self.means.send(request, flow, Owner::TrunkTest(Box::new(question)), now.ticks);
    }

    /// The outcome of an OPTIONS: an answer, a challenge to be met once, or nothing.
    pub(crate) fn question_answered(
        &mut self,
        question: Question,
        response: Option<&Response>,
        now: Moment,
    ) {
        let Question { trunk, mut request, flow } = question;
        let account = Origin::Trunk(trunk.clone());
        if let Some(response) = response
            && self.means.trunks.authorize(&account, &mut request, response)
        {
            return self.ask(Question { trunk, request, flow }, now);
        }
        self.tests.options_done(&trunk, response, now.ticks);
    }
}
