//! Numbers, times and dates as the pieces of speech that a language says them with.
//!
//! The pieces are those that `assets/prompts/pieces.py` has the built-in voice speak: `n25`, `hour3`.

/// A language of the built-in voice by its code; any other is spoken to in English (S103).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Tongue {
    Ko,
    En,
    Ja,
    Zh,
    Es,
}

fn tongue(language: &str) -> Tongue {
    match language {
        "ko" => Tongue::Ko,
        "ja" => Tongue::Ja,
        "zh" => Tongue::Zh,
        "es" => Tongue::Es,
        _ => Tongue::En,
    }
}

/// A count of 0 to 9,999; above it is said digit by digit.
#[must_use]
pub fn number(count: u32, language: &str) -> Vec<String> {
    if count > 9_999 {
        return digits(&count.to_string(), language);
    }
    let tongue = tongue(language);
    let (thousands, hundreds, rest) =
        (count / 1_000 * 1_000, count % 1_000 / 100 * 100, count % 100);
    let mut said = Vec::new();
    if thousands > 0 {
        said.push(piece("n", thousands));
    }
    if tongue == Tongue::Zh && thousands > 0 && hundreds == 0 && rest > 0 {
        said.push(piece("n", 0));
    }
    if hundreds > 0 {
        // Cien alone, ciento before what follows.
        let before_more = tongue == Tongue::Es && hundreds == 100 && rest > 0;
        said.push(if before_more { "hundred_and".to_owned() } else { piece("n", hundreds) });
    }
    if tongue == Tongue::Zh && hundreds > 0 && (1..10).contains(&rest) {
        said.push(piece("n", 0));
    }
    if rest > 0 || count == 0 {
        let after_hundred = tongue == Tongue::Zh && count > 100 && (10..20).contains(&rest);
        if after_hundred {
            said.push("ten_after_hundred".to_owned());
            said.extend((rest > 10).then(|| piece("n", rest - 10)));
        } else {
            said.extend(below_hundred(rest, tongue));
        }
    }
    said
}

/// Whole pieces up to 60; above, tens and ones.
fn below_hundred(count: u32, tongue: Tongue) -> Vec<String> {
    if count <= 60 || count.is_multiple_of(10) {
        return vec![piece("n", count)];
    }
    let mut said = vec![piece("n", count / 10 * 10)];
    if tongue == Tongue::Es {
        said.push("and".to_owned());
    }
    said.push(piece("n", count % 10));
    said
}

/// A telephone number, a code: each digit by itself, as the language reads telephone numbers.
#[must_use]
pub fn digits(text: &str, language: &str) -> Vec<String> {
    let tongue = tongue(language);
    let digits = text.chars().filter_map(|letter| letter.to_digit(10));
    let said = digits.map(|digit| match (tongue, digit) {
        (Tongue::Ko, 0) | (Tongue::Zh, 1) => piece("digit", digit),
        _ => piece("n", digit),
    });
    said.collect()
}

/// "You are number three in the queue": Korean counts places with its own numerals.
#[must_use]
pub fn place_in_queue(place: u32, language: &str) -> Vec<String> {
    let tongue = tongue(language);
    let mut said = vec!["queue_place".to_owned()];
    match tongue {
        Tongue::Ko if (1..=99).contains(&place) => said.extend(korean_ordinal(place)),
        // Beyond a hundred nobody counts in native numerals.
        Tongue::Ko | Tongue::En | Tongue::Ja | Tongue::Zh | Tongue::Es => {
            said.extend(number(place, language));
        }
    }
    said.push("queue_place_end".to_owned());
    said
}

/// "You have three new messages".
#[must_use]
pub fn new_messages(count: u32, language: &str) -> Vec<String> {
    let mut said = vec!["voicemail_count".to_owned()];
    match (tongue(language), count) {
        (Tongue::Zh, 2) => said.push("two_before".to_owned()),
        _ => said.extend(number(count, language)),
    }
    if matches!(tongue(language), Tongue::Ko | Tongue::Ja | Tongue::Zh) {
        said.push("voicemail_count_end".to_owned());
    }
    said
}

