//! The clips that are coded once for all who hear them; together they take a bounded place.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::audio::clip::Clip;
use crate::media::clip::pressing::Pressing;
use crate::media::cuts::Cuts;
use crate::media::voice::Form;

/// Octets of all of them: half an hour of G.722, or more than an hour of Opus.
const MOST_OCTETS: usize = 16 << 20;
const MOST: usize = 256;
/// One that nobody has heard for so long may be thrown away for another.
const IDLE: Duration = Duration::from_secs(1);

#[derive(Debug, Default)]
pub struct Pressings {
    held: BTreeMap<Label, Pressing>,
}

/// What must be the same for two to hear the same packets. A clip's address stays its own while its
/// pressing remembers it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Label {
    clip: usize,
    form: Form,
    loss: u8,
    cut: (usize, usize),
}

impl Pressings {
    /// A packet of the clip, empty where nobody speaks; `None` if this hearer must be spoken to by a
    /// voice of its own.
    pub fn packet(
        &mut self,
        (clip, cuts, index): (&Arc<Clip>, Cuts, usize),
        (form, loss): (Form, u8),
        now: Instant,
    ) -> Option<&[u8]> {
        let cut = (cuts.count(), cuts.packet());
        let label = Label { clip: Arc::as_ptr(clip).addr(), form, loss, cut };
        if !self.held.get(&label).is_some_and(|held| held.is_of(clip, cuts)) {
            self.make_room(Pressing::estimate(clip, form, cuts), now)?;
            self.held.insert(label, Pressing::new(clip, form, loss, cuts, now)?);
        }
        self.held.get_mut(&label)?.packet(clip, index, now)
    }

    fn make_room(&mut self, octets: usize, now: Instant) -> Option<()> {
        self.held.retain(|_, pressing| !pressing.is_forgotten());
        loop {
            let weight: usize = self.held.values().map(Pressing::weight).sum();
            if self.held.len() < MOST && weight + octets <= MOST_OCTETS {
                return Some(());
            }
            let idle = |used: Instant| now.saturating_duration_since(used) >= IDLE;
            let all = self.held.iter().map(|(label, pressing)| (pressing.used(), *label));
            let (_, oldest) = all.filter(|(used, _)| idle(*used)).min()?;
            self.held.remove(&oldest);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock;
    use crate::media::codec::{Codec, OpusTerms};

    const FORM: Form = Form { codec: Codec::G722, terms: OpusTerms::DEFAULT, ptime: 20 };

    fn minutes(minutes: usize) -> Arc<Clip> {
        Arc::new(Clip::new(16_000, vec![0; minutes * 60 * 16_000]))
    }

    fn take(pressings: &mut Pressings, clip: &Arc<Clip>, index: usize, now: Instant) -> bool {
        let cuts = Cuts::new(clip.linear().1.len(), 16_000, 20, false).unwrap();
        pressings.packet((clip, cuts, index), (FORM, 0), now).is_some()
    }

    #[test]
    fn the_place_is_bounded_and_the_oldest_idle_one_gives_way() {
        let mut now = clock::now().ticks;
        let mut pressings = Pressings::default();
        let (one, other, third, long) = (minutes(14), minutes(14), minutes(14), minutes(40));
        assert!(take(&mut pressings, &one, 0, now) && take(&mut pressings, &other, 0, now));
        assert!(!take(&mut pressings, &third, 0, now), "both are being heard");
        now += IDLE;
        assert!(take(&mut pressings, &other, 1, now) && take(&mut pressings, &third, 0, now));
        assert_eq!(pressings.held.len(), 2);
        assert!(!take(&mut pressings, &one, 1, now) && take(&mut pressings, &other, 2, now));
        now += IDLE;
        assert!(!take(&mut pressings, &long, 0, now), "one that can never fit");
    }

    #[test]
    fn what_nobody_can_hear_any_more_is_forgotten_and_many_are_too_many() {
        let now = clock::now().ticks;
        let mut pressings = Pressings::default();
        let clips: Vec<_> = (0..MOST).map(|_| Arc::new(Clip::new(16_000, vec![9; 320]))).collect();
        assert!(clips.iter().all(|clip| take(&mut pressings, clip, 0, now)));
        let another = Arc::new(Clip::new(16_000, vec![9; 320]));
        assert!(!take(&mut pressings, &another, 0, now));
        drop(clips);
        assert!(take(&mut pressings, &another, 0, now));
        assert_eq!(pressings.held.len(), 1);
    }

    #[test]
    fn the_coder_stays_with_who_leads_and_moves_when_it_is_idle() {
        let mut now = clock::now().ticks;
        let mut pressings = Pressings::default();
        let clip = minutes(1);
        assert!((0..50).all(|index| take(&mut pressings, &clip, index, now)));
        assert!(!take(&mut pressings, &clip, 100, now), "others are spoken to live");
        assert!(take(&mut pressings, &clip, 49, now) && take(&mut pressings, &clip, 50, now));
        now += IDLE;
        assert!(take(&mut pressings, &clip, 100, now) && take(&mut pressings, &clip, 101, now));
        assert!(!take(&mut pressings, &clip, 51, now));
    }
}
