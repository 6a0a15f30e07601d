//! Any body is read as a session description or refused; what is read can be answered.

#![no_main]

use libfuzzer_sys::fuzz_target;
use naru::office::srtp::SrtpPolicy;
use naru::sip::leg::negotiation::{Negotiation, Security};
use naru::sip::syntax::sdes::OwnKeys;
use naru::sip::syntax::sdp::Sdp;

fuzz_target!(|body: &[u8]| {
    let Ok(sdp) = Sdp::parse(body, SrtpPolicy::Optional) else { return };
    let security = Security { policy: SrtpPolicy::Optional, keys: OwnKeys::new([7; 32]) };
    let address = "192.0.2.1:5000".parse().expect("an address");
    let mut ours = Negotiation::new(7, address, None, security);
    if let Ok((answer, _)) = ours.answer(&sdp, None) {
        Sdp::parse(&answer, SrtpPolicy::Optional).expect("our own answer can be read");
    }
});
