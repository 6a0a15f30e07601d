//! What a leg and we tell each other of how the sound comes over.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use crate::media::codec::Codec;
use crate::media::ear::Figures;
use crate::media::line::Line;
use crate::media::outbox::{Channel, Outbox};
use crate::media::packet::LARGEST;
use crate::media::report::extended::{ExtendedTerms, Speech};
use crate::media::report::quality::Quality;
use crate::media::report::rtcp::write_goodbye;
use crate::media::report::score::{self, Mos};
use crate::time::Moment;

/// What most phones ask for beside the usual reports.
const NOTHING: ExtendedTerms = ExtendedTerms { round_trip: false, speech: false };

impl Line {
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
        self.troubles.heard();
        if theirs.is_some() {
            self.reports_from = Some(from);
        }
    }

    /// Sends the report that is due.
    pub fn report(&mut self, lot: u64, now: Moment, outbox: &mut Outbox) {
        let figures = (self.stream.sent(now.ticks), self.reception.account());
        let mut datagram = [0; LARGEST];
        let ssrcs = (figures.0.ssrc, figures.1.map(|account| account.ssrc));
        let length = self.reports.write(figures, lot, now, &mut datagram);
        let length = match self.tuning.map(|tuning| tuning.extended).unwrap_or_default() {
            NOTHING => length,
            terms => {
                let speech = ssrcs.1.map(|theirs| self.speech(theirs));
                self.reports.extend(terms, ssrcs, speech, (length, now), &mut datagram)
            }
        };
        let Some(to) = self.reports_to() else { return };
        outbox.push((self.leg, Channel::Rtcp), to, self.srtp.as_deref_mut(), |out| {
            out[..length].copy_from_slice(&datagram[..length]);
            length
        });
    }

    /// How its sound reaches us, for its extended report.
    fn speech(&self, theirs: u32) -> Speech {
        let quality = self.quality();
        let heard = quality.heard;
        let late = quality.decoded.late;
        let of_256 = |part: u64| {
            (part * 256).checked_div(heard.packets + heard.lost).unwrap_or_default().min(255) as u8
        };
        let (density, packet) = self.reception.bursts();
        let millis = |span: Duration| span.as_millis().min(u16::MAX.into()) as u16;
        let codec = self.tuning.map_or(Codec::Pcmu, |tuning| tuning.codec);
        let counts = (heard.packets, heard.lost + late);
        let one_way = quality.told.round_trip.unwrap_or_default() / 2 + quality.delay;
        Speech {
            ssrc: theirs,
            lost: of_256(heard.lost),
            discarded: of_256(late),
            density,
            packet,
            round_trip: quality.told.round_trip.map(millis).unwrap_or_default(),
            delay: self.ear.as_ref().map(|_| millis(quality.delay)),
            rating: score::rating(codec, counts, one_way).map(|rating| rating.round() as u8),
            listening: Mos::estimate(codec, counts, Duration::ZERO).map(Mos::tenths),
            conversing: quality.mos.map(Mos::tenths),
        }
    }

    /// Tells the far end, if it has heard us, that it will hear no more.
    pub fn say_goodbye(&mut self, now: Instant, outbox: &mut Outbox) {
        let sent = self.stream.sent(now);
        if let Some(to) = self.reports_to().filter(|_| sent.packets > 0) {
            let srtp = self.srtp.as_deref_mut();
            outbox.push((self.leg, Channel::Rtcp), to, srtp, |out| write_goodbye(sent, out));
        }
    }

    /// What all its ears together have done.
    #[must_use]
    pub fn decoded_so_far(&self) -> Figures {
        let now = self.ear.as_ref().map(|ear| ear.figures()).unwrap_or_default();
        let Figures { frames, concealed, late } = self.decoded;
        Figures {
            frames: frames + now.frames,
            concealed: concealed + now.concealed,
            late: late + now.late,
        }
    }

    #[must_use]
    pub fn quality(&self) -> Quality {
        let (heard, told, decoded) =
            (self.reception.heard(), self.reports.told(), self.decoded_so_far());
        let delay = self.ear.as_ref().map(|ear| ear.delay()).unwrap_or_default();
        let one_way = told.round_trip.unwrap_or_default() / 2 + delay;
        let mos = self.tuning.and_then(|tuning| {
            Mos::estimate(tuning.codec, (heard.packets, heard.lost + decoded.late), one_way)
        });
        let (strangers, malformed) = (self.strangers, self.malformed);
        let (forged, replayed) = (self.forged, self.replayed);
        Quality { heard, told, decoded, delay, mos, strangers, malformed, forged, replayed }
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
