//! Samples on their way from one thread to another, without a lock and without waiting.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicI16, AtomicUsize, Ordering};

struct Ring {
    samples: Box<[AtomicI16]>,
    /// Samples ever written and ever read; they wrap, and their difference is what waits.
    written: AtomicUsize,
    read: AtomicUsize,
}

impl fmt::Debug for Ring {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Ring of {} samples", self.samples.len())
    }
}

/// The end that is written to; dropping it ends the sound once what waits is read.
#[derive(Debug)]
pub struct Writer {
    ring: Arc<Ring>,
}

#[derive(Debug)]
pub struct Reader {
    ring: Arc<Ring>,
}

/// A pipe for at least `capacity` samples.
#[must_use]
pub fn pipe(capacity: usize) -> (Writer, Reader) {
    // A power of two, so that positions stay right when the counters wrap.
    let length = capacity.max(2).next_power_of_two();
    let ring = Arc::new(Ring {
        samples: (0..length).map(|_| AtomicI16::new(0)).collect(),
        written: AtomicUsize::new(0),
        read: AtomicUsize::new(0),
    });
    (Writer { ring: Arc::clone(&ring) }, Reader { ring })
}

impl Writer {
    /// Writes as many as there is room for, and returns how many: a reader that stands still costs
    /// sound, never the writer's time.
    #[expect(clippy::needless_pass_by_ref_mut, reason = "there is one writer")]
    pub fn write(&mut self, samples: impl Iterator<Item = i16>) -> usize {
        let written = self.ring.written.load(Ordering::Relaxed);
        let waiting = written.wrapping_sub(self.ring.read.load(Ordering::Acquire));
        let room = self.ring.samples.len() - waiting;
        let mut count = 0;
        for sample in samples.take(room) {
            self.ring.slot(written.wrapping_add(count)).store(sample, Ordering::Relaxed);
            count += 1;
        }
        self.ring.written.store(written.wrapping_add(count), Ordering::Release);
        count
    }
}

impl Reader {
    #[expect(clippy::needless_pass_by_ref_mut, reason = "there is one reader")]
    pub fn read(&mut self) -> Option<i16> {
        let read = self.ring.read.load(Ordering::Relaxed);
        if read == self.ring.written.load(Ordering::Acquire) {
            return None;
        }
        let sample = self.ring.slot(read).load(Ordering::Relaxed);
        self.ring.read.store(read.wrapping_add(1), Ordering::Release);
        Some(sample)
    }

    /// How many samples wait.
    #[must_use]
    pub fn waiting(&self) -> usize {
        let written = self.ring.written.load(Ordering::Acquire);
        written.wrapping_sub(self.ring.read.load(Ordering::Relaxed))
    }

    /// Whether nothing more will come: the writer is gone and everything has been read.
    #[must_use]
    pub fn is_over(&self) -> bool {
        Arc::strong_count(&self.ring) == 1 && self.waiting() == 0
    }
}

impl Ring {
    fn slot(&self, at: usize) -> &AtomicI16 {
        &self.samples[at & (self.samples.len() - 1)]
    }
}

#[cfg(test)]
mod tests {
    use std::thread;

    use super::*;

    #[test]
    fn every_sample_comes_through_in_order_and_the_end_is_seen() {
        let (mut writer, mut reader) = pipe(100);
        let sender = thread::spawn(move || {
            let mut next = 0_i16;
            while next < 20_000 {
                let end = (next + 37).min(20_000);
                next += i16::try_from(writer.write(next..end)).unwrap();
                thread::yield_now();
            }
        });
        let mut heard = Vec::new();
        while !reader.is_over() {
            match reader.read() {
                Some(sample) => heard.push(sample),
                None => thread::yield_now(),
            }
        }
        sender.join().unwrap();
        assert_eq!(heard, (0..20_000).collect::<Vec<i16>>());
    }

    #[test]
    fn a_full_pipe_takes_no_more_and_loses_nothing_it_took() {
        let (mut writer, mut reader) = pipe(4);
        assert_eq!(writer.write(1..=9), 4);
        assert_eq!(reader.waiting(), 4);
        assert_eq!(reader.read(), Some(1));
        assert_eq!(writer.write(7..=9), 1);
        let rest: Vec<i16> = std::iter::from_fn(|| reader.read()).collect();
        assert_eq!(rest, [2, 3, 4, 7]);
        assert!(!reader.is_over());
    }
}
