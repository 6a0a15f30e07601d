//! A customer played by hand: every key can be told in the way that is asked for.

use std::f64::consts::TAU;
use std::io::{BufRead, BufReader, Write};
use std::net::{SocketAddr, UdpSocket};
use std::os::unix::net::UnixStream;
use std::thread;
use std::time::Duration;

use naru::audio::g711::Law;
use naru::testphone::call::Call;
use naru::testphone::message::Message;

use crate::site::Site;
use crate::waiting::{SOON, wait_for};

/// One packet of sound.
const PACKET: Duration = Duration::from_millis(20);
const RATE: f64 = 8_000.0;
/// ITU-T Q.23, by row and column.
const ROWS: [(&str, f64); 4] = [("123", 697.0), ("456", 770.0), ("789", 852.0), ("*0#", 941.0)];
const COLUMNS: [f64; 3] = [1_209.0, 1_336.0, 1_477.0];

pub(crate) struct Hand {
    signals: UdpSocket,
    server: SocketAddr,
    call: Call,
    branches: u32,
    sound: UdpSocket,
    sequence: u16,
    sample: u32,
}

impl Hand {
    /// Calls `number` from where the trunk stands, and is answered.
    pub(crate) fn calls(site: &Site, caller: &str, number: &str) -> Self {
        let mut hand = Self::at(site, caller, number);
        let answer = hand.invites(number);
        assert_eq!(answer.status(), Some(200), "{answer:?}");
        hand.call.established(&answer);
        let ack = hand.request("ACK");
        hand.signals.send_to(&ack.to_bytes(), hand.server).unwrap();
        hand
    }

    /// Calls `number`, where nobody is.
    pub(crate) fn refused(site: &Site, caller: &str, number: &str) -> Self {
        let mut hand = Self::at(site, caller, number);
        hand.is_refused_again(number);
        hand
    }

    pub(crate) fn is_refused_again(&mut self, number: &str) {
        let answer = self.invites(number);
        assert!(answer.status().is_some_and(|status| status >= 400), "{answer:?}");
        let ack = self.call.about_invite("ACK", answer.header("To").unwrap());
        self.signals.send_to(&ack.to_bytes(), self.server).unwrap();
    }

    fn at(site: &Site, caller: &str, number: &str) -> Self {
        let (local, server) = (site.network.trunk(), site.network.server());
        let signals = UdpSocket::bind(local).unwrap();
        signals.set_read_timeout(Some(SOON)).unwrap();
        let sound = UdpSocket::bind((local.ip(), 0)).unwrap();
        let media = sound.local_addr().unwrap();
        let from = format!("<sip:{caller}@{local}>;tag=hand");
        let nothing = Message::request("INVITE", number).with("From", &from);
        let call = Call::placed(nothing, media, &[Law::A]);
        Self { signals, server, call, branches: 0, sound, sequence: 0, sample: 0 }
    }

    /// Asks for a call of its own and returns the final answer.
    fn invites(&mut self, number: &str) -> Message {
        self.branches += 1;
        let (local, count) = (self.signals.local_addr().unwrap(), self.branches);
        let uri = format!("sip:{number}@{}", self.server);
        let invite = Message::request("INVITE", &uri)
            .with("Via", &format!("SIP/2.0/UDP {local};rport;branch=z9hG4bKhand{count}"))
            .with("Max-Forwards", "70")
            .with("From", self.call.invite.header("From").unwrap())
            .with("To", &format!("<{uri}>"))
            .with("Call-ID", &format!("hand-{count}-{local}"))
            .with("CSeq", "1 INVITE")
            .with("Contact", &format!("<sip:hand@{local}>"));
        self.call = Call::placed(invite, self.call.media, &[Law::A]);
        self.ask(&self.call.invite.clone().with_session(self.call.description()))
    }

    fn request(&mut self, method: &str) -> Message {
        self.branches += 1;
        let local = self.signals.local_addr().unwrap();
        let via = format!("SIP/2.0/UDP {local};rport;branch=z9hG4bKhand{}", self.branches);
        self.call.request(method).with("Via", &via)
    }

    /// Sends a request and returns its final answer; loopback loses nothing.
    fn ask(&self, request: &Message) -> Message {
        self.signals.send_to(&request.to_bytes(), self.server).unwrap();
        let mut buffer = [0; 65_535];
        loop {
            let length = self.signals.recv(&mut buffer).unwrap();
            let Some(message) = Message::parse(&buffer[..length]) else { continue };
            if message.branch() == request.branch() && message.status().is_some_and(|s| s >= 200) {
                return message;
            }
        }
    }

    /// SIP INFO with a body of that kind: `dtmf-relay` or `dtmf`.
    pub(crate) fn tells_key(&mut self, key: char, kind: &str) {
        let mut info = self.request("INFO").with("Content-Type", &format!("application/{kind}"));
        info.body = match kind {
            "dtmf-relay" => format!("Signal={key}\r\nDuration=160\r\n"),
            _ => format!("{key}\r\n"),
        };
        let answer = self.ask(&info);
        assert_eq!(answer.status(), Some(200), "{answer:?}");
    }

    /// The key's two tones in the sound itself, between silences.
    pub(crate) fn sounds_key(&mut self, key: char) {
        let (row, column) = ROWS
            .iter()
            .find_map(|(keys, row)| Some((*row, COLUMNS[keys.find(key)?])))
            .unwrap_or_else(|| panic!("{key} is no key"));
        for packet in 0..20 {
            let pressed = (5..11).contains(&packet);
            self.speaks(|at| {
                let wave = |hertz: f64| (TAU * hertz * at).sin();
                if pressed { 8_000.0 * (wave(row) + wave(column)) / 2.0 } else { 0.0 }
            });
        }
    }

    fn speaks(&mut self, wave: impl Fn(f64) -> f64) {
        let mut packet = vec![0x80, 8];
        packet.extend(self.sequence.to_be_bytes());
        packet.extend(self.sample.to_be_bytes());
        packet.extend(0x4841_4e44_u32.to_be_bytes());
        for _ in 0..160 {
            packet.push(Law::A.encode(wave(f64::from(self.sample) / RATE) as i16));
            self.sample += 1;
        }
        self.sequence += 1;
        self.sound.send_to(&packet, self.call.session.unwrap().remote).unwrap();
        thread::park_timeout(PACKET);
    }

    pub(crate) fn hangs_up(&mut self) {
        let bye = self.request("BYE");
        assert_eq!(self.ask(&bye).status(), Some(200));
    }
}

/// The event stream, as a console hears it.
pub(crate) struct Stream(BufReader<UnixStream>);

impl Stream {
    pub(crate) fn open(site: &Site) -> Self {
        let mut socket = UnixStream::connect(site.path("api.sock")).unwrap();
        socket.set_read_timeout(Some(SOON)).unwrap();
        let request = b"GET /v1/events HTTP/1.1\r\nHost: naru\r\n\r\n";
        socket.write_all(request).unwrap();
        let mut stream = Self(BufReader::new(socket));
        stream.wait_for("200 OK");
        stream
    }

    /// Reads until a line holds `part`; what came before is gone.
    pub(crate) fn wait_for(&mut self, part: &str) -> String {
        wait_for(&format!("the event stream says {part}"), SOON, || {
            let mut line = String::new();
            self.0.read_line(&mut line).unwrap();
            line.contains(part).then_some(line)
        })
    }
}
