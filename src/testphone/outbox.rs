//! What a test phone has said and may have to say again.

use std::collections::VecDeque;
use std::time::Instant;

use crate::testphone::message::Message;
use crate::testphone::resend::Resends;

/// Answers and ACKs kept for repeated messages; a test phone has one call at a time.
const KEPT: usize = 32;

#[derive(Debug, Default)]
pub struct Outbox {
    queue: VecDeque<Vec<u8>>,
    resends: Resends,
    /// What we said to a request, by branch and method, for its copies.
    answers: VecDeque<(String, Vec<u8>)>,
    /// Our ACKs by Call-ID and CSeq, for copies of final answers.
    acks: VecDeque<(String, Vec<u8>)>,
}

impl Outbox {
    /// The next datagram for the server.
    pub fn pop(&mut self) -> Option<Vec<u8>> {
        self.queue.pop_front()
    }

    /// Sends, and repeats until [`Self::stop`] is told the same key.
    pub fn ask(&mut self, request: &Message, now: Instant) {
        let bytes = request.to_bytes();
        self.resends.add(request.branch(), bytes.clone(), now);
        self.queue.push_back(bytes);
    }

    pub fn stop(&mut self, key: &str) -> bool {
        self.resends.stop(key)
    }

    /// Sends an answer and keeps it for copies of its request.
    pub fn answer(&mut self, answer: &Message, method: &str) {
        let key = format!("{} {method}", answer.branch());
        self.answers.retain(|(kept, _)| *kept != key);
        remember(&mut self.answers, key, answer.to_bytes());
        self.queue.push_back(answer.to_bytes());
    }

    /// A final answer to INVITE: repeated until its ACK (RFC 3261 13.3.1.4, timer G), which
    /// stops it by the Call-ID.
    pub fn answer_finally(&mut self, answer: &Message, now: Instant) {
        self.answer(answer, "INVITE");
        self.resends.add(answer.call_id(), answer.to_bytes(), now);
    }

    /// Sends what was said to an earlier copy of the request; true if there was one.
    pub fn answer_again(&mut self, request: &Message) -> bool {
        let key = format!("{} {}", request.branch(), request.method().unwrap_or_default());
        let said = self.answers.iter().find(|(kept, _)| *kept == key);
        self.queue.extend(said.map(|(_, answer)| answer.clone()));
        said.is_some()
    }

    /// Sends the ACK of the INVITE that had this Call-ID and number.
    pub fn acknowledge(&mut self, ack: &Message, invite_number: u32) {
        let key = format!("{} {invite_number}", ack.call_id());
        remember(&mut self.acks, key, ack.to_bytes());
        self.queue.push_back(ack.to_bytes());
    }

    /// Sends the ACK once more for a copy of a final answer; true if there was one.
    pub fn acknowledge_again(&mut self, answer: &Message, invite_number: u32) -> bool {
        let key = format!("{} {invite_number}", answer.call_id());
        let said = self.acks.iter().find(|(kept, _)| *kept == key);
        self.queue.extend(said.map(|(_, ack)| ack.clone()));
        said.is_some()
    }

    #[must_use]
    pub fn poll_timeout(&self) -> Option<Instant> {
        self.resends.poll_timeout()
    }

    /// Sends the copies that are due; returns the keys that nobody ever reacted to.
    pub fn handle_timeout(&mut self, now: Instant) -> Vec<String> {
        let (copies, lost) = self.resends.handle_timeout(now);
        self.queue.extend(copies);
        lost
    }
}

fn remember(kept: &mut VecDeque<(String, Vec<u8>)>, key: String, bytes: Vec<u8>) {
    kept.push_back((key, bytes));
    if kept.len() > KEPT {
        kept.pop_front();
    }
}
