//! The scan never fails, and sees what the parser sees.

#![no_main]

use bytes::Bytes;
use libfuzzer_sys::fuzz_target;
use naru::sip::syntax::message::Message;
use naru::sip::syntax::prescan::{Lines, Scan};

fuzz_target!(|data: &[u8]| {
    let mut lines = Lines::new(data);
    while lines.next_header().is_some() {}
    let scan = Scan::of(data);
    let parsed = Message::parse(&Bytes::copy_from_slice(data));
    if let (Some(scan), Ok(Message::Request(request))) = (scan, parsed)
        && let Some(cseq) = request.cseq()
    {
        assert_eq!(scan.cseq, cseq);
    }
});
