//! The country part of a telephone number.

use crate::office::phone_number::PhoneNumber;

/// ITU-T E.164, list of assigned codes: those of two digits. 1 and 7 have one digit, all others three.
const TWO_DIGITS: [&str; 44] = [
    "20", "27", "30", "31", "32", "33", "34", "36", "39", "40", "41", "43", "44", "45", "46", "47",
    "48", "49", "51", "52", "53", "54", "55", "56", "57", "58", "60", "61", "62", "63", "64", "65",
    "66", "81", "82", "84", "86", "90", "91", "92", "93", "94", "95", "98",
];

/// The calling code at the head of `number`, without `+`, such as `82`.
#[must_use]
pub fn calling_code(number: &PhoneNumber) -> &str {
    let digits = number.digits();
    let length = if digits.starts_with(['1', '7']) {
        1
    } else if TWO_DIGITS.iter().any(|code| digits.starts_with(code)) {
        2
    } else {
        3
    };
    digits.get(..length).unwrap_or(digits)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_number_has_its_country() {
        for (number, code) in [
            ("+827012345678", "82"),
            ("+12125550100", "1"),
            ("+85221234567", "852"),
            ("+886212345678", "886"),
            ("+34911234567", "34"),
            ("+50221234567", "502"),
        ] {
            assert_eq!(calling_code(&PhoneNumber::parse(number).unwrap()), code);
        }
    }
}
