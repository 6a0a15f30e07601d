//! How a leg's sound has fared.

use std::time::Duration;

use crate::media::ear::Figures;
use crate::media::report::reception::Heard;
use crate::media::report::rtcp::Told;
use crate::media::report::score::Mos;

/// Loss, jitter, delay and what they mean, from the leg's first packet on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Quality {
    /// What we have heard of it.
    pub heard: Heard,
    /// What it says of us.
    pub told: Told,
    /// What became of it where it was decoded, in frames of 20 ms.
    pub decoded: Figures,
    /// How long sound has waited for late packets.
    pub delay: Duration,
    /// How the leg sounds to whoever hears it, as far as we can tell; empty until measured.
    pub mos: Option<Mos>,
    /// Datagrams on its ports that were not its own, and those that were no RTP.
    pub strangers: u64,
    pub malformed: u64,
    /// Encrypted datagrams whose seal did not fit, and copies of earlier ones.
    pub forged: u64,
    pub replayed: u64,
}
