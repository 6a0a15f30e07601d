//! The event package by which phones learn of messages (RFC 3842).

use crate::leg::MessageCount;
use crate::sip::syntax::header::Name;
use crate::sip::syntax::message::Request;
use crate::sip::syntax::text::split_outside;

pub const PACKAGE: &str = "message-summary";
pub const BODY: &str = "application/simple-message-summary";

/// Whom a phone dials that has a key beside its lamp.
const BOX: &str = "*97";

/// Whether a SUBSCRIBE is for this package.
#[must_use]
pub fn is_for_messages(request: &Request) -> bool {
    let event = request.headers.get(&Name::Event).unwrap_or_default();
    event.split(';').next().unwrap_or_default().trim().eq_ignore_ascii_case(PACKAGE)
}

/// Whether whoever asks can read what they would be sent.
#[must_use]
pub fn is_acceptable(request: &Request) -> bool {
    let accepted = || request.headers.all(&Name::Accept).flat_map(|line| split_outside(line, ','));
    let fits = |range: &str| {
        let range = range.split(';').next().unwrap_or_default().trim();
        [BODY, "application/*", "*/*"].iter().any(|one| one.eq_ignore_ascii_case(range))
    };
    accepted().next().is_none() || accepted().any(fits)
}

/// What stands in a NOTIFY (RFC 3842 5.2).
#[must_use]
pub fn summary(count: MessageCount, host: &str) -> String {
    let MessageCount { new, old } = count;
    let waiting = if new > 0 { "yes" } else { "no" };
    format!(
        "Messages-Waiting: {waiting}\r\nMessage-Account: sip:{BOX}@{host}\r\n\
         Voice-Message: {new}/{old} (0/0)\r\n"
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sip::syntax::method::Method;

    fn subscribe(lines: &[(Name, &str)]) -> Request {
        let mut request = Request::new(Method::Subscribe, "sip:101@pbx");
        for (name, value) in lines {
            request.headers.push(name.clone(), *value);
        }
        request
    }

    #[test]
    fn the_package_and_what_is_accepted_are_read_leniently() {
        assert!(is_for_messages(&subscribe(&[(Name::Event, "Message-Summary ;id=7")])));
        assert!(!is_for_messages(&subscribe(&[(Name::Event, "dialog")])));
        assert!(!is_for_messages(&subscribe(&[])));
        assert!(is_acceptable(&subscribe(&[])));
        let accept = "text/plain, application/simple-message-summary;q=0.5";
        assert!(is_acceptable(&subscribe(&[(Name::Accept, accept)])));
        assert!(is_acceptable(&subscribe(&[(Name::Accept, "a/b"), (Name::Accept, "*/*")])));
        assert!(!is_acceptable(&subscribe(&[(Name::Accept, "application/dialog-info+xml")])));
    }

    #[test]
    fn only_what_nobody_has_heard_lights_the_lamp() {
        let text = summary(MessageCount { new: 2, old: 8 }, "pbx");
        assert_eq!(
            text,
            "Messages-Waiting: yes\r\nMessage-Account: sip:*97@pbx\r\nVoice-Message: 2/8 (0/0)\r\n"
        );
        assert!(
            summary(MessageCount { new: 0, old: 8 }, "pbx").starts_with("Messages-Waiting: no")
        );
    }
}
