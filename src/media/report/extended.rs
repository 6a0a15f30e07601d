//! Extended reports, to whoever has asked for them (RFC 3611): the round trip for one that only
//! listens, and how a call sounds.

use std::time::Instant;

use crate::media::packet::LARGEST;
use crate::media::report::bursts::Density;

/// RFC 3611 2 and 4: the packet, and the three blocks that are known here.
const EXTENDED: u8 = 207;
const REFERENCE_TIME: u8 = 4;
const DELAYS: u8 = 5;
const SPEECH: u8 = 7;
/// RFC 3611 4.7: what is not measured.
const UNAVAILABLE: u8 = 127;
/// RFC 3611 4.7.7: losses are concealed well, and the jitter buffer adapts.
const OUR_RECEIVER: u8 = 0b1011_0000;
/// The recommended Gmin (RFC 3611 4.7.2).
const GAP: u8 = 16;

/// Which blocks the far end asks for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ExtendedTerms {
    /// Both sides answer each other's reference times.
    pub round_trip: bool,
    pub speech: bool,
}

impl ExtendedTerms {
    /// What `a=rtcp-xr:` says (RFC 3611 5.1), without that word.
    #[must_use]
    pub fn read(text: &str) -> Self {
        let mut terms = Self::default();
        for word in text.split_ascii_whitespace() {
            let name = word.split(['=', ':']).next().unwrap_or_default();
            terms.round_trip |= name == "rcvr-rtt";
            terms.speech |= name == "voip-metrics";
        }
        terms
    }
}

/// How a leg's sound reaches us, as RFC 3611 4.7 has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Speech {
    /// The far end's.
    pub ssrc: u32,
    /// In 1/256 since the beginning: never come, and come too late.
    pub lost: u8,
    pub discarded: u8,
    pub density: Density,
    /// Milliseconds a packet.
    pub packet: u32,
    /// Milliseconds; 0 while it is not known.
    pub round_trip: u16,
    /// How long sound waits here, in milliseconds; `None` where it is only passed on.
    pub delay: Option<u16>,
    /// The E-model's rating, and MOS times ten by listening and by conversing.
    pub rating: Option<u8>,
    pub listening: Option<u8>,
    pub conversing: Option<u8>,
}

/// The far end's last reference time: its middle 32 bits, and when it came.
pub type Reference = (u32, Instant);

/// Writes one packet of what is asked for and returns its length, 0 if nothing is. `reference` is
/// the far end's SSRC with its reference time and the 1/65536 seconds since.
pub fn write(
    terms: ExtendedTerms,
    (ours, ntp): (u32, u64),
    reference: Option<(u32, u32, u32)>,
    speech: Option<Speech>,
    out: &mut [u8],
) -> usize {
    let mut blocks = Vec::with_capacity(64);
    if terms.round_trip {
        blocks.extend([REFERENCE_TIME, 0, 0, 2]);
        blocks.extend(ntp.to_be_bytes());
        if let Some((theirs, time, since)) = reference {
            blocks.extend([DELAYS, 0, 0, 3]);
            [theirs, time, since].iter().for_each(|word| blocks.extend(word.to_be_bytes()));
        }
    }
    if let Some(speech) = speech.filter(|_| terms.speech) {
        write_speech(&speech, &mut blocks);
    }
    let length = 8 + blocks.len();
    if blocks.is_empty() || length > out.len().min(LARGEST) {
        return 0;
    }
    out[..2].copy_from_slice(&[0x80, EXTENDED]);
    out[2..4].copy_from_slice(&((length / 4 - 1) as u16).to_be_bytes());
    out[4..8].copy_from_slice(&ours.to_be_bytes());
    out[8..length].copy_from_slice(&blocks);
    length
}

fn write_speech(speech: &Speech, blocks: &mut Vec<u8>) {
    let Density { in_bursts, in_gaps, burst, gap } = speech.density;
    let millis = |packets: u32| packets.saturating_mul(speech.packet).min(u16::MAX.into()) as u16;
    let delay = speech.delay.unwrap_or_default();
    blocks.extend([SPEECH, 0, 0, 8]);
    blocks.extend(speech.ssrc.to_be_bytes());
    blocks.extend([speech.lost, speech.discarded, in_bursts, in_gaps]);
    for word in [millis(burst), millis(gap), speech.round_trip, delay] {
        blocks.extend(word.to_be_bytes());
    }
    // Signal level, noise level and residual echo are not measured.
    blocks.extend([UNAVAILABLE, UNAVAILABLE, UNAVAILABLE, GAP]);
    let known = |value: Option<u8>| value.unwrap_or(UNAVAILABLE);
    let (rating, outer) = (known(speech.rating), UNAVAILABLE);
    blocks.extend([rating, outer, known(speech.listening), known(speech.conversing)]);
    let receiver = if speech.delay.is_some() { OUR_RECEIVER } else { 0 };
    blocks.extend([receiver, 0]);
    for word in [delay, delay, delay] {
        blocks.extend(word.to_be_bytes());
    }
}

