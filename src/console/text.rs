//! Text that may stand on the screen: nothing in it moves the cursor, and its columns are counted.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use ratatui::buffer::Buffer;
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use crate::escape::escaped;

/// Marks on one letter that are still writing: Hangul of single letters and Vietnamese need two.
const MARKS: usize = 3;

/// Foreign text made harmless: controls and marks of direction are spelled out, what terminals
/// disagree about the width of is left out, and so are marks piled upon one letter, which would
/// grow over the lines around it.
#[must_use]
pub fn safe(text: &str) -> String {
    let mut marks = 0;
    let is_kept = |c: &char| {
        marks = if c.width() == Some(0) { marks + 1 } else { 0 };
        !is_unsteady(*c) && marks <= MARKS
    };
    escaped(text).chars().filter(is_kept).collect()
}

/// Joiners, selectors, tags, skin tones and flag letters: they make one picture of several
/// characters in some terminals and not in others.
fn is_unsteady(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{fdfd}' | '\u{200b}'..='\u{200d}' | '\u{2060}'..='\u{2064}' | '\u{fe00}'..='\u{fe0f}'
        | '\u{1f1e6}'..='\u{1f1ff}' | '\u{1f3fb}'..='\u{1f3ff}' | '\u{e0000}'..='\u{e0fff}')
}

/// The last gate before the terminal: whatever a screen has forgotten to make safe.
pub(crate) fn make_harmless(buffer: &mut Buffer) {
    for cell in &mut buffer.content {
        let symbol = cell.symbol();
        if symbol.len() > 1 {
            let harmless = safe(symbol);
            if harmless != symbol {
                cell.set_symbol("?");
            }
        }
    }
}

/// Exactly `width` columns: cut with an ellipsis, or filled with blanks.
#[must_use]
pub fn fit(text: &str, width: usize) -> String {
    let text = safe(text);
    let columns = text.width();
    if columns <= width {
        return text + &" ".repeat(width - columns);
    }
    let mut cut = String::new();
    let mut used = 0;
    for c in text.chars() {
        let wide = c.width().unwrap_or(0);
        if used + wide + 1 > width {
            break;
        }
        cut.push(c);
        used += wide;
    }
    if used < width {
        cut.push('…');
        used += 1;
    }
    cut + &" ".repeat(width - used)
}

/// `0:07`, `12:30`, `1:02:03`.
#[must_use]
pub fn clock(millis: i64) -> String {
    let seconds = millis.max(0) / 1000;
    let (hours, minutes, seconds) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    if hours > 0 {
        format!("{hours}:{minutes:02}:{seconds:02}")
    } else {
        format!("{minutes}:{seconds:02}")
    }
}

/// A moment of a record as the clock here shows it, such as `11-25 09:16:23`.
#[must_use]
pub fn local(millis: i64, zone: &TimeZone, format: &str) -> String {
    Timestamp::from_millisecond(millis).map_or_else(
        |_| String::new(),
        |moment| moment.to_zoned(zone.clone()).strftime(format).to_string(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_counted_and_cut() {
        for (text, width, fitted) in [
            ("abc", 5, "abc  "),
            ("김민지", 8, "김민지  "),
            ("김민지", 6, "김민지"),
            ("김민지", 5, "김민…"),
            ("김민지", 4, "김… "),
            ("abc", 0, ""),
            ("a\u{1b}[2Jb", 12, "a\\u{1b}[2Jb "),
        ] {
            assert_eq!(fit(text, width), fitted, "{text:?} {width}");
            assert_eq!(fit(text, width).width(), width);
        }
    }

    #[test]
    fn what_terminals_draw_differently_is_left_out() {
        assert_eq!(safe("a\u{200d}b\u{fe0f}"), "ab");
        assert_eq!(safe("\u{202e}gpj.exe"), "\\u{202e}gpj.exe");
        assert_eq!(safe("👩‍👩‍👧"), "👩👩👧");
        assert_eq!(safe("e\u{301}n"), "e\u{301}n");
        let pile = format!("x{}y", "\u{489}".repeat(60));
        assert_eq!(safe(&pile), "x\u{489}\u{489}\u{489}y");
        // Hangul that a file system has taken apart.
        assert_eq!(safe("\u{1112}\u{1161}\u{11ab}"), "\u{1112}\u{1161}\u{11ab}");
    }

    #[test]
    fn clocks_grow_as_they_must() {
        assert_eq!(
            [clock(-5), clock(7_900), clock(750_000), clock(3_723_000)],
            ["0:00", "0:07", "12:30", "1:02:03"]
        );
    }
}
