//! RFC 4475, RFC 5118 and random damage: nothing panics, each message meets its stated fate, and
//! afterwards the next good request is answered.

#![expect(clippy::unwrap_used, clippy::panic, reason = "test code")]

use std::time::{Duration, Instant};

use bytes::Bytes;
use naru::clock;
use naru::office::transport::Transport;
use naru::sip::flow::Flow;
use naru::sip::syntax::framer::{Frame, FrameError, Framer};
use naru::sip::syntax::message::{Message, Response};
use naru::sip::syntax::prescan::Scan;
use naru::sip::syntax::token::Tokens;
use naru::sip::transaction::event::{Output, TransactionEvent};
use naru::sip::transaction::timer::TimerConfig;
use naru::sip::transaction::transactions::Transactions;

const FILES: [&str; 2] = [include_str!("torture/rfc4475.txt"), include_str!("torture/rfc5118.txt")];

struct Case {
    name: String,
    datagram: String,
    stream: String,
    bytes: Vec<u8>,
}

fn cases() -> Vec<Case> {
    let sections = FILES.iter().flat_map(|file| file.split("\n=== ").skip(1));
    sections
        .map(|section| {
            let (title, text) = section.split_once('\n').unwrap();
            let words: Vec<&str> = title.split(' ').collect();
            let text = text.trim_end_matches('\n').to_owned() + "\n";
            let text = if text.contains("\n\n") { text } else { text + "\n" };
            Case {
                name: words[0].to_owned(),
                datagram: words[1].to_owned(),
                stream: (*words.get(2).unwrap_or(&words[1])).to_owned(),
                bytes: on_the_wire(&text),
            }
        })
        .collect()
}

fn on_the_wire(text: &str) -> Vec<u8> {
    let bytes = unescaped(&repeated(text).replace('\n', "\r\n"));
    let body = bytes.windows(4).position(|end| end == b"\r\n\r\n").unwrap() + 4;
    let length = (bytes.len() - body).to_string();
    let mark = b"{length}";
    match bytes.windows(mark.len()).position(|word| word == mark) {
        Some(at) => [&bytes[..at], length.as_bytes(), &bytes[at + mark.len()..]].concat(),
        None => bytes,
    }
}

/// `{N*text}`.
fn repeated(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        out.push_str(before);
        let part = after.split_once('}').and_then(|(inner, rest)| {
            let (count, what) = inner.split_once('*')?;
            Some((what.repeat(count.parse().ok()?), rest))
        });
        match part {
            Some((what, after)) => {
                out.push_str(&what);
                rest = after;
            }
            None => {
                out.push('{');
                rest = after;
            }
        }
    }
    out + rest
}

/// `\xNN`.
fn unescaped(text: &str) -> Vec<u8> {
    let mut out = Vec::new();
    let mut pieces = text.split("\\x");
    out.extend_from_slice(pieces.next().unwrap().as_bytes());
    for piece in pieces {
        out.push(u8::from_str_radix(&piece[..2], 16).unwrap());
        out.extend_from_slice(&piece.as_bytes()[2..]);
    }
    out
}

fn flow(transport: Transport) -> Flow {
    let (local, remote) = ("192.0.2.1:5060".parse().unwrap(), "192.0.2.9:5070".parse().unwrap());
    Flow { transport, local, remote, connection: None }
}

/// An office that answers 200 to whatever it is asked.
struct Office {
    transactions: Transactions,
    now: Instant,
    asked: usize,
    answers: Vec<Response>,
}

impl Office {
    fn new() -> Self {
        let tokens = Tokens::new([1; 32]);
        let transactions = Transactions::new(TimerConfig::default(), tokens);
        Self { transactions, now: clock::now().ticks, asked: 0, answers: Vec::new() }
    }

    fn feed(&mut self, bytes: &[u8], transport: Transport) {
        let bytes = Bytes::copy_from_slice(bytes);
        self.transactions.handle_bytes(&bytes, flow(transport), self.now);
        self.drain();
    }

    fn drain(&mut self) {
        while let Some(output) = self.transactions.poll_output() {
            match output {
                Output::Event(TransactionEvent::Request { key, request, .. }) => {
                    self.asked += 1;
                    let answer = request.tagged_response(200, "tag");
                    self.transactions.respond(&key, &answer, self.now);
                }
                Output::Event(_) => {}
                Output::Transmit { bytes, .. } => self.answered(&bytes),
            }
        }
    }

    /// Whatever goes out can be read back.
    fn answered(&mut self, bytes: &Bytes) {
        let Ok(Message::Response(response)) = Message::parse(bytes) else {
            panic!("{:?}", String::from_utf8_lossy(bytes))
        };
        if !response.is_provisional() {
            self.answers.push(response);
        }
    }

    /// What became of what was fed: the statuses, or nothing.
    fn fate(&mut self) -> Vec<u16> {
        std::mem::take(&mut self.answers).iter().map(|answer| answer.status).collect()
    }

    fn still_answers(&mut self, count: usize) -> bool {
        let good = format!(
            "OPTIONS sip:office SIP/2.0\r\nVia: SIP/2.0/UDP 192.0.2.9:5070;branch=z9hG4bKgood{count}\r\n\
             From: <sip:b@h>;tag=1\r\nTo: <sip:a@h>\r\nCall-ID: good\r\nCSeq: 1 OPTIONS\r\n\r\n"
        );
        self.feed(good.as_bytes(), Transport::Udp);
        self.fate() == [200]
    }

    /// Every transaction ends, so that the next message meets none.
    fn wind(&mut self) {
        self.now += Duration::from_secs(200);
        self.transactions.handle_timeout(self.now);
        self.drain();
        assert_eq!(self.transactions.count(), (0, 0));
    }
}

