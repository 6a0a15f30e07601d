//! The codecs that streams speak, by their RTP names (RFC 3551, RFC 7587).

use crate::audio::g711::Law;

/// One way to carry speech in RTP.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Codec {
    /// G.711 µ-law, 8 kHz.
    Pcmu,
    /// G.711 A-law, 8 kHz.
    Pcma,
    /// G.722 at 64 kbit/s, 16 kHz.
    G722,
    /// Opus, mono, at whatever bandwidth its source has.
    Opus,
}

impl Codec {
    /// In the order we offer them when nobody prefers another.
    pub const ALL: [Self; 4] = [Self::Pcmu, Self::Pcma, Self::G722, Self::Opus];

    /// The static payload type (RFC 3551 table 4), or the dynamic one of our own offers.
    #[must_use]
    pub fn payload_type(self) -> u8 {
        match self {
            Self::Pcmu => 0,
            Self::Pcma => 8,
            Self::G722 => 9,
            Self::Opus => 111,
        }
    }

    /// Whether the payload type means this codec without a word in the session description.
    #[must_use]
    pub fn is_static(self) -> bool {
        self.payload_type() < 96
    }

    /// The encoding name of `a=rtpmap`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Pcmu => "PCMU",
            Self::Pcma => "PCMA",
            Self::G722 => "G722",
            Self::Opus => "opus",
        }
    }

    /// Ticks of the RTP clock a second. G.722 counts 8,000 though it samples twice as fast
    /// (RFC 3551 4.5.2); Opus always counts 48,000 (RFC 7587 4.1).
    #[must_use]
    pub fn clock(self) -> u32 {
        match self {
            Self::Pcmu | Self::Pcma | Self::G722 => 8_000,
            Self::Opus => 48_000,
        }
    }

    /// Samples a second of the sound it can carry.
    #[must_use]
    pub fn rate(self) -> u32 {
        match self {
            Self::Pcmu | Self::Pcma => 8_000,
            Self::G722 => 16_000,
            Self::Opus => 48_000,
        }
    }

    /// The companding law, if it is G.711.
    #[must_use]
    pub fn law(self) -> Option<Law> {
        match self {
            Self::Pcmu => Some(Law::Mu),
            Self::Pcma => Some(Law::A),
            Self::G722 | Self::Opus => None,
        }
    }

    /// Whether its packets can be sent on as `other` without being heard.
    #[must_use]
    pub fn agrees(self, other: Self) -> bool {
        self == other || self.law().is_some() && other.law().is_some()
    }
}

/// What the far end asks of the Opus it is sent (RFC 7587 6.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct OpusTerms {
    /// It can use in-band forward error correction.
    pub fec: bool,
    /// It wants nothing sent while nobody speaks.
    pub dtx: bool,
    /// Bits a second at most.
    pub most: u32,
}

impl Default for OpusTerms {
    fn default() -> Self {
        Self::DEFAULT
    }
}

impl OpusTerms {
    /// RFC 7587 6.1: without a word, neither; the highest sensible rate of mono is 64 kbit/s.
    pub const DEFAULT: Self = Self { fec: false, dtx: false, most: 64_000 };

    /// Reads the parameters of `a=fmtp`; what it does not know it passes over.
    #[must_use]
    pub fn read(parameters: &str) -> Self {
        let mut terms = Self::default();
        for parameter in parameters.split(';') {
            let Some((name, value)) = parameter.split_once('=') else { continue };
            let (name, value) = (name.trim(), value.trim());
            if name.eq_ignore_ascii_case("useinbandfec") {
                terms.fec = value == "1";
            } else if name.eq_ignore_ascii_case("usedtx") {
                terms.dtx = value == "1";
            } else if name.eq_ignore_ascii_case("maxaveragebitrate") {
                let asked = value.parse().unwrap_or(terms.most);
                // RFC 7587 6.1: 6,000 to 510,000.
                terms.most = asked.clamp(6_000, terms.most);
            }
        }
        terms
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_far_ends_wishes_are_read_leniently() {
        let terms =
            OpusTerms::read("minptime=10; useinbandfec=1;usedtx=1 ;maxaveragebitrate=20000");
        assert_eq!(terms, OpusTerms { fec: true, dtx: true, most: 20_000 });
        assert_eq!(OpusTerms::read("nonsense;maxaveragebitrate=x"), OpusTerms::default());
        assert_eq!(OpusTerms::read("maxaveragebitrate=1").most, 6_000);
    }

    #[test]
    fn only_the_two_laws_agree_without_being_heard() {
        assert!(Codec::Pcmu.agrees(Codec::Pcma) && Codec::Opus.agrees(Codec::Opus));
        assert!(!Codec::G722.agrees(Codec::Pcma) && !Codec::Opus.agrees(Codec::G722));
    }
}
