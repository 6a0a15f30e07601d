//! Encrypted sound and reports of one leg (RFC 3711). Nothing here allocates for a packet.

use crate::media::packet::{HEADER, LARGEST};
use crate::media::srtp::keys::{MasterKey, Purpose, SessionKeys, SrtpTerms, Suite};
use crate::media::srtp::window::Window;

/// Octets of a report's seal in either suite (RFC 4568 6.2).
const REPORT_SEAL: usize = 10;
/// The part of a report that is sent in clear (RFC 3711 3.4).
const REPORT_HEADER: usize = 8;
/// Octets of a report's index.
const INDEX: usize = 4;
/// Set in a report's index when it is encrypted.
const ENCRYPTED: u32 = 1 << 31;
/// Sources of one far end that are told apart: it has one, and another after it has started anew.
const SOURCES: usize = 4;

/// Why a datagram was not let in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// No whole packet.
    Malformed,
    /// Its seal does not fit: made or changed by somebody without the key.
    Forged,
    /// It has come before, or is too old to tell.
    Replayed,
}

/// Both directions of a leg, each under its own key.
#[derive(Debug)]
pub struct Srtp {
    terms: SrtpTerms,
    sending: Sending,
    receiving: Receiving,
}

impl Srtp {
    #[must_use]
    pub fn new(terms: SrtpTerms) -> Self {
        Self {
            terms,
            sending: Sending::new(&terms.ours, terms.suite),
            receiving: Receiving::new(&terms.theirs, terms.suite, terms.mki),
        }
    }

    /// Terms that are settled anew. A direction whose key stays goes on counting: the same key
    /// stream must never be used twice.
    pub fn tuned(&mut self, terms: SrtpTerms) {
        let before = std::mem::replace(&mut self.terms, terms);
        if (before.ours, before.suite) != (terms.ours, terms.suite) {
            self.sending = Sending::new(&terms.ours, terms.suite);
        }
        if (before.theirs, before.suite, before.mki) != (terms.theirs, terms.suite, terms.mki) {
            self.receiving = Receiving::new(&terms.theirs, terms.suite, terms.mki);
        }
    }

    /// Encrypts and seals a packet of sound of our own, in its place; returns how long it is now,
    /// 0 when it may not be sent.
    pub fn seal_sound(&mut self, datagram: &mut [u8; LARGEST], length: usize) -> usize {
        self.sending.sound(datagram, length).unwrap_or(0)
    }

    /// The same for a report.
    pub fn seal_report(&mut self, datagram: &mut [u8; LARGEST], length: usize) -> usize {
        self.sending.report(datagram, length).unwrap_or(0)
    }

    /// Writes the packet that a datagram holds, in clear.
    ///
    /// # Errors
    /// When it is not the far end's, or has come before.
    pub fn open_sound(&mut self, datagram: &[u8], clear: &mut Vec<u8>) -> Result<(), Refusal> {
        self.receiving.sound(datagram, clear)
    }

    /// The same for reports.
    ///
    /// # Errors
    /// See [`Self::open_sound`].
    pub fn open_report(&mut self, datagram: &[u8], clear: &mut Vec<u8>) -> Result<(), Refusal> {
        self.receiving.report(datagram, clear)
    }
}

#[derive(Debug)]
struct Sending {
    sound: SessionKeys,
    reports: SessionKeys,
    suite: Suite,
    window: Window,
    /// Of the next report.
    index: u32,
}

impl Sending {
    fn new(master: &MasterKey, suite: Suite) -> Self {
        Self {
            sound: SessionKeys::of(master, Purpose::Sound),
            reports: SessionKeys::of(master, Purpose::Reports),
            suite,
            window: Window::default(),
            index: 1,
        }
    }

