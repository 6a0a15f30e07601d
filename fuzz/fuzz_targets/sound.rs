//! Any packet at the media thread's door, RTP or RTCP, and any WAV file, does no harm.

#![no_main]

use std::time::Duration;

use libfuzzer_sys::fuzz_target;
use naru::audio::wav;
use naru::clock;
use naru::leg::LegId;
use naru::media::codec::Codec;
use naru::media::handle::Tuning;
use naru::media::packet::Packet;
use naru::media::patchbay::Patchbay;

fuzz_target!(|data: &[u8]| {
    drop(wav::read(data));
    if let Ok(packet) = Packet::parse(data) {
        assert!(packet.payload.len() <= data.len());
    }
    let mut now = clock::now();
    let mut patchbay = Patchbay::new([1; 32], Duration::from_secs(45), now);
    let (one, other) = (LegId::arrived(1), LegId::placed(1));
    for (leg, port) in [(one, 4000), (other, 5000)] {
        let remote = (std::net::Ipv4Addr::new(192, 0, 2, 9), port).into();
        patchbay.open(leg, now);
        let tuning = Tuning {
            signalling: std::net::Ipv4Addr::new(192, 0, 2, 9).into(),
            answered: true,
            remote,
            remote_rtcp: None,
            codec: Codec::Pcmu,
            payload_type: 0,
            telephone_event: Some(101),
            ptime: 20,
            send: true,
            receive: true,
        };
        patchbay.tune(leg, tuning, now);
    }
    patchbay.join(one, other);
    let from = (std::net::Ipv4Addr::new(192, 0, 2, 9), 4000).into();
    for datagram in data.chunks(usize::from(data.first().copied().unwrap_or(40)).max(12)) {
        patchbay.handle_rtp(one, from, datagram, now);
        patchbay.handle_rtcp(one, from, datagram, now);
        now = now.after(Duration::from_millis(20));
        patchbay.handle_timeout(now);
    }
});
