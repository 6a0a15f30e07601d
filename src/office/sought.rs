//! What somebody looks for: a part of a number as people write it, or of a name.

/// Between the digits of a written number.
const BETWEEN: &str = " -.()";
/// Fewer digits are a part of anything.
const FEWEST: usize = 3;

/// A search. `010-1234`, `010 1234`, `+82 10-1234` and `+82 010-1234` are the same part of a number
/// in Korea, and `1234` is a part of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sought {
    /// In small letters.
    typed: String,
    /// Every way in which a number may hold it, `typed` first.
    written: Vec<String>,
}

impl Sought {
    /// `home` is the calling code of the office, such as `82`; none: not known here, and a leading
    /// 0 stands for any country.
    #[must_use]
    pub fn new(typed: &str, home: Option<&str>) -> Self {
        let typed = typed.to_ascii_lowercase();
        let mut written = vec![typed.clone()];
        let plain = plain(&typed);
        if is_number(&plain) {
            let abroad = abroad(&plain, home);
            written.push(plain);
            written.extend(abroad);
        }
        written.dedup();
        Self { typed, written }
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.typed.is_empty()
    }

    /// In small letters.
    #[must_use]
    pub fn typed(&self) -> &str {
        &self.typed
    }

    /// Every way in which a number may hold it, one at least, in small letters.
    #[must_use]
    pub fn written(&self) -> &[String] {
        &self.written
    }

    /// Whether a number, as it is kept, holds it.
    #[must_use]
    pub fn is_in_number(&self, number: &str) -> bool {
        self.written.iter().any(|one| holds(number, one))
    }

    /// Whether a name holds it as it was typed.
    #[must_use]
    pub fn is_in_name(&self, name: &str) -> bool {
        holds(name, &self.typed)
    }

    /// Whether a text on a screen holds it, which may be a number with hyphens.
    #[must_use]
    pub fn is_in_text(&self, text: &str) -> bool {
        self.is_in_number(text) || (self.written.len() > 1 && self.is_in_number(&plain(text)))
    }
}

/// Whether `text` holds `part`, which is in small letters; only ASCII has others here.
#[must_use]
pub fn holds(text: &str, part: &str) -> bool {
    if text.bytes().any(|byte| byte.is_ascii_uppercase()) {
        text.to_ascii_lowercase().contains(part)
    } else {
        text.contains(part)
    }
}

fn plain(text: &str) -> String {
    text.chars().filter(|c| !BETWEEN.contains(*c)).collect()
}

fn is_number(plain: &str) -> bool {
    let digits = plain.strip_prefix('+').unwrap_or(plain);
    digits.len() >= FEWEST && digits.bytes().all(|byte| byte.is_ascii_digit())
}

/// As the beginning of an E.164 number, if it is written so that it can be one.
fn abroad(plain: &str, home: Option<&str>) -> Option<String> {
    let country = home.unwrap_or_default();
    let sign = if home.is_some() { "+" } else { "" };
    if let Some(digits) = plain.strip_prefix('+') {
        // The 0 that is dialled at home does not belong behind the code of a country.
        let rest = digits.strip_prefix(country).filter(|_| home.is_some())?.strip_prefix('0')?;
        return Some(format!("+{country}{rest}"));
    }
    if let Some(international) = plain.strip_prefix("00") {
        return (!international.is_empty()).then(|| format!("+{international}"));
    }
    let national = plain.strip_prefix('0').filter(|rest| !rest.is_empty())?;
    Some(format!("{sign}{country}{national}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const CUSTOMER: &str = "+821012345678";

    #[test]
    fn a_number_is_found_as_people_write_it() {
        for typed in [
            "010-1234",
            "010 1234 5678",
            "010.1234.5678",
            "(010) 1234",
            "+82 10-1234",
            "+82 010-1234-5678",
            "0082 10 1234",
            "82-10-1234",
            "10-1234-5678",
            "1234",
            "1234-5678",
            "234",
            "5678",
            "78",
            CUSTOMER,
        ] {
            let sought = Sought::new(typed, Some("82"));
            assert!(sought.is_in_number(CUSTOMER), "{typed}: {sought:?}");
        }
        for typed in ["010-9999", "02-1234", "+81 10-1234", "011-1234", "zzz", "1-2-3-9"] {
            assert!(!Sought::new(typed, Some("82")).is_in_number(CUSTOMER), "{typed}");
        }
    }

    #[test]
    fn a_zero_in_the_middle_is_no_prefix_only() {
        let sought = Sought::new("0012", Some("82"));
        assert!(sought.is_in_number("+821012300124"), "a part of the digits themselves");
        let tokyo = Sought::new("03-1234", Some("81"));
        assert!(tokyo.is_in_number("+81312345678") && !tokyo.is_in_number(CUSTOMER));
        assert!(Sought::new("15 88-1234", Some("82")).is_in_number("+8215881234"));
    }

    #[test]
    fn names_are_looked_for_as_typed_and_texts_of_a_screen_by_their_digits() {
        let name = Sought::new("Kim-3", Some("82"));
        assert!(name.is_in_name("KIM-3") && !name.is_in_name("kim3"));
        let screen = Sought::new("010-1234", None);
        assert!(screen.is_in_text(CUSTOMER) && screen.is_in_text("010-1234-5678"));
        assert!(screen.is_in_text("+82 10-1234-5678") && !screen.is_in_text("010-4321-1234"));
        assert!(Sought::new("", None).is_empty());
    }
}
