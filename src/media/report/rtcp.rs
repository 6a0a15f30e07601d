//! Reports about streams, sent and read (RFC 3550 6).

use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use rtcp_types::prelude::{RtcpPacketParser, RtcpPacketWriter, RtcpPacketWriterExt};
use rtcp_types::{
    Bye, ReceiverReport, ReportBlock, ReportBlockBuilder, RtcpWriteError, Sdes, SdesChunk,
    SdesItem, SenderReport,
};

use crate::media::packet::LARGEST;
use crate::media::report::extended::{self, ExtendedTerms, Reference, Speech};
use crate::media::report::reception::Account;
use crate::media::stream::Sent;
use crate::time::Moment;

/// RFC 3550 6.2: the recommended minimum between reports.
const INTERVAL: Duration = Duration::from_secs(5);
/// RFC 3550 6.3.1 spreads intervals, so that phones started together do not report together.
const SPREAD: Duration = Duration::from_secs(2);
/// Packets of one datagram that are looked at, and blocks of one packet.
const MOST_PARTS: usize = 16;
/// Seconds from 1900 to 1970 (RFC 5905 6).
const NTP_TO_UNIX: u64 = 2_208_988_800;
/// A round trip longer than this is a wrong clock.
const MOST_PLAUSIBLE: Duration = Duration::from_secs(30);

/// The reports of one leg.
#[derive(Debug)]
pub struct Reports {
    due: Instant,
    /// Middle of the last sender report's time stamp, and when it came.
    last_heard: Option<(u32, Instant)>,
    packets_reported: u32,
    /// The far end's reference time, for those that only listen (RFC 3611 4.4).
    reference: Option<Reference>,
    told: Told,
}

/// What the far end has said about our stream.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Told {
    pub round_trip: Option<Duration>,
    /// In 1/256 between its last two reports.
    pub fraction_lost: u8,
    /// The same, as losses lately may come again: it rises at once and halves with each report.
    pub may_lose: u8,
    /// In timestamp ticks.
    pub jitter: u32,
}

impl Told {
    /// Part of our packets that was lost, in whole percent, rounded up.
    #[must_use]
    pub fn percent_lost(&self) -> u8 {
        percent(self.fraction_lost)
    }

    /// Part of our packets that may be lost next, in whole percent, rounded up.
    #[must_use]
    pub fn percent_to_lose(&self) -> u8 {
        percent(self.may_lose)
    }
}

impl Reports {
    #[must_use]
    pub fn new(lot: u64, now: Instant) -> Self {
        let due = now + INTERVAL / 2 + spread(lot) / 2;
        let (last_heard, reference) = (None, None);
        Self { due, last_heard, packets_reported: 0, reference, told: Told::default() }
    }

    #[must_use]
    pub fn due(&self) -> Instant {
        self.due
    }

    #[must_use]
    pub fn told(&self) -> Told {
        self.told
    }

    /// Writes the report that is due and returns its length, 0 if it could not be written.
    pub fn write(
        &mut self,
        (sent, heard): (Sent, Option<Account>),
        lot: u64,
        now: Moment,
        datagram: &mut [u8; LARGEST],
    ) -> usize {
        self.due = now.ticks + INTERVAL - SPREAD / 2 + spread(lot);
        let block = heard.map(|account| self.block(account, now.ticks));
        let talking = sent.packets != self.packets_reported;
        self.packets_reported = sent.packets;
        let written = if talking {
            let report = SenderReport::builder(sent.ssrc)
                .ntp_timestamp(ntp(now.wall))
                .rtp_timestamp(sent.timestamp)
                .packet_count(sent.packets)
                .octet_count(sent.octets);
            let report = block.into_iter().fold(report, |report, b| report.add_report_block(b));
            compound(&report, sent, datagram)
        } else {
            let report = ReceiverReport::builder(sent.ssrc);
            let report = block.into_iter().fold(report, |report, b| report.add_report_block(b));
            compound(&report, sent, datagram)
        };
        written.unwrap_or_default()
    }

    /// Appends to a report of `length` octets the extended one that is asked for, and returns the
    /// length of both.
    pub fn extend(
        &self,
        terms: ExtendedTerms,
        (ours, theirs): (u32, Option<u32>),
        speech: Option<Speech>,
        (length, now): (usize, Moment),
        datagram: &mut [u8; LARGEST],
    ) -> usize {
        if length == 0 {
            return 0;
        }
        let reference = self.reference.zip(theirs).map(|((time, at), theirs)| {
            let since = (now.ticks.saturating_duration_since(at).as_micros() << 16) / 1_000_000;
            (theirs, time, since.try_into().unwrap_or(u32::MAX))
        });
        let rest = &mut datagram[length..];
        length + extended::write(terms, (ours, ntp(now.wall)), reference, speech, rest)
    }

