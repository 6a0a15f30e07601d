//! How a REGISTER is answered (RFC 3261 10.3 steps 7 and 8).

use std::time::Duration;

use jiff::Timestamp;

use crate::sip::flow::Flow;
use crate::sip::registrar::bindings::Bound;
use crate::sip::registrar::registration::{Refusal, Registration, SHORTEST};
use crate::sip::syntax::header::Name;
use crate::sip::syntax::message::{Request, Response};
use crate::time::Moment;

/// 200 with every contact of the device and the time each has left.
#[must_use]
pub fn granted(
    request: &Request,
    registration: &Registration,
    live: &[Bound],
    flow: &Flow,
    tag: &str,
    now: Moment,
) -> Response {
    let mut response = request.tagged_response(200, tag);
    for bound in live {
        response.headers.push(Name::Contact, contact(bound, now));
    }
    if registration.supports("path") {
        for hop in &registration.path {
            response.headers.push(Name::Path, hop.as_str());
        }
    }
    // A phone told so keeps its flow alive by CRLF (RFC 5626 4.4.1), which we answer on connections only.
    let is_flow = live
        .iter()
        .any(|bound| bound.registration_id.is_some() && bound.binding.instance.is_some());
    if is_flow && registration.supports("outbound") && flow.transport.is_stream() {
        response.headers.push(Name::Require, "outbound");
    }
    if let Ok(date) = Timestamp::try_from(now.wall) {
        let date = date.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string();
        response.headers.push(Name::Date, date);
    }
    response
}

/// The error that belongs to a refusal.
#[must_use]
pub fn refused(request: &Request, refusal: &Refusal, tag: &str) -> Response {
    let plain = |status| request.tagged_response(status, tag);
    match refusal {
        Refusal::Malformed(why) => {
            let mut response = plain(400);
            (*why).clone_into(&mut response.reason);
            response
        }
        Refusal::Scheme => plain(416),
        Refusal::Extensions(names) => plain(420).with(Name::Unsupported, names.as_str()),
        Refusal::TooBrief => plain(423).with(Name::MinExpires, SHORTEST.as_secs().to_string()),
        Refusal::OutOfOrder => plain(500),
    }
}

fn contact(bound: &Bound, now: Moment) -> String {
    let left = bound.until.saturating_duration_since(now.ticks);
    // Rounded up: what is left is never told as nothing.
    let left = (left + Duration::from_nanos(999_999_999)).as_secs();
    let mut text = format!("<{}>;expires={left}", bound.binding.contact);
    let parameters = [
        bound.q.as_ref().map(|q| format!(";q={q}")),
        bound.binding.instance.as_ref().map(|id| format!(";+sip.instance=\"{id}\"")),
        bound.registration_id.map(|id| format!(";reg-id={id}")),
    ];
    for parameter in parameters.into_iter().flatten() {
        text.push_str(&parameter);
    }
    text
}
