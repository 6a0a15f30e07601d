//! Causes of an end as SIP says them: status codes and Reason (RFC 3261 21, RFC 3326).

use crate::leg::HangupCause;

/// The final answer that refuses an arrived leg for `cause`.
#[must_use]
pub fn status(cause: HangupCause) -> u16 {
    match cause {
        HangupCause::Busy => 486,
        HangupCause::NoAnswer
        | HangupCause::Unreachable
        | HangupCause::AnsweredElsewhere
        | HangupCause::Normal => 480,
        HangupCause::Declined => 603,
        HangupCause::NotFound => 404,
        HangupCause::Forbidden => 403,
        HangupCause::NotAcceptable => 488,
        HangupCause::Overloaded | HangupCause::Stopping => 503,
        HangupCause::Cancelled => 487,
        HangupCause::MediaLost
        | HangupCause::SessionExpired
        | HangupCause::AckMissing
        | HangupCause::Interrupted => 500,
        HangupCause::Failed { status } => {
            // What the other side's own proxies or accounts were asked must not reach this caller.
            match status {
                400..=499 if !matches!(status, 401 | 407 | 420 | 421 | 422 | 481 | 491) => status,
                500..=699 => status,
                _ => 500,
            }
        }
    }
}

/// What a final answer to a placed leg means. `rang` tells whether the phone had rung.
#[must_use]
pub fn cause(status: u16, rang: bool) -> HangupCause {
    match status {
        486 | 600 => HangupCause::Busy,
        480 => HangupCause::NoAnswer,
        408 if rang => HangupCause::NoAnswer,
        408 | 430 | 502 | 504 => HangupCause::Unreachable,
        603 | 607 => HangupCause::Declined,
        404 | 410 | 484 | 604 => HangupCause::NotFound,
        403 => HangupCause::Forbidden,
        415 | 488 | 606 => HangupCause::NotAcceptable,
        487 => HangupCause::Cancelled,
        503 => HangupCause::Overloaded,
        other => HangupCause::Failed { status: other },
    }
}

/// How much a caller is told by a cause when several phones failed: the higher wins.
#[must_use]
pub fn weight(cause: HangupCause) -> u8 {
    match cause {
        HangupCause::Declined => 9,
        HangupCause::Busy => 8,
        HangupCause::NoAnswer => 7,
        HangupCause::NotAcceptable => 6,
        HangupCause::Forbidden => 5,
        HangupCause::NotFound => 4,
        HangupCause::Overloaded => 3,
        HangupCause::Failed { .. } => 2,
        HangupCause::Unreachable => 1,
        HangupCause::Normal
        | HangupCause::Cancelled
        | HangupCause::AnsweredElsewhere
        | HangupCause::MediaLost
        | HangupCause::SessionExpired
        | HangupCause::AckMissing
        | HangupCause::Stopping
        | HangupCause::Interrupted => 0,
    }
}

/// The Reason header of our CANCEL or BYE, where it tells the far end something.
#[must_use]
pub fn reason(cause: HangupCause) -> Option<&'static str> {
    match cause {
        HangupCause::AnsweredElsewhere => Some("SIP;cause=200;text=\"Call completed elsewhere\""),
        HangupCause::Normal => Some("Q.850;cause=16"),
        HangupCause::SessionExpired => Some("SIP;cause=408;text=\"Session expired\""),
        HangupCause::AckMissing => Some("SIP;cause=408;text=\"ACK never came\""),
        HangupCause::MediaLost => Some("Q.850;cause=102;text=\"No sound came\""),
        HangupCause::NotAcceptable => Some("SIP;cause=488"),
        HangupCause::Stopping => Some("SIP;cause=503;text=\"Shutting down\""),
        HangupCause::Cancelled
        | HangupCause::Busy
        | HangupCause::NoAnswer
        | HangupCause::Declined
        | HangupCause::NotFound
        | HangupCause::Unreachable
        | HangupCause::Forbidden
        | HangupCause::Overloaded
        | HangupCause::Interrupted
        | HangupCause::Failed { .. } => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_passes_through_the_office_unchanged() {
        for code in [403, 404, 486, 488, 603, 480, 503] {
            assert_eq!(status(cause(code, true)), code, "{code}");
        }
        assert_eq!(status(cause(401, false)), 500);
        assert_eq!(status(cause(302, false)), 500);
    }

    #[test]
    fn busy_outweighs_a_phone_that_is_gone() {
        assert!(weight(HangupCause::Busy) > weight(HangupCause::Unreachable));
        assert!(weight(HangupCause::NoAnswer) > weight(HangupCause::Failed { status: 500 }));
    }
}
