//! A sound file as people have it, made into a clip: any common format, any rate, any channels.
//!
//! The rate is always the one the decoder gives: what a container claims may be twice as fast
//! (HE-AAC), and playing too fast or too slow is the fault offices know best (S44, S110-S113).

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Duration;

use crate::audio::amr;
use crate::audio::clip::{Clip, MASTER_RATE};
use crate::audio::container;
use crate::audio::import_error::{ImportError, MAX_BYTES, MAX_LENGTH};
use crate::audio::level::levelled;
use crate::audio::pieces::Pieces;

/// The longest recording that is played to a phone: half an hour takes some 170 MB of memory.
pub const MAX_HEARD: Duration = Duration::from_secs(1_800);

/// Shorter is a click and no sound.
const MIN_LENGTH: Duration = Duration::from_millis(50);

/// Decodes, mixes to one channel, resamples and levels. Takes up to seconds: keep it off the
/// threads of calls. What is cut short gives what is there.
///
/// # Errors
/// The reason why it is refused.
pub fn import(file: &[u8]) -> Result<Clip, ImportError> {
    if file.is_empty() {
        return Err(ImportError::Empty);
    }
    if file.len() > MAX_BYTES {
        return Err(ImportError::TooLarge);
    }
    // The decoders are fed by strangers; one that panics has met a damaged file.
    let decoded = catch_unwind(AssertUnwindSafe(|| decode(file, MAX_LENGTH)));
    let samples = decoded
        .unwrap_or_else(|_| Err(ImportError::Damaged("no decoder follows it".to_owned())))?;
    let clip = Clip::new(MASTER_RATE, levelled(&samples, MASTER_RATE).ok_or(ImportError::Silent)?);
    if clip.duration() < MIN_LENGTH {
        return Err(ImportError::Silent);
    }
    Ok(clip)
}

/// A recording of ours as it was written, to be heard once: its level is left alone. Takes up to
/// seconds.
///
/// # Errors
/// The reason why it cannot be heard.
pub fn recorded(file: &[u8]) -> Result<Clip, ImportError> {
    let decoded = catch_unwind(AssertUnwindSafe(|| decode(file, MAX_HEARD)));
    let samples = decoded
        .unwrap_or_else(|_| Err(ImportError::Damaged("no decoder follows it".to_owned())))?;
    let whole = f32::from(i16::MAX);
    let samples = samples.iter().map(|sample| (sample * whole).clamp(-whole, whole) as i16);
    Ok(Clip::new(MASTER_RATE, samples.collect()))
}

fn decode(file: &[u8], longest: Duration) -> Result<Vec<f32>, ImportError> {
    let mut pieces = Pieces::new(MASTER_RATE, longest);
    if amr::is_amr(file) {
        amr::decode(file, &mut pieces)?;
    } else {
        container::decode(file, &mut pieces)?;
    }
    Ok(pieces.finish())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_is_no_sound_is_refused_with_the_reason() {
        assert_eq!(import(b""), Err(ImportError::Empty));
        assert_eq!(import(b"Dear customers, we are closed."), Err(ImportError::NotSound));
        assert_eq!(import(&vec![0; MAX_BYTES + 1]), Err(ImportError::TooLarge));
        let noise: Vec<u8> =
            (0..20_000_u32).map(|at| (at.wrapping_mul(2_654_435_761) >> 13) as u8).collect();
        assert!(import(&noise).is_err());
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn no_bytes_panic(head in 0_usize..6, bytes in proptest::collection::vec(any::<u8>(), 0..600)) {
            const HEADS: [&[u8]; 6] = [b"RIFF\xff\xff\xff\xffWAVEfmt ", b"fLaC", b"OggS", b"#!AMR\n", b"#!AMR-WB\n", b"\0\0\0\x18ftypM4A "];
            let mut file = HEADS[head].to_vec();
            file.extend(bytes);
            if let Ok(clip) = import(&file) {
                prop_assert!(clip.duration() <= MAX_LENGTH);
            }
        }
    }
}
