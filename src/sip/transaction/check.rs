//! What a request must have before anyone sees it.

use crate::sip::syntax::header::Name;
use crate::sip::syntax::message::{Request, cseq};
use crate::sip::syntax::text::Address;
use crate::sip::syntax::uri::Uri;

/// Whether `request` can be answered and remembered (RFC 3261 8.1.1). What is merely odd passes.
#[must_use]
pub fn is_sound(request: &Request) -> bool {
    let once = [Name::From, Name::To, Name::CallId, Name::CSeq];
    let cseq_fits = cseq(&request.headers).is_some_and(|(_, method)| method == request.method);
    once.iter().all(|name| request.headers.all(name).count() == 1)
        && cseq_fits
        && !request.call_id().is_empty()
        && is_address(&request.from())
        && is_address(&request.to())
        && is_target(&request.uri)
        && lengths_agree(request)
}

/// Any scheme will do here; whether we serve it is decided above.
fn is_address(address: &Address<'_>) -> bool {
    is_target(address.uri)
}

fn is_target(uri: &str) -> bool {
    let Some((scheme, rest)) = uri.split_once(':') else { return false };
    if scheme.eq_ignore_ascii_case("sip") || scheme.eq_ignore_ascii_case("sips") {
        return Uri::parse(uri).is_some();
    }
    let letter = |b: u8| b.is_ascii_alphanumeric() || b"+-.".contains(&b);
    !rest.is_empty() && !scheme.is_empty() && scheme.bytes().all(letter)
}

/// Two lengths that differ would let two readers see two messages.
fn lengths_agree(request: &Request) -> bool {
    let mut lengths = request.headers.all(&Name::ContentLength);
    let first = lengths.next();
    lengths.all(|other| Some(other) == first)
}
