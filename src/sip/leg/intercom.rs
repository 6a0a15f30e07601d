//! How a phone is asked to pick up by itself. No standard says it, and phones read one or the other.

use crate::sip::syntax::header::{Headers, Name};

pub fn write_intercom(headers: &mut Headers, host: &str) {
    // RFC 5373 came too late: Snom, Polycom and Grandstream read this, and Yealink the next.
    headers.push(Name::CallInfo, format!("<sip:{host}>;answer-after=0"));
    headers.push(Name::AlertInfo, format!("<http://{host}>;info=alert-autoanswer;delay=0"));
}
