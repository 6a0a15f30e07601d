//! What a leg says, as packets on their way to another thread, without a lock and without waiting.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use crate::media::codec::Codec;
use crate::media::jitter::{Arrival, Content};

/// Before every packet: when it came, what it is, and whose.
const HEAD: usize = 3;
const WORD: usize = 8;

struct Ring {
    words: Box<[AtomicU64]>,
    epoch: Instant,
    /// Words ever written and ever read; they wrap, and their difference is what waits.
    written: AtomicUsize,
    read: AtomicUsize,
}

impl fmt::Debug for Ring {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Ring of {} words", self.words.len())
    }
}

/// The end that the media thread writes to.
#[derive(Debug)]
pub struct TapeWriter {
    ring: Arc<Ring>,
}

#[derive(Debug)]
pub struct TapeReader {
    ring: Arc<Ring>,
    /// The head of the next packet, once it has been looked at.
    next: Option<Taped>,
}

/// One packet's head; its payload is read into the caller's memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Taped {
    pub at: Instant,
    pub codec: Codec,
    pub content: Content,
    pub ssrc: u32,
    pub sequence: u16,
    pub timestamp: u32,
    length: usize,
}

/// A tape for at least `octets` of packets.
#[must_use]
pub fn tape(octets: usize, epoch: Instant) -> (TapeWriter, TapeReader) {
    // A power of two, so that positions stay right when the counters wrap.
    let length = octets.div_ceil(WORD).max(256).next_power_of_two();
    let ring = Arc::new(Ring {
        words: (0..length).map(|_| AtomicU64::new(0)).collect(),
        epoch,
        written: AtomicUsize::new(0),
        read: AtomicUsize::new(0),
    });
    (TapeWriter { ring: Arc::clone(&ring) }, TapeReader { ring, next: None })
}

impl TapeWriter {
    /// Returns whether there was room: a reader that stands still costs packets, never the
    /// writer's time.
    #[expect(clippy::needless_pass_by_ref_mut, reason = "there is one writer")]
    pub fn write(&mut self, codec: Codec, arrival: Arrival<'_>, now: Instant) -> bool {
        let Arrival { ssrc, sequence, timestamp, kind, payload } = arrival;
        let Ok(length) = u16::try_from(payload.len()) else { return false };
        let written = self.ring.written.load(Ordering::Relaxed);
        let waiting = written.wrapping_sub(self.ring.read.load(Ordering::Acquire));
        let needed = HEAD + payload.len().div_ceil(WORD);
        if self.ring.words.len() - waiting < needed {
            return false;
        }
        let at = now.saturating_duration_since(self.ring.epoch).as_micros() as u64;
        let kind = u64::from(number(codec)) << 8 | u64::from(kind == Content::Comfort);
        let what = u64::from(timestamp) << 32 | u64::from(length) << 16 | kind;
        let words = payload.chunks(WORD).map(|chunk| {
            let mut word = [0; WORD];
            word[..chunk.len()].copy_from_slice(chunk);
            u64::from_le_bytes(word)
        });
        let whose = u64::from(sequence) << 32 | u64::from(ssrc);
        for (offset, word) in [at, what, whose].into_iter().chain(words).enumerate() {
            self.ring.slot(written.wrapping_add(offset)).store(word, Ordering::Relaxed);
        }
        self.ring.written.store(written.wrapping_add(needed), Ordering::Release);
        true
    }

    /// Whether nobody will read it any more.
    #[must_use]
    pub fn is_abandoned(&self) -> bool {
        Arc::strong_count(&self.ring) == 1
    }
}

impl TapeReader {
    /// The next packet's head; its payload is to be read with [`Self::read`].
    pub fn peek(&mut self) -> Option<Taped> {
        if self.next.is_none() {
            let read = self.ring.read.load(Ordering::Relaxed);
            if read == self.ring.written.load(Ordering::Acquire) {
                return None;
            }
            let word = |offset| self.ring.slot(read.wrapping_add(offset)).load(Ordering::Relaxed);
            let what: u64 = word(1);
            let comfort = what & 0xff != 0;
            self.next = Some(Taped {
                at: self.ring.epoch + Duration::from_micros(word(0)),
                codec: codec((what >> 8) as u8),
                content: if comfort { Content::Comfort } else { Content::Speech },
                ssrc: word(2) as u32,
                sequence: (word(2) >> 32) as u16,
                timestamp: (what >> 32) as u32,
                length: usize::from((what >> 16) as u16),
            });
        }
        self.next
    }