/// "The number is …": a telephone number without its plus.
#[must_use]
pub fn number_is(text: &str, language: &str) -> Vec<String> {
    let mut said = vec!["number_is".to_owned()];
    said.extend(digits(text, language));
    if matches!(tongue(language), Tongue::Ko | Tongue::Ja) {
        said.push("number_end".to_owned());
    }
    said
}

fn korean_ordinal(place: u32) -> Vec<String> {
    if place <= 20 || place.is_multiple_of(10) {
        return vec![piece("ordinal", place)];
    }
    let ones = place % 10;
    // 첫 번째, but 스물한 번째.
    let last = if ones == 1 { "ordinal_one".to_owned() } else { piece("ordinal", ones) };
    vec![piece("native", place / 10 * 10), last]
}

/// The longest wait that is told: who hears of more has hung up.
const LONGEST_WAIT: u32 = 90;

/// "The expected waiting time is about five minutes"; less than a minute counts as one, more than
/// an hour and a half as that.
#[must_use]
pub fn wait_in_queue(minutes: u32, language: &str) -> Vec<String> {
    let minutes = minutes.clamp(1, LONGEST_WAIT);
    let mut said = vec!["queue_time".to_owned()];
    match (tongue(language), minutes) {
        (Tongue::Ja, _) => said.extend(japanese_minutes(minutes)),
        (Tongue::En, 1) => said.extend([piece("n", 1), "minute".to_owned()]),
        (Tongue::Es, 1) => said.push("minute".to_owned()),
        (Tongue::Zh, 2) => said.extend(["two_before".to_owned(), "minutes".to_owned()]),
        (Tongue::Ko | Tongue::En | Tongue::Zh | Tongue::Es, _) => {
            said.extend(number(minutes, language));
            said.push("minutes".to_owned());
        }
    }
    if matches!(tongue(language), Tongue::Ko | Tongue::Ja) {
        said.push("queue_time_end".to_owned());
    }
    said
}

/// いっぷん, にふん: the counter changes its sound with the digit before it. Below a hundred.
fn japanese_minutes(minutes: u32) -> Vec<String> {
    let (tens, ones) = (minutes / 10, minutes % 10);
    if tens == 0 || (ones == 0 && tens <= 5) {
        return vec![piece("minute", minutes)];
    }
    if ones == 0 {
        return vec![piece("n", tens), piece("minute", 10)];
    }
    vec![piece("n", tens * 10), piece("minute", ones)]
}

/// A time of the day on the twelve-hour clock: hour 0 to 23, minute 0 to 59.
#[must_use]
pub fn time(hour: u32, minute: u32, language: &str) -> Vec<String> {
    let half = if hour % 24 < 12 { "am" } else { "pm" }.to_owned();
    let of_clock = if hour.is_multiple_of(12) { 12 } else { hour % 12 };
    match tongue(language) {
        Tongue::Ko => {
            let mut said = vec![half, piece("hour", of_clock)];
            if minute > 0 {
                said.extend([piece("n", minute), "minutes".to_owned()]);
            }
            said
        }
        Tongue::Ja => {
            let mut said = vec![half, piece("hour", of_clock)];
            if minute > 0 {
                said.extend(japanese_minutes(minute));
            }
            said
        }
        Tongue::Zh => {
            let mut said = vec![half, piece("hour", of_clock)];
            // 三点零五分.
            said.extend((1..10).contains(&minute).then(|| piece("n", 0)));
            if minute > 0 {
                said.extend([piece("n", minute), "minute_of_hour".to_owned()]);
            }
            said
        }
        Tongue::En => {
            let mut said = vec![piece("n", of_clock)];
            match minute {
                0 => said.push("oclock".to_owned()),
                1..=9 => said.extend(["oh".to_owned(), piece("n", minute)]),
                _ => said.push(piece("n", minute)),
            }
            said.push(half);
            said
        }
        Tongue::Es => {
            let mut said = vec![piece("hour", of_clock)];
            if minute > 0 {
                said.extend(["and".to_owned(), piece("n", minute)]);
            }
            said.push(half);
            said
        }
    }
}

