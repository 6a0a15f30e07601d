//! The messages of recent legs, for whoever asks why a call went as it did: who sent what to whom,
//! and when. No bodies, no secrets; bounded in every direction.

use std::collections::hash_map::RandomState;
use std::collections::{BTreeMap, HashMap, VecDeque};
use std::hash::BuildHasher;
use std::net::SocketAddr;

use crate::leg::LegId;
use crate::office::transport::Transport;
use crate::sip::flow::Flow;
use crate::sip::syntax::prescan::{Lines, Scan, Start};
use crate::sip::syntax::text::without_controls;
use crate::time::Moment;

/// Legs whose messages are kept, the latest.
const LEGS: usize = 1_000;
/// Messages of one dialog: a call of a day with a refresh each quarter of an hour has more, and
/// its beginning says most.
const STEPS: usize = 64;
/// Dialogs of one leg: a phone has a handful of places where it rings.
const FORKS: usize = 16;
/// Dialogs that may yet become a leg's: a phone's first INVITE is challenged before it is one.
const UNCLAIMED: usize = 64;
/// Characters of foreign text that are kept.
const LONGEST: usize = 96;

/// One message, as it left or came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// Milliseconds since 1970.
    pub at: i64,
    /// Whether it was ours.
    pub sent: bool,
    pub peer: SocketAddr,
    pub transport: Transport,
    /// The method, or status and phrase.
    pub message: String,
    /// Number and method.
    pub cseq: String,
    /// What Reason or Warning says, if the message has one.
    pub reason: Option<String>,
}

/// What is known of one leg.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LegSteps {
    /// In order of time.
    pub steps: Vec<Step>,
    /// Later messages that were not kept.
    pub left_out: u64,
}

#[derive(Default)]
pub struct Ladder {
    /// By the hash of the Call-ID, which may be long.
    strands: HashMap<u64, LegSteps>,
    by_leg: BTreeMap<LegId, Vec<u64>>,
    /// In the order in which they began.
    legs: VecDeque<LegId>,
    unclaimed: VecDeque<u64>,
    hasher: RandomState,
}

impl Ladder {
    /// A message has come, or has left. What belongs to no call costs a look at its header.
    pub fn note(&mut self, bytes: &[u8], flow: &Flow, sent: bool, now: Moment) {
        let Some(scan) = Scan::of(bytes) else { return };
        let strand = self.hasher.hash_one(scan.call_id);
        let begins = scan.start == Start::Request(b"INVITE") && !scan.has_to_tag;
        if !self.strands.contains_key(&strand) {
            if !begins {
                return;
            }
            self.make_room();
            self.unclaimed.push_back(strand);
        }
        let known = self.strands.entry(strand).or_default();
        if known.steps.len() >= STEPS {
            known.left_out += 1;
            return;
        }
        known.steps.push(step(bytes, &scan, flow, sent, now));
    }

    /// The dialog with this Call-ID is the leg's.
    pub fn claim(&mut self, leg: LegId, call_id: &str) {
        let strand = self.hasher.hash_one(call_id.as_bytes());
        self.unclaimed.retain(|other| *other != strand);
        if !self.by_leg.contains_key(&leg) {
            self.legs.push_back(leg);
            if self.legs.len() > LEGS {
                self.forget_oldest();
            }
        }
        let strands = self.by_leg.entry(leg).or_default();
        if strands.len() < FORKS && !strands.contains(&strand) {
            strands.push(strand);
            self.strands.entry(strand).or_default();
        }
    }

    /// What is kept of a leg; nothing when it was long ago.
    #[must_use]
    pub fn of(&self, leg: LegId) -> LegSteps {
        let mut all = LegSteps::default();
        let strands = self.by_leg.get(&leg).into_iter().flatten();
        for strand in strands.filter_map(|strand| self.strands.get(strand)) {
            all.steps.extend_from_slice(&strand.steps);
            all.left_out += strand.left_out;
        }
        all.steps.sort_by_key(|step| step.at);
        all
    }

    fn make_room(&mut self) {
        if self.unclaimed.len() >= UNCLAIMED
            && let Some(oldest) = self.unclaimed.pop_front()
        {
            self.strands.remove(&oldest);
        }
    }

    fn forget_oldest(&mut self) {
        let Some(oldest) = self.legs.pop_front() else { return };
        for strand in self.by_leg.remove(&oldest).unwrap_or_default() {
            self.strands.remove(&strand);
        }
    }
}