    /// A number that was used already is not sent again: two packets under one piece of the key
    /// stream would give both away (RFC 3711 9.1).
    fn sound(&mut self, datagram: &mut [u8; LARGEST], length: usize) -> Option<usize> {
        let end = length + self.suite.seal();
        if length < HEADER || end > LARGEST {
            return None;
        }
        let (sequence, ssrc) = names(datagram)?;
        let index = self.window.index(sequence).filter(|index| self.window.is_fresh(*index))?;
        self.window.take(index);
        self.sound.apply(ssrc, index, &mut datagram[HEADER..length]);
        let seal = self.sound.seal(&datagram[..length], &turn(index));
        datagram[length..end].copy_from_slice(&seal[..self.suite.seal()]);
        Some(end)
    }

    fn report(&mut self, datagram: &mut [u8; LARGEST], length: usize) -> Option<usize> {
        let end = length + INDEX + REPORT_SEAL;
        if length < REPORT_HEADER || end > LARGEST || self.index >= ENCRYPTED {
            return None;
        }
        let ssrc = u32::from_be_bytes(datagram[4..8].try_into().ok()?);
        self.reports.apply(ssrc, self.index.into(), &mut datagram[REPORT_HEADER..length]);
        let index = (self.index | ENCRYPTED).to_be_bytes();
        datagram[length..length + INDEX].copy_from_slice(&index);
        let seal = self.reports.seal(&datagram[..length + INDEX], &[]);
        datagram[length + INDEX..end].copy_from_slice(&seal[..REPORT_SEAL]);
        self.index += 1;
        Some(end)
    }
}

#[derive(Debug)]
struct Receiving {
    sound: SessionKeys,
    reports: SessionKeys,
    suite: Suite,
    mki: usize,
    sound_from: Sources,
    reports_from: Sources,
}

impl Receiving {
    fn new(master: &MasterKey, suite: Suite, mki: u8) -> Self {
        Self {
            sound: SessionKeys::of(master, Purpose::Sound),
            reports: SessionKeys::of(master, Purpose::Reports),
            suite,
            mki: mki.into(),
            sound_from: Sources::default(),
            reports_from: Sources::default(),
        }
    }

    fn sound(&mut self, datagram: &[u8], clear: &mut Vec<u8>) -> Result<(), Refusal> {
        let seal_at = datagram.len().checked_sub(self.suite.seal()).ok_or(Refusal::Malformed)?;
        let (rest, seal) = datagram.split_at(seal_at);
        let end = rest.len().checked_sub(self.mki).ok_or(Refusal::Malformed)?;
        let packet = &rest[..end];
        let header = header_length(packet).ok_or(Refusal::Malformed)?;
        let (sequence, ssrc) = names(packet).ok_or(Refusal::Malformed)?;
        let window = self.sound_from.of(ssrc);
        let index = window.index(sequence).ok_or(Refusal::Replayed)?;
        if !window.is_fresh(index) {
            return Err(Refusal::Replayed);
        }
        // Whoever starts near the wrap may be a turn further when we first hear it.
        let wrapped = window.is_new().then_some(index + 0x1_0000);
        let fits = |index: &u64| self.sound.fits(packet, &turn(*index), seal);
        let index = [Some(index), wrapped].into_iter().flatten().find(fits);
        let index = index.ok_or(Refusal::Forged)?;
        self.sound_from.take(ssrc, window, index);
        clear.clear();
        clear.extend_from_slice(packet);
        self.sound.apply(ssrc, index, &mut clear[header..]);
        Ok(())
    }

