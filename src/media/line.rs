//! One leg's end of the patchbay: what comes from it, what goes to it.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use crate::audio::g711::Law;
use crate::audio::pipe::Writer;
use crate::leg::{LegId, PlayId};
use crate::media::codec::Codec;
use crate::media::handle::Tuning;
use crate::media::outbox::{Channel, Outbox};
use crate::media::packet::{HEADER, LARGEST, Packet};
use crate::media::playback::{Playback, Progress};
use crate::media::reception::Reception;
use crate::media::rtcp::{Reports, write_goodbye};
use crate::media::source::Source;
use crate::media::stream::{Stamp, Stream};
use crate::media::watch::Watch;
use crate::time::Moment;

/// Samples a millisecond of either law.
const PER_MILLISECOND: usize = 8;

#[derive(Debug)]
pub struct Line {
    pub leg: LegId,
    pub tuning: Option<Tuning>,
    pub source: Source,
    pub stream: Stream,
    pub reception: Reception,
    pub reports: Reports,
    /// Where its reports come from, once one of its own has come.
    pub reports_from: Option<SocketAddr>,
    pub hears: Hears,
    pub heard_by: Option<LegId>,
    /// Where what it says goes as samples, for the room.
    pub pages: Option<Writer>,
    pub watch: Watch,
    /// Datagrams that were not its own, and those that were no RTP.
    pub strangers: u64,
    pub malformed: u64,
}

/// What is sent to a leg.
#[derive(Debug)]
pub enum Hears {
    Nothing,
    Itself,
    Leg(LegId),
    Clip(Playback),
}

/// A packet of the leg's own that someone may hear.
#[derive(Clone, Copy, Debug)]
pub struct Heard<'a> {
    pub packet: Packet<'a>,
    pub kind: Kind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Speech(Law),
    /// RFC 4733.
    Event,
}

impl Heard<'_> {
    /// What a full pipe does not take is lost: nobody is waiting for it any more.
    pub fn write_to(&self, pipe: &mut Writer) {
        if let Kind::Speech(law) = self.kind {
            pipe.write(self.packet.payload.iter().map(|code| law.decode(*code)));
        }
    }
}

impl Line {
    /// Offer and answer are settled, or settled anew.
    pub fn tune(&mut self, tuning: Tuning, silence: Duration, now: Instant) {
        self.source.tuned(tuning.remote, tuning.signalling);
        let before = self.tuning.replace(tuning);
        if before.is_none_or(|before| before.send != tuning.send || before.codec != tuning.codec) {
            self.stream.begin();
        }
        if before.is_some_and(|before| before.remote_rtcp != tuning.remote_rtcp) {
            self.reports_from = None;
        }
        let watched = tuning.answered && tuning.send && tuning.receive;
        self.watch.tuned(watched, silence, now);
    }