fn step(bytes: &[u8], scan: &Scan<'_>, flow: &Flow, sent: bool, now: Moment) -> Step {
    let (message, explains) = match scan.start {
        Start::Request(method) => (shown(method), matches!(method, b"BYE" | b"CANCEL")),
        Start::Status(status) => {
            let line = Lines::new(bytes).next_line().unwrap_or_default();
            (shown(line.get(8..).unwrap_or_default()), status >= 300)
        }
    };
    Step {
        at: now.unix_millis(),
        sent,
        peer: flow.remote,
        transport: flow.transport,
        message,
        cseq: format!("{} {}", scan.cseq, shown(scan.cseq_method)),
        reason: explains.then(|| reason(bytes)).flatten(),
    }
}

/// RFC 3326, RFC 3261 20.43.
fn reason(bytes: &[u8]) -> Option<String> {
    let mut lines = Lines::new(bytes);
    lines.next_line()?;
    while let Some(line) = lines.next_header() {
        let Some(colon) = line.iter().position(|byte| *byte == b':') else { continue };
        let (name, value) = (line[..colon].trim_ascii_end(), &line[colon + 1..]);
        if name.eq_ignore_ascii_case(b"reason") || name.eq_ignore_ascii_case(b"warning") {
            return Some(shown(value));
        }
    }
    None
}

fn shown(raw: &[u8]) -> String {
    let text = String::from_utf8_lossy(raw.trim_ascii());
    without_controls(&text).chars().take(LONGEST).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock;

    fn flow() -> Flow {
        Flow {
            transport: Transport::Udp,
            local: "192.0.2.1:5060".parse().unwrap(),
            remote: "192.0.2.9:5070".parse().unwrap(),
            connection: None,
        }
    }

    fn message(first: &str, call_id: &str, more: &str) -> Vec<u8> {
        format!(
            "{first}\r\nVia: SIP/2.0/UDP h;branch=z9hG4bK1\r\nTo: <sip:b@h>\r\nCall-ID: {call_id}\r\n\
             CSeq: 1 INVITE\r\n{more}\r\n"
        )
        .into_bytes()
    }

    fn invite(call_id: &str) -> Vec<u8> {
        message("INVITE sip:b@h SIP/2.0", call_id, "Authorization: Digest response=\"s3cret\"\r\n")
    }

    #[test]
    fn what_came_before_the_leg_was_known_belongs_to_it() {
        let (mut ladder, now, leg) = (Ladder::default(), clock::now(), LegId::arrived(1));
        ladder.note(&invite("a"), &flow(), false, now);
        ladder.note(&message("SIP/2.0 401 Unauthorized", "a", ""), &flow(), true, now);
        ladder.claim(leg, "a");
        let bye = "Reason: SIP;cause=200;text=\"\u{1b}[2J\"\r\n";
        ladder.note(&message("BYE sip:b@h SIP/2.0", "a", bye), &flow(), true, now);
        ladder.note(&message("SIP/2.0 200 OK", "other", ""), &flow(), true, now);
        let told = ladder.of(leg);
        let lines: Vec<(bool, &str)> =
            told.steps.iter().map(|step| (step.sent, step.message.as_str())).collect();
        assert_eq!(lines, [(false, "INVITE"), (true, "401 Unauthorized"), (true, "BYE")]);
        assert_eq!(told.steps[2].reason.as_deref(), Some("SIP;cause=200;text=\"[2J\""));
        assert_eq!(told.steps[0].cseq, "1 INVITE");
        assert!(!format!("{told:?}").contains("s3cret"));
    }

    #[test]
    fn neither_one_call_nor_many_nor_a_flood_grows_without_bound() {
        let (mut ladder, now) = (Ladder::default(), clock::now());
        ladder.claim(LegId::arrived(0), "long");
        for _ in 0..100 {
            ladder.note(&message("SIP/2.0 180 Ringing", "long", ""), &flow(), false, now);
        }
        let told = ladder.of(LegId::arrived(0));
        assert_eq!((told.steps.len(), told.left_out), (STEPS, 36));
        for count in 0..2_000 {
            ladder.note(&invite(&format!("flood-{count}")), &flow(), false, now);
        }
        assert_eq!(ladder.of(LegId::arrived(0)), told, "a flood takes nothing from a call");
        for count in 1..=LEGS as u64 {
            ladder.claim(LegId::arrived(count), &format!("call-{count}"));
            ladder.note(&invite(&format!("call-{count}")), &flow(), false, now);
        }
        assert_eq!(ladder.of(LegId::arrived(0)), LegSteps::default());
        assert_eq!(ladder.strands.len(), LEGS + UNCLAIMED);
        assert_eq!((ladder.by_leg.len(), ladder.legs.len()), (LEGS, LEGS));
    }
}
