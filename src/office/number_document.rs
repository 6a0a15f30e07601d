//! A document that the office keeps with a number, such as the proof that it is theirs.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::office::phone_number::PhoneNumber;
use crate::office::recording::syllables;
use crate::words::Words;

/// The largest document, in octets: some scanned pages.
pub const LARGEST: usize = 10 * 1024 * 1024;
/// Characters of a name, which any file system takes in Hangul.
const LONGEST_NAME: usize = 80;
/// RFC 6838 4.2: 127 characters for each of the two names.
const LONGEST_PART: usize = 127;

/// What is known of a document without reading it (S9).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeldDocument {
    pub number: PhoneNumber,
    pub name: DocumentName,
    pub media_type: MediaType,
    /// Its size.
    pub octets: u64,
    /// Milliseconds since 1970.
    pub added: i64,
    /// Who brought it in.
    pub who: String,
}

/// A document with its content.
#[derive(Clone, PartialEq, Eq)]
pub struct NumberDocument {
    pub held: HeldDocument,
    pub content: Vec<u8>,
}

impl fmt::Debug for NumberDocument {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "NumberDocument({}, {} octets)", self.held.number, self.content.len())
    }
}

/// The name of a file, never a path: it is only ever shown, and proposed to whoever fetches it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct DocumentName(String);

/// The text is no name of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("write the name of a file without a folder, up to {LONGEST_NAME} characters long")]
pub struct NotADocumentName;

impl NotADocumentName {
    #[must_use]
    pub fn words(self) -> Words {
        Words::new(format!("폴더 없이 파일 이름만 {LONGEST_NAME}자까지 적습니다"), self.to_string())
    }
}

impl DocumentName {
    /// Hangul is kept in syllables (S112).
    ///
    /// # Errors
    /// A path, a name that hides the file, a control character, nothing, or too much.
    pub fn parse(text: &str) -> Result<Self, NotADocumentName> {
        let name = syllables(text.trim());
        let fits = !name.is_empty()
            && name.chars().count() <= LONGEST_NAME
            && !name.starts_with('.')
            && !name.chars().any(|c| c.is_control() || c == '/' || c == '\\');
        if fits { Ok(Self(name)) } else { Err(NotADocumentName) }
    }

    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for DocumentName {
    type Error = NotADocumentName;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::parse(&text)
    }
}

impl From<DocumentName> for String {
    fn from(name: DocumentName) -> Self {
        name.0
    }
}

impl FromStr for DocumentName {
    type Err = NotADocumentName;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::parse(text)
    }
}

impl fmt::Display for DocumentName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What kind of file it is, as whoever brought it in has said: `application/pdf`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct MediaType(String);

/// The text is no media type.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a media type is written like application/pdf")]
pub struct NotAMediaType;

impl MediaType {
    /// Parameters are dropped: no kind of file that is kept here needs one.
    ///
    /// # Errors
    /// When it is not two names of RFC 6838 4.2 with a slash between them.
    pub fn parse(text: &str) -> Result<Self, NotAMediaType> {
        let plain = text.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
        let is_name = |name: &str| {
            (1..=LONGEST_PART).contains(&name.len())
                && name.starts_with(|c: char| c.is_ascii_alphanumeric())
                && name.bytes().all(|b| b.is_ascii_alphanumeric() || b"!#$&-^_.+".contains(&b))
        };
        let fits = plain.split_once('/').is_some_and(|(one, two)| is_name(one) && is_name(two));
        if fits { Ok(Self(plain)) } else { Err(NotAMediaType) }
    }

    /// By the end of a file's name; what is not known is octets.
    #[must_use]
    pub fn of_name(name: &DocumentName) -> Self {
        let end = name.as_str().rsplit_once('.').map(|(_, end)| end.to_ascii_lowercase());
        let known = match end.as_deref() {
            Some("pdf") => "application/pdf",
            Some("png") => "image/png",
            Some("jpg" | "jpeg") => "image/jpeg",
            Some("tif" | "tiff") => "image/tiff",
            Some("txt") => "text/plain",
            Some("hwp") => "application/x-hwp",
            Some("hwpx") => "application/hwp+zip",
            Some("docx") => {
                "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
            }
            Some(_) | None => "application/octet-stream",
        };
        Self(known.to_owned())
    }

    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for MediaType {
    type Error = NotAMediaType;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::parse(&text)
    }
}

impl From<MediaType> for String {
    fn from(media_type: MediaType) -> Self {
        media_type.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// S9: the name of a document never leads anywhere.
    #[test]
    fn a_name_is_no_path() {
        let name = DocumentName::parse(" 가입증명원 2026.pdf ").unwrap();
        assert_eq!(name.as_str(), "가입증명원 2026.pdf");
        let apart = "\u{1100}\u{1161}입.pdf";
        assert_eq!(DocumentName::parse(apart).unwrap().as_str(), "가입.pdf");
        let long = "가".repeat(LONGEST_NAME + 1);
        for wrong in ["", " ", "..", ".hidden", "a/b.pdf", "..\\b.pdf", "a\nb", "\u{1b}[2J", &long]
        {
            assert_eq!(DocumentName::parse(wrong), Err(NotADocumentName), "{wrong:?}");
        }
    }

    #[test]
    fn a_media_type_is_two_names() {
        let known = MediaType::parse("Application/PDF; charset=x").unwrap();
        assert_eq!(known.as_str(), "application/pdf");
        for wrong in ["", "pdf", "a/", "/b", "a/b/c", "a b/c", "text/h\r\nX: y", "text/é"] {
            assert_eq!(MediaType::parse(wrong), Err(NotAMediaType), "{wrong:?}");
        }
        let of = |name| MediaType::of_name(&DocumentName::parse(name).unwrap());
        assert_eq!(of("증명.JPG").as_str(), "image/jpeg");
        assert_eq!(of("무엇").as_str(), "application/octet-stream");
    }
}
