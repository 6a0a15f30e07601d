//! G.711: eight bits a sample at 8 kHz, in two laws.

/// Samples a second of every G.711 stream.
pub const RATE: u32 = 8_000;

/// G.711 table 2a: the bias that makes every µ-law segment start at a power of two, in 16 bits.
const MU_BIAS: i32 = 33 << 2;
/// The largest magnitude that µ-law carries, less its bias: 8158 in 14 bits.
const MU_CLIP: i32 = 8_158 << 2;

static MU_DECODED: [i16; 256] = decoded(Law::Mu);
static A_DECODED: [i16; 256] = decoded(Law::A);
static MU_AS_A: [u8; 256] = transcoded(Law::Mu, Law::A);
static A_AS_MU: [u8; 256] = transcoded(Law::A, Law::Mu);

/// One of the two companding laws.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Law {
    Mu,
    A,
}

impl Law {
    /// The code that sounds like nothing: zero in µ-law, the smallest step in A-law.
    #[must_use]
    pub const fn silence(self) -> u8 {
        match self {
            Self::Mu => 0xff,
            Self::A => 0xd5,
        }
    }

    /// The sample that a code stands for, scaled to 16 bits.
    #[must_use]
    pub fn decode(self, code: u8) -> i16 {
        match self {
            Self::Mu => MU_DECODED[usize::from(code)],
            Self::A => A_DECODED[usize::from(code)],
        }
    }

    /// The code whose interval holds the sample.
    #[must_use]
    pub const fn encode(self, sample: i16) -> u8 {
        match self {
            Self::Mu => encode_mu(sample as i32),
            Self::A => encode_a(sample as i32),
        }
    }

    /// Rewrites codes of this law into codes of `other`, in place.
    pub fn transcode(self, other: Self, codes: &mut [u8]) {
        let table = match (self, other) {
            (Self::Mu, Self::A) => &MU_AS_A,
            (Self::A, Self::Mu) => &A_AS_MU,
            (Self::Mu, Self::Mu) | (Self::A, Self::A) => return,
        };
        for code in codes {
            *code = table[usize::from(*code)];
        }
    }
}

const fn decoded(law: Law) -> [i16; 256] {
    let mut table = [0; 256];
    let mut code = 0;
    while code < table.len() {
        table[code] = match law {
            Law::Mu => decode_mu(code as u8),
            Law::A => decode_a(code as u8),
        };
        code += 1;
    }
    table
}

const fn transcoded(from: Law, to: Law) -> [u8; 256] {
    let samples = decoded(from);
    let mut table = [0; 256];
    let mut code = 0;
    while code < table.len() {
        table[code] = to.encode(samples[code]);
        code += 1;
    }
    // Zero has two signs in µ-law; the sign of a code is kept so that silence stays one code.
    if matches!(from, Law::Mu) {
        table[0x7f] = to.encode(-1);
    }
    table
}

/// Every bit of a µ-law code is inverted on the line.
const fn decode_mu(code: u8) -> i16 {
    let code = !code;
    let (segment, step) = ((code >> 4) & 7, (code & 15) as i32);
    let magnitude = (((step << 3) + MU_BIAS) << segment) - MU_BIAS;
    (if code & 0x80 == 0 { magnitude } else { -magnitude }) as i16
}

const fn encode_mu(sample: i32) -> u8 {
    let magnitude = if sample < 0 { -sample } else { sample };
    let biased = (if magnitude > MU_CLIP { MU_CLIP } else { magnitude }) + MU_BIAS;
    let segment = 24 - biased.leading_zeros();
    let step = (biased >> (segment + 3)) & 15;
    let sign = if sample < 0 { 0x80 } else { 0 };
    !(sign | ((segment as u8) << 4) | step as u8)
}

/// Every second bit of an A-law code is inverted on the line; a set sign bit is positive.
const fn decode_a(code: u8) -> i16 {
    let code = code ^ 0x55;
    let (segment, step) = ((code >> 4) & 7, (code & 15) as i32);
    let magnitude = match segment {
        0 => (step << 4) + 8,
        _ => ((step << 4) + 0x108) << (segment - 1),
    };
    (if code & 0x80 == 0 { -magnitude } else { magnitude }) as i16
}

