//! A word that people put on customers and conversations.

use std::collections::BTreeSet;
use std::fmt;

use serde::{Deserialize, Serialize};

/// Of one customer (L30).
pub const CUSTOMER_TAGS: usize = 20;
/// Of one conversation (L30).
pub const CONVERSATION_TAGS: usize = 8;

/// 1 to 32 characters of any script, none of them a control character, no blank at either end.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Tag(String);

/// The text is no tag.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("'{0}' is not a tag; use 1 to 32 characters")]
pub struct NotATag(String);

impl Tag {
    /// # Errors
    /// When `text` is empty, too long, or not plain.
    pub fn parse(text: &str) -> Result<Self, NotATag> {
        let fits = (1..=32).contains(&text.chars().count())
            && !text.chars().any(char::is_control)
            && text.trim() == text;
        if fits { Ok(Self(text.to_owned())) } else { Err(NotATag(text.to_owned())) }
    }

    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Tag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFrom<String> for Tag {
    type Error = NotATag;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::parse(&text)
    }
}

impl From<Tag> for String {
    fn from(tag: Tag) -> Self {
        tag.0
    }
}

/// Adds what fits; false when the set was full (L30).
pub fn add_tag(tags: &mut BTreeSet<Tag>, tag: Tag, most: usize) -> bool {
    if tags.contains(&tag) {
        return true;
    }
    tags.len() < most && tags.insert(tag)
}
