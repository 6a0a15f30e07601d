//! Messages to other systems over a real socket: signed, tried again, bounded, never followed.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on stops")]

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread::{JoinHandle, spawn};
use std::time::Duration;

use hmac::{Hmac, Mac};
use naru::history::call_id::CallId;
use naru::history::webhook::{CallTold, Posting, Told, WebhookId};
use naru::history::webhook_end::WebhookEnd;
use naru::office::language::Language;
use naru::office::web_address::WebAddress;
use naru::tls::own::own_certificate;
use naru::tls::shown::Shown;
use naru::webhook::delivery::{Pace, Setup};
use naru::webhook::handle::{WebhookEvent, WebhookHandle};
use naru::webhook::key::WebhookKey;
use naru::webhook::run::run;
use sha2::Sha256;
use tempfile::TempDir;
use tokio::sync::mpsc;
use tokio_rustls::rustls::{ServerConnection, StreamOwned};

/// As in an office, in a hurry.
const PACE: Pace = Pace {
    patience: Duration::from_millis(300),
    pauses: &[Duration::from_millis(5), Duration::from_millis(5), Duration::from_millis(5)],
};

/// What came to the server.
struct Heard {
    line: String,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
}

impl Heard {
    fn header(&self, wanted: &str) -> &str {
        let found = self.headers.iter().find(|(name, _)| name.eq_ignore_ascii_case(wanted));
        found.map(|(_, value)| value.as_str()).unwrap()
    }
}

/// What the server does with one request.
enum Manner {
    Says(&'static str),
    /// Takes it and never answers.
    Silent,
    /// Closes at once.
    Dies,
    /// Never stops talking.
    Talks,
}

/// Serves one connection after another, each in its manner.
fn server(manners: Vec<Manner>) -> (u16, Receiver<Heard>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let (heard, told) = channel();
    spawn(move || {
        let mut kept = Vec::new();
        for manner in manners {
            let Ok((stream, _)) = listener.accept() else { return };
            kept.extend(serve(stream, &manner, &heard));
        }
        // Who is kept waiting is not let go before the test is over.
        let _held = listener.accept();
    });
    (port, told)
}

/// The stream, where it shall stay open.
fn serve(mut stream: TcpStream, manner: &Manner, heard: &Sender<Heard>) -> Option<TcpStream> {
    let request = read(&mut stream);
    heard.send(request).unwrap();
    match manner {
        Manner::Says(answer) => stream.write_all(answer.as_bytes()).unwrap(),
        Manner::Silent => return Some(stream),
        Manner::Dies => {}
        Manner::Talks => {
            stream.write_all(b"HTTP/1.1 200 OK\r\n\r\n").unwrap();
            while stream.write_all(&[b'x'; 4_096]).is_ok() {}
        }
    }
    None
}

fn read(stream: &mut impl Read) -> Heard {
    let mut reader = BufReader::new(stream);
    let mut lines = Vec::new();
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).unwrap();
        if line.trim().is_empty() {
            break;
        }
        lines.push(line.trim().to_owned());
    }
    let headers: Vec<(String, String)> = lines[1..]
        .iter()
        .map(|line| line.split_once(": ").unwrap())
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect();
    let mut heard = Heard { line: lines[0].clone(), headers, body: Vec::new() };
    heard.body = vec![0; heard.header("Content-Length").parse().unwrap()];
    reader.read_exact(&mut heard.body).unwrap();
    heard
}

struct Bench {
    handle: Option<WebhookHandle>,
    events: mpsc::Receiver<WebhookEvent>,
    thread: Option<JoinHandle<()>>,
    data: TempDir,
}

impl Bench {
    fn new() -> Self {
        Self::believing(None)
    }

    fn believing(ca: Option<PathBuf>) -> Self {
        Self::with(ca, PACE)
    }

    /// Room for as many messages as the daemon has.
    fn with(ca: Option<PathBuf>, pace: Pace) -> Self {
        let data = tempfile::tempdir().unwrap();
        let (handle, postings) = WebhookHandle::channel(4_096);
        let (told, events) = mpsc::channel(4_096);
        let setup = Setup { data: data.path().to_owned(), ca, pace };
        let thread = run(setup, postings, told).unwrap();
        Self { handle: Some(handle), events, thread: Some(thread), data }
    }

    fn tells(&self, port: u16) {
        self.tells_at(&format!("http://127.0.0.1:{port}/naru?from=office"));
    }

    fn tells_at(&self, url: &str) {
        let url = WebAddress::parse(url).unwrap();
        self.handle.as_ref().unwrap().send(Posting {
            id: WebhookId(7),
            url,
            told: Told::Call(Box::new(told())),
            waits: false,
        });
    }

