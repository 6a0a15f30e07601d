//! Messages that wait: phones that ask to be told of them, and those that are told without asking.

use crate::office::device::Username;
use crate::sip::dialog::{Dialog, Order};
use crate::sip::endpoint::Endpoint;
use crate::sip::flow::Flow;
use crate::sip::gate::Verdict;
use crate::sip::lamps::Notice;
use crate::sip::leg::means::Owner;
use crate::sip::message_summary::{BODY, PACKAGE, is_acceptable};
use crate::sip::registrar::registrar::Reach;
use crate::sip::subscription::{SHORTEST, Subscription, describe, wanted};
use crate::sip::syntax::header::Name;
use crate::sip::syntax::message::{Request, Response};
use crate::sip::syntax::method::Method;
use crate::sip::transaction::key::ServerKey;
use crate::sip::trunk::trunks::{Routes, routed};
use crate::time::Moment;

impl Endpoint {
    /// A SUBSCRIBE outside of any dialog, of a phone that has shown who it is.
    pub(crate) fn subscribed(
        &mut self,
        key: &ServerKey,
        request: &Request,
        (device, flow): (Username, Flow),
        now: Moment,
    ) {
        let tag = self.means.token();
        let refused = |status| request.tagged_response(status, &tag);
        // A box is its agent's; a colleague's is nobody's business.
        if self.gate.names_another(&device, &request.uri) {
            return self.means.respond(key, refused(403), now.ticks);
        }
        if !is_acceptable(request) {
            let response = refused(406).with(Name::Accept, BODY);
            return self.means.respond(key, response, now.ticks);
        }
        let Some(length) = wanted(request) else {
            let response = refused(423).with(Name::MinExpires, SHORTEST.as_secs().to_string());
            return self.means.respond(key, response, now.ticks);
        };
        let contact = self.means.contact_like(&flow, &request.uri);
        let dialog = Dialog::answering(request, &tag, contact.clone(), flow);
        let host = self.means.own_host(&flow);
        let mut subscription = Subscription::new(device, request, (dialog, host), now.ticks);
        subscription.renew(length, now.ticks);
        let response = granted(request.tagged_response(200, &tag), length.as_secs(), &contact);
        self.means.respond(key, response, now.ticks);
        self.lamps.subscribe(subscription, now);
    }

    /// A SUBSCRIBE inside the dialog that this tag of ours names: longer, or no longer.
    pub(crate) fn subscribed_again(
        &mut self,
        key: &ServerKey,
        request: &Request,
        flow: Flow,
        now: Moment,
    ) {
        let device = match self.gate.check(request, &flow, now) {
            Verdict::Device(device) => device,
            Verdict::Answer(response) => {
                return self.means.transactions.respond_stateless(request, flow, &response);
            }
            Verdict::Trunk(_) => return self.means.respond(key, request.response(403), now.ticks),
            Verdict::Drop => return self.means.transactions.forget(key),
        };
        let tag = request.to().tag().unwrap_or_default().to_owned();
        let known = self.lamps.subscription(&tag).filter(|one| {
            one.device == device
                && one.over.is_none()
                && one.dialog.is_own_way(request, &flow).is_some()
        });
        let contact: Option<String> = known.map(|one| one.dialog.contact().to_owned());
        let Some(contact) = contact else {
            return self.means.respond(key, request.response(481), now.ticks);
        };
        let Some(length) = wanted(request) else {
            let shortest = SHORTEST.as_secs().to_string();
            let response = request.response(423).with(Name::MinExpires, shortest);
            return self.means.respond(key, response, now.ticks);
        };
        let mut order = Order::Stale;
        self.lamps.renew(
            &tag,
            |one| {
                order = one.dialog.receive(request);
                if order == Order::New {
                    one.dialog.refresh_target(request.headers.get(&Name::Contact));
                    one.dialog.flow = flow;
                    one.renew(length, now.ticks);
                }
            },
            now,
        );
        let response = match order {
            Order::New => granted(request.response(200), length.as_secs(), &contact),
            Order::Stale => request.response(500),
        };
        self.means.respond(key, response, now.ticks);
    }

    /// The device's phone has registered.
    pub(crate) fn lamp_of(&mut self, device: &Username, now: Moment) {
        self.lamps.registered(device, &self.registrar.bindings_of(device), now.ticks);
    }

    /// Sends every NOTIFY that is due.
    pub(crate) fn tell_of_messages(&mut self, routes: &mut dyn Routes, now: Moment) -> bool {
        let mut sent = false;
        while let Some((notice, request, flow)) = self.lamps.poll_asked(now.ticks) {
            self.means.send(request, flow, Owner::Notice(Box::new(notice)), now.ticks);
            sent = true;
        }
        while let Some(device) = self.lamps.poll_look(now.ticks) {
            self.lamps.places_are(&device, &self.registrar.bindings_of(&device));
            for reach in self.registrar.contacts(&device, now) {
                let Some(flow) = routed(reach.flow, routes) else { continue };
                if self.lamps.tells(&device, &reach.uri, &flow) {
                    self.tell_unasked(&device, reach, flow, now);
                    sent = true;
                }
            }
        }
        sent
    }

    /// Outside of any dialog, as phones that cannot subscribe expect it.
    fn tell_unasked(&mut self, device: &Username, reach: Reach, flow: Flow, now: Moment) {
        let host = self.means.own_host(&flow);
        let (tag, call_id) = (self.means.token(), self.means.token());
        let mut request = Request::new(Method::Notify, reach.uri.clone());
        let headers = &mut request.headers;
        for hop in reach.route {
            headers.push(Name::Route, hop);
        }
        headers.push(Name::From, format!("<sip:{device}@{host}>;tag={tag}"));
        headers.push(Name::To, format!("<{}>", reach.uri));
        headers.push(Name::CallId, call_id);
        headers.push(Name::CSeq, "1 NOTIFY");
        headers.push(Name::Contact, self.means.contact(&flow));
        // It belongs to no subscription, so there is none that would go on.
        let count = self.lamps.count_of(device);
        describe(&mut request, PACKAGE, "terminated", (count, &host));
        let notice = Notice::Unasked(device.clone(), reach.uri);
        self.means.send(request, flow, Owner::Notice(Box::new(notice)), now.ticks);
    }
}

/// The 200 to a SUBSCRIBE; the NOTIFY follows at once.
fn granted(response: Response, seconds: u64, contact: &str) -> Response {
    response.with(Name::Expires, seconds.to_string()).with(Name::Contact, contact)
}