/// What an extended report says that is for us: the far end's reference time, and how long it has
/// kept ours, as (our time's middle 32 bits, 1/65536 seconds).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Told {
    pub reference: Option<u32>,
    pub delay: Option<(u32, u32)>,
}

/// Reads one packet; `None` if it is no extended report. Blocks are looked at as far as they are
/// whole, as many as fit into a datagram.
#[must_use]
pub fn read(packet: &[u8], ours: u32) -> Option<(u32, Told)> {
    if packet.get(1) != Some(&EXTENDED) || packet.first()? >> 6 != 2 {
        return None;
    }
    let theirs = word(packet, 4)?;
    let mut told = Told::default();
    let mut rest = packet.get(8..)?;
    while let Some(&[kind, _, high, low]) = rest.first_chunk() {
        let length = (usize::from(u16::from_be_bytes([high, low])) + 1) * 4;
        let Some((block, after)) = rest.split_at_checked(length) else { break };
        rest = after;
        match kind {
            REFERENCE_TIME => {
                // The middle of 64 bits.
                let middle = block.get(6..10).and_then(|bytes| bytes.try_into().ok());
                told.reference = middle.map(u32::from_be_bytes).or(told.reference);
            }
            DELAYS => {
                let own = block[4..].chunks_exact(12).find(|part| word(part, 0) == Some(ours));
                let delay = own.and_then(|part| Some((word(part, 4)?, word(part, 8)?)));
                told.delay = delay.or(told.delay);
            }
            _ => {}
        }
    }
    Some((theirs, told))
}

fn word(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_be_bytes(bytes.get(at..at + 4)?.try_into().ok()?))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const BOTH: ExtendedTerms = ExtendedTerms { round_trip: true, speech: true };

    fn speech() -> Speech {
        let density = Density { in_bursts: 100, in_gaps: 2, burst: 9, gap: 200 };
        Speech {
            ssrc: 7,
            lost: 13,
            discarded: 1,
            density,
            packet: 20,
            round_trip: 42,
            delay: Some(60),
            rating: Some(80),
            listening: Some(41),
            conversing: None,
        }
    }

    #[test]
    fn what_is_asked_for_is_read() {
        let read = ExtendedTerms::read;
        assert_eq!(read("rcvr-rtt=all:10000 stat-summary=loss,dup voip-metrics"), BOTH);
        assert_eq!(read("pkt-loss-rle=80"), ExtendedTerms::default());
        assert!(read("rcvr-rtt=sender").round_trip && !read("rcvr-rtt=sender").speech);
    }

    #[test]
    fn a_report_has_the_blocks_in_their_form() {
        let mut out = [0; 200];
        let length =
            write(BOTH, (5, 0x0102_0304_0506_0708), Some((7, 8, 9)), Some(speech()), &mut out);
        assert_eq!(length, 8 + 12 + 16 + 36);
        assert_eq!(out[..8], [0x80, 207, 0, 17, 0, 0, 0, 5]);
        assert_eq!(out[8..20], [4, 0, 0, 2, 1, 2, 3, 4, 5, 6, 7, 8]);
        assert_eq!(out[20..36], [5, 0, 0, 3, 0, 0, 0, 7, 0, 0, 0, 8, 0, 0, 0, 9]);
        assert_eq!(
            out[36..72],
            [
                7,
                0,
                0,
                8,
                0,
                0,
                0,
                7,
                13,
                1,
                100,
                2,
                0,
                180,
                15,
                160,
                0,
                42,
                0,
                60,
                127,
                127,
                127,
                16,
                80,
                127,
                41,
                127,
                0b1011_0000,
                0,
                0,
                60,
                0,
                60,
                0,
                60
            ]
        );
        assert_eq!(write(ExtendedTerms::default(), (5, 0), None, Some(speech()), &mut out), 0);
    }

    #[test]
    fn what_one_side_writes_the_other_reads() {
        let mut out = [0; 200];
        let length = write(BOTH, (5, 0x0102_0304_0506_0708), Some((7, 8, 9)), None, &mut out);
        let (theirs, told) = read(&out[..length], 7).unwrap();
        assert_eq!((theirs, told.reference, told.delay), (5, Some(0x0304_0506), Some((8, 9))));
        assert_eq!(read(&out[..length], 1).unwrap().1.delay, None, "another's delay");
    }

    proptest! {
        #[test]
        fn no_bytes_panic(mut data in proptest::collection::vec(any::<u8>(), 0..200)) {
            let is_whole = |data: &[u8]| {
                read(data, 1).is_none_or(|(_, told)| told.delay.is_none() || data.len() >= 24)
            };
            prop_assert!(is_whole(&data));
            for (at, byte) in [0x80, 207].into_iter().enumerate().take(data.len()) {
                data[at] = byte;
            }
            prop_assert!(is_whole(&data));
        }
    }
}