    /// Reads what the far end, known by `theirs`, reports about our stream `ours`. Returns
    /// whether anything in it was its own.
    pub fn read(&mut self, data: &[u8], (ours, theirs): (u32, Option<u32>), now: Moment) -> bool {
        let mut own = false;
        for part in (Parts { rest: data }).take(MOST_PARTS) {
            let is_theirs = |ssrc: u32| theirs.is_none_or(|theirs| theirs == ssrc);
            if let Ok(report) = SenderReport::parse(part)
                && is_theirs(report.ssrc())
            {
                own = true;
                self.last_heard = Some(((report.ntp_timestamp() >> 16) as u32, now.ticks));
                report.report_blocks().take(MOST_PARTS).for_each(|b| self.take(&b, ours, now));
            } else if let Ok(report) = ReceiverReport::parse(part)
                && is_theirs(report.ssrc())
            {
                own = true;
                report.report_blocks().take(MOST_PARTS).for_each(|b| self.take(&b, ours, now));
            } else if let Some((ssrc, said)) = extended::read(part, ours)
                && is_theirs(ssrc)
            {
                own = true;
                self.reference = said.reference.map(|time| (time, now.ticks)).or(self.reference);
                self.note_trip(said.delay, now);
            }
        }
        own
    }

    fn take(&mut self, block: &ReportBlock<'_>, ours: u32, now: Moment) {
        if block.ssrc() != ours {
            return;
        }
        self.told.fraction_lost = block.fraction_lost();
        self.told.may_lose = block.fraction_lost().max(self.told.may_lose / 2);
        self.told.jitter = block.interarrival_jitter();
        let asked = block.last_sender_report_timestamp();
        let kept = block.delay_since_last_sender_report_timestamp();
        self.note_trip((asked != 0).then_some((asked, kept)), now);
    }

    /// The far end has kept a time of ours so long before it said so.
    fn note_trip(&mut self, kept: Option<(u32, u32)>, now: Moment) {
        let Some((asked, kept)) = kept else { return };
        // RFC 3550 6.4.1: arrival less LSR less DLSR, in 1/65536 s.
        let units = ((ntp(now.wall) >> 16) as u32).wrapping_sub(asked).wrapping_sub(kept);
        let trip = Duration::from_micros((u64::from(units) * 1_000_000) >> 16);
        if trip <= MOST_PLAUSIBLE {
            self.told.round_trip = Some(trip);
        }
    }

    fn block(&self, account: Account, now: Instant) -> ReportBlockBuilder {
        let block = ReportBlock::builder(account.ssrc)
            .fraction_lost(account.fraction_lost)
            .cumulative_lost(account.cumulative_lost)
            .extended_sequence_number(account.highest)
            .interarrival_jitter(account.jitter);
        let Some((stamp, at)) = self.last_heard else { return block };
        let since = (now.saturating_duration_since(at).as_micros() << 16) / 1_000_000;
        block
            .last_sender_report_timestamp(stamp)
            .delay_since_last_sender_report_timestamp(since.try_into().unwrap_or(u32::MAX))
    }
}

/// Writes that our stream has ended (RFC 3550 6.6) and returns the length, 0 if it cannot be.
pub fn write_goodbye(sent: Sent, datagram: &mut [u8; LARGEST]) -> usize {
    let bye = Bye::builder().add_source(sent.ssrc);
    let written = compound(&ReceiverReport::builder(sent.ssrc), sent, datagram)
        .and_then(|length| Ok(length + bye.write_into(&mut datagram[length..])?));
    written.unwrap_or_default()
}

/// The packets of one datagram, each as long as its header says (RFC 3550 6.1). Only those that
/// are reports are looked into.
struct Parts<'a> {
    rest: &'a [u8],
}

impl<'a> Iterator for Parts<'a> {
    type Item = &'a [u8];

    fn next(&mut self) -> Option<Self::Item> {
        let words = u16::from_be_bytes(self.rest.get(2..4)?.try_into().ok()?);
        let (part, rest) = self.rest.split_at_checked((usize::from(words) + 1) * 4)?;
        self.rest = rest;
        Some(part)
    }
}

/// Every datagram names its source after the report (RFC 3550 6.1).
fn compound(
    report: &impl RtcpPacketWriter,
    sent: Sent,
    datagram: &mut [u8; LARGEST],
) -> Result<usize, RtcpWriteError> {
    // RFC 7022 4.2: a short-term name without anything of the host in it.
    let name = format!("{:08x}@naru", sent.ssrc);
    let named = SdesChunk::builder(sent.ssrc).add_item(SdesItem::builder(SdesItem::CNAME, &name));
    let length = report.write_into(datagram)?;
    let rest = Sdes::builder().add_chunk(named).write_into(&mut datagram[length..])?;
    Ok(length + rest)
}