/// A day of the year with its weekday: month 1 to 12, day 1 to 31, Monday is 1.
#[must_use]
pub fn date(month: u32, day: u32, weekday: u32, language: &str) -> Vec<String> {
    let (month, weekday) = (piece("month", month), piece("weekday", weekday));
    match tongue(language) {
        Tongue::Ko | Tongue::Ja | Tongue::Zh => vec![month, piece("day", day), weekday],
        Tongue::En => vec![weekday, month, piece("day", day)],
        Tongue::Es => vec![weekday, piece("n", day), "of".to_owned(), month],
    }
}

fn piece(kind: &str, value: u32) -> String {
    format!("{kind}{value}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn joined(said: &[String]) -> String {
        said.join(" ")
    }

    #[test]
    fn numbers_are_read_as_each_language_reads_them() {
        for (count, language, said) in [
            (0, "en", "n0"),
            (25, "ko", "n25"),
            (67, "en", "n60 n7"),
            (67, "es", "n60 and n7"),
            (100, "es", "n100"),
            (101, "es", "hundred_and n1"),
            (101, "zh", "n100 n0 n1"),
            (115, "zh", "n100 ten_after_hundred n5"),
            (1_005, "zh", "n1000 n0 n5"),
            (3_600, "ja", "n3000 n600"),
            (9_999, "ko", "n9000 n900 n90 n9"),
            (10_000, "fr", "n1 n0 n0 n0 n0"),
        ] {
            assert_eq!(joined(&number(count, language)), said, "{count} {language}");
        }
    }

    #[test]
    fn telephone_numbers_have_their_own_digits() {
        assert_eq!(joined(&digits("+82 10-1", "ko")), "n8 n2 n1 digit0 n1");
        assert_eq!(joined(&digits("101", "zh")), "digit1 n0 digit1");
        assert_eq!(joined(&digits("101", "en")), "n1 n0 n1");
    }

    #[test]
    fn korean_places_are_native_and_minutes_are_not() {
        assert_eq!(joined(&place_in_queue(1, "ko")), "queue_place ordinal1 queue_place_end");
        assert_eq!(
            joined(&place_in_queue(21, "ko")),
            "queue_place native20 ordinal_one queue_place_end"
        );
        assert_eq!(joined(&place_in_queue(3, "ja")), "queue_place n3 queue_place_end");
        assert_eq!(joined(&wait_in_queue(5, "ko")), "queue_time n5 minutes queue_time_end");
        assert_eq!(joined(&wait_in_queue(0, "en")), "queue_time n1 minute");
        assert_eq!(joined(&wait_in_queue(25, "ja")), "queue_time n20 minute5 queue_time_end");
        assert_eq!(joined(&wait_in_queue(60, "ja")), "queue_time n6 minute10 queue_time_end");
        assert_eq!(joined(&wait_in_queue(2, "zh")), "queue_time two_before minutes");
    }

    #[test]
    fn messages_are_counted_and_callers_read_out() {
        assert_eq!(joined(&new_messages(3, "ko")), "voicemail_count n3 voicemail_count_end");
        assert_eq!(
            joined(&new_messages(2, "zh")),
            "voicemail_count two_before voicemail_count_end"
        );
        assert_eq!(joined(&new_messages(21, "es")), "voicemail_count n21");
        assert_eq!(joined(&number_is("+8210", "ko")), "number_is n8 n2 n1 digit0 number_end");
        assert_eq!(joined(&number_is("911", "en")), "number_is n9 n1 n1");
    }

    #[test]
    fn times_and_dates() {
        assert_eq!(joined(&time(15, 5, "ko")), "pm hour3 n5 minutes");
        assert_eq!(joined(&time(0, 0, "ko")), "am hour12");
        assert_eq!(joined(&time(9, 5, "en")), "n9 oh n5 am");
        assert_eq!(joined(&time(12, 0, "en")), "n12 oclock pm");
        assert_eq!(joined(&time(13, 30, "es")), "hour1 and n30 pm");
        assert_eq!(joined(&time(14, 5, "zh")), "pm hour2 n0 n5 minute_of_hour");
        assert_eq!(joined(&time(7, 11, "ja")), "am hour7 n10 minute1");
        assert_eq!(joined(&date(11, 25, 3, "ko")), "month11 day25 weekday3");
        assert_eq!(joined(&date(11, 25, 3, "es")), "weekday3 n25 of month11");
    }
}
