//! WAV files as naru ships them: 16-bit PCM, one channel, any rate.

use crate::audio::clip::Clip;

/// Why bytes are not such a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WavError {
    #[error("not a WAV file")]
    NotWav,
    #[error("the file has no '{0}' part")]
    Missing(&'static str),
    #[error("only 16-bit PCM with one channel is read here, at 4 to 384 kHz")]
    Unsupported,
}

/// Reads the file. A data part that claims more than there is gives what there is.
///
/// # Errors
/// When the bytes are no WAV file, or one of another format.
pub fn read(file: &[u8]) -> Result<Clip, WavError> {
    let parts = match file.split_at_checked(12) {
        Some((head, parts)) if head.starts_with(b"RIFF") && head.ends_with(b"WAVE") => parts,
        Some(_) | None => return Err(WavError::NotWav),
    };
    let format = part(parts, b"fmt ").ok_or(WavError::Missing("fmt"))?;
    let rate = supported_rate(format).ok_or(WavError::Unsupported)?;
    let data = part(parts, b"data").ok_or(WavError::Missing("data"))?;
    let (samples, _) = data.as_chunks::<2>();
    Ok(Clip::new(rate, samples.iter().map(|&pair| i16::from_le_bytes(pair)).collect()))
}

/// The body of the first part called `name`.
fn part<'a>(mut parts: &'a [u8], name: &[u8; 4]) -> Option<&'a [u8]> {
    loop {
        let (head, rest) = parts.split_at_checked(8)?;
        let size = u32::from_le_bytes(head[4..].try_into().ok()?) as usize;
        if head.starts_with(name) {
            return Some(&rest[..size.min(rest.len())]);
        }
        parts = rest.get(size.checked_next_multiple_of(2)?..)?;
    }
}

fn supported_rate(format: &[u8]) -> Option<u32> {
    let short = |at: usize| Some(u16::from_le_bytes(format.get(at..at + 2)?.try_into().ok()?));
    let rate = u32::from_le_bytes(format.get(4..8)?.try_into().ok()?);
    let fits = (short(0)?, short(2)?, short(14)?) == (1, 1, 16);
    (fits && (4_000..=384_000).contains(&rate)).then_some(rate)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn file(rate: u32, bits: u16, data: &[u8]) -> Vec<u8> {
        let mut file = b"RIFF\0\0\0\0WAVEodd \x03\0\0\0abc\0fmt \x10\0\0\0\x01\0\x01\0".to_vec();
        file.extend(rate.to_le_bytes());
        file.extend([0; 6]);
        file.extend(bits.to_le_bytes());
        file.extend(b"data\xff\xff\xff\xff");
        file.extend(data);
        file
    }

    #[test]
    fn samples_and_rate_are_read() {
        let clip = read(&file(8_000, 16, &[1, 0, 0xff, 0xff, 9])).unwrap();
        assert_eq!(clip, Clip::new(8_000, vec![1, -1]));
    }

    #[test]
    fn other_files_are_refused_with_the_reason() {
        assert_eq!(read(b"ID3"), Err(WavError::NotWav));
        assert_eq!(read(&file(8_000, 8, &[])), Err(WavError::Unsupported));
        assert_eq!(read(&file(0, 16, &[])), Err(WavError::Unsupported));
        assert_eq!(read(b"RIFF\0\0\0\0WAVE"), Err(WavError::Missing("fmt")));
    }

    proptest! {
        #[test]
        fn no_bytes_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200), cut in 0_usize..80) {
            prop_assert!(read(&bytes).is_err() || bytes.starts_with(b"RIFF"));
            let mut whole = file(8_000, 16, &bytes);
            whole.truncate(cut);
            if let Ok(clip) = read(&whole) {
                prop_assert!(clip.samples().len() <= bytes.len() / 2);
            }
        }
    }
}
