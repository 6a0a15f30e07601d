//! Whatever datagrams come, the next good request is answered and nothing stays for ever.

#![no_main]

use std::time::Duration;

use bytes::Bytes;
use libfuzzer_sys::fuzz_target;
use naru::office::transport::Transport;
use naru::clock;
use naru::sip::flow::Flow;
use naru::sip::syntax::token::Tokens;
use naru::sip::transaction::event::{Output, TransactionEvent};
use naru::sip::transaction::timer::TimerConfig;
use naru::sip::transaction::transactions::Transactions;

const GOOD: &[u8] =
    b"OPTIONS sip:office SIP/2.0\r\nVia: SIP/2.0/UDP h;branch=z9hG4bKthe-good-one\r\n\
    From: <sip:b@h>;tag=1\r\nTo: <sip:a@h>\r\nCall-ID: good\r\nCSeq: 1 OPTIONS\r\n\r\n";

// Datagrams are parted by a zero byte and an `n`.
fuzz_target!(|data: &[u8]| {
    let flow = Flow {
        transport: Transport::Udp,
        local: "192.0.2.1:5060".parse().expect("an address"),
        remote: "192.0.2.9:5070".parse().expect("an address"),
        connection: None,
    };
    let mut now = clock::now().ticks;
    let mut office = Transactions::new(TimerConfig::default(), Tokens::new([1; 32]));
    let mut datagrams = Vec::new();
    let mut from = 0;
    for at in data.windows(2).enumerate().filter(|(_, end)| end == b"\0n").map(|(at, _)| at) {
        datagrams.push(&data[from..at.max(from)]);
        from = at + 2;
    }
    datagrams.push(data.get(from..).unwrap_or_default());
    for datagram in datagrams.into_iter().chain([GOOD]) {
        office.handle_bytes(&Bytes::copy_from_slice(datagram), flow, now);
        let mut answered = 0;
        while let Some(output) = office.poll_output() {
            answered += 1;
            if let Output::Event(TransactionEvent::Request { key, request, .. }) = output {
                office.respond(&key, &request.tagged_response(200, "tag"), now);
            }
        }
        assert!(datagram != GOOD || answered > 0, "deaf");
    }
    now += Duration::from_secs(200);
    office.handle_timeout(now);
    assert_eq!(office.count(), (0, 0));
});
