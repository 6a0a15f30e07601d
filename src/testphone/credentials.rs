//! A refused request once more, with the answer to the challenge that came with the refusal.

use crate::testphone::digest::{Challenge, Question};
use crate::testphone::message::Message;

/// `account` is user name and password. `may_try` is asked with whether the last answer was only
/// too old; `None` when it says no, or the challenge is none that a test phone can answer.
#[must_use]
pub fn answered(
    request: &Message,
    refusal: &Message,
    account: (&str, &str),
    cnonce: &str,
    may_try: impl Fn(bool) -> bool,
) -> Option<Message> {
    let (asked, given) = if refusal.status() == Some(407) {
        ("Proxy-Authenticate", "Proxy-Authorization")
    } else {
        ("WWW-Authenticate", "Authorization")
    };
    let challenge = refusal.all(asked).find_map(Challenge::parse)?;
    if !may_try(challenge.stale) {
        return None;
    }
    let (number, method) = request.cseq()?;
    let question = Question { method, uri: request.uri()?, cnonce, nc: 1 };
    let credentials = challenge.answer(account.0, account.1, question);
    let mut again = request.clone();
    again.headers.retain(|(name, _)| name != "Via" && name != given);
    again.replace("CSeq", &format!("{} {method}", number + 1));
    Some(again.with(given, &credentials))
}