const fn encode_a(sample: i32) -> u8 {
    // One's complement: -1 belongs to the first negative interval, not to the second.
    let (magnitude, sign) = if sample < 0 { (!sample, 0) } else { (sample, 0x80) };
    let segment = if magnitude < 256 { 0 } else { 24 - magnitude.leading_zeros() };
    let shift = if segment < 2 { 4 } else { segment + 3 };
    let step = (magnitude >> shift) & 15;
    (sign | ((segment as u8) << 4) | step as u8) ^ 0x55
}

#[cfg(test)]
mod tests {
    use sha2::{Digest, Sha256};

    use super::*;

    #[test]
    fn anchors_of_the_recommendation_hold() {
        let mu = [(0, 0xff), (32_124, 0x80), (-32_124, 0x00), (8, 0xfe), (-8, 0x7e), (1_052, 0xcd)];
        for (sample, code) in mu {
            assert_eq!(Law::Mu.encode(sample), code, "{sample}");
            assert_eq!(Law::Mu.decode(code), sample, "{code:#x}");
        }
        let a = [(8, 0xd5), (-8, 0x55), (32_256, 0xaa), (-32_256, 0x2a), (264, 0xc5), (24, 0xd4)];
        for (sample, code) in a {
            assert_eq!(Law::A.encode(sample), code, "{sample}");
            assert_eq!(Law::A.decode(code), sample, "{code:#x}");
        }
        assert_eq!(Law::Mu.encode(i16::MAX), 0x80);
        assert_eq!(Law::Mu.encode(i16::MIN), 0x00);
        assert_eq!(Law::A.encode(i16::MAX), 0xaa);
        assert_eq!(Law::A.encode(i16::MIN), 0x2a);
    }

    /// Against another implementation of the recommendation, Python's `audioop`.
    #[test]
    fn the_tables_are_those_of_others() {
        let digest = |bytes: Vec<u8>| format!("{:x}", Sha256::digest(bytes))[..16].to_owned();
        let decoded =
            |law: Law| (0..=255).flat_map(|code| law.decode(code).to_le_bytes()).collect();
        let encoded = |law: Law| (i16::MIN..=i16::MAX).map(|sample| law.encode(sample)).collect();
        assert_eq!(digest(decoded(Law::Mu)), "3dab54339e520bb2");
        assert_eq!(digest(decoded(Law::A)), "e04788d110e58ff8");
        assert_eq!(digest(encoded(Law::A)), "38488f6fd710f468");
    }

    #[test]
    fn every_code_survives_the_round_trip() {
        for law in [Law::Mu, Law::A] {
            for code in 0..=255 {
                // 0x7f is µ-law's negative zero; a sample of zero is the positive one.
                let expected = if (law, code) == (Law::Mu, 0x7f) { 0xff } else { code };
                assert_eq!(law.encode(law.decode(code)), expected, "{law:?} {code:#x}");
            }
        }
    }

    #[test]
    fn every_sample_is_coded_within_half_a_step() {
        for law in [Law::Mu, Law::A] {
            for sample in -32_000..=32_000_i16 {
                let error = i32::from(law.decode(law.encode(sample))) - i32::from(sample);
                let magnitude = i32::from(sample.unsigned_abs());
                let step = match law {
                    Law::Mu => 8 << (24 - (magnitude + MU_BIAS).leading_zeros()),
                    Law::A => 16 << (24 - magnitude.max(256).leading_zeros()).saturating_sub(1),
                };
                assert!(error.abs() <= step / 2, "{law:?} {sample}: {error} of {step}");
            }
        }
    }

    #[test]
    fn transcoding_is_decoding_and_encoding() {
        for (from, to) in [(Law::Mu, Law::A), (Law::A, Law::Mu)] {
            for code in 0..=255_u8 {
                let mut codes = [code];
                from.transcode(to, &mut codes);
                let (was, is) = (i32::from(from.decode(code)), i32::from(to.decode(codes[0])));
                assert!((was - is).abs() <= was.abs() / 16 + 8, "{code:#x}: {was} {is}");
                assert!(was == 0 || was.signum() == is.signum(), "{code:#x} keeps its sign");
                let mut same = [code];
                from.transcode(from, &mut same);
                assert_eq!(same, [code]);
            }
        }
        let mut silence = [Law::Mu.silence()];
        Law::Mu.transcode(Law::A, &mut silence);
        assert_eq!(silence, [Law::A.silence()]);
        Law::A.transcode(Law::Mu, &mut silence);
        assert!(Law::Mu.decode(silence[0]).abs() <= 8);
    }
}
