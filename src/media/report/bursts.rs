//! How losses lie together: in bursts, or one by one in the gaps between them (RFC 3611 4.7.2).

/// So many packets must have come between two losses for them not to belong to one burst.
const GAP: u32 = 16;

/// Counts the transitions of RFC 3611 A.2's four states: 1 is received in a gap, 4 lost in a gap, 2
/// received in a burst, 3 lost in a burst.
#[derive(Clone, Copy, Debug, Default)]
pub struct Bursts {
    /// Packets since the last loss, and losses of the burst so far.
    since: u32,
    lost: u32,
    /// From the state of the first digit to that of the second.
    c11: u32,
    c13: u32,
    c14: u32,
    c22: u32,
    c23: u32,
    c33: u32,
}

/// What has been counted, as a report has it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Density {
    /// Part of the packets lost in bursts and in gaps, in 1/256.
    pub in_bursts: u8,
    pub in_gaps: u8,
    /// How many packets a burst and a gap are long, on average; a burst of none if there was none.
    pub burst: u32,
    pub gap: u32,
}

impl Bursts {
    pub fn received(&mut self) {
        self.since = self.since.saturating_add(1);
    }

    pub fn lost(&mut self) {
        if self.since >= GAP {
            if self.lost == 1 {
                self.c14 += 1;
            } else {
                self.c13 += 1;
            }
            self.lost = 1;
            self.c11 = self.c11.saturating_add(self.since);
        } else {
            self.lost += 1;
            if self.since == 0 {
                self.c33 += 1;
            } else {
                self.c23 += 1;
                self.c22 += self.since - 1;
            }
        }
        self.since = 0;
    }

    #[must_use]
    pub fn density(&self) -> Density {
        let [c11, c13, c14] =
            [self.c11.saturating_add(self.since), self.c13, self.c14].map(f64::from);
        let [c22, c23, c33] = [self.c22, self.c23, self.c33].map(f64::from);
        // As often out of a burst as into one.
        let (c31, c32) = (c13, c23);
        let whole = c11 + c14 + c13 + c22 + c23 + c31 + c32 + c33;
        let p32 = if c31 + c32 + c33 > 0.0 { c32 / (c31 + c32 + c33) } else { 0.0 };
        let p23 = if c22 + c23 < 1.0 { 1.0 } else { 1.0 - c22 / (c22 + c23) };
        let of_256 = |part: f64| (256.0 * part).clamp(0.0, 255.0) as u8;
        let bursts = c13.max(1.0);
        let gap = (c11 + c14 + c13) / bursts;
        let has_bursts = c33 + c23 > 0.0;
        Density {
            in_bursts: if has_bursts { of_256(p23 / (p23 + p32)) } else { 0 },
            in_gaps: if c11 + c14 > 0.0 { of_256(c14 / (c11 + c14)) } else { 0 },
            burst: if has_bursts { (whole / bursts - gap).max(0.0) as u32 } else { 0 },
            gap: gap as u32,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(packets: impl Iterator<Item = bool>) -> Density {
        let mut bursts = Bursts::default();
        packets.for_each(|came| if came { bursts.received() } else { bursts.lost() });
        bursts.density()
    }

    #[test]
    fn losses_far_from_each_other_are_no_bursts() {
        let density = of((0..10_000).map(|at| at % 50 != 49));
        assert_eq!((density.in_bursts, density.burst), (0, 0));
        assert!((4..=6).contains(&density.in_gaps), "{density:?}");
        assert_eq!(of((0..500).map(|_| true)), Density { gap: 500, ..Density::default() });
        assert_eq!(Bursts::default().density(), Density::default());
    }

    #[test]
    fn losses_near_each_other_are_bursts_of_their_length_and_density() {
        // Every four seconds ten packets of which every second is lost.
        let density = of((0..20_000).map(|at| at % 200 >= 10 || at % 2 == 0));
        assert!((110..=160).contains(&density.in_bursts), "{density:?}");
        assert!((7..=11).contains(&density.burst), "{density:?}");
        assert!((180..=195).contains(&density.gap), "{density:?}");
        assert!(density.in_gaps <= 1, "{density:?}");
    }
}
