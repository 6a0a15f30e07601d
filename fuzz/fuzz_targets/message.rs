//! A message that is read can be printed and read again, and is the same.

#![no_main]

use bytes::Bytes;
use libfuzzer_sys::fuzz_target;
use naru::sip::syntax::message::Message;

fuzz_target!(|data: &[u8]| {
    let Ok(message) = Message::parse(&Bytes::copy_from_slice(data)) else { return };
    let printed = message.to_bytes();
    let again = Message::parse(&printed).expect("what we print can be read");
    assert_eq!(again.to_bytes(), printed);
    if let Message::Request(request) = &message {
        let answer = request.tagged_response(200, "tag").to_bytes();
        Message::parse(&answer).expect("an answer can be read");
    }
});
