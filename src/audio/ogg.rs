//! Opus in Ogg (RFC 3533, RFC 7845), page by page, so that what is written can be read at any time.

/// What players count in, whatever the sound's own rate (RFC 7845 4).
const CLOCK: u64 = 48_000;
/// Samples at 48 kHz that the encoder needs before its first sound comes out.
const PRE_SKIP: u16 = 312;
/// A page a second: that much is lost if the power fails.
const PACKETS_A_PAGE: usize = 50;
/// RFC 3533 6: a page has no more segments of up to 255 octets.
const MOST_SEGMENTS: usize = 255;

const CONTINUES: u8 = 0;
const BEGINS: u8 = 2;
const ENDS: u8 = 4;

/// Writes one stream; each call returns the octets to append to the file, often none.
#[derive(Debug)]
pub struct OggOpus {
    serial: u32,
    sequence: u32,
    granule: u64,
    packets: usize,
    segments: Vec<u8>,
    body: Vec<u8>,
}

impl OggOpus {
    /// `comments` are `NAME=text` pairs (RFC 7845 5.2). The octets returned begin the file.
    #[must_use]
    pub fn begin(serial: u32, channels: u8, rate: u32, comments: &[String]) -> (Self, Vec<u8>) {
        let mut stream = Self {
            serial,
            sequence: 0,
            granule: 0,
            packets: 0,
            segments: Vec::new(),
            body: Vec::new(),
        };
        let mut head = b"OpusHead\x01".to_vec();
        head.push(channels);
        head.extend(PRE_SKIP.to_le_bytes());
        head.extend(rate.to_le_bytes());
        head.extend([0, 0, 0]);
        let mut tags = b"OpusTags".to_vec();
        text(&mut tags, "naru");
        tags.extend((comments.len() as u32).to_le_bytes());
        for comment in comments {
            text(&mut tags, comment);
        }
        stream.put(&head);
        let mut octets = stream.page(BEGINS);
        stream.put(&tags);
        octets.extend(stream.page(CONTINUES));
        (stream, octets)
    }

    /// Takes a packet that holds `samples` at `rate`.
    pub fn packet(&mut self, packet: &[u8], samples: u64, rate: u32) -> Vec<u8> {
        let full = self.packets == PACKETS_A_PAGE
            || self.segments.len() + packet.len() / 255 + 1 > MOST_SEGMENTS;
        let octets = if full { self.page(CONTINUES) } else { Vec::new() };
        self.put(packet);
        self.granule += samples * CLOCK / u64::from(rate.max(1));
        octets
    }

    /// The last page.
    #[must_use]
    pub fn finish(mut self) -> Vec<u8> {
        self.page(ENDS)
    }

    fn put(&mut self, packet: &[u8]) {
        self.packets += 1;
        self.segments.extend(packet.chunks_exact(255).map(|_| 255));
        self.segments.push((packet.len() % 255) as u8);
        self.body.extend_from_slice(packet);
    }

    fn page(&mut self, kind: u8) -> Vec<u8> {
        let mut page = b"OggS\0".to_vec();
        page.push(kind);
        page.extend(self.granule.to_le_bytes());
        page.extend(self.serial.to_le_bytes());
        page.extend(self.sequence.to_le_bytes());
        page.extend([0; 4]);
        page.push(self.segments.len() as u8);
        page.append(&mut self.segments);
        page.append(&mut self.body);
        let sum = checksum(&page);
        page[22..26].copy_from_slice(&sum.to_le_bytes());
        self.sequence += 1;
        self.packets = 0;
        page
    }
}

fn text(octets: &mut Vec<u8>, text: &str) {
    octets.extend((text.len() as u32).to_le_bytes());
    octets.extend(text.as_bytes());
}

/// RFC 3533 6: CRC-32 by 0x04c11db7, without reflection.
fn checksum(page: &[u8]) -> u32 {
    page.iter().fold(0, |sum, &octet| {
        (0..8).fold(sum ^ u32::from(octet) << 24, |sum, _| {
            if sum >> 31 == 1 { sum << 1 ^ 0x04c1_1db7 } else { sum << 1 }
        })
    })
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::audio::import::import;
    use crate::audio::opus::{Effort, OpusEncoder};
    use crate::audio::tone::sine;

    #[test]
    fn whatever_is_there_of_a_file_can_be_read() {
        let effort = Effort { bitrate: 24_000, complexity: 3, loss: 0, dtx: false };
        let mut encoder = OpusEncoder::new(16_000).unwrap();
        encoder.set(effort);
        let (mut stream, mut file) = OggOpus::begin(7, 1, 16_000, &["TITLE=call 12".to_owned()]);
        let mut packet = [0; 1_275];
        for frame in sine(16_000, 1_000.0, -12.0, Duration::from_secs(5)).chunks_exact(320) {
            let length = encoder.encode(frame, &mut packet);
            file.extend(stream.packet(&packet[..length], 320, 16_000));
        }
        let cut = import(&file).unwrap().duration();
        assert!((3.9..=5.0).contains(&cut.as_secs_f64()), "{cut:?}");
        file.extend(stream.finish());
        let whole = import(&file).unwrap().duration();
        assert!((4.9..=5.1).contains(&whole.as_secs_f64()), "{whole:?}");
    }
}