fn percent(of_256: u8) -> u8 {
    (u16::from(of_256) * 100).div_ceil(256) as u8
}

/// Seconds since 1900 in 32.32 bits, wrapping in 2036 as RFC 5905 has it.
fn ntp(wall: SystemTime) -> u64 {
    let since = wall.duration_since(UNIX_EPOCH).unwrap_or_default();
    let seconds = since.as_secs().wrapping_add(NTP_TO_UNIX) & u64::from(u32::MAX);
    let fraction = (u64::from(since.subsec_nanos()) << 32) / 1_000_000_000;
    (seconds << 32) | fraction
}

fn spread(lot: u64) -> Duration {
    Duration::from_millis(lot % SPREAD.as_millis() as u64)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::clock;

    fn sent(ssrc: u32, packets: u32) -> Sent {
        Sent { ssrc, timestamp: 800, packets, octets: packets * 160 }
    }

    fn account(ssrc: u32) -> Account {
        Account { ssrc, fraction_lost: 13, cumulative_lost: 0xff_fffe, highest: 9, jitter: 24 }
    }

    #[test]
    fn two_sides_tell_each_other_the_round_trip() {
        let start = clock::now();
        let (mut ours, mut theirs) = (Reports::new(0, start.ticks), Reports::new(0, start.ticks));
        let mut datagram = [0; LARGEST];
        let length = ours.write((sent(1, 10), None), 0, start, &mut datagram);
        assert!(theirs.read(
            &datagram[..length],
            (2, Some(1)),
            start.after(Duration::from_millis(30))
        ));
        let later = start.after(Duration::from_secs(1));
        let length = theirs.write((sent(2, 10), Some(account(1))), 0, later, &mut datagram);
        assert!(ours.read(&datagram[..length], (1, None), later.after(Duration::from_millis(20))));
        let told = ours.told();
        assert_eq!((told.fraction_lost, told.jitter), (13, 24));
        let trip = told.round_trip.unwrap();
        assert!((49..=51).contains(&trip.as_millis()), "{trip:?}");
    }

    #[test]
    fn one_good_report_does_not_end_the_repair() {
        let now = clock::now();
        let (mut ours, mut theirs) = (Reports::new(0, now.ticks), Reports::new(0, now.ticks));
        let mut told = |fraction_lost: u8| {
            let mut datagram = [0; LARGEST];
            let account = Account { fraction_lost, ..account(1) };
            let length = theirs.write((sent(2, 10), Some(account)), 0, now, &mut datagram);
            assert!(ours.read(&datagram[..length], (1, None), now));
            ours.told().percent_to_lose()
        };
        let percents = [0, 51, 0, 13, 0, 0, 0, 0].map(&mut told);
        assert_eq!(percents, [0, 20, 10, 6, 3, 2, 1, 0]);
    }

    #[test]
    fn who_has_not_sent_only_reports_what_it_heard() {
        let now = clock::now();
        let mut reports = Reports::new(7, now.ticks);
        let mut datagram = [0; LARGEST];
        let length = reports.write((sent(1, 0), Some(account(2))), 900, now, &mut datagram);
        assert_eq!(datagram[1], 201);
        assert!(length > 32);
        let wait = reports.due() - now.ticks;
        assert!((4..=6).contains(&wait.as_secs()), "{wait:?}");
    }

    #[test]
    fn a_report_in_another_name_is_nobodys() {
        let now = clock::now();
        let mut reports = Reports::new(0, now.ticks);
        let mut datagram = [0; LARGEST];
        let length = reports.write((sent(9, 5), None), 0, now, &mut datagram);
        assert!(!reports.read(&datagram[..length], (9, Some(2)), now));
    }

    #[test]
    fn a_goodbye_names_its_stream() {
        let mut datagram = [0; LARGEST];
        let length = write_goodbye(sent(9, 5), &mut datagram);
        let parts: Vec<_> = Parts { rest: &datagram[..length] }.collect();
        assert_eq!(parts.iter().map(|part| part[1]).collect::<Vec<_>>(), [201, 202, 203]);
        assert_eq!(parts[2], [0x81, 203, 0, 1, 0, 0, 0, 9]);
    }

    proptest! {
        #[test]
        fn no_bytes_panic(
            mut data in proptest::collection::vec(any::<u8>(), 0..300),
            kind in 199_u8..210,
            words in 0_u8..80,
        ) {
            let now = clock::now();
            let mut reports = Reports::new(0, now.ticks);
            reports.read(&data, (1, None), now);
            for (at, byte) in [0x81, kind, 0, words].into_iter().enumerate().take(data.len()) {
                data[at] = byte;
            }
            reports.read(&data, (1, None), now);
        }
    }
}
