//! A sound file of the office's own: what it is called, and which one it is.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// A sound file by its name and its content.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Recording {
    pub name: SoundName,
    pub sha256: SoundHash,
}

/// The path of a sound file beside the office's document. Hangul is kept in syllables, however the
/// system that wrote the name had taken it apart (S112).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct SoundName(String);

/// The text is no name of a sound file.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "'{0}': write the path of a file below the folder of the document, up to 200 characters long"
)]
pub struct NotASoundName(String);

impl SoundName {
    /// # Errors
    /// A path that is absolute or leads upwards, a control character, nothing, or too much.
    pub fn parse(text: &str) -> Result<Self, NotASoundName> {
        let name = syllables(text.strip_prefix("./").unwrap_or(text));
        let is_step = |step: &str| !step.is_empty() && step != "." && step != "..";
        let fits = name.chars().count() <= 200
            && !name.chars().any(char::is_control)
            && name.split('/').all(is_step);
        if fits { Ok(Self(name)) } else { Err(NotASoundName(text.to_owned())) }
    }

    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for SoundName {
    type Error = NotASoundName;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::parse(&text)
    }
}

impl From<SoundName> for String {
    fn from(name: SoundName) -> Self {
        name.0
    }
}

impl FromStr for SoundName {
    type Err = NotASoundName;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::parse(text)
    }
}

impl fmt::Display for SoundName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Unicode 3.12, conjoining jamo: first and last of leads, vowels and tails, and of syllables.
const LEADS: std::ops::Range<u32> = 0x1100..0x1113;
const VOWELS: std::ops::Range<u32> = 0x1161..0x1176;
/// The one before the first tail stands for none.
const TAILS: std::ops::Range<u32> = 0x11a7..0x11c3;
const SYLLABLES: std::ops::Range<u32> = 0xac00..0xd7a4;

/// Puts Hangul together that a file system (macOS) has taken apart into jamo.
pub(crate) fn syllables(text: &str) -> String {
    let mut whole: Vec<u32> = Vec::new();
    for letter in text.chars().map(u32::from) {
        let joined = whole.last().and_then(|&before| joined(before, letter));
        if let (Some(joined), Some(last)) = (joined, whole.last_mut()) {
            *last = joined;
        } else {
            whole.push(letter);
        }
    }
    whole.into_iter().filter_map(char::from_u32).collect()
}

fn joined(before: u32, letter: u32) -> Option<u32> {
    let tails = TAILS.end - TAILS.start;
    if LEADS.contains(&before) && VOWELS.contains(&letter) {
        let vowels = VOWELS.end - VOWELS.start;
        let pair = (before - LEADS.start) * vowels + (letter - VOWELS.start);
        return Some(SYLLABLES.start + pair * tails);
    }
    let open = SYLLABLES.contains(&before) && (before - SYLLABLES.start).is_multiple_of(tails);
    (open && TAILS.contains(&letter) && letter != TAILS.start)
        .then(|| before + (letter - TAILS.start))
}

/// The SHA-256 of a file, in 64 hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct SoundHash([u8; 32]);

/// The text is no SHA-256.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a SHA-256 has 64 hexadecimal digits")]
pub struct NotASoundHash;

impl SoundHash {
    #[must_use]
    pub fn of(file: &[u8]) -> Self {
        Self(Sha256::digest(file).into())
    }

    /// Enough of it for an eye to tell two apart.
    #[must_use]
    pub fn short(&self) -> String {
        self.to_string().chars().take(8).collect()
    }
}

impl FromStr for SoundHash {
    type Err = NotASoundHash;

    fn from_str(text: &str) -> Result<Self, NotASoundHash> {
        let digits: Option<Vec<u8>> =
            text.chars().map(|digit| u8::try_from(digit.to_digit(16)?).ok()).collect();
        let digits = digits.filter(|digits| digits.len() == 64).ok_or(NotASoundHash)?;
        let mut hash = [0; 32];
        for (byte, pair) in hash.iter_mut().zip(digits.chunks_exact(2)) {
            *byte = pair[0] << 4 | pair[1];
        }
        Ok(Self(hash))
    }
}

impl TryFrom<String> for SoundHash {
    type Error = NotASoundHash;

    fn try_from(text: String) -> Result<Self, NotASoundHash> {
        text.parse()
    }
}

impl From<SoundHash> for String {
    fn from(hash: SoundHash) -> Self {
        hash.to_string()
    }
}

impl fmt::Display for SoundHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for SoundHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SoundHash({})", self.short())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_file_name_below_the_folder_is_taken() {
        for name in ["greeting.mp3", "인사 말.m4a", "sounds/ja/挨拶.wav", "a'b\"c.flac", "..a"]
        {
            assert_eq!(SoundName::parse(name).unwrap().as_str(), name);
        }
        assert_eq!(SoundName::parse("./a.wav").unwrap().as_str(), "a.wav");
        for name in ["", "/etc/a.wav", "../a.wav", "a/../b.wav", "a//b", "a\nb", "a/"] {
            assert!(SoundName::parse(name).is_err(), "{name:?}");
        }
        assert!(SoundName::parse(&"가".repeat(201)).is_err());
    }

    #[test]
    fn hangul_that_a_mac_took_apart_is_the_same_name() {
        let apart = "\u{110b}\u{1175}\u{11ab}\u{1109}\u{1161} \u{1106}\u{1161}\u{11af}.wav";
        assert_eq!(SoundName::parse(apart), SoundName::parse("인사 말.wav"));
        assert_eq!(syllables("한글 한"), "한글 한");
    }

    #[test]
    fn hashes_are_written_as_sha256sum_writes_them() {
        let hash = SoundHash::of(b"abc");
        let text = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(hash.to_string(), text);
        assert_eq!(text.to_uppercase().parse(), Ok(hash));
        assert_eq!("ba78".parse::<SoundHash>(), Err(NotASoundHash));
        assert_eq!(serde_json::to_string(&hash).unwrap(), format!("\"{text}\""));
    }
}
