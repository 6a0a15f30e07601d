//! Any body is read as a session description or refused; what is read can be answered.

#![no_main]

use libfuzzer_sys::fuzz_target;
use naru::sip::negotiation::Negotiation;
use naru::sip::sdp::Sdp;

fuzz_target!(|body: &[u8]| {
    let Ok(sdp) = Sdp::parse(body) else { return };
    let mut ours = Negotiation::new(7, "192.0.2.1:5000".parse().expect("an address"), None);
    if let Ok((answer, _)) = ours.answer(&sdp, None) {
        Sdp::parse(&answer).expect("our own answer can be read");
    }
});
