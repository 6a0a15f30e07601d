//! A document kept with a number, by the commands against the daemon (S9).

use std::fs;
use std::io::{Read, Write};
use std::os::unix::net::UnixStream;

use naru::office::number_document::LARGEST;
use serde_json::Value;

use crate::office::{NUMBER, of_two};
use crate::site::Site;

const NAME: &str = "가입증명원 \u{202e}2026.pdf";

/// What a number's line in the list has under `document`.
fn listed(site: &Site) -> Value {
    let numbers: Value = serde_json::from_str(&site.naru(&["numbers", "--json"])).unwrap();
    numbers[0]["document"].clone()
}

/// S9, P6: kept as it came, through a restart, a backup, and the return of the number.
#[test]
fn a_document_stays_with_its_number() {
    let mut site = Site::open(of_two);
    let file = site.path(NAME);
    let content = [b"%PDF-1.7\n\0\xff", [b'x'; 6_000].as_slice()].concat();
    fs::write(&file, &content).unwrap();
    let file = file.to_str().unwrap();
    let set = site.naru(&["numbers", "document", "set", NUMBER, file]);
    assert!(set.contains("6 KiB") && !set.contains('\u{202e}'), "{set}");
    let document = listed(&site);
    assert_eq!(document["name"], NAME);
    assert_eq!(
        (&document["media_type"], &document["octets"]),
        (&"application/pdf".into(), &6_011.into())
    );
    let shown = site.naru(&["numbers"]);
    assert!(shown.contains("가입증명원") && !shown.contains('\u{202e}'), "{shown}");

    let backup = site.path("backup.tar");
    let backup = backup.to_str().unwrap();
    site.naru(&["backup", backup]);
    site.naru(&["numbers", "document", "remove", NUMBER]);
    assert!(listed(&site).is_null());
    let gone = site.command(&["numbers", "document", "remove", NUMBER]);
    assert_eq!(gone.status.code(), Some(1));
    site.naru(&["restore", backup]);
    site.stop();
    site.start();
    assert_eq!(listed(&site), document);

    site.naru(&["numbers", "claim", "+827012345601", "--default"]);
    site.naru(&["numbers", "release", NUMBER]);
    let all: Value =
        serde_json::from_str(&site.naru(&["numbers", "document", "list", "--json"])).unwrap();
    assert_eq!(all, Value::Array(vec![document]));
    let to = site.path("got.pdf");
    site.naru(&["numbers", "document", "get", NUMBER, to.to_str().unwrap()]);
    assert_eq!(fs::read(&to).unwrap(), content);
    let over = site.command(&["numbers", "document", "get", NUMBER, to.to_str().unwrap()]);
    assert_eq!(over.status.code(), Some(1), "what is there is not written over");
    let late = site.command(&["numbers", "document", "set", NUMBER, file]);
    assert_eq!(late.status.code(), Some(1), "the number is not the office's any more");
}

/// Status and head of the answer to one request of the API.
fn ask(site: &Site, method: &str, path: &str, body: &[u8]) -> (u16, String) {
    let length = body.len();
    let head = format!(
        "{method} {path} HTTP/1.1\r\nHost: naru\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n"
    );
    let mut socket = UnixStream::connect(site.path("api.sock")).unwrap();
    socket.write_all(head.as_bytes()).unwrap();
    // The daemon may hang up on a body that it will not have.
    drop(socket.write_all(body));
    let mut answer = Vec::new();
    drop(socket.read_to_end(&mut answer));
    let text = String::from_utf8_lossy(&answer).into_owned();
    let head = text.split("\r\n\r\n").next().unwrap_or_default().to_owned();
    let status = head.split(' ').nth(1).and_then(|status| status.parse().ok());
    (status.unwrap_or_else(|| panic!("{method} {path}: no answer: {text}")), head)
}

/// S9: bounded, named without a path, and given back so that no browser runs it.
#[test]
fn a_document_is_bounded_and_never_a_path() {
    let site = Site::open(of_two);
    let at = "/v1/numbers/070-1234-5678/document";
    for (path, body, status) in [
        (format!("{at}?name=..%2Fetc%2Fpasswd"), "x", 400),
        (format!("{at}?name=a%0d%0aX:%20y"), "x", 400),
        (at.to_owned(), "x", 400),
        (format!("{at}?name=a.pdf"), "", 400),
        ("/v1/numbers/070-1234-5699/document?name=a.pdf".to_owned(), "x", 404),
        ("/v1/numbers/x/document?name=a.pdf".to_owned(), "x", 400),
    ] {
        assert_eq!(ask(&site, "PUT", &path, body.as_bytes()).0, status, "{path}");
    }
    assert_eq!(ask(&site, "GET", at, b"").0, 404);
    let path = format!("{at}?name=%EC%A6%9D.html");
    let keep = |size| ask(&site, "PUT", &path, &vec![b'x'; size]).0;
    assert_eq!((keep(LARGEST + 1), keep(LARGEST + 1_000_000), keep(LARGEST)), (413, 413, 200));
    let (status, head) = ask(&site, "GET", at, b"");
    let head = head.to_ascii_lowercase();
    assert_eq!(status, 200);
    assert!(head.contains("x-content-type-options: nosniff"), "{head}");
    assert!(head.contains("attachment; filename*=utf-8''%ec%a6%9d.html"), "{head}");
    assert_eq!(ask(&site, "DELETE", at, b"").0, 204);
    assert_eq!(ask(&site, "DELETE", at, b"").0, 404);
}

/// What the API says it takes, it takes: a sound file or an office of more than 2 MB, too.
#[test]
fn large_bodies_come_in_up_to_our_own_limit() {
    let site = Site::open(of_two);
    let office = |octets: usize| {
        let rest = "#".repeat(octets);
        ask(&site, "PUT", "/v1/office", (of_two(site.network) + &rest).as_bytes()).0
    };
    assert_eq!((office(3_000_000), office(5_000_000)), (200, 413));
    // A minute of a tone: WAV, PCM, one channel of 24,000 samples a second.
    let data = 60 * 24_000 * 2_u32;
    let mut wav = b"RIFF".to_vec();
    wav.extend((data + 36).to_le_bytes());
    wav.extend(b"WAVEfmt \x10\0\0\0\x01\0\x01\0");
    wav.extend(24_000_u32.to_le_bytes());
    wav.extend(48_000_u32.to_le_bytes());
    wav.extend(b"\x02\0\x10\0data");
    wav.extend(data.to_le_bytes());
    let wave = |at: u32| if at % 60 < 30 { 8_000_i16 } else { -8_000 };
    wav.extend((0..data / 2).flat_map(|at| wave(at).to_le_bytes()));
    assert!(wav.len() > 2_500_000);
    let kept = ask(&site, "POST", "/v1/sounds?name=a.wav", &wav);
    assert_eq!(kept.0, 200, "{}", kept.1);
}
