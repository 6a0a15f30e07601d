//! What we say of ourselves, and what is refused before anybody looks closer (RFC 3261 8.2).

use crate::sip::message_summary::{PACKAGE, is_for_messages};
use crate::sip::syntax::header::{Headers, Name};
use crate::sip::syntax::message::{Request, Response};
use crate::sip::syntax::method::Method;
use crate::sip::syntax::text::split_outside;
use crate::sip::syntax::uri::Uri;

/// No version: strangers need none (goal S9).
pub const PRODUCT: &str = "naru";

pub const ALLOW: &str =
    "INVITE, ACK, CANCEL, BYE, OPTIONS, PRACK, UPDATE, INFO, REGISTER, SUBSCRIBE";

pub const SUPPORTED: &str = "100rel, timer";

const ACCEPT: &str = "application/sdp";

/// The bodies of INFO that tell digits.
pub const ACCEPT_INFO: &str = "application/dtmf-relay, application/dtmf";

/// Option tags of `Require` that we can honour.
const KNOWN_OPTIONS: [&str; 4] = ["100rel", "timer", "path", "outbound"];

/// A refusal that needs no look at who is asking, with the headers that explain it.
#[must_use]
pub fn refusal(request: &Request) -> Option<Response> {
    if request.cseq().is_none() || request.call_id().is_empty() || request.from().uri.is_empty() {
        return Some(request.response(400));
    }
    let is_register = request.method == Method::Register;
    match Uri::parse(&request.uri) {
        Some(uri) if uri.is_sip() || uri.scheme.eq_ignore_ascii_case("tel") && !is_register => {}
        // RFC 3261 8.2.2.1.
        Some(_) => return Some(request.response(416)),
        None => return Some(request.response(400)),
    }
    let forwards = request.headers.get(&Name::MaxForwards).map(|text| text.trim().parse::<u32>());
    if forwards == Some(Ok(0)) && request.method != Method::Options {
        return Some(request.response(483));
    }
    if let Some(unknown) = unknown_options(&request.headers) {
        return Some(request.response(420).with(Name::Unsupported, unknown));
    }
    match request.method {
        Method::Invite
        | Method::Ack
        | Method::Bye
        | Method::Cancel
        | Method::Options
        | Method::Register
        | Method::Prack
        | Method::Update
        | Method::Info => None,
        Method::Subscribe if is_for_messages(request) => None,
        // RFC 6665 7.3: no event of those that we know.
        Method::Subscribe | Method::Publish | Method::Notify => {
            let response = request.response(489).with(Name::Allow, ALLOW);
            Some(response.with(Name::AllowEvents, PACKAGE))
        }
        Method::Refer | Method::Message => Some(request.response(405).with(Name::Allow, ALLOW)),
        Method::Other(_) => Some(request.response(501).with(Name::Allow, ALLOW)),
    }
}

/// `response` with `tag` on a To that has none (RFC 3261 8.2.6.2).
#[must_use]
pub fn tagged(mut response: Response, tag: &str) -> Response {
    if response.to().tag().is_none() {
        let to = response.headers.get(&Name::To).unwrap_or_default();
        let to = format!("{to};tag={tag}");
        response.headers.set(Name::To, to);
    }
    response
}

/// What OPTIONS is answered with (RFC 3261 11.2).
#[must_use]
pub fn options_answer(request: &Request, tag: &str) -> Response {
    let mut response = request.tagged_response(200, tag);
    response.headers.push(Name::Allow, ALLOW);
    response.headers.push(Name::Supported, SUPPORTED);
    response.headers.push(Name::AllowEvents, PACKAGE);
    response.headers.push(Name::Accept, ACCEPT);
    response.headers.push(Name::Server, PRODUCT);
    response
}

/// Whether the body is one we cannot read; the answer is 415 with Accept.
#[must_use]
pub fn body_refusal(request: &Request) -> Option<Response> {
    if request.body.is_empty() {
        return None;
    }
    let kind = request.headers.get(&Name::ContentType).unwrap_or(ACCEPT);
    let kind = kind.split(';').next().unwrap_or_default().trim();
    let is_coded = request
        .headers
        .get(&Name::ContentEncoding)
        .is_some_and(|coding| !coding.trim().eq_ignore_ascii_case("identity"));
    let fits = kind.eq_ignore_ascii_case(ACCEPT) && !is_coded;
    (!fits).then(|| request.response(415).with(Name::Accept, ACCEPT))
}

fn unknown_options(headers: &Headers) -> Option<String> {
    let unknown: Vec<&str> = headers
        .all(&Name::Require)
        .chain(headers.all(&Name::ProxyRequire))
        .flat_map(|line| split_outside(line, ','))
        .filter(|option| !option.is_empty())
        .filter(|option| !KNOWN_OPTIONS.iter().any(|known| known.eq_ignore_ascii_case(option)))
        .collect();
    (!unknown.is_empty()).then(|| unknown.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(method: &str, uri: &str, lines: &[(Name, &str)]) -> Request {
        let mut request = Request::new(Method::parse(method), uri);
        request.headers.push(Name::From, "<sip:a@b>;tag=1");
        request.headers.push(Name::CallId, "x");
        request.headers.push(Name::CSeq, format!("1 {method}"));
        for (name, value) in lines {
            request.headers.push(name.clone(), *value);
        }
        request
    }

    #[test]
    fn each_refusal_has_its_own_status() {
        let unsupported = [(Name::Require, "100rel, x-magic")];
        for (method, uri, lines, status) in [
            ("INVITE", "http://x", &[][..], 416),
            ("INVITE", "nonsense", &[], 400),
            ("INVITE", "sip:1@x", &[(Name::MaxForwards, "0")], 483),
            ("INVITE", "sip:1@x", &unsupported, 420),
            ("REFER", "sip:1@x", &[], 405),
            ("MESSAGE", "sip:1@x", &[], 405),
            ("SUBSCRIBE", "sip:1@x", &[], 489),
            ("NEWMETHOD", "sip:1@x", &[], 501),
            ("REGISTER", "tel:1", &[], 416),
        ] {
            let refused = refusal(&request(method, uri, lines)).unwrap();
            assert_eq!(refused.status, status, "{method} {uri}");
        }
        assert_eq!(refusal(&request("INVITE", "tel:+82", &[(Name::Require, "100rel")])), None);
        assert_eq!(refusal(&request("OPTIONS", "sip:x", &[(Name::MaxForwards, "0")])), None);
        let named = refusal(&request("INVITE", "sip:1@x", &unsupported)).unwrap();
        assert_eq!(named.headers.get(&Name::Unsupported), Some("x-magic"));
    }

    #[test]
    fn only_session_descriptions_are_read() {
        let mut invite = request("INVITE", "sip:1@x", &[(Name::ContentType, "text/plain")]);
        assert_eq!(body_refusal(&invite), None);
        invite.body = Bytes::from_static(b"x");
        assert_eq!(body_refusal(&invite).unwrap().status, 415);
        invite.headers.set(Name::ContentType, "Application/SDP;charset=utf-8");
        assert_eq!(body_refusal(&invite), None);
    }

    use bytes::Bytes;
}
