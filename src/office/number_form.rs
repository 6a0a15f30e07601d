//! How a provider wants numbers written, and how it writes them (P8, L47).

use serde::{Deserialize, Serialize};

use crate::office::phone_number::{NotANumber, PhoneNumber};

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NumberFormat {
    /// `+827012345678`
    #[default]
    E164,
    /// `827012345678`
    Digits,
    /// `0082…`: the prefix for abroad, also before the office's own country.
    International,
    /// `07012345678`; abroad with the prefix.
    National,
}

impl NumberFormat {
    pub const ALL: [Self; 4] = [Self::E164, Self::Digits, Self::International, Self::National];

    /// Its word in documents.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::E164 => "e164",
            Self::Digits => "digits",
            Self::International => "international",
            Self::National => "national",
        }
    }
}

/// What people dial before a number abroad, unless their country has another.
const ABROAD: &str = "00";
/// Digits of a prefix.
const LONGEST_PREFIX: usize = 8;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NumberForm {
    pub format: NumberFormat,
    /// Stands before the country in the international form, and in the national one abroad.
    pub abroad: Prefix,
    /// Stands before every number that is dialled; emergency numbers go out bare.
    pub prefix: Option<Prefix>,
}

impl Default for NumberForm {
    fn default() -> Self {
        Self::of(NumberFormat::default())
    }
}

impl NumberForm {
    #[must_use]
    pub fn of(format: NumberFormat) -> Self {
        Self { format, abroad: Prefix(ABROAD.to_owned()), prefix: None }
    }

    /// A number to be dialled. `home` is the calling code of the office's country.
    #[must_use]
    pub fn dialled(&self, number: &PhoneNumber, home: &str) -> String {
        let prefix = self.prefix.as_ref().map_or("", Prefix::as_str);
        format!("{prefix}{}", self.shown(number, home))
    }

    /// A number that says who calls.
    #[must_use]
    pub fn shown(&self, number: &PhoneNumber, home: &str) -> String {
        let abroad = || format!("{}{}", self.abroad.as_str(), number.digits());
        match self.format {
            NumberFormat::E164 => number.to_string(),
            NumberFormat::Digits => number.digits().to_owned(),
            NumberFormat::International => abroad(),
            NumberFormat::National if number.digits().starts_with(home) => number.national(home),
            NumberFormat::National => abroad(),
        }
    }

    /// What the provider has sent, which may also be any form that people dial.
    ///
    /// # Errors
    /// When no number comes of it.
    pub fn read(&self, text: &str, home: &str) -> Result<PhoneNumber, NotANumber> {
        let bare = self.prefix.as_ref().and_then(|prefix| text.strip_prefix(prefix.as_str()));
        if let Some(number) = bare.and_then(|bare| self.exact(bare, home)) {
            return Ok(number);
        }
        self.exact(text, home).map_or_else(|| PhoneNumber::normalise(text, home), Ok)
    }

    /// The one form that the provider has been set up to write.
    fn exact(&self, text: &str, home: &str) -> Option<PhoneNumber> {
        let abroad =
            || PhoneNumber::parse(&format!("+{}", text.strip_prefix(self.abroad.as_str())?)).ok();
        match self.format {
            NumberFormat::E164 => text.starts_with('+').then(|| PhoneNumber::parse(text).ok())?,
            NumberFormat::Digits if text.starts_with(['+', '0']) => None,
            // A national number without its 0, such as Korea's 1588-1234, is not one of a country 1.
            NumberFormat::Digits if is_short(text, home) => None,
            NumberFormat::Digits => PhoneNumber::parse(&format!("+{text}")).ok(),
            NumberFormat::International => abroad(),
            NumberFormat::National => {
                let at_home = || text.starts_with('0').then(|| PhoneNumber::normalise(text, home));
                abroad().or_else(|| at_home()?.ok())
            }
        }
    }
}

/// Shorter than a number with its country's code.
fn is_short(text: &str, home: &str) -> bool {
    text.len() <= 8 && !text.starts_with(home)
}

/// Digits, `*` and `#` that a trunk wants before a number; at most 8.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Prefix(String);

/// The text is no prefix.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a prefix has 1 to {LONGEST_PREFIX} digits, * or #")]
pub struct NotAPrefix;

impl Prefix {
    /// # Errors
    /// When it is empty, too long or holds anything that no phone can dial.
    pub fn parse(text: &str) -> Result<Self, NotAPrefix> {
        let fits = (1..=LONGEST_PREFIX).contains(&text.len())
            && text.bytes().all(|b| b.is_ascii_digit() || b == b'*' || b == b'#');
        if fits { Ok(Self(text.to_owned())) } else { Err(NotAPrefix) }
    }

    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether it is what stands there when nothing is said.
    #[must_use]
    pub fn is_usual_abroad(&self) -> bool {
        self.0 == ABROAD
    }
}

impl TryFrom<String> for Prefix {
    type Error = NotAPrefix;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::parse(&text)
    }
}

impl From<Prefix> for String {
    fn from(prefix: Prefix) -> Self {
        prefix.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form(format: NumberFormat, abroad: &str, prefix: Option<&str>) -> NumberForm {
        let prefix = prefix.map(|prefix| Prefix::parse(prefix).unwrap());
        NumberForm { format, abroad: Prefix::parse(abroad).unwrap(), prefix }
    }

    /// P8, L47: what goes out comes back in as the same number.
    #[test]
    fn every_form_is_read_as_it_is_written() {
        let forms = [
            (form(NumberFormat::E164, "00", None), "+821012345678", "+81312345678"),
            (form(NumberFormat::Digits, "00", None), "821012345678", "81312345678"),
            (form(NumberFormat::International, "00", None), "00821012345678", "0081312345678"),
            (form(NumberFormat::National, "00", None), "01012345678", "0081312345678"),
            (form(NumberFormat::National, "001", None), "01012345678", "00181312345678"),
            (form(NumberFormat::National, "00700", Some("9")), "901012345678", "90070081312345678"),
            (form(NumberFormat::E164, "00", Some("*1#")), "*1#+821012345678", "*1#+81312345678"),
        ];
        let [home, abroad] =
            ["+821012345678", "+81312345678"].map(|text| PhoneNumber::parse(text).unwrap());
        for (form, at_home, from_abroad) in forms {
            assert_eq!(form.dialled(&home, "82"), at_home);
            assert_eq!(form.dialled(&abroad, "82"), from_abroad);
            for number in [&home, &abroad] {
                assert_eq!(form.read(&form.shown(number, "82"), "82").as_ref(), Ok(number));
                assert_eq!(form.read(&form.dialled(number, "82"), "82").as_ref(), Ok(number));
            }
        }
    }

    #[test]
    fn what_people_write_is_read_whatever_the_form() {
        let nationwide = PhoneNumber::parse("+8215881234").unwrap();
        for format in NumberFormat::ALL {
            let form = form(format, "00", None);
            for text in ["+8215881234", "15881234", "008215881234"] {
                assert_eq!(form.read(text, "82").as_ref(), Ok(&nationwide), "{format:?} {text}");
            }
            assert!(form.read("anonymous", "82").is_err());
            assert!(form.read("", "82").is_err());
        }
    }

    #[test]
    fn a_prefix_is_what_a_phone_can_dial() {
        for wrong in ["", "123456789", "+1", "9 ", "a", "9\r\n"] {
            assert_eq!(Prefix::parse(wrong), Err(NotAPrefix), "{wrong:?}");
        }
    }
}
