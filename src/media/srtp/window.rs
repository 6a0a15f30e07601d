//! Which packets of a stream have been seen: their whole index, and whether one comes again
//! (RFC 3711 3.3.1, 3.3.2).

/// How far back a packet may come and still be told from a copy; RFC 3711 3.3.2 asks for 64.
const WIDTH: u64 = 128;

/// Follows the index of one stream: what a packet carries of it, and its turns above.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Window {
    /// `None` before the first packet.
    highest: Option<u64>,
    /// Bit n stands for the packet n below the highest.
    seen: u128,
}

impl Window {
    /// The index of a packet with this sequence number; `None` when it is from before the beginning.
    #[must_use]
    pub fn index(&self, sequence: u16) -> Option<u64> {
        let Some(highest) = self.highest else { return Some(u64::from(sequence)) };
        let (turn, last) = (highest >> 16, highest as u16);
        let turn = if last < 0x8000 && sequence.wrapping_sub(last) >= 0x8000 && sequence > last {
            turn.checked_sub(1)?
        } else if last >= 0x8000 && sequence < last - 0x8000 {
            turn + 1
        } else {
            turn
        };
        Some(turn << 16 | u64::from(sequence))
    }

    /// Whether nothing has come yet.
    #[must_use]
    pub fn is_new(&self) -> bool {
        self.highest.is_none()
    }

    /// Whether a packet with this index is the first with it, as far as is remembered.
    #[must_use]
    pub fn is_fresh(&self, index: u64) -> bool {
        match self.highest {
            Some(highest) if index <= highest => {
                highest - index < WIDTH && self.seen & (1 << (highest - index)) == 0
            }
            Some(_) | None => true,
        }
    }

    /// The packet has been found genuine.
    pub fn take(&mut self, index: u64) {
        let Some(highest) = self.highest.filter(|highest| index <= *highest) else {
            let ahead = self.highest.map_or(WIDTH, |highest| index - highest);
            let before = u32::try_from(ahead).ok().and_then(|ahead| self.seen.checked_shl(ahead));
            (self.highest, self.seen) = (Some(index), before.unwrap_or(0) | 1);
            return;
        };
        if highest - index < WIDTH {
            self.seen |= 1 << (highest - index);
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn turns_are_counted_and_late_packets_belong_to_the_turn_before() {
        let mut window = Window::default();
        window.take(65_534);
        assert_eq!(window.index(65_535), Some(65_535));
        assert_eq!(window.index(1), Some(65_537));
        window.take(65_537);
        assert_eq!(window.index(65_535), Some(65_535));
        assert_eq!(window.index(2), Some(65_538));
        let mut young = Window::default();
        young.take(3);
        assert_eq!(young.index(65_535), None, "before the beginning");
    }

    #[test]
    fn a_copy_and_what_is_too_old_are_not_fresh() {
        let mut window = Window::default();
        for index in [10, 12, 11] {
            assert!(window.is_fresh(index));
            window.take(index);
        }
        assert!(!window.is_fresh(10) && !window.is_fresh(11) && !window.is_fresh(12));
        assert!(window.is_fresh(9) && window.is_fresh(13));
        window.take(200);
        assert!(!window.is_fresh(72) && window.is_fresh(73));
    }

    proptest! {
        /// Whatever order packets come in: each is taken once, under its right index.
        #[test]
        fn a_shuffled_stream_is_taken_once(
            start in 0_u64..0x8000,
            delays in proptest::collection::vec(0_u64..60, 2_000),
        ) {
            let mut window = Window::default();
            let mut arrivals: Vec<(u64, u64)> =
                (0..2_000_u64).map(|at| (at + delays[at as usize], at * 97)).collect();
            arrivals.sort_unstable();
            let mut first = true;
            for (_, at) in arrivals {
                let index = start + at;
                // The first to come fixes the turn, as on a real line.
                if first && index > 0xffff { continue; }
                let guessed = window.index(index as u16);
                if guessed.is_none() { continue; }
                first = false;
                prop_assert_eq!(guessed, Some(index));
                if window.is_fresh(index) {
                    window.take(index);
                    prop_assert!(!window.is_fresh(index));
                }
            }
        }
    }
}
