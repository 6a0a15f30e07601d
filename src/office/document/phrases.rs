//! What is put together when it is said, as a document tells it and as it is printed.

use crate::office::document::field::read_name;
use crate::office::document::keys::Errors;
use crate::office::workflow::phrase::{Figure, Phrase};
use crate::words::Words;
use crate::yaml::Part;

const KEYS: [&str; 4] = ["digits", "number", "digits_of", "number_of"];
/// Digits that are written down: a telephone number and its extension.
const MOST_DIGITS: usize = 32;

/// The words that stand for what is known when it is said.
pub(crate) fn named(text: &str) -> Option<Phrase> {
    match text {
        "place" => Some(Phrase::Place),
        "wait" => Some(Phrase::Wait),
        "time" => Some(Phrase::Time),
        "date" => Some(Phrase::Date),
        _ => None,
    }
}

/// Whether a section is digits and not words by language.
pub(crate) fn is_figure(part: &Part<'_>) -> bool {
    KEYS.iter().any(|key| part.under(key).is_some())
}

/// A list: built-in sentences, `place`, `wait`, `time`, `date` and digits in any order.
pub(crate) fn read_phrases(part: &Part<'_>, errors: &mut Errors) -> Option<Vec<Phrase>> {
    let items = part.items(errors);
    if items.is_empty() {
        part.refuse(expected(), errors);
        return None;
    }
    let phrases: Vec<Phrase> = items.iter().filter_map(|item| read_phrase(item, errors)).collect();
    (phrases.len() == items.len()).then_some(phrases)
}

pub(crate) fn read_phrase(part: &Part<'_>, errors: &mut Errors) -> Option<Phrase> {
    if part.is_section() {
        return read_figure(part, errors);
    }
    part.parsed(&expected(), errors, |text| match named(text) {
        Some(phrase) => Ok(phrase),
        None => text.parse().map(Phrase::Prompt),
    })
}

fn read_figure(part: &Part<'_>, errors: &mut Errors) -> Option<Phrase> {
    let keys = part.keys(&KEYS, errors)?;
    let given: Vec<&str> = KEYS.into_iter().filter(|key| keys.get(key).is_some()).collect();
    let [key] = given.as_slice() else {
        let message = Words::new(
            "digits, number, digits_of, number_of 가운데 하나만 적습니다",
            "write one of digits, number, digits_of and number_of",
        );
        part.refuse(message, errors);
        return None;
    };
    let value = keys.get(key)?;
    let written = |text: &str| {
        let digits = text.chars().filter(char::is_ascii_digit).count();
        let plain = text.chars().all(|one| one.is_ascii_digit() || "+- ".contains(one));
        if plain && (1..=MOST_DIGITS).contains(&digits) { Ok(text.to_owned()) } else { Err(()) }
    };
    let count = |text: &str| match text.parse::<u32>() {
        Ok(count) if count <= 9_999 => Ok(count.to_string()),
        Ok(_) | Err(_) => Err(()),
    };
    let digits = Words::new("\"1588-0000\"처럼 적습니다", "write digits, as \"1588-0000\"");
    let counted = Words::new("0~9999로 적습니다", "write 0 to 9999");
    match *key {
        "digits" => value.parsed(&digits, errors, written).map(Figure::Written).map(Phrase::Digits),
        "number" => value.parsed(&counted, errors, count).map(Figure::Written).map(Phrase::Number),
        "digits_of" => read_name(value, errors).map(Figure::Field).map(Phrase::Digits),
        _ => read_name(value, errors).map(Figure::Field).map(Phrase::Number),
    }
}

fn expected() -> Words {
    Words::new(
        "기본 음성의 이름, place, wait, time, date 또는 {digits: 숫자}를 목록으로 적습니다",
        "write a list of built-in sentences, place, wait, time, date or {digits: \"...\"}",
    )
}

/// As it is read.
pub(crate) fn print_phrases(phrases: &[Phrase]) -> String {
    let quoted = |text: &str| serde_json::Value::from(text).to_string();
    let one = |phrase: &Phrase| match phrase {
        Phrase::Prompt(prompt) => prompt.name().to_owned(),
        Phrase::Place => "place".to_owned(),
        Phrase::Wait => "wait".to_owned(),
        Phrase::Time => "time".to_owned(),
        Phrase::Date => "date".to_owned(),
        Phrase::Digits(Figure::Written(digits)) => format!("{{digits: {}}}", quoted(digits)),
        Phrase::Digits(Figure::Field(name)) => format!("{{digits_of: {}}}", quoted(name)),
        Phrase::Number(Figure::Written(count)) => format!("{{number: {count}}}"),
        Phrase::Number(Figure::Field(name)) => format!("{{number_of: {}}}", quoted(name)),
    };
    let all: Vec<String> = phrases.iter().map(one).collect();
    format!("[{}]", all.join(", "))
}
