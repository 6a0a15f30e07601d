//! AMR files as telephones record them, narrowband and wideband (RFC 4867 section 5).

use codec_core::codecs::amr::AmrCodec;
use codec_core::types::{CodecConfig, CodedFrame, FrameKind, VariableRateCodec};

use crate::audio::import_error::ImportError;
use crate::audio::pieces::Pieces;

const NARROW: &[u8] = b"#!AMR\n";
const WIDE: &[u8] = b"#!AMR-WB\n";
/// Octets of a frame by its type (3GPP TS 26.101 table 1a and TS 26.201 table 2); types that a file
/// cannot hold are `None`.
const NARROW_SIZES: [Option<usize>; 16] = [
    Some(12),
    Some(13),
    Some(15),
    Some(17),
    Some(19),
    Some(20),
    Some(26),
    Some(31),
    Some(5),
    None,
    None,
    None,
    None,
    None,
    None,
    Some(0),
];
const WIDE_SIZES: [Option<usize>; 16] = [
    Some(17),
    Some(23),
    Some(32),
    Some(36),
    Some(40),
    Some(46),
    Some(50),
    Some(58),
    Some(60),
    Some(5),
    None,
    None,
    None,
    None,
    Some(0),
    Some(0),
];

pub(crate) fn is_amr(file: &[u8]) -> bool {
    file.starts_with(b"#!AMR")
}

/// Every frame is 20 ms, also one that was not sent: dropping those would play too fast.
///
/// # Errors
/// When it is of several channels, or nothing in it can be decoded.
pub(crate) fn decode(file: &[u8], pieces: &mut Pieces) -> Result<(), ImportError> {
    let (config, rate, sizes, mut rest) = if let Some(rest) = file.strip_prefix(WIDE) {
        (CodecConfig::amr_wb(), 16_000, &WIDE_SIZES, rest)
    } else if let Some(rest) = file.strip_prefix(NARROW) {
        (CodecConfig::amr_nb(), 8_000, &NARROW_SIZES, rest)
    } else {
        return Err(ImportError::Unsupported("AMR of several channels".to_owned()));
    };
    let damaged = |why: String| ImportError::Damaged(why);
    let comfort = if rate == 8_000 { 8 } else { 9 };
    let mut codec = AmrCodec::new(&config).map_err(|error| damaged(error.to_string()))?;
    let mut last_mode = 0;
    while let [head, following @ ..] = rest {
        let kind = (head >> 3) & 0x0f;
        let Some(size) = sizes[usize::from(kind)] else {
            return ended(pieces, format!("frame type {kind}"));
        };
        let Some((data, after)) = following.split_at_checked(size) else { break };
        rest = after;
        let frame = CodedFrame {
            kind: match kind {
                15 => FrameKind::NoData,
                14 => FrameKind::Lost,
                kind if kind == comfort => FrameKind::ComfortNoise,
                _ => FrameKind::Speech,
            },
            mode: if kind < comfort { kind } else { last_mode },
            quality_ok: head & 0x04 != 0,
            data: data.to_vec(),
        };
        last_mode = frame.mode;
        match codec.decode_frame(&frame) {
            Ok(samples) => {
                let samples: Vec<f32> =
                    samples.into_iter().map(|sample| f32::from(sample) / 32_768.0).collect();
                pieces.push(rate, 1, &samples)?;
            }
            Err(error) => return ended(pieces, error.to_string()),
        }
    }
    if pieces.is_empty() { ended(pieces, "it has no frame".to_owned()) } else { Ok(()) }
}

/// What came before the damage is kept.
fn ended(pieces: &Pieces, why: String) -> Result<(), ImportError> {
    if pieces.is_empty() { Err(ImportError::Damaged(why)) } else { Ok(()) }
}
