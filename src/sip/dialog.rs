//! A dialog: who talks to whom, in which order, and on which way (RFC 3261 12).

use crate::sip::flow::Flow;
use crate::sip::syntax::header::Name;
use crate::sip::syntax::message::{Request, Response};
use crate::sip::syntax::method::Method;
use crate::sip::syntax::text::{Address, split_outside};
use crate::watcher::WatcherDialog;

/// More than one life of ours sends in a dialog without its being written down again.
const LEAP: u32 = 10_000;

/// One side of a dialog, early or confirmed. From and To are kept as raw text with their tags.
#[derive(Clone, Debug)]
pub struct Dialog {
    pub call_id: String,
    pub local_tag: String,
    pub remote_tag: String,
    local: String,
    remote: String,
    local_cseq: u32,
    remote_cseq: Option<u32>,
    /// The far end's Contact URI.
    target: String,
    routes: Vec<String>,
    /// Our Contact header.
    contact: String,
    /// The way its messages go: back where they come from.
    pub flow: Flow,
}

/// Whether a request inside the dialog stands in the right order (RFC 3261 12.2.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// Newer than all before; gaps are legal.
    New,
    /// Older than, or as old as, one before: 500.
    Stale,
}

impl Dialog {
    /// The dialog that answering `invite` makes.
    #[must_use]
    pub fn answering(invite: &Request, local_tag: &str, contact: String, flow: Flow) -> Self {
        let to = invite.headers.get(&Name::To).unwrap_or_default();
        let local = match invite.to().tag() {
            Some(_) => to.to_owned(),
            None => format!("{to};tag={local_tag}"),
        };
        Self {
            call_id: invite.call_id().to_owned(),
            local_tag: local_tag.to_owned(),
            remote_tag: invite.from().tag().unwrap_or_default().to_owned(),
            local,
            remote: invite.headers.get(&Name::From).unwrap_or_default().to_owned(),
            local_cseq: 0,
            remote_cseq: invite.cseq(),
            target: contact_uri(&invite.headers.get(&Name::Contact))
                .unwrap_or_else(|| invite.from().uri.to_owned()),
            routes: routes(invite.headers.all(&Name::RecordRoute)),
            contact,
            flow,
        }
    }

    /// The dialog that `response` to our `invite` makes.
    #[must_use]
    pub fn placed(invite: &Request, response: &Response, contact: String, flow: Flow) -> Self {
        let mut routes = routes(response.headers.all(&Name::RecordRoute));
        routes.reverse();
        Self {
            call_id: invite.call_id().to_owned(),
            local_tag: invite.from().tag().unwrap_or_default().to_owned(),
            remote_tag: response.to().tag().unwrap_or_default().to_owned(),
            local: invite.headers.get(&Name::From).unwrap_or_default().to_owned(),
            remote: response.headers.get(&Name::To).unwrap_or_default().to_owned(),
            local_cseq: invite.cseq().unwrap_or(1),
            remote_cseq: None,
            target: contact_uri(&response.headers.get(&Name::Contact))
                .unwrap_or_else(|| invite.uri.clone()),
            routes,
            contact,
            flow,
        }
    }

    /// What is kept of it over a restart.
    #[must_use]
    pub fn kept(&self) -> WatcherDialog {
        WatcherDialog {
            call_id: self.call_id.clone(),
            remote_tag: self.remote_tag.clone(),
            from: self.local.clone(),
            to: self.remote.clone(),
            local_cseq: self.local_cseq,
            remote_cseq: self.remote_cseq,
            target: self.target.clone(),
            routes: self.routes.clone(),
            contact: self.contact.clone(),
        }
    }

    /// The dialog that was kept; how many requests we sent in it meanwhile is not known, so its
    /// numbers go on from far above (gaps are legal, RFC 3261 12.2.2).
    #[must_use]
    pub fn restored(local_tag: &str, kept: WatcherDialog, flow: Flow) -> Self {
        Self {
            call_id: kept.call_id,
            local_tag: local_tag.to_owned(),
            remote_tag: kept.remote_tag,
            local: kept.from,
            remote: kept.to,
            local_cseq: kept.local_cseq.saturating_add(LEAP),
            remote_cseq: kept.remote_cseq,
            target: kept.target,
            routes: kept.routes,
            contact: kept.contact,
            flow,
        }
    }

