//! How legs sounded, brought together with their calls: media tells it when the leg is closed, a
//! little before or after the call's record is made.

use std::collections::BTreeMap;
use std::time::Duration;

use crate::history::call_id::CallId;
use crate::history::call_record::CallRecord;
use crate::history::known_quality::KnownQuality;
use crate::history::leg_quality::LegQuality;
use crate::leg::LegId;
use crate::media::report::quality::Quality;

/// Legs that wait for their other half; more than end within a second of the busiest office.
const MOST: usize = 4_096;

#[derive(Debug, Default)]
pub(crate) struct Qualities {
    /// Legs of calls that are over and whose sound is not told yet; none: nobody answered on it.
    calls: BTreeMap<LegId, Option<CallId>>,
    /// Told before the call was over.
    early: BTreeMap<LegId, LegQuality>,
}

impl Qualities {
    /// The call is over; what is known of its legs.
    pub(crate) fn call_ended(&mut self, record: &CallRecord) -> Vec<KnownQuality> {
        let mut known = Vec::new();
        for leg in &record.legs {
            let call = leg.answered.map(|_| record.id);
            match (self.early.remove(&leg.leg), call) {
                (Some(quality), Some(call)) => {
                    known.push(KnownQuality { call, leg: leg.leg, quality });
                }
                (Some(_), None) => {}
                (None, call) => put(&mut self.calls, leg.leg, call),
            }
        }
        known
    }

    /// The leg is closed.
    pub(crate) fn sounded(&mut self, leg: LegId, quality: &Quality) -> Option<KnownQuality> {
        let quality = plain(quality);
        match self.calls.remove(&leg) {
            Some(call) => call.map(|call| KnownQuality { call, leg, quality }),
            None => {
                put(&mut self.early, leg, quality);
                None
            }
        }
    }
}

fn put<T>(map: &mut BTreeMap<LegId, T>, leg: LegId, value: T) {
    map.insert(leg, value);
    if map.len() > MOST {
        map.pop_first();
    }
}

fn plain(quality: &Quality) -> LegQuality {
    let millis = |time: Duration| u32::try_from(time.as_millis()).unwrap_or(u32::MAX);
    let told = &quality.told;
    LegQuality {
        packets: quality.heard.packets,
        lost: quality.heard.lost,
        late: quality.decoded.late,
        jitter_ms: millis(quality.heard.jitter),
        delay_ms: millis(quality.delay),
        round_trip_ms: told.round_trip.map(millis),
        // The round trip is told by the same reports.
        lost_there_percent: told.round_trip.map(|_| told.percent_lost()),
        mos_hundredths: quality.mos.map(|mos| mos.hundredths()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::history::call_record::{Clocks, Direction, LegRecord};
    use crate::media::report::reception::Heard;

    fn record(id: u64, answered: Option<i64>) -> CallRecord {
        let leg = LegRecord {
            leg: LegId::arrived(id),
            party: "101".to_owned(),
            agent: None,
            started: 1,
            ringing: None,
            answered,
            ended: Some(9),
            cause: None,
            quality: None,
        };
        CallRecord {
            id: CallId(id),
            direction: Direction::Internal,
            from: String::new(),
            from_name: String::new(),
            to: String::new(),
            number: None,
            conversation: None,
            presented: None,
            started: 1,
            first_waiting: None,
            first_ring: None,
            engaged: None,
            ended: Some(9),
            outcome: None,
            missed_reason: None,
            cause: None,
            agent: None,
            clocks: Clocks::default(),
            voicemail: false,
            legs: vec![leg],
            trail: Vec::new(),
        }
    }

    fn heard(packets: u64) -> Quality {
        Quality { heard: Heard { packets, ..Heard::default() }, ..Quality::default() }
    }

    /// P30: whichever comes first, the leg's sound finds its call, once.
    #[test]
    fn sound_and_record_meet_in_either_order() {
        let mut qualities = Qualities::default();
        assert!(qualities.call_ended(&record(1, Some(2))).is_empty());
        let known = qualities.sounded(LegId::arrived(1), &heard(7)).unwrap();
        assert_eq!((known.call, known.quality.packets), (CallId(1), 7));
        assert_eq!(qualities.sounded(LegId::arrived(2), &heard(8)), None);
        let known = qualities.call_ended(&record(2, Some(2)));
        assert_eq!((known.len(), known[0].quality.packets), (1, 8));
        // Nobody answered: there is nothing to tell.
        assert!(qualities.call_ended(&record(3, None)).is_empty());
        assert_eq!(qualities.sounded(LegId::arrived(3), &heard(0)), None);
        assert!(qualities.calls.is_empty() && qualities.early.is_empty());
    }

    #[test]
    fn halves_that_never_meet_are_forgotten() {
        let mut qualities = Qualities::default();
        for leg in 0..10_000 {
            qualities.sounded(LegId::placed(leg), &heard(1));
            qualities.call_ended(&record(leg, Some(2)));
        }
        assert!(qualities.calls.len() <= MOST && qualities.early.len() <= MOST);
    }
}
