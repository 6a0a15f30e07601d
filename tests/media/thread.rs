//! The media thread on real sockets.

use std::net::{Ipv4Addr, SocketAddr, UdpSocket};
use std::sync::Arc;
use std::time::Duration;

use naru::audio::clip::Clip;
use naru::leg::PlayId;
use naru::media::codec::Codec::Pcmu;
use naru::media::handle::{MediaCommand, MediaEvent, MediaHandle, Tuning};
use naru::media::packet::{LARGEST, Packet};
use naru::media::ports::Ports;
use naru::media::run::{SILENCE, run};
use tokio::sync::mpsc;

use crate::bench::{leg, spoken, tuning};

struct Phone {
    socket: UdpSocket,
    naru: SocketAddr,
}

impl Phone {
    fn new(handle: &MediaHandle, name: u64) -> Self {
        let socket = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        socket.set_read_timeout(Some(Duration::from_secs(5))).unwrap();
        let remote = socket.local_addr().unwrap();
        let naru = handle.open(leg(name), remote.ip()).unwrap();
        let tuning = Tuning { remote, signalling: remote.ip(), ..tuning(name, Pcmu) };
        handle.send(MediaCommand::Tune { leg: leg(name), tuning });
        Self { socket, naru }
    }

    fn say(&self, packet: &Packet<'_>) {
        let mut datagram = [0; LARGEST];
        let length = packet.write(&mut datagram);
        self.socket.send_to(&datagram[..length], self.naru).unwrap();
    }

    /// The payload of the next packet, and its marker.
    fn hear(&self) -> (Vec<u8>, bool) {
        let mut datagram = [0; LARGEST];
        let (length, from) = self.socket.recv_from(&mut datagram).unwrap();
        assert_eq!(from, self.naru);
        let packet = Packet::parse(&datagram[..length]).unwrap();
        (packet.payload.to_vec(), packet.marker)
    }
}

#[test]
fn the_thread_relays_echoes_plays_and_ends() {
    let (handle, commands) = MediaHandle::channel(64, Ports::new(47_100..=47_199));
    let (events, mut told) = mpsc::channel(64);
    // Commands from before the thread runs are not lost.
    let (alice, bob) = (Phone::new(&handle, 1), Phone::new(&handle, 2));
    handle.send(MediaCommand::Join { one: leg(1), other: leg(2) });
    let thread = run(&handle, commands, events, SILENCE).unwrap();

    for count in 0..20 {
        alice.say(&spoken(Pcmu, count, &[1; 160]));
        assert_eq!(bob.hear(), (vec![1; 160], count == 0));
        bob.say(&spoken(Pcmu, count, &[2; 160]));
        assert_eq!(alice.hear().0, [2; 160]);
    }

    // The answer to a datagram that is no RTP is that the next one passes.
    alice.socket.send_to(&[0xff; 3], alice.naru).unwrap();
    handle.send(MediaCommand::Echo { leg: leg(2) });
    let clip = Arc::new(Clip::new(8_000, vec![8; 480]));
    handle.send(MediaCommand::Play { leg: leg(1), play: PlayId(9), clip, repeat: false });
    for _ in 0..3 {
        assert_eq!(alice.hear().0, [0xfe; 160]);
    }
    assert_eq!(told.blocking_recv(), Some(MediaEvent::PlayEnded { leg: leg(1), play: PlayId(9) }));
    bob.say(&spoken(Pcmu, 20, &[3; 160]));
    assert_eq!(bob.hear().0, [3; 160]);

    handle.send(MediaCommand::Close { leg: leg(1) });
    handle.send(MediaCommand::Close { leg: leg(2) });
    handle.send(MediaCommand::Stop);
    thread.join().unwrap();
    for name in [1, 2] {
        let Some(MediaEvent::Quality { leg: closed, quality }) = told.blocking_recv() else {
            panic!("the quality of leg {name} is not told")
        };
        assert_eq!((closed, quality.heard.lost, quality.mos), (leg(name), 0, None));
    }
    assert_eq!(told.blocking_recv(), None);
    assert!(UdpSocket::bind(alice.naru).is_ok(), "its ports are free again");
}