    /// Takes a datagram in; returns it if it is the leg's own, sound, and wanted.
    pub fn hear<'a>(
        &mut self,
        from: SocketAddr,
        datagram: &'a [u8],
        silence: Duration,
        now: Instant,
    ) -> Option<Heard<'a>> {
        let Ok(packet) = Packet::parse(datagram) else {
            self.malformed += 1;
            return None;
        };
        let tuning = self.tuning?;
        // RFC 5761 4: these types would be reports, and reports have their own port here.
        if (64..96).contains(&packet.payload_type) {
            self.malformed += 1;
            return None;
        }
        if !self.source.admit(from, &packet, now) {
            self.strangers += 1;
            return None;
        }
        self.reception.packet(&packet, now);
        self.watch.heard(silence, now);
        let kind = kind(&tuning, packet.payload_type)?;
        (tuning.receive && !packet.payload.is_empty()).then_some(Heard { packet, kind })
    }

    /// Takes a report in.
    pub fn hear_report(
        &mut self,
        from: SocketAddr,
        datagram: &[u8],
        silence: Duration,
        now: Moment,
    ) {
        let Some(tuning) = self.tuning else { return };
        let (host, theirs) = match self.source.locked() {
            Some((address, ssrc)) => (address.ip(), Some(ssrc)),
            None => (tuning.remote.ip().to_canonical(), None),
        };
        let ours = self.stream.sent(now.ticks).ssrc;
        if from.ip().to_canonical() != host || !self.reports.read(datagram, (ours, theirs), now) {
            self.strangers += 1;
            return;
        }
        self.watch.heard(silence, now.ticks);
        if theirs.is_some() {
            self.reports_from = Some(from);
        }
    }

    /// Sends on what another leg, or this one, has said.
    pub fn pass(&mut self, heard: &Heard<'_>, now: Instant, outbox: &mut Outbox) {
        let Some((tuning, to)) = self.open() else { return };
        let payload_type = match (heard.kind, tuning.telephone_event) {
            (Kind::Speech(_), _) => tuning.payload_type,
            (Kind::Event, Some(event)) => event,
            (Kind::Event, None) => return self.stream.skip(&heard.packet, now),
        };
        let Some(stamp) = self.stream.relay(&heard.packet, now) else { return };
        self.stream.count(heard.packet.payload.len());
        outbox.push((self.leg, Channel::Rtp), to, |datagram| {
            let length = stamped(stamp, payload_type, heard.packet.payload).write(datagram);
            if let Kind::Speech(law) = heard.kind {
                law.transcode(tuning.codec.law(), &mut datagram[HEADER..length]);
            }
            length
        });
    }

    /// Sends what is due of a clip; returns the playing that has come to its end.
    pub fn tick(&mut self, now: Instant, outbox: &mut Outbox) -> Option<PlayId> {
        let tuning = self.tuning?;
        let open = self.open();
        let Hears::Clip(playback) = &mut self.hears else { return None };
        let ptime = Duration::from_millis(millis(&tuning) as u64);
        let mut codes = [0; 60 * PER_MILLISECOND];
        let codes = &mut codes[..millis(&tuning) * PER_MILLISECOND];
        while playback.due().is_some_and(|due| due <= now) {
            let skipped = playback.advance(ptime, now);
            if playback.fill(tuning.codec.law(), codes) == Progress::Ended {
                let play = playback.play;
                self.hears = Hears::Nothing;
                return Some(play);
            }
            // A leg on hold does not hear it, yet the clip ends when it should.
            let Some((_, to)) = open else { continue };
            let stamp = self.stream.produce(codes.len() as u32, skipped, now);
            self.stream.count(codes.len());
            outbox.push((self.leg, Channel::Rtp), to, |datagram| {
                stamped(stamp, tuning.payload_type, codes).write(datagram)
            });
        }
        None
    }

    #[must_use]
    pub fn clip_due(&self) -> Option<Instant> {
        self.tuning?;
        match &self.hears {
            Hears::Clip(playback) => playback.due(),
            Hears::Nothing | Hears::Itself | Hears::Leg(_) => None,
        }
    }

    /// Sends the report that is due.
    pub fn report(&mut self, lot: u64, now: Moment, outbox: &mut Outbox) {
        let figures = (self.stream.sent(now.ticks), self.reception.account());
        let mut datagram = [0; LARGEST];
        let length = self.reports.write(figures, lot, now, &mut datagram);
        let Some(to) = self.reports_to() else { return };
        outbox.push((self.leg, Channel::Rtcp), to, |out| {
            out[..length].copy_from_slice(&datagram[..length]);
            length
        });
    }

    /// Tells the far end, if it has heard us, that it will hear no more.
    pub fn say_goodbye(&self, now: Instant, outbox: &mut Outbox) {
        let sent = self.stream.sent(now);
        if let Some(to) = self.reports_to().filter(|_| sent.packets > 0) {
            outbox.push((self.leg, Channel::Rtcp), to, |datagram| write_goodbye(sent, datagram));
        }
    }

    /// Where sound may be sent now, and how.
    fn open(&self) -> Option<(Tuning, SocketAddr)> {
        let tuning = self.tuning.filter(|tuning| tuning.send)?;
        Some((tuning, self.source.destination()?))
    }

    /// The described address, unless the leg is behind NAT: then only where its reports come from.
    fn reports_to(&self) -> Option<SocketAddr> {
        let tuning = self.tuning?;
        let sound = self.source.destination()?;
        if self.reports_from.is_some() {
            return self.reports_from;
        }
        let above = || Some(SocketAddr::new(sound.ip(), tuning.remote.port().checked_add(1)?));
        let described = tuning.remote_rtcp.or_else(above)?;
        (described.ip().to_canonical() == sound.ip() && described.port() != 0).then_some(described)
    }
}

fn kind(tuning: &Tuning, payload_type: u8) -> Option<Kind> {
    if payload_type == tuning.payload_type {
        return Some(Kind::Speech(tuning.codec.law()));
    }
    if Some(payload_type) == tuning.telephone_event {
        return Some(Kind::Event);
    }
    // Anything else, comfort noise (RFC 3389) too, is a sign of life and no more.
    // RFC 3264 7: the far end may use any codec of the answer; the static types are never others.
    let other = Codec::ALL.into_iter().find(|codec| codec.payload_type() == payload_type);
    other.map(|codec| Kind::Speech(codec.law()))
}

/// Milliseconds a packet: whole tens, 10 to 60.
fn millis(tuning: &Tuning) -> usize {
    usize::from(tuning.ptime.clamp(10, 60) / 10 * 10)
}

fn stamped(stamp: Stamp, payload_type: u8, payload: &[u8]) -> Packet<'_> {
    Packet {
        marker: stamp.marker,
        payload_type,
        sequence: stamp.sequence,
        timestamp: stamp.timestamp,
        ssrc: stamp.ssrc,
        payload,
    }
}