    /// Whether a request of the far end belongs here and came from the address the dialog is with
    /// (goal S10). `None`: another dialog's.
    #[must_use]
    pub fn is_own_way(&self, request: &Request, flow: &Flow) -> Option<bool> {
        let is_ours = request.call_id() == self.call_id
            && request.from().tag().unwrap_or_default() == self.remote_tag;
        is_ours.then(|| flow.transport == self.flow.transport && flow.remote == self.flow.remote)
    }

    #[must_use]
    pub fn contact(&self) -> &str {
        &self.contact
    }

    /// The next request of ours in the dialog.
    pub fn request(&mut self, method: Method) -> Request {
        self.local_cseq += 1;
        let number = self.local_cseq;
        self.numbered(method, number)
    }

    /// Confirmed after it was early: numbers go on from there.
    pub fn count_on_from(&mut self, early: &Self) {
        self.local_cseq = self.local_cseq.max(early.local_cseq);
        self.remote_cseq = self.remote_cseq.max(early.remote_cseq);
    }

    /// Gives a request that has to go out again the next number.
    pub fn renumber(&mut self, request: &mut Request) {
        self.local_cseq += 1;
        request.headers.set(Name::CSeq, format!("{} {}", self.local_cseq, request.method));
    }

    /// The ACK of the 2xx to our INVITE with this number (RFC 3261 13.2.2.4).
    #[must_use]
    pub fn ack(&self, cseq: u32) -> Request {
        self.numbered(Method::Ack, cseq)
    }

    fn numbered(&self, method: Method, cseq: u32) -> Request {
        let mut routes: Vec<&str> = self.routes.iter().map(String::as_str).collect();
        let mut uri = self.target.clone();
        let strict = routes.first().is_some_and(|first| !is_loose(first));
        let last = format!("<{}>", self.target);
        if strict {
            // RFC 3261 12.2.1.1: a strict router takes the URI's place.
            uri = Address::parse(routes.remove(0)).uri.to_owned();
            routes.push(&last);
        }
        let needs_contact = matches!(method, Method::Invite | Method::Update | Method::Notify);
        let cseq = format!("{cseq} {method}");
        let mut request = Request::new(method, uri);
        for route in routes {
            request.headers.push(Name::Route, route);
        }
        request.headers.push(Name::From, self.local.as_str());
        request.headers.push(Name::To, self.remote.as_str());
        request.headers.push(Name::CallId, self.call_id.as_str());
        request.headers.push(Name::CSeq, cseq);
        if needs_contact {
            request.headers.push(Name::Contact, self.contact.as_str());
        }
        request
    }

    /// Puts an arrived request in order. ACK and CANCEL do not belong here.
    pub fn receive(&mut self, request: &Request) -> Order {
        let Some(cseq) = request.cseq() else { return Order::Stale };
        if self.remote_cseq.is_some_and(|last| cseq <= last) {
            return Order::Stale;
        }
        self.remote_cseq = Some(cseq);
        Order::New
    }

    /// A re-INVITE, UPDATE or 2xx moves the far end's Contact (RFC 3261 12.2).
    pub fn refresh_target(&mut self, contact: Option<&str>) {
        if let Some(uri) = contact_uri(&contact) {
            self.target = uri;
        }
    }
}

fn contact_uri(contact: &Option<&str>) -> Option<String> {
    let first = split_outside((*contact)?, ',').next()?;
    let uri = Address::parse(first).uri;
    let fits = uri.contains(':') && !uri.contains([' ', '<', '>']);
    fits.then(|| uri.to_owned())
}

fn routes<'a>(lines: impl Iterator<Item = &'a str>) -> Vec<String> {
    lines
        .flat_map(|line| split_outside(line, ','))
        .filter(|route| !route.is_empty())
        .map(str::to_owned)
        .take(16)
        .collect()
}

