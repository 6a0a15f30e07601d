//! How one leg of a call sounded (P30).

use serde::{Deserialize, Serialize};

/// From the leg's first packet to its end, as RTP and RTCP tell it (RFC 3550 6.4, A.3, A.8).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct LegQuality {
    /// What came in of the far end's sound, and what never did.
    pub packets: u64,
    pub lost: u64,
    /// Frames of 20 ms that came too late to be heard.
    pub late: u64,
    /// At the end of the leg.
    pub jitter_ms: u32,
    /// How long sound waited here for late packets.
    pub delay_ms: u32,
    /// There and back, as the far end's reports show it; none: it sent none.
    pub round_trip_ms: Option<u32>,
    /// What the far end said it had lately lost of our sound, in percent; none: it sent no report.
    pub lost_there_percent: Option<u8>,
    /// Mean opinion score by the E-model (ITU-T G.107) in hundredths, 100 to 450; none until
    /// enough has been heard to estimate it.
    pub mos_hundredths: Option<u16>,
}

impl LegQuality {
    /// Of the far end's packets, in tenths of a percent; none: nothing was to come.
    #[must_use]
    pub fn lost_permille(&self) -> Option<u64> {
        let whole = self.packets.saturating_add(self.lost);
        self.lost.saturating_mul(1_000).checked_div(whole)
    }

    /// `4.20`
    #[must_use]
    pub fn mos(&self) -> Option<String> {
        let mos = self.mos_hundredths?;
        Some(format!("{}.{:02}", mos / 100, mos % 100))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_leg_that_nothing_came_from_has_lost_nothing() {
        assert_eq!(LegQuality::default().lost_permille(), None);
        let lossy = LegQuality { packets: 985, lost: 15, ..LegQuality::default() };
        assert_eq!(lossy.lost_permille(), Some(15));
        let scored = LegQuality { mos_hundredths: Some(405), ..lossy };
        assert_eq!((lossy.mos(), scored.mos()), (None, Some("4.05".to_owned())));
    }
}
