//! Telephone numbers in E.164, and what people type instead.

use std::fmt;

use serde::{Deserialize, Serialize};

/// `+` and 3 to 15 digits, the first not 0 (ITU-T E.164).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct PhoneNumber(String);

/// The text is no telephone number.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("'{0}' is not a telephone number; write it like +827012345678")]
pub struct NotANumber(String);

impl PhoneNumber {
    /// Takes E.164 only. Spaces, hyphens, dots and brackets are dropped.
    ///
    /// # Errors
    /// When what remains is not `+` and 3 to 15 digits.
    pub fn parse(text: &str) -> Result<Self, NotANumber> {
        let plain: String = text.chars().filter(|c| !" -.()".contains(*c)).collect();
        let digits = plain.strip_prefix('+').unwrap_or_default();
        let ok = (3..=15).contains(&digits.len())
            && digits.bytes().all(|b| b.is_ascii_digit())
            && !digits.starts_with('0');
        if ok { Ok(Self(plain)) } else { Err(NotANumber(text.to_owned())) }
    }

    /// Takes what a person dials or a trunk sends: `+82…`, `0082…`, or national with its leading 0
    /// dropped, and national numbers that have none (Korea's 15xx-xxxx). `country` is the calling
    /// code of the office, such as `82`.
    ///
    /// # Errors
    /// When no E.164 number comes of it.
    pub fn normalise(text: &str, country: &str) -> Result<Self, NotANumber> {
        let plain: String = text.chars().filter(|c| !" -.()".contains(*c)).collect();
        if plain.starts_with('+') {
            return Self::parse(&plain);
        }
        let e164 = if let Some(international) = plain.strip_prefix("00") {
            format!("+{international}")
        } else if let Some(national) = plain.strip_prefix('0') {
            format!("+{country}{national}")
        } else {
            format!("+{country}{plain}")
        };
        Self::parse(&e164).map_err(|_| NotANumber(text.to_owned()))
    }

    /// With its `+`.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Without its `+`.
    #[must_use]
    pub fn digits(&self) -> &str {
        self.0.trim_start_matches('+')
    }

    /// As it is dialled inside `country`: leading 0 put back; the digits of another country get 00.
    #[must_use]
    pub fn national(&self, country: &str) -> String {
        match self.digits().strip_prefix(country) {
            Some(rest) if rest.len() == 8 && rest.starts_with('1') => rest.to_owned(),
            Some(rest) => format!("0{rest}"),
            None => format!("00{}", self.digits()),
        }
    }
}

impl fmt::Display for PhoneNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFrom<String> for PhoneNumber {
    type Error = NotANumber;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::parse(&text)
    }
}

impl From<PhoneNumber> for String {
    fn from(number: PhoneNumber) -> Self {
        number.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_people_type_becomes_e164() {
        for (typed, meant) in [
            ("02-123-4567", "+8221234567"),
            ("070 1234 5678", "+827012345678"),
            ("1588-1234", "+8215881234"),
            ("0081312345678", "+81312345678"),
            ("+1 (212) 555-0100", "+12125550100"),
        ] {
            assert_eq!(PhoneNumber::normalise(typed, "82").unwrap().as_str(), meant, "{typed}");
        }
    }

    #[test]
    fn what_is_no_number_is_refused() {
        for typed in ["", "+", "+0123", "12a4", "+1234567890123456", "*97", "02#1"] {
            assert!(PhoneNumber::normalise(typed, "82").is_err(), "{typed}");
        }
    }

    #[test]
    fn a_number_is_shown_as_dialled_at_home() {
        for (e164, shown) in [
            ("+827012345678", "07012345678"),
            ("+8215881234", "15881234"),
            ("+81312345678", "0081312345678"),
        ] {
            assert_eq!(PhoneNumber::parse(e164).unwrap().national("82"), shown);
        }
    }
}