fn is_loose(route: &str) -> bool {
    let uri = Address::parse(route).uri;
    uri.split(';').skip(1).any(|part| {
        part.split('=').next().is_some_and(|name| name.trim().eq_ignore_ascii_case("lr"))
    })
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;

    use super::*;
    use crate::office::transport::Transport;
    use crate::sip::syntax::message::Message;

    fn flow() -> Flow {
        Flow {
            transport: Transport::Udp,
            local: "192.0.2.1:5060".parse().unwrap(),
            remote: "192.0.2.7:5060".parse().unwrap(),
            connection: None,
        }
    }

    fn request(text: &str) -> Request {
        match Message::parse(&Bytes::copy_from_slice(text.as_bytes())).unwrap() {
            Message::Request(request) => request,
            Message::Response(_) => panic!("a request"),
        }
    }

    fn invite(extra: &str) -> Request {
        request(&format!(
            "INVITE sip:102@pbx SIP/2.0\r\nFrom: \"A \\\"x\\\"\" <sip:101@pbx>;TAG=far\r\n\
             To: <sip:*97#1@h_x>\r\nCall-ID: c1\r\nCSeq: 7 INVITE\r\n\
             Contact: \"\" <sip:u@192.0.2.7:5070;transport=tcp>;x=y\r\n{extra}\r\n"
        ))
    }

    fn answering(extra: &str) -> Dialog {
        Dialog::answering(&invite(extra), "near", "<sip:naru@192.0.2.1:5060>".into(), flow())
    }

    #[test]
    fn a_request_of_ours_turns_the_raw_names_round() {
        let bye = answering("").request(Method::Bye);
        assert_eq!(bye.uri, "sip:u@192.0.2.7:5070;transport=tcp");
        assert_eq!(bye.headers.get(&Name::From), Some("<sip:*97#1@h_x>;tag=near"));
        assert_eq!(bye.headers.get(&Name::To), Some("\"A \\\"x\\\"\" <sip:101@pbx>;TAG=far"));
        assert_eq!(bye.headers.get(&Name::CSeq), Some("1 BYE"));
    }

    #[test]
    fn the_route_set_keeps_its_order_for_the_callee_and_turns_for_the_caller() {
        let record = "Record-Route: <sip:p1;lr>, <sip:p2;lr>\r\nRecord-Route: <sip:p3;lr>\r\n";
        let routes = |request: &Request| {
            request.headers.all(&Name::Route).map(str::to_owned).collect::<Vec<_>>()
        };
        let bye = answering(record).request(Method::Bye);
        assert_eq!(routes(&bye), ["<sip:p1;lr>", "<sip:p2;lr>", "<sip:p3;lr>"]);
        let sent = invite("");
        let mut response = sent.tagged_response(200, "callee");
        response.headers.push(Name::RecordRoute, "<sip:p1;lr>, <sip:p2;lr>");
        let ack = Dialog::placed(&sent, &response, String::new(), flow()).ack(7);
        assert_eq!(routes(&ack), ["<sip:p2;lr>", "<sip:p1;lr>"]);
        assert_eq!(ack.headers.get(&Name::CSeq), Some("7 ACK"));
    }

    #[test]
    fn a_strict_router_takes_the_place_of_the_uri() {
        let bye = answering("Record-Route: <sip:old>\r\n").request(Method::Bye);
        assert_eq!(bye.uri, "sip:old");
        let routes: Vec<&str> = bye.headers.all(&Name::Route).collect();
        assert_eq!(routes, ["<sip:u@192.0.2.7:5070;transport=tcp>"]);
    }

    #[test]
    fn gaps_in_cseq_are_legal_and_steps_back_are_not() {
        let mut dialog = answering("");
        let numbered =
            |number: u32| request(&format!("BYE x SIP/2.0\r\nCSeq: {number} BYE\r\n\r\n"));
        assert_eq!(dialog.receive(&numbered(9)), Order::New);
        assert_eq!(dialog.receive(&numbered(9)), Order::Stale);
        assert_eq!(dialog.receive(&numbered(8)), Order::Stale);
        assert_eq!(dialog.receive(&numbered(2_000_000_000)), Order::New);
    }

    #[test]
    fn the_target_moves_with_a_contact_that_can_be_read() {
        let mut dialog = answering("");
        dialog.refresh_target(Some("<sip:new@192.0.2.8>"));
        dialog.refresh_target(Some("*, <"));
        dialog.refresh_target(None);
        assert_eq!(dialog.request(Method::Bye).uri, "sip:new@192.0.2.8");
    }
}