fn expected(fate: &str) -> Vec<u16> {
    match fate {
        "accepted" => vec![200],
        "twice" => vec![200, 200],
        "dropped" | "waits" => vec![],
        status => vec![status.parse().unwrap()],
    }
}

#[test]
fn every_torture_message_is_there() {
    let names: Vec<String> = cases().into_iter().map(|case| case.name).collect();
    assert_eq!(names.len(), 49 + 11);
    let mut once = names.clone();
    once.sort();
    once.dedup();
    assert_eq!(once.len(), names.len());
}

#[test]
fn torture_by_datagram_ends_as_stated() {
    let mut office = Office::new();
    for (count, case) in cases().into_iter().enumerate() {
        // Many share branch and numbers; each meets an office that knows none of the others.
        let mut fresh = Office::new();
        fresh.feed(&case.bytes, Transport::Udp);
        assert_eq!(fresh.fate(), expected(&case.datagram), "{}", case.name);
        office.feed(&case.bytes, Transport::Udp);
        office.fate();
        assert!(office.still_answers(count), "{}", case.name);
    }
}

#[test]
fn torture_by_stream_ends_as_stated() {
    for (count, case) in cases().into_iter().enumerate() {
        for step in [1, 7, 1460, case.bytes.len()] {
            let mut office = Office::new();
            feed_stream(&mut office, &case.bytes, step);
            assert_eq!(office.fate(), expected(&case.stream), "{} by {step}", case.name);
            assert!(office.still_answers(count), "{}", case.name);
        }
    }
}

fn feed_stream(office: &mut Office, bytes: &[u8], step: usize) {
    let now = clock::now().ticks;
    let mut framer = Framer::new(now);
    for piece in bytes.chunks(step) {
        framer.handle_bytes(piece);
        loop {
            match framer.poll_frame(now) {
                Ok(None) => break,
                Ok(Some(Frame::Ping)) => {}
                Ok(Some(Frame::Message(bytes))) => office.feed(&bytes, Transport::Tcp),
                Err(FrameError::ContentLength(head)) => {
                    return office.feed(&head, Transport::Tcp);
                }
                Err(FrameError::TooLong | FrameError::NotSip) => return,
            }
        }
    }
}

/// Repeatable damage (an xorshift generator).
struct Dice(u64);

impl Dice {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 16).unwrap() % end.max(1)
    }

    /// One change: a byte, a cut, a doubled piece, a piece of another message, a nasty word.
    fn damage(&mut self, bytes: &mut Vec<u8>, other: &[u8]) {
        const WORDS: [&[u8]; 12] = [
            b"\r\n",
            b"\r\n\r\n",
            b":",
            b";",
            b"\"",
            b"<",
            b"\\",
            b"\0",
            b"\xff\xfe",
            b"18446744073709551616",
            b"-1",
            b"z9hG4bK",
        ];
        let at = self.below(bytes.len());
        match self.below(6) {
            0 if !bytes.is_empty() => bytes[at] = u8::try_from(self.below(256)).unwrap(),
            1 => bytes.truncate(at),
            2 => {
                let end = at + self.below(bytes.len() - at);
                bytes.drain(at..end);
            }
            3 => {
                let piece = bytes[at..at + self.below((bytes.len() - at).min(200))].to_vec();
                bytes.splice(at..at, piece);
            }
            4 => {
                let from = self.below(other.len());
                let piece = &other[from..from + self.below((other.len() - from).min(200))];
                bytes.splice(at..at, piece.iter().copied());
            }
            _ => {
                bytes.splice(at..at, WORDS[self.below(WORDS.len())].iter().copied());
            }
        }
    }
}

#[test]
fn random_damage_kills_nothing() {
    let cases = cases();
    let mut office = Office::new();
    let mut dice = Dice(0x5eed_5eed_5eed_5eed);
    for count in 0..20_000 {
        let mut bytes = cases[dice.below(cases.len())].bytes.clone();
        let other = dice.below(cases.len());
        for _ in 0..=dice.below(4) {
            dice.damage(&mut bytes, &cases[other].bytes);
        }
        office.feed(&bytes, Transport::Udp);
        let step = 1 + dice.below(300);
        office.wind();
        feed_stream(&mut office, &bytes, step);
        office.wind();
        office.fate();
        if count % 100 == 0 {
            assert!(office.still_answers(count));
        }
    }
    // Much of it must have got past the first look.
    assert!(office.asked > 4000, "{}", office.asked);
}

/// The scan and the parser must not see two different messages, or a copy would be told twice.
#[test]
fn scan_and_parser_agree_on_what_names_a_transaction() {
    let cases = cases();
    let mut dice = Dice(0xa9_4ee5);
    let mut compared = 0;
    for count in 0..20_000 {
        let mut bytes = cases[count % cases.len()].bytes.clone();
        if count >= cases.len() {
            dice.damage(&mut bytes, &cases[0].bytes);
        }
        let scan = Scan::of(&bytes);
        let parsed = Message::parse(&Bytes::copy_from_slice(&bytes));
        let (Some(scan), Ok(Message::Request(request))) = (scan, parsed) else { continue };
        let Some(cseq) = request.cseq() else { continue };
        compared += 1;
        let text = String::from_utf8_lossy(&bytes);
        assert_eq!(scan.cseq, cseq, "{text}");
        let plain = String::from_utf8_lossy(scan.call_id).replace(['\0', '\r', '\n'], " ");
        let same = plain.split_whitespace().eq(request.call_id().split_whitespace());
        assert!(same || scan.call_id.iter().any(|b| *b >= 0x80), "{text}");
    }
    assert!(compared > 5000, "{compared}");
}
