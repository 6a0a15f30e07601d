//! Answers to what is not parsed: made from the message's raw lines.

use bytes::Bytes;

use crate::sip::flow::Flow;
use crate::sip::syntax::header::Name;
use crate::sip::syntax::message::reason_phrase;
use crate::sip::syntax::prescan::Lines;
use crate::sip::syntax::text::Address;
use crate::sip::syntax::token::Tokens;
use crate::sip::syntax::via::Via;

/// More Via lines than this are no detour but an attack.
const MAX_VIAS: usize = 16;

/// The answer `status` with the raw Via, From, To, Call-ID and CSeq of `bytes` (RFC 3261 8.2.6.2),
/// its To tagged, and where it goes. `None` for what is no request, is an ACK, or has no Via to
/// answer to.
#[must_use]
pub fn refusal(
    bytes: &[u8],
    flow: Flow,
    status: u16,
    tokens: &mut Tokens,
) -> Option<(Flow, Bytes)> {
    let mut lines = Lines::new(bytes);
    let first = lines.next_line()?;
    if first.starts_with(b"SIP/") || first.starts_with(b"ACK ") || !speaks_sip(first) {
        return None;
    }
    let mut text = format!("SIP/2.0 {status} {}\r\n", reason_phrase(status));
    let mut to = None;
    let mut vias = 0;
    while let Some(line) = lines.next_header() {
        let line = one_line(line);
        let Some((name, value)) = line.split_once(':') else { continue };
        let (name, value) = (Name::parse(name.trim()), value.trim());
        if name == Name::Via {
            vias += 1;
            if vias == 1 {
                let via = Via::parse(value)?;
                to = Some(via.answer_flow(flow));
                push(&mut text, &name, &via.with_source(flow.remote));
                continue;
            }
        }
        if vias > MAX_VIAS {
            return None;
        }
        if name == Name::To && Address::parse(value).tag().is_none() {
            push(&mut text, &name, &format!("{value};tag={}", tokens.next_token()));
        } else if matches!(name, Name::Via | Name::From | Name::To | Name::CallId | Name::CSeq) {
            push(&mut text, &name, value);
        }
    }
    if status == 503 {
        push(&mut text, &Name::RetryAfter, "5");
    }
    push(&mut text, &Name::ContentLength, "0");
    text.push_str("\r\n");
    Some((to?, Bytes::from(text)))
}

/// Whether a first line means to be a SIP request, whatever its version.
fn speaks_sip(first: &[u8]) -> bool {
    first.windows(5).any(|word| word.eq_ignore_ascii_case(b" SIP/"))
}

fn push(text: &mut String, name: &Name, value: &str) {
    text.push_str(name.as_str());
    text.push_str(": ");
    text.push_str(value);
    text.push_str("\r\n");
}

/// Folds and stray control bytes become spaces; what is not UTF-8 is taken for Latin-1.
fn one_line(line: &[u8]) -> String {
    let plain = |c: char| if matches!(c, '\r' | '\n' | '\0') { ' ' } else { c };
    match std::str::from_utf8(line) {
        Ok(text) => text.chars().map(plain).collect(),
        Err(_) => line.iter().map(|b| plain(char::from(*b))).collect(),
    }
}