    fn report(&mut self, datagram: &[u8], clear: &mut Vec<u8>) -> Result<(), Refusal> {
        let trailer = INDEX + self.mki + REPORT_SEAL;
        let end = datagram.len().checked_sub(trailer).ok_or(Refusal::Malformed)?;
        if end < REPORT_HEADER {
            return Err(Refusal::Malformed);
        }
        let (packet, seal) = (&datagram[..end], &datagram[datagram.len() - REPORT_SEAL..]);
        let sealed = &datagram[..end + INDEX];
        let number = |at: usize| datagram[at..at + 4].iter().fold(0, |n, o| n << 8 | u32::from(*o));
        let (ssrc, marked) = (number(4), number(end));
        let index = u64::from(marked & !ENCRYPTED);
        let window = self.reports_from.of(ssrc);
        if !window.is_fresh(index) {
            return Err(Refusal::Replayed);
        }
        if !self.reports.fits(sealed, &[], seal) {
            return Err(Refusal::Forged);
        }
        self.reports_from.take(ssrc, window, index);
        clear.clear();
        clear.extend_from_slice(packet);
        if marked & ENCRYPTED != 0 {
            self.reports.apply(ssrc, index, &mut clear[REPORT_HEADER..]);
        }
        Ok(())
    }
}

/// The windows of the sources last heard, the latest first: each counts for itself (RFC 3711 3.2.3).
#[derive(Debug, Default)]
struct Sources([Option<(u32, Window)>; SOURCES]);

impl Sources {
    fn of(&self, ssrc: u32) -> Window {
        let known = self.0.iter().flatten().find(|(other, _)| *other == ssrc);
        known.map_or_else(Window::default, |(_, window)| *window)
    }

    /// A genuine packet of this source; the one not heard for longest is forgotten for a new one.
    fn take(&mut self, ssrc: u32, mut window: Window, index: u64) {
        window.take(index);
        let is_this = |slot: &Option<(u32, Window)>| slot.is_some_and(|(other, _)| other == ssrc);
        let at = self.0.iter().position(is_this).unwrap_or(SOURCES - 1);
        self.0[..=at].rotate_right(1);
        self.0[0] = Some((ssrc, window));
    }
}

/// Sequence number and SSRC of a packet of sound.
fn names(packet: &[u8]) -> Option<(u16, u32)> {
    let sequence = u16::from_be_bytes(packet.get(2..4)?.try_into().ok()?);
    let ssrc = u32::from_be_bytes(packet.get(8..12)?.try_into().ok()?);
    Some((sequence, ssrc))
}

/// What stays in clear: the fixed header, contributing sources and the extension (RFC 3711 3.1).
fn header_length(packet: &[u8]) -> Option<usize> {
    let first = *packet.first().filter(|first| **first >> 6 == 2)?;
    let mut length = HEADER + usize::from(first & 0x0f) * 4;
    if first & 0x10 != 0 {
        let words = u16::from_be_bytes(packet.get(length + 2..length + 4)?.try_into().ok()?);
        length += 4 + usize::from(words) * 4;
    }
    (length <= packet.len()).then_some(length)
}