    fn ends(&mut self) -> WebhookEnd {
        let event = self.events.blocking_recv().unwrap();
        assert_eq!((event.id, event.call, event.step.as_str()), (WebhookId(7), CallId(3), "알림"));
        event.end
    }

    fn told_to(manners: Vec<Manner>) -> (WebhookEnd, Vec<Heard>, TempDir) {
        let mut bench = Self::new();
        let (port, heard) = server(manners);
        bench.tells(port);
        let end = bench.ends();
        bench.handle = None;
        bench.thread.take().unwrap().join().unwrap();
        (end, heard.try_iter().collect(), bench.data)
    }
}

fn told() -> CallTold {
    CallTold {
        id: "3-1700000000000-7".to_owned(),
        event: "call_ended",
        at: 1_700_000_000_000,
        workflow: "후속".to_owned(),
        step: "알림".to_owned(),
        call: CallId(3),
        conversation: None,
        customer: None,
        name: None,
        language: Language::Ko,
        number: None,
        team: None,
        agent: None,
        tags: ["환불".to_owned()].into(),
        customer_tags: [].into(),
        fields: [].into(),
        outcome: None,
        missed_reason: None,
    }
}

/// As a receiver checks it: over the digits of the time, a dot, and the body as it came.
fn is_signed(heard: &Heard, data: &Path) -> bool {
    let key = WebhookKey::load_or_make(data).unwrap();
    let (time, seal) = heard.header("Naru-Signature").split_once(',').unwrap();
    let mut mac = Hmac::<Sha256>::new_from_slice(key.text().as_bytes()).unwrap();
    mac.update(time.strip_prefix("t=").unwrap().as_bytes());
    mac.update(b".");
    mac.update(&heard.body);
    let own: String = mac.finalize().into_bytes().iter().map(|b| format!("{b:02x}")).collect();
    seal == format!("v1={own}")
}

const OK: Manner = Manner::Says("HTTP/1.1 204 No Content\r\n\r\n");
const DOWN: Manner = Manner::Says("HTTP/1.1 500 Oops\r\nContent-Length: 4\r\n\r\noops");

#[test]
fn a_message_is_signed_json_and_taken_at_once() {
    let (end, heard, data) = Bench::told_to(vec![OK]);
    assert_eq!(end, WebhookEnd::Taken { tries: 1 });
    let [heard] = heard.as_slice() else { panic!("one request") };
    assert_eq!(heard.line, "POST /naru?from=office HTTP/1.1");
    assert_eq!(heard.header("Content-Type"), "application/json");
    assert_eq!(heard.header("Naru-Delivery"), "3-1700000000000-7");
    assert!(is_signed(heard, data.path()));
    let body: serde_json::Value = serde_json::from_slice(&heard.body).unwrap();
    assert_eq!(
        (body["event"].as_str(), body["tags"][0].as_str()),
        (Some("call_ended"), Some("환불"))
    );
}

#[test]
fn what_fails_is_tried_again_as_the_same_message() {
    let (end, heard, data) = Bench::told_to(vec![DOWN, DOWN, OK]);
    assert_eq!(end, WebhookEnd::Taken { tries: 3 });
    assert_eq!(heard.len(), 3);
    for one in &heard {
        assert!(is_signed(one, data.path()));
        assert_eq!((&one.body, one.header("Naru-Delivery")), (&heard[0].body, "3-1700000000000-7"));
    }
}

#[test]
fn who_is_slow_or_dies_is_tried_no_more_often_than_the_pace_says() {
    let manners = vec![Manner::Silent, Manner::Dies, DOWN, Manner::Silent];
    let (end, heard, _) = Bench::told_to(manners);
    assert_eq!(heard.len(), 4);
    assert_eq!(end, WebhookEnd::GivenUp { tries: 4, why: "no answer in 300ms".to_owned() });
}

#[test]
fn nobody_there_is_told_in_the_networks_words() {
    let mut bench = Bench::new();
    let gone = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    bench.tells(gone);
    let WebhookEnd::GivenUp { tries: 4, why } = bench.ends() else { panic!("given up") };
    assert!(why.contains("refused"), "{why}");
}

#[test]
fn a_redirection_is_not_followed_and_a_refusal_not_repeated() {
    let (other, elsewhere) = server(vec![OK]);
    let text = format!("HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:{other}/\r\n\r\n");
    let (end, heard, _) = Bench::told_to(vec![Manner::Says(text.leak())]);
    assert_eq!((end, heard.len()), (WebhookEnd::Refused { status: 302 }, 1));
    assert!(elsewhere.try_recv().is_err(), "the other server is left alone");
    let (end, heard, _) = Bench::told_to(vec![Manner::Says("HTTP/1.1 410 Gone\r\n\r\n")]);
    assert_eq!((end, heard.len()), (WebhookEnd::Refused { status: 410 }, 1));
}

