//! What one message costs: `cargo bench --bench wire_cost`.

#![expect(clippy::print_stdout, clippy::unwrap_used, reason = "prints figures")]

use std::hint::black_box;
use std::time::Duration;

use bytes::Bytes;
use naru::clock;
use naru::leg::LegId;
use naru::office::transport::Transport;
use naru::sip::flow::Flow;
use naru::sip::ladder::Ladder;
use naru::sip::syntax::message::Message;
use naru::sip::syntax::prescan::Scan;
use naru::sip::syntax::token::Tokens;
use naru::sip::transaction::event::{Output, TransactionEvent};
use naru::sip::transaction::timer::TimerConfig;
use naru::sip::transaction::transactions::Transactions;
use nix::time::{ClockId, clock_gettime};

const ROUNDS: u32 = 200_000;

fn register(count: u32) -> Bytes {
    Bytes::from(format!(
        "REGISTER sip:192.0.2.1 SIP/2.0\r\n\
         Via: SIP/2.0/UDP 192.0.2.9:5070;branch=z9hG4bK-524287-1-{count};rport\r\n\
         From: \"Phone 101\" <sip:101@192.0.2.1>;tag=8f7a6b5c4d\r\nTo: \"Phone 101\" <sip:101@192.0.2.1>\r\n\
         Call-ID: 0123456789abcdef0123456789abcdef@192.0.2.9\r\nCSeq: {count} REGISTER\r\n\
         Contact: <sip:101@192.0.2.9:5070;ob>;+sip.instance=\"<urn:uuid:00000000-0000-1000-8000-000a95a0e128>\"\r\n\
         Authorization: Digest username=\"101\", realm=\"naru\", nonce=\"0123456789abcdef0123456789abcdef\", \
         uri=\"sip:192.0.2.1\", response=\"0123456789abcdef0123456789abcdef\", algorithm=MD5, \
         qop=auth, nc=00000001, cnonce=\"0a4f113b\"\r\nMax-Forwards: 70\r\nExpires: 300\r\n\
         Allow: INVITE, ACK, CANCEL, OPTIONS, BYE\r\nUser-Agent: phone 1.0\r\nContent-Length: 0\r\n\r\n"
    ))
}

fn figure(name: &str, mut work: impl FnMut(u32)) {
    let start = spent();
    for count in 0..ROUNDS {
        work(count);
    }
    let each = (spent() - start) / ROUNDS;
    println!("{name:<48} {:>6} ns", each.as_nanos());
}

/// CPU time of this thread, which a busy machine does not distort much.
fn spent() -> Duration {
    clock_gettime(ClockId::CLOCK_THREAD_CPUTIME_ID).unwrap().into()
}

fn resident_kilobytes() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with("VmRSS:")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse().unwrap()
}

fn main() {
    let flow = Flow {
        transport: Transport::Udp,
        local: "192.0.2.1:5060".parse().unwrap(),
        remote: "192.0.2.9:5070".parse().unwrap(),
        connection: None,
    };
    let message = register(1);
    println!("a REGISTER of {} bytes", message.len());
    figure("scan", |_| {
        black_box(Scan::of(black_box(&message)));
    });
    figure("parse", |_| {
        black_box(Message::parse(black_box(&message)).is_ok());
    });
    let messages: Vec<Bytes> = (0..ROUNDS).map(register).collect();

    let start = clock::now().ticks;
    let tokens = Tokens::new([1; 32]);
    let mut transactions = Transactions::new(TimerConfig::default(), tokens.clone());
    figure("new request, 401 without state", |count| {
        transactions.handle_bytes(&messages[count as usize], flow, start);
        while let Some(output) = transactions.poll_output() {
            if let Output::Event(TransactionEvent::Request { request, flow, .. }) = output {
                let answer = request.tagged_response(401, "tag");
                transactions.respond_stateless(&request, flow, &answer);
            }
        }
    });
    println!("{:?} left", transactions.count());

    let mut transactions =
        Transactions::with_capacity(TimerConfig::default(), tokens, ROUNDS as usize);
    let before = resident_kilobytes();
    let mut now = start;
    figure("new request, 200 kept", |count| {
        now += Duration::from_micros(100);
        transactions.handle_bytes(&messages[count as usize], flow, now);
        while let Some(output) = transactions.poll_output() {
            if let Output::Event(TransactionEvent::Request { key, request, .. }) = output {
                transactions.respond(&key, &request.tagged_response(200, "tag"), now);
            }
        }
    });
    let grown = resident_kilobytes() - before;
    let (kept, _) = transactions.count();
    println!("{kept} kept, {} bytes each", grown * 1024 / kept as u64);
    figure("a copy of a finished request", |count| {
        transactions.handle_bytes(&messages[count as usize], flow, now);
        while let Some(output) = transactions.poll_output() {
            black_box(output);
        }
    });
    let invite =
        Bytes::from(String::from_utf8(messages[0].to_vec()).unwrap().replace("REGISTER", "INVITE"));
    let mut ladder = Ladder::default();
    figure("noted on a call's ladder", |count| {
        if count % 32 == 0 {
            ladder = Ladder::default();
            ladder.claim(LegId::arrived(1), "0123456789abcdef0123456789abcdef@192.0.2.9");
        }
        ladder.note(&invite, &flow, true, clock::now());
    });
    figure("a REGISTER passed over by the ladder", |_| {
        Ladder::default().note(black_box(&message), &flow, false, clock::now());
    });
    let noise =
        Bytes::from_static(b"\x00\x01garbage that is no message at all, a datagram of noise");
    figure("noise", |_| {
        transactions.handle_bytes(&noise, flow, now);
    });
    let begin = spent();
    transactions.handle_timeout(now + Duration::from_secs(64));
    let each = (spent() - begin) / u32::try_from(kept).unwrap();
    println!("{:<48} {:>6} ns", "its end by timer J", each.as_nanos());
}
