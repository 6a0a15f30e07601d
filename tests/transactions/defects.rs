//! What other stacks got wrong; the numbers are those of the list in the project's stack study.

use bytes::Bytes;
use naru::sip::transaction::event::TransactionEvent;

use crate::side::{B1, Side, header, request, udp};

#[test]
fn no_length_or_via_kills_or_deafens() {
    let mut side = Side::new();
    let good = request("OPTIONS", B1, "");
    // 1
    side.feed(&good.replace("Length: 0", "Length: 18446744073709551614"));
    assert!(side.last_sent().starts_with("SIP/2.0 400"));
    assert!(header(side.last_sent(), "To").unwrap().contains(";tag="));
    // 3
    for via in ["", "SIP", "SIP/2.0/UDP", "SIP/2.0/UDP ;branch=z9hG4bK1", "\u{e9}"] {
        side.feed(&good.replace("SIP/2.0/UDP 192.0.2.9:5070;branch=z9hG4bK1", via));
    }
    side.feed(&good.replace("Via:", "X:"));
    assert_eq!((side.sent.len(), side.events.len()), (1, 0));
    side.feed(&good);
    assert_eq!(side.events.len(), 1);
}

#[test]
fn odd_text_is_answered_with_itself() {
    // 8, 9, 10, 22
    let mut side = Side::new();
    let text = "OPTIONS sip:*97#1@h_x SIP/2.0\r\nVia: SIP/2.0/UDP my_host:5070;rport;BRANCH=z9hG4bKq\r\n\
                Via: SIP/2.0/UDP other;branch=1\r\n\
                From: \"A \\\" B\" <sip:u@h:5070;transport=tcp>;TAG=1;x=\"q;\"\r\n\
                To: <tel:+82-70-1234>\r\nCall-ID: c1\r\nCSeq: 1 OPTIONS\r\n\r\n";
    side.feed(text);
    side.respond(200);
    let sent = side.last_sent().to_owned();
    let vias: Vec<_> = sent.lines().filter(|line| line.starts_with("Via: ")).collect();
    let first = "Via: SIP/2.0/UDP my_host:5070;received=192.0.2.9;rport=5070;BRANCH=z9hG4bKq";
    assert_eq!(vias, [first, "Via: SIP/2.0/UDP other;branch=1"]);
    let from = "\"A \\\" B\" <sip:u@h:5070;transport=tcp>;TAG=1;x=\"q;\"";
    assert_eq!(header(&sent, "From").unwrap(), from);
    assert_eq!(header(&sent, "To").unwrap(), "<tel:+82-70-1234>;tag=ours");
}

#[test]
fn latin_1_in_a_display_name_is_read() {
    let mut side = Side::new();
    let mut bytes = request("OPTIONS", B1, "").into_bytes();
    let at = bytes.windows(6).position(|word| word == b"<sip:b").unwrap();
    bytes.splice(at..at, *b"\"Jos\xe9\" ");
    side.transactions.handle_bytes(&Bytes::from(bytes), udp(), side.now);
    side.drain();
    assert_eq!(side.request().1.from().display_name(), "Jos\u{e9}");
}

#[test]
fn answers_never_go_where_maddr_points() {
    // 15
    let mut side = Side::new();
    side.feed(&request("OPTIONS", "z9hG4bK1;maddr=198.51.100.1;received=198.51.100.1", ""));
    side.respond(200);
    assert_eq!(side.sent[0].1.remote, udp().remote);
}

#[test]
fn a_finished_transaction_is_small_and_there_are_only_so_many() {
    // 17, 18
    let mut side = Side::with_capacity(100);
    for count in 0..300 {
        side.feed(&request("OPTIONS", &format!("z9hG4bK{count}"), ""));
        side.respond(200);
    }
    assert_eq!(side.transactions.count(), (100, 0));
    assert_eq!(side.times("SIP/2.0 200").len(), 300);
    // Unanswered ones are not thrown away: new ones get 503, but not those of a dialog.
    for count in 0..200 {
        side.feed(&request("MESSAGE", &format!("z9hG4bKm{count}"), ""));
    }
    assert_eq!(side.transactions.count(), (100, 0));
    assert_eq!(side.times("SIP/2.0 503").len(), 100);
    assert_eq!(header(side.last_sent(), "Retry-After").unwrap(), "5");
    side.feed(&request("BYE", B1, "").replace("192.0.2.1>\r\nCall", "192.0.2.1>;tag=ours\r\nCall"));
    assert_eq!(side.transactions.count(), (101, 0));
    side.wind(33_000);
    assert_eq!(side.transactions.count(), (0, 0));
}

#[test]
fn unsound_requests_are_answered_400_and_acks_never() {
    let mut side = Side::new();
    let good = request("OPTIONS", B1, "");
    let broken = [
        good.replace("CSeq: 1 OPTIONS", "CSeq: 1 INVITE"),
        good.replace("CSeq: 1 OPTIONS", "CSeq: 2147483648 OPTIONS"),
        good.replace("CSeq: 1 OPTIONS", "CSeq: x"),
        good.replace("Call-ID: c1\r\n", ""),
        good.replace("Call-ID: c1\r\n", "Call-ID: c1\r\nCall-ID: c2\r\n"),
        good.replace("sip:101@192.0.2.1 SIP", "<sip:101@192.0.2.1> SIP"),
        good.replace("Content-Length: 0", "Content-Length: 0\r\nContent-Length: 1"),
        good.replace("<sip:bob@192.0.2.9>", "\"Bob <sip:bob@192.0.2.9>"),
        good.replace("From:", "No colon\r\nFrom:"),
    ];
    for (count, text) in broken.iter().enumerate() {
        side.feed(text);
        assert_eq!(side.times("SIP/2.0 400").len(), count + 1, "{text}");
        side.feed(&text.replace("OPTIONS", "ACK"));
    }
    side.feed(&good.replace("SIP/2.0\r\nVia", "SIP/7.0\r\nVia"));
    assert!(side.last_sent().starts_with("SIP/2.0 505"));
    assert_eq!(
        side.events
            .iter()
            .filter(|(_, event)| matches!(event, TransactionEvent::Request { .. }))
            .count(),
        0
    );
}

#[test]
fn what_scan_and_parser_would_read_differently_is_refused() {
    let mut side = Side::new();
    let good = request("INVITE", B1, "");
    // Latin-1 elsewhere makes the parser read the Via's UTF-8 as Latin-1 too.
    let mut bytes = good.replace("branch=z9hG4bK1", "branch=z9hG4bK\u{e9}").into_bytes();
    let at = bytes.windows(6).position(|word| word == b"<sip:b").unwrap();
    bytes.splice(at..at, *b"\"Jos\xe9\" ");
    side.transactions.handle_bytes(&Bytes::from(bytes), udp(), side.now);
    side.drain();
    assert!(side.last_sent().starts_with("SIP/2.0 400"));
    assert_eq!(side.transactions.count(), (0, 0));
    // A quote that never ends.
    side.feed(&good.replace("branch=z9hG4bK1", "rport;branch=\"z9hG4bK1"));
    let (_, asked) = side.request();
    side.transactions.respond_stateless(&asked, udp(), &asked.tagged_response(401, "t"));
    assert_eq!(side.transactions.count(), (0, 0));
}

#[test]
fn an_invite_its_owner_lost_is_forgotten() {
    let mut side = Side::new();
    side.feed(&request("INVITE", B1, ""));
    side.wind(181_000);
    assert_eq!(side.transactions.count(), (0, 0));
}