    /// Takes the next packet off the tape, its payload in the place of what `payload` held.
    pub fn read(&mut self, payload: &mut Vec<u8>) -> Option<Taped> {
        let next = self.peek()?;
        self.next = None;
        payload.clear();
        let read = self.ring.read.load(Ordering::Relaxed);
        let words = next.length.div_ceil(WORD);
        for offset in HEAD..HEAD + words {
            let word = self.ring.slot(read.wrapping_add(offset)).load(Ordering::Relaxed);
            payload.extend(word.to_le_bytes());
        }
        payload.truncate(next.length);
        self.ring.read.store(read.wrapping_add(HEAD + words), Ordering::Release);
        Some(next)
    }
}

impl Ring {
    fn slot(&self, at: usize) -> &AtomicU64 {
        &self.words[at & (self.words.len() - 1)]
    }
}

fn number(codec: Codec) -> u8 {
    match codec {
        Codec::Pcmu => 0,
        Codec::Pcma => 1,
        Codec::G722 => 2,
        Codec::Opus => 3,
    }
}

fn codec(number: u8) -> Codec {
    match number {
        0 => Codec::Pcmu,
        1 => Codec::Pcma,
        2 => Codec::G722,
        _ => Codec::Opus,
    }
}

#[cfg(test)]
mod tests {
    use std::thread;

    use super::*;
    use crate::clock;

    #[test]
    fn every_packet_comes_through_as_it_was() {
        let epoch = clock::now().ticks;
        let (mut writer, mut reader) = tape(4_096, epoch);
        let payload = |count: u32| vec![count as u8; (count % 200) as usize + 1];
        let sender = thread::spawn(move || {
            let mut count = 0;
            while count < 5_000 {
                let codec = Codec::ALL[count as usize % 4];
                let kind = if count % 7 == 0 { Content::Comfort } else { Content::Speech };
                let at = epoch + Duration::from_micros(u64::from(count));
                let payload = payload(count);
                let (ssrc, sequence, timestamp) = (!count, count as u16 + 7, count);
                let payload = payload.as_slice();
                let arrival = Arrival { ssrc, sequence, timestamp, kind, payload };
                if writer.write(codec, arrival, at) {
                    count += 1;
                } else {
                    thread::yield_now();
                }
            }
        });
        let mut heard = Vec::new();
        let mut count = 0;
        while count < 5_000 {
            let Some(taped) = reader.read(&mut heard) else {
                thread::yield_now();
                continue;
            };
            assert_eq!((taped.timestamp, taped.ssrc), (count, !count));
            assert_eq!(taped.sequence, count as u16 + 7);
            assert_eq!(taped.codec, Codec::ALL[count as usize % 4]);
            assert_eq!(taped.content == Content::Comfort, count % 7 == 0);
            assert_eq!(taped.at, epoch + Duration::from_micros(u64::from(count)));
            assert_eq!(heard, payload(count));
            count += 1;
        }
        sender.join().unwrap();
    }

    #[test]
    fn a_full_tape_takes_no_more_and_loses_nothing_it_took() {
        let now = clock::now().ticks;
        let (mut writer, mut reader) = tape(2_048, now);
        let mut write = |timestamp| {
            let (kind, payload) = (Content::Speech, [1; 160].as_slice());
            let arrival = Arrival { ssrc: 5, sequence: 1, timestamp, kind, payload };
            writer.write(Codec::Pcmu, arrival, now)
        };
        let taken = (0..100).filter(|&count| write(count)).count();
        assert_eq!(taken, 256 / 23);
        let mut payload = Vec::new();
        let read = std::iter::from_fn(|| reader.read(&mut payload)).count();
        assert_eq!(read, taken);
        assert!(!writer.is_abandoned());
        drop(reader);
        assert!(writer.is_abandoned());
    }
}
