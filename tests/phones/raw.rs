//! SIP by hand, for what no phone would do.

use std::net::{SocketAddr, UdpSocket};
use std::time::Duration;

use naru::testphone::digest::{Challenge, Question};
use naru::testphone::message::Message;

use crate::office::password;

pub(crate) struct Raw {
    socket: UdpSocket,
    server: SocketAddr,
    count: u32,
}

impl Raw {
    pub(crate) fn new(local: SocketAddr, server: SocketAddr) -> Self {
        let socket = UdpSocket::bind(local).unwrap();
        socket.set_read_timeout(Some(Duration::from_secs(5))).unwrap();
        Self { socket, server, count: 0 }
    }

    /// Sends a REGISTER of `username` and returns the final answer. `credentials` answers a
    /// challenge, with the nonce count that is given.
    pub(crate) fn register(
        &mut self,
        username: &str,
        expires: u32,
        credentials: Option<(&Challenge, u32)>,
    ) -> Message {
        let uri = format!("sip:{}", self.server);
        let mut request = self.registering(username, expires);
        if let Some((challenge, nc)) = credentials {
            let question = Question { method: "REGISTER", uri: &uri, cnonce: "raw", nc };
            let answer = challenge.answer(username, &password(username), question);
            request = request.with("Authorization", &answer);
        }
        self.ask(&request)
    }

    /// Tries a password, and does not wait for what is said of it.
    pub(crate) fn guess(&mut self, username: &str, challenge: &Challenge, guessed: &str) {
        let uri = format!("sip:{}", self.server);
        let request = self.registering(username, 300);
        let question = Question { method: "REGISTER", uri: &uri, cnonce: "raw", nc: self.count };
        let answer = challenge.answer(username, guessed, question);
        let request = request.with("Authorization", &answer);
        self.socket.send_to(&request.to_bytes(), self.server).unwrap();
    }

    fn registering(&mut self, username: &str, expires: u32) -> Message {
        self.count += 1;
        let (count, local) = (self.count, self.socket.local_addr().unwrap());
        let uri = format!("sip:{}", self.server);
        let aor = format!("<sip:{username}@{}>", self.server);
        Message::request("REGISTER", &uri)
            .with("Via", &format!("SIP/2.0/UDP {local};rport;branch=z9hG4bKraw{count}"))
            .with("Max-Forwards", "70")
            .with("From", &format!("{aor};tag=raw"))
            .with("To", &aor)
            .with("Call-ID", &format!("raw-{username}"))
            .with("CSeq", &format!("{count} REGISTER"))
            .with("Contact", &format!("<sip:{username}@{local}>"))
            .with("Expires", &expires.to_string())
    }

    /// Sends a request and returns its final answer.
    pub(crate) fn ask(&self, request: &Message) -> Message {
        self.socket.send_to(&request.to_bytes(), self.server).unwrap();
        let mut buffer = [0; 65_535];
        loop {
            let received = self.socket.recv_from(&mut buffer);
            let (length, _) = received.unwrap_or_else(|error| panic!("no answer: {error}"));
            let Some(message) = Message::parse(&buffer[..length]) else { continue };
            if message.branch() == request.branch() && message.status().is_some_and(|s| s >= 200) {
                return message;
            }
        }
    }
}

/// The challenge in a 401.
pub(crate) fn challenge(answer: &Message) -> Challenge {
    answer
        .all("WWW-Authenticate")
        .find_map(Challenge::parse)
        .unwrap_or_else(|| panic!("no MD5 challenge in {answer:?}"))
}