/// The turns above a sequence number, which are sealed but not sent.
fn turn(index: u64) -> [u8; 4] {
    ((index >> 16) as u32).to_be_bytes()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::media::packet::Packet;
    use crate::media::srtp::keys::MASTER;

    const OURS: MasterKey = MasterKey::new([0x11; MASTER]);
    const THEIRS: MasterKey = MasterKey::new([0x22; MASTER]);

    fn pair(suite: Suite) -> (Srtp, Srtp) {
        let terms = SrtpTerms { suite, ours: OURS, theirs: THEIRS, mki: 0 };
        (Srtp::new(terms), Srtp::new(SrtpTerms { ours: THEIRS, theirs: OURS, ..terms }))
    }

    fn packet(sequence: u16, payload: &[u8]) -> ([u8; LARGEST], usize) {
        let mut datagram = [0; LARGEST];
        let packet = Packet {
            marker: false,
            payload_type: 0,
            sequence,
            timestamp: u32::from(sequence) * 160,
            ssrc: 0xcafe_babe,
            payload,
        };
        let length = packet.write(&mut datagram);
        (datagram, length)
    }

    fn sealed(srtp: &mut Srtp, sequence: u16) -> Vec<u8> {
        let (mut datagram, length) = packet(sequence, &[0xd5; 160]);
        let length = srtp.seal_sound(&mut datagram, length);
        datagram[..length].to_vec()
    }

    /// The packet that implementations of SRTP are commonly checked with: the keys of RFC 3711 B.3.
    #[test]
    fn a_known_packet_is_sealed_as_everybody_seals_it() {
        let mut master = [0; MASTER];
        for (at, octet) in master.iter_mut().enumerate() {
            let hex = "e1f97a0d3e018be0d64fa32c06de41390ec675ad498afeebb6960b3aabe6";
            *octet = u8::from_str_radix(&hex[at * 2..at * 2 + 2], 16).unwrap();
        }
        let mut datagram = [0xab; LARGEST];
        datagram[..HEADER].copy_from_slice(b"\x80\x0f\x12\x34\xde\xca\xfb\xad\xca\xfe\xba\xbe");
        let mut sending = Sending::new(&MasterKey::new(master), Suite::Sha1Of80);
        let length = sending.sound(&mut datagram, 28).unwrap();
        let sent: String = datagram[HEADER..length].iter().map(|o| format!("{o:02x}")).collect();
        assert_eq!(sent, "4e55dc4ce79978d88ca4d215949d2402b78d6acc99ea179b8dbb");
    }

    #[test]
    fn sound_goes_through_once_and_changed_sound_never() {
        for suite in Suite::ALL {
            let (mut ours, mut theirs) = pair(suite);
            let mut clear = Vec::new();
            for sequence in [7, 9, 8] {
                let sent = sealed(&mut ours, sequence);
                assert_eq!(sent.len(), HEADER + 160 + suite.seal());
                for at in [1, 2, 11, 12, 100, sent.len() - 1] {
                    let mut changed = sent.clone();
                    changed[at] ^= 1;
                    let refused = theirs.open_sound(&changed, &mut clear);
                    assert!(refused.is_err(), "octet {at} of {sequence}");
                }
                theirs.open_sound(&sent, &mut clear).unwrap();
                let (datagram, length) = packet(sequence, &[0xd5; 160]);
                assert_eq!(clear, datagram[..length]);
                assert_eq!(theirs.open_sound(&sent, &mut clear), Err(Refusal::Replayed));
            }
            let (mut stranger, _) = pair(suite);
            stranger.tuned(SrtpTerms { suite, ours: THEIRS, theirs: OURS, mki: 0 });
            let forged = sealed(&mut stranger, 10);
            assert_eq!(theirs.open_sound(&forged, &mut clear), Err(Refusal::Forged));
        }
    }

    #[test]
    fn turns_go_on_when_terms_are_settled_anew_and_begin_again_with_a_new_key() {
        let (mut ours, mut theirs) = pair(Suite::Sha1Of80);
        let mut clear = Vec::new();
        for sequence in (0..=u16::MAX).step_by(1_000).chain([65_535, 0, 1]) {
            theirs.open_sound(&sealed(&mut ours, sequence), &mut clear).unwrap();
        }
        let terms = SrtpTerms { suite: Suite::Sha1Of80, ours: OURS, theirs: THEIRS, mki: 0 };
        ours.tuned(terms);
        theirs.open_sound(&sealed(&mut ours, 2), &mut clear).unwrap();
        assert!(sealed(&mut ours, 2).is_empty(), "no number is used twice under one key");
        let fresh = MasterKey::new([0x33; MASTER]);
        ours.tuned(SrtpTerms { ours: fresh, ..terms });
        let sent = sealed(&mut ours, 3);
        assert_eq!(theirs.open_sound(&sent, &mut clear), Err(Refusal::Forged));
        theirs.tuned(SrtpTerms { ours: THEIRS, theirs: fresh, ..terms });
        theirs.open_sound(&sent, &mut clear).unwrap();
    }

    #[test]
    fn a_far_end_that_has_wrapped_before_it_is_heard_is_heard() {
        let (mut ours, mut theirs) = pair(Suite::Sha1Of32);
        let mut clear = Vec::new();
        sealed(&mut ours, 65_535);
        theirs.open_sound(&sealed(&mut ours, 3), &mut clear).unwrap();
        theirs.open_sound(&sealed(&mut ours, 4), &mut clear).unwrap();
    }

    #[test]
    fn a_key_of_several_sources_counts_each_for_itself() {
        let (mut ours, mut theirs) = pair(Suite::Sha1Of80);
        let mut clear = Vec::new();
        let mut from = |ssrc: u32, sequence: u16, theirs: &mut Srtp| {
            let (mut datagram, length) = packet(sequence, &[1; 20]);
            datagram[8..12].copy_from_slice(&ssrc.to_be_bytes());
            ours.sending.window = Window::default();
            let length = ours.seal_sound(&mut datagram, length);
            theirs.open_sound(&datagram[..length], &mut clear)
        };
        assert_eq!(from(1, 500, &mut theirs), Ok(()));
        assert_eq!(from(2, 7, &mut theirs), Ok(()));
        assert_eq!(from(1, 500, &mut theirs), Err(Refusal::Replayed));
        assert_eq!(from(1, 501, &mut theirs), Ok(()));
    }

    #[test]
    fn the_name_of_a_key_is_passed_over() {
        let (mut ours, _) = pair(Suite::Sha1Of80);
        let terms = SrtpTerms { suite: Suite::Sha1Of80, ours: THEIRS, theirs: OURS, mki: 4 };
        let mut theirs = Srtp::new(terms);
        let mut sent = sealed(&mut ours, 5);
        let seal = sent.split_off(sent.len() - 10);
        sent.extend([0, 0, 0, 1]);
        sent.extend(seal);
        assert_eq!(theirs.open_sound(&sent, &mut Vec::new()), Ok(()));
    }

    #[test]
    fn reports_go_through_once_under_a_seal_of_80_bits() {
        for suite in Suite::ALL {
            let (mut ours, mut theirs) = pair(suite);
            let mut clear = Vec::new();
            for count in 0..3 {
                let mut datagram = [0; LARGEST];
                let report: Vec<u8> =
                    [0x80, 201, 0, 1, 0, 0, 0, 9].into_iter().chain([count; 20]).collect();
                datagram[..28].copy_from_slice(&report);
                let length = ours.seal_report(&mut datagram, 28);
                assert_eq!(length, 28 + 4 + 10);
                assert_ne!(datagram[8..28], report[8..]);
                let mut changed = datagram;
                changed[length - 14] ^= 0x80;
                let refused = theirs.open_report(&changed[..length], &mut clear);
                assert_eq!(refused, Err(Refusal::Forged));
                theirs.open_report(&datagram[..length], &mut clear).unwrap();
                assert_eq!(clear, report);
                let again = theirs.open_report(&datagram[..length], &mut clear);
                assert_eq!(again, Err(Refusal::Replayed));
            }
        }
    }

    proptest! {
        #[test]
        fn no_bytes_panic_and_none_are_believed(
            mut data in proptest::collection::vec(any::<u8>(), 0..200),
            first in prop_oneof![Just(0x80_u8), Just(0x90_u8), any::<u8>()],
        ) {
            if let Some(byte) = data.first_mut() { *byte = first; }
            let (mut ours, _) = pair(Suite::Sha1Of32);
            let mut clear = Vec::new();
            // One in four thousand million would be believed.
            prop_assert!(ours.open_sound(&data, &mut clear).is_err());
            prop_assert!(ours.open_report(&data, &mut clear).is_err());
        }

        #[test]
        fn every_payload_survives(payload in proptest::collection::vec(any::<u8>(), 0..1_400)) {
            let (mut ours, mut theirs) = pair(Suite::Sha1Of80);
            let (mut datagram, length) = packet(1, &payload);
            let length = ours.seal_sound(&mut datagram, length);
            let mut clear = Vec::new();
            theirs.open_sound(&datagram[..length], &mut clear).unwrap();
            prop_assert_eq!(Packet::parse(&clear).unwrap().payload, &payload[..]);
        }
    }
}
