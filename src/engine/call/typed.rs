//! What an agent has pressed after a star, and what it means.

use std::time::{Duration, Instant};

use crate::office::extension::Extension;

/// Between the star and the key that tells what is wanted.
const KEYS_TOGETHER: Duration = Duration::from_secs(2);
/// Between the digits of an extension.
const DIGITS_TOGETHER: Duration = Duration::from_secs(5);

/// What somebody has typed so far that may be for us.
#[derive(Clone, Debug)]
pub(crate) struct Typed {
    pub(crate) keys: String,
    pub(crate) until: Instant,
}

/// What keys from a star on mean.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Meaning {
    /// It is not clear before the next key.
    Open(Duration),
    /// `*1`: record, then pause and go on in turn.
    Record,
    /// `*3`, an extension and `#`: bring a colleague in.
    Invite(Extension),
    /// They are for the other side.
    Other,
}

pub(crate) fn meaning(keys: &str) -> Meaning {
    match keys {
        "*" => return Meaning::Open(KEYS_TOGETHER),
        "*1" => return Meaning::Record,
        _ => {}
    }
    let Some(typed) = keys.strip_prefix("*3") else { return Meaning::Other };
    if let Some(extension) = typed.strip_suffix('#') {
        return Extension::parse(extension).map_or(Meaning::Other, Meaning::Invite);
    }
    let may_go_on = typed.len() <= 6 && typed.bytes().all(|key| key.is_ascii_digit());
    if may_go_on { Meaning::Open(DIGITS_TOGETHER) } else { Meaning::Other }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_ours_only_as_the_codes_say() {
        let extension = |text| Extension::parse(text).unwrap();
        for (keys, meant) in [
            ("*", Meaning::Open(KEYS_TOGETHER)),
            ("*1", Meaning::Record),
            ("*3", Meaning::Open(DIGITS_TOGETHER)),
            ("*310", Meaning::Open(DIGITS_TOGETHER)),
            ("*3102#", Meaning::Invite(extension("102"))),
            ("*3123456#", Meaning::Invite(extension("123456"))),
            ("*31234567", Meaning::Other),
            ("*3#", Meaning::Other),
            ("*3*", Meaning::Other),
            ("*9", Meaning::Other),
            ("**", Meaning::Other),
            ("*#", Meaning::Other),
        ] {
            assert_eq!(meaning(keys), meant, "{keys}");
        }
    }
}