#[test]
fn an_answer_without_end_is_read_only_so_far() {
    let (end, _, _) = Bench::told_to(vec![Manner::Talks]);
    assert_eq!(end, WebhookEnd::Taken { tries: 1 });
}

#[test]
fn a_new_key_signs_the_next_message() {
    let mut bench = Bench::new();
    let (port, heard) = server(vec![OK, OK]);
    bench.tells(port);
    bench.ends();
    let old = heard.recv().unwrap();
    assert!(is_signed(&old, bench.data.path()));
    WebhookKey::rotate(bench.data.path()).unwrap();
    bench.tells(port);
    bench.ends();
    assert!(is_signed(&heard.recv().unwrap(), bench.data.path()));
    assert!(!is_signed(&old, bench.data.path()), "the old key is gone");
}

/// As long as no test takes.
const PATIENT: Pace = Pace { patience: Duration::from_secs(300), pauses: &[] };

#[test]
fn the_end_of_the_daemon_waits_for_no_server_and_says_what_was_not_told() {
    let mut bench = Bench::with(None, PATIENT);
    let (port, heard) = server((0..40).map(|_| Manner::Silent).collect());
    bench.tells(port);
    bench.tells(port);
    heard.recv().unwrap();
    bench.handle.as_mut().unwrap().close();
    bench.tells(port);
    bench.thread.take().unwrap().join().unwrap();
    // Whether it was on its way or waited; what comes after the end is lost, and the diary says so.
    assert_eq!([bench.ends(), bench.ends()], [WebhookEnd::Cut, WebhookEnd::Cut]);
    assert!(bench.events.blocking_recv().is_none());
}

#[test]
fn two_thousand_messages_wait_and_no_more() {
    let mut bench = Bench::with(None, PATIENT);
    let (port, heard) = server((0..40).map(|_| Manner::Silent).collect());
    (0..2_003).for_each(|_| bench.tells(port));
    heard.recv().unwrap();
    assert_eq!([bench.ends(), bench.ends(), bench.ends()], [(); 3].map(|()| WebhookEnd::TooMany));
    bench.handle.as_mut().unwrap().close();
    bench.thread.take().unwrap().join().unwrap();
    let mut cut = 0;
    while let Ok(event) = bench.events.try_recv() {
        assert_eq!(event.end, WebhookEnd::Cut);
        cut += 1;
    }
    assert_eq!(cut, 2_000);
}

#[test]
fn no_more_than_thirty_two_servers_are_spoken_to_at_once() {
    let mut bench = Bench::with(None, PATIENT);
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    (0..80).for_each(|_| bench.tells(port));
    let (opened, open) = channel();
    spawn(move || {
        while let Ok((mut stream, _)) = listener.accept() {
            read(&mut stream);
            opened.send(stream).unwrap();
        }
    });
    // Nobody is answered before as many stand there as may; then one at a time.
    let mut held: Vec<TcpStream> = (0..32).map(|_| open.recv().unwrap()).collect();
    for told in 0..80 {
        held.extend(open.try_iter());
        assert!(held.len() <= 32, "{} at once after {told}", held.len());
        let mut one = held.pop().unwrap_or_else(|| open.recv().unwrap());
        one.write_all(b"HTTP/1.1 204 No Content\r\n\r\n").unwrap();
        drop(one);
        assert_eq!(bench.ends(), WebhookEnd::Taken { tries: 1 });
    }
}

#[test]
fn over_https_only_a_server_whose_certificate_is_believed_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let own = own_certificate(folder.path(), &["localhost".to_owned()]).unwrap();
    let ca = own.files.certificate.clone();
    let config = Shown::open(own.files).unwrap().watched().borrow().clone();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("https://localhost:{}/", listener.local_addr().unwrap().port());
    let (heard, told) = channel();
    spawn(move || {
        while let Ok((stream, _)) = listener.accept() {
            let session = ServerConnection::new(std::sync::Arc::clone(&config)).unwrap();
            let mut stream = StreamOwned::new(session, stream);
            if stream.flush().is_err() {
                continue;
            }
            heard.send(read(&mut stream)).unwrap();
            stream.write_all(b"HTTP/1.1 204 No Content\r\n\r\n").unwrap();
            stream.flush().unwrap();
        }
    });
    let mut stranger = Bench::new();
    stranger.tells_at(&url);
    let WebhookEnd::GivenUp { why, .. } = stranger.ends() else { panic!("not believed") };
    assert!(why.contains("TLS") && why.contains("certificate"), "{why}");
    let mut bench = Bench::believing(Some(ca));
    bench.tells_at(&url);
    assert_eq!(bench.ends(), WebhookEnd::Taken { tries: 1 });
    assert!(is_signed(&told.recv().unwrap(), bench.data.path()));
}
